"""The worker's part of prices: long price-list files."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="pricing.make_files", name="pricing.make_files")
def make_files(timestamp: int | None = None) -> None:
    """Makes the files that wait. Woken by whoever asked for one, and by the clock in case that was lost."""
    while services.run_next_file():
        pass


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="pricing.tidy_files", name="pricing.tidy_files")
def tidy_files(timestamp: int) -> None:
    """Deletes files that nobody takes any more, and what is kept to compare with beyond its time."""
    services.tidy_files(at=timezone.now())


def wake_files() -> None:
    """Says, once the job is committed, that a file waits. Where somebody has said so already, nothing more is needed."""
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    try:
        with transaction.atomic():
            make_files.defer()
    except AlreadyEnqueued:
        return
