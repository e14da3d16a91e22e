"""From the change feed into the engines: re-read what changed, write it, forget the change. In that order.

Killed anywhere in between, the rows are still there and the work is done again; nothing here is harmed by
being done twice.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from . import engines, feed, names
from .engines.base import Engine, Write
from .engines.elasticsearch import ElasticEngine
from .engines.postgresql import PostgresEngine
from .errors import EngineDownError
from .models import Change, Entry
from .searchable import Searchable

logger = logging.getLogger("search")

BATCH = 500
_ENOUGH = "SET LOCAL statement_timeout = 700; SET LOCAL lock_timeout = 300"  # ms, for a person who waits
_TOMBSTONES_FOR = timedelta(days=1)

Searchables = Mapping[str, Searchable[Any]]


def process(searchables: Searchables) -> int:
    """Bring every engine up to date; answers how many changes were done.

    An engine that is down keeps its rows and holds up no other one.
    """
    total = 0
    for engine in engines_in_use():
        try:
            while done := process_batch(engine, searchables):
                total += done
        except EngineDownError as error:
            logger.warning("%s takes no changes, they wait: %s", engine.name, error)
    return total


def process_now(searchables: Searchables, rows: Sequence[int]) -> bool:
    """Bring the few changes that a request has just committed to the engines, so that whoever saved finds
    what they saved; answers whether all are there.

    Never raises and never waits long: what is not done in time the worker does.
    """
    if not rows:
        return True
    try:
        _process_now(PostgresEngine(), searchables, rows)
        if names.ELASTICSEARCH in names.in_use():
            engines.guarded(lambda: _process_now(ElasticEngine.at_once(), searchables, rows))
        return not Change.objects.filter(pk__in=rows).exists()
    except Exception:
        logger.exception("What was just saved will be found once the worker has seen it")
        return False


def _process_now(engine: Engine, searchables: Searchables, rows: Sequence[int]) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENOUGH)
        process_batch(engine, searchables, rows=rows)


def process_batch(
    engine: Engine, searchables: Searchables, *, limit: int = BATCH, rows: Sequence[int] | None = None
) -> int:
    """Do one batch of one engine's changes (of these `rows`) in one transaction; answers how many were
    taken.

    Raises EngineDownError; then nothing is forgotten.
    """
    with transaction.atomic():
        changes = feed.take(engine.name, limit, rows=rows)
        if changes:
            refused = _write(engine, searchables, changes)
            feed.done(change for change in changes if (change.kind, change.key) not in refused)
            for change in changes:
                if error := refused.get((change.kind, change.key)):
                    logger.error("%s refused %s: %s", engine.name, change, error)
                    feed.failed(change, error)
    return len(changes)


def _write(engine: Engine, searchables: Searchables, changes: Sequence[Change]) -> dict[tuple[str, str], str]:
    """Write the present state of what changed; answers the error of each (kind, key) that could not be
    written.
    """
    version = feed.version()
    keys: dict[str, list[str]] = {}
    for change in changes:
        keys.setdefault(change.kind, []).append(change.key)
    refused: dict[tuple[str, str], str] = {}
    for kind, repeated in keys.items():
        of_kind = list(dict.fromkeys(repeated))
        try:
            refused |= _write_kind(engine, searchables, kind, of_kind, version)
        except EngineDownError:
            raise
        except Exception:  # one document of the batch is poison: find it, so that the others pass
            _raise_if_disconnected()
            refused |= _one_by_one(engine, searchables, kind, of_kind, version)
    return refused


def _write_kind(
    engine: Engine, searchables: Searchables, kind: str, keys: Sequence[str], version: int
) -> dict[tuple[str, str], str]:
    with transaction.atomic():
        return engine.write(present(searchables[kind], keys), version)


def _one_by_one(
    engine: Engine, searchables: Searchables, kind: str, keys: Sequence[str], version: int
) -> dict[tuple[str, str], str]:
    refused: dict[tuple[str, str], str] = {}
    for key in keys:
        try:
            refused |= _write_kind(engine, searchables, kind, [key], version)
        except EngineDownError:
            raise
        except Exception as error:  # whatever it is, it is this key's, and is kept and shown with it
            _raise_if_disconnected()
            refused[kind, key] = f"{type(error).__name__}: {error}"
    return refused


def _raise_if_disconnected() -> None:
    """Within an `except`: a database that went away is nobody's poison."""
    if connection.connection is None or connection.connection.closed:
        raise  # noqa: PLE0704


def present(searchable: Searchable[Any], keys: Sequence[str]) -> list[Write]:
    """What to write for these keys now: their documents, and a removal for each that has none."""
    documents = {document.key: document for document in searchable.documents(keys)}
    return [Write(kind=searchable.kind, key=key, document=documents.get(key)) for key in keys]


def engines_in_use() -> Iterable[Engine]:
    """The engines that keep documents here."""
    yield PostgresEngine()
    if names.ELASTICSEARCH in names.in_use():
        yield ElasticEngine.installed()


def forget_tombstones() -> int:
    """Delete the rows of documents that went long ago, too long for any late write; answers how many."""
    return Entry.objects.filter(gone=True, written_at__lt=timezone.now() - _TOMBSTONES_FOR).delete()[0]
