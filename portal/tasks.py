"""Background work that joins rooms: bringing the search engines up to date."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from search import indexing

from .searchables import SEARCHABLES

_ONE_WAITING = "portal.index_changes"  # a job that has not begun yet will see every change made before it does


@app.task(name="portal.index_changes", queueing_lock=_ONE_WAITING)
def index_changes() -> None:
    """Take what the change feed holds to the engines."""
    indexing.process(SEARCHABLES)


@app.periodic(cron="* * * * *")
@app.task(name="portal.index_every_minute", queueing_lock="portal.index_every_minute")
def index_every_minute(timestamp: int) -> None:
    """Changes that nobody woke the worker for, those to be tried again, and old tombstones."""
    indexing.process(SEARCHABLES)
    indexing.forget_tombstones()


def wake_indexer() -> None:
    """Have the change feed looked at soon, by whichever worker is free."""
    try:
        with transaction.atomic():
            index_changes.defer()
    except AlreadyEnqueued:
        pass
