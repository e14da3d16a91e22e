"""Writing a whole kind anew while search goes on answering and changes go on arriving.

PostgreSQL is written over in place, and what is no longer there is removed at the end. Elasticsearch gets
a new index: announced first, so that every change from then on is written to both; then filled with one
version drawn after the announcement, so that a change always outdoes it (`feed.version` says why); then
compared with the database, and swapped with the old one in one call.

Killed half way, the next rebuild goes on with the same version in the same index: what was written by then
is there, and what changed since was written by the feed.
"""

import hashlib
import inspect
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from . import feed, names, vocabulary
from .checking import BATCH, check
from .digests import Tally, digest, tally
from .engines import elasticsearch, postgresql
from .engines.base import Engine, Write
from .engines.elasticsearch import ElasticEngine
from .engines.postgresql import PostgresEngine
from .errors import AlreadyRunningError, DiffersError
from .indexing import present
from .models import Change, Index, Rebuild
from .searchable import Searchable

_KEPT_FOR = timedelta(days=1)  # a retired index, in case the new one disappoints; and a rebuild cut short
_LOCK = 0x5EA7C4  # first half of the advisory lock's number

Progress = Callable[[int], object]


def _ignore(_: int) -> None:
    """For whom progress does not matter."""


@dataclass(slots=True)
class _Work:
    """One rebuild as it goes: what the database said so far, and how many documents the engine took."""

    searchable: Searchable[Any]
    engine: Engine
    run: Rebuild
    resumed: bool
    progress: Progress
    said: Tally = field(default_factory=dict)
    count: int = 0


def rebuild(searchable: Searchable[Any], engine: str, *, progress: Progress = _ignore, anew: bool = False) -> int:
    """Write all documents of the kind into the engine; answers how many. `progress` is told of each
    batch's size. One that was cut short within the day is gone on with, unless `anew`.

    Raises AlreadyRunningError, EngineDownError, DiffersError; search then answers from what it had.
    """
    with _alone(f"{engine} {searchable.kind}"):
        run = None if anew else unfinished(searchable, engine)
        known = [] if run else feed.known(engine, searchable.kind)
        begun = run or _begin(searchable, engine)
        engines: dict[str, Engine] = {names.POSTGRESQL: PostgresEngine()}
        at = engines.get(engine) or ElasticEngine.installed()
        work = _Work(searchable, at, begun, resumed=run is not None, progress=progress)
        _fill(work)
        _finish(work)
        feed.forget(known)  # what they told of was committed before it was read
        return work.count


def unfinished(searchable: Searchable[Any], engine: str) -> Rebuild | None:
    """The rebuild that was cut short and can be gone on with: of today, by the same code, its index still
    there. Raises EngineDownError.
    """
    since = timezone.now() - _KEPT_FOR
    run = Rebuild.objects.filter(engine=engine, kind=searchable.kind, begun_at__gt=since).first()
    if run is None or run.code != code_of(searchable):
        return None
    return run if not run.index or ElasticEngine.installed().exists(run.index) else None


def _begin(searchable: Searchable[Any], engine: str) -> Rebuild:
    """Announce what will be written to, then draw the version."""
    kind, now, name = searchable.kind, timezone.now(), ""
    Rebuild.objects.filter(engine=engine, kind=kind).delete()
    if engine == names.ELASTICSEARCH:
        elastic = ElasticEngine.installed()
        _drop(elastic, Index.objects.filter(kind=kind, state=Index.State.BUILDING))
        for live in Index.objects.filter(kind=kind, state=Index.State.LIVE):
            if elastic.exists(live.name):
                elastic.teach(live.name)
        name = f"{elasticsearch.alias(kind)}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
        elastic.create(name)
        Index.objects.create(name=name, kind=kind, state=Index.State.BUILDING, changed_at=now)
    code, version = code_of(searchable), feed.version()
    return Rebuild.objects.create(engine=engine, kind=kind, version=version, index=name, code=code, begun_at=now)


def _fill(work: _Work) -> None:
    for writes in _batches(work.searchable):
        _note(work, writes)
        missing = _not_there(work, writes) if work.resumed else writes
        refused = _write(work, missing)
        work.count += _documents(writes) - len(refused)
        work.progress(len(writes))


def _write(work: _Work, writes: list[Write]) -> dict[tuple[str, str], str]:
    if not isinstance(work.engine, ElasticEngine):
        with transaction.atomic():
            return work.engine.write(writes, work.run.version)
    refused = work.engine.write_into(work.run.index, writes, work.run.version)
    for (kind, key), error in refused.items():
        Change.objects.create(engine=work.engine.name, kind=kind, key=key, error=error, set_aside=True)
    return refused


def _not_there(work: _Work, writes: list[Write]) -> list[Write]:
    """Those of the writes that the rebuild did not come to before it was cut short."""
    keys = [write.key for write in writes]
    kept = work.engine.kept(work.searchable.kind, keys=keys, index=work.run.index)
    return [write for write in writes if kept.get(write.key, (0, 0))[0] < work.run.version]


def _note(work: _Work, writes: list[Write]) -> None:
    """Add to what the database said."""
    for at, (count, total) in _tally(writes).items():
        before = work.said.get(at, (0, 0))
        work.said[at] = before[0] + count, before[1] + total


def _finish(work: _Work) -> None:
    """Compare, and let what was written answer. Raises DiffersError; then the old index goes on to."""
    if work.engine.name == names.POSTGRESQL:
        postgresql.finish_rebuild(work.searchable.kind, work.run.version)
        vocabulary.refresh(work.searchable.kind)
    drift = check(work.searchable, work.engine, expected=work.said, index=work.run.index)
    if drift:
        work.run.delete()
        raise DiffersError(str(drift))
    if isinstance(work.engine, ElasticEngine):
        _swap(work.engine, work.searchable.kind, work.run.index)
    work.run.delete()


def _swap(engine: ElasticEngine, kind: str, name: str) -> None:
    now = timezone.now()
    engine.swap(kind, name)
    with transaction.atomic():
        Index.objects.filter(kind=kind, state=Index.State.LIVE).exclude(name=name).update(
            state=Index.State.RETIRED, changed_at=now
        )
        Index.objects.filter(name=name).update(state=Index.State.LIVE, changed_at=now)
    drop_retired(engine, kind)


def drop_retired(engine: ElasticEngine, kind: str) -> None:
    """Forget the kind's indices that answer no longer since a day. Raises EngineDownError."""
    old = timezone.now() - _KEPT_FOR
    _drop(engine, Index.objects.filter(kind=kind, state=Index.State.RETIRED, changed_at__lt=old))


def code_of(searchable: Searchable[Any]) -> str:
    """Which code writes the documents: an index begun by other code is not gone on with."""
    return _code_of(inspect.getsourcefile(inspect.unwrap(searchable.documents)) or "")


@cache
def _code_of(room: str) -> str:
    files = [*sorted(Path(__file__).parent.rglob("*.py")), *([Path(room)] if room else [])]
    return hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=8).hexdigest()


def _batches(searchable: Searchable[Any]) -> Iterator[list[Write]]:
    keys = searchable.keys()
    while batch := list(islice(keys, BATCH)):
        yield present(searchable, batch)


def _tally(writes: list[Write]) -> Tally:
    return tally((write.key, digest(write.document)) for write in writes if write.document)


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
