"""The worker's part of orders."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="orders.send_letters", name="orders.send_letters")
def send_letters(timestamp: int | None = None) -> None:
    """Sends every e-mail that is due. Woken by whoever placed an order, and by the clock in case that was lost."""
    while services.send_letter(at=timezone.now()):
        pass


def wake_letters() -> None:
    """Says, once the letter is committed, that it is owed. Where somebody has said so already, nothing more is needed."""
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    try:
        with transaction.atomic():
            send_letters.defer()
    except AlreadyEnqueued:
        return
