"""Writing a whole kind anew while search goes on answering and changes go on arriving.

PostgreSQL is written over in place, and what is no longer there is removed at the end. Elasticsearch gets
a new index: announced first, so that every change from then on is written to both; then filled with one
version drawn after the announcement, so that a change always outdoes it (`feed.version` says why); then
swapped with the old one in one call.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from . import feed, names
from .engines import elasticsearch, postgresql
from .engines.base import Write
from .engines.elasticsearch import ElasticEngine
from .engines.postgresql import PostgresEngine
from .errors import AlreadyRunningError
from .indexing import BATCH, present
from .models import Change, Index
from .searchable import Searchable

_KEPT_FOR = timedelta(days=1)  # a retired index, in case the new one disappoints
_LOCK = 0x5EA7C4  # first half of the advisory lock's number

Progress = Callable[[int], object]


def _ignore(_: int) -> None:
    """For whom progress does not matter."""


def rebuild(searchable: Searchable[Any], engine: str, *, progress: Progress = _ignore) -> int:
    """Write all documents of the kind into the engine; answers how many. `progress` is told of each
    batch's size.

    Raises AlreadyRunningError, EngineDownError; search then answers from what it had.
    """
    with _alone(f"{engine} {searchable.kind}"):
        known = feed.known(engine, searchable.kind)
        rebuilding = _rebuild_postgresql if engine == names.POSTGRESQL else _rebuild_elasticsearch
        count = rebuilding(searchable, progress)
        feed.forget(known)  # what they told of was committed before it was read
        return count


def _rebuild_postgresql(searchable: Searchable[Any], progress: Progress) -> int:
    version, count = feed.version(), 0
    for writes in _batches(searchable):
        with transaction.atomic():
            PostgresEngine().write(writes, version)
        count += _documents(writes)
        progress(len(writes))
    postgresql.finish_rebuild(searchable.kind, version)
    return count


def _rebuild_elasticsearch(searchable: Searchable[Any], progress: Progress) -> int:
    engine, kind, now = ElasticEngine.installed(), searchable.kind, timezone.now()
    _drop(engine, Index.objects.filter(kind=kind, state=Index.State.BUILDING))
    name = f"{elasticsearch.alias(kind)}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
    engine.create(name)
    Index.objects.create(name=name, kind=kind, state=Index.State.BUILDING, changed_at=now)
    version, count = feed.version(), 0
    for writes in _batches(searchable):
        refused = engine.write_into(name, writes, version)
        for (_, key), error in refused.items():
            Change.objects.create(engine=engine.name, kind=kind, key=key, error=error, set_aside=True)
        count += _documents(writes) - len(refused)
        progress(len(writes))
    engine.swap(kind, name)
    with transaction.atomic():
        Index.objects.filter(kind=kind, state=Index.State.LIVE).update(state=Index.State.RETIRED, changed_at=now)
        Index.objects.filter(name=name).update(state=Index.State.LIVE, changed_at=now)
    _drop(engine, Index.objects.filter(kind=kind, state=Index.State.RETIRED, changed_at__lt=now - _KEPT_FOR))
    return count


def _batches(searchable: Searchable[Any]) -> Iterator[list[Write]]:
    keys = searchable.keys()
    while batch := list(islice(keys, BATCH)):
        yield present(searchable, batch)


def expected(searchable: Searchable[Any]) -> int:
    """How many documents of the kind an engine should hold now. Reads all of them."""
    return sum(_documents(writes) for writes in _batches(searchable))


def _documents(writes: list[Write]) -> int:
    return sum(write.document is not None for write in writes)


def _drop(engine: ElasticEngine, indexes: Any) -> None:
    for index in indexes:
        engine.drop(index.name)
        index.delete()


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Hold a lock on what is rebuilt; the database lets go of it should this process die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, what])
        if not cursor.fetchone()[0]:
            raise AlreadyRunningError(what)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCK, what])
