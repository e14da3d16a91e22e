"""Background work that joins rooms: bringing the search engines up to date, and looking whether they are."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from search import checking, indexing, keeping, names, vocabulary
from search.engines.elasticsearch import ElasticEngine
from search.errors import EngineDownError
from search.queries import health
from search.rebuilding import drop_retired

from .questions import would_find
from .searchables import SEARCHABLES

log = logging.getLogger("search")

TOO_OLD = 300  # seconds that a change may wait before somebody is told
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
    warn_of_old_changes()


def warn_of_old_changes() -> None:
    """Say in the log which engine does not get its changes."""
    for figures in health():
        if figures.oldest and figures.oldest.total_seconds() > TOO_OLD:
            log.warning(
                "%s: %d changes wait, the oldest for %s", figures.engine, figures.waiting, str(figures.oldest)[:-7]
            )


@app.periodic(cron="41 2 * * *")
@app.task(name="portal.check_search", queueing_lock="portal.check_search")
def check_search(timestamp: int) -> None:
    """Once a night: whether the engines hold what the database says. What differs is mended and told."""
    for engine in indexing.engines_in_use():
        for searchable in SEARCHABLES.values():
            try:
                if drift := checking.check(searchable, engine):
                    log.error("The index had drifted and is mended: %s", drift)
                    checking.repair(drift)
                if engine.name == names.ELASTICSEARCH:
                    drop_retired(ElasticEngine.installed(), searchable.kind)
            except EngineDownError as error:
                log.warning("%s %s could not be checked: %s", engine.name, searchable.kind, error)
    indexing.process(SEARCHABLES)


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.learn_from_questions", queueing_lock="portal.learn_from_questions")
def learn_from_questions(timestamp: int = 0) -> None:
    """Looks into questions that found nothing, and sums up the days whose clicks still come in."""
    keeping.look_into(would_find)
    keeping.sum_up_lately(at=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="portal.forget_questions", queueing_lock="portal.forget_questions")
def forget_questions(timestamp: int = 0) -> None:
    """Deletes of the query log what is past its time."""
    keeping.purge(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="portal.refresh_vocabulary", queueing_lock="portal.refresh_vocabulary")
def refresh_vocabulary(timestamp: int) -> None:
    """Count the words that corrections choose from anew, where something changed in the last two hours: an
    hour's run may have been missed.
    """
    vocabulary.refresh_changed(SEARCHABLES, since=timezone.now() - timedelta(hours=2))


def wake_indexer() -> None:
    """Have the change feed looked at soon, by whichever worker is free."""
    try:
        with transaction.atomic():
            index_changes.defer()
    except AlreadyEnqueued:
        pass
