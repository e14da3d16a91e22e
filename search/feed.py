"""The change feed: rows left in the transaction that changed something, taken by a worker after it.

Nothing is lost: a row and its cause are committed together or not at all, and a row goes only after its
engine has the document. Nothing is overwritten by something older: see `version`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import names
from .models import Change, Lane

MOST_ATTEMPTS = 5
MOST_AT_ONCE = 20  # things of one mark that the request brings to the engines by itself
_BATCH = 2_000
_PAUSE = timedelta(seconds=10)

_INSERT = """
    INSERT INTO search_change (engine, kind, key, lane, marked_at, attempts, error, try_at, set_aside)
    SELECT engine, %s, thing.key, %s, %s, 0, '', %s, false
      FROM ({keys}) AS thing (key) CROSS JOIN unnest(%s::text[]) AS engine
"""


class Watch:
    """What one request has marked and committed: `rows` it can bring to the engines itself, or more."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.has_more = False

    @property
    def has_changes(self) -> bool:
        return self.has_more or bool(self.rows)

    def saw(self, rows: Sequence[int]) -> None:
        """Rows of one committed mark; none where it was not for at once."""
        if rows and len(self.rows) + len(rows) <= MOST_AT_ONCE * len(names.in_use()):
            self.rows.extend(rows)
        else:
            self.has_more = True


_watch: ContextVar[Watch | None] = ContextVar("search_watch", default=None)


def mark(kind: str, keys: Iterable[object], *, lane: Lane = Lane.NOW, engines: Sequence[str] = ()) -> None:
    """Say that these things changed, appeared or went. Call it in the transaction of the change.

    Keys are written as text. Rolled back with the transaction. Twice is harmless. Many things at once go
    LATER whatever `lane` says: nobody looks for a thousand things right after a save.
    """
    written = sorted({str(key) for key in keys})
    if written:
        lane = lane if len(written) <= MOST_AT_ONCE else Lane.LATER
        _insert("SELECT unnest(%s::text[])", [written], kind, lane, engines)


def mark_found(kind: str, keys: QuerySet[Any]) -> None:
    """The same for the one column of a query, of any length, in one statement of the database: LATER.

    For fan-out: what a renamed category or attribute reaches.
    """
    try:
        sql, params = keys.order_by().query.sql_with_params()
    except EmptyResultSet:
        return
    _insert(f"SELECT DISTINCT found.key::text FROM ({sql}) AS found (key)", params, kind, Lane.LATER, ())  # noqa: S608 - Django's own SQL


def _insert(keys: str, params: Iterable[Any], kind: str, lane: Lane, engines: Sequence[str]) -> None:
    now = timezone.now()
    sql = _INSERT.format(keys=keys) + (" RETURNING id" if lane == Lane.NOW else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [kind, lane.value, now, now, *params, list(engines or names.in_use())])
        rows = [row[0] for row in cursor.fetchall()] if lane == Lane.NOW else []
        if cursor.rowcount:
            _say(rows)


def _say(rows: list[int]) -> None:
    if (watch := _watch.get()) is not None:
        transaction.on_commit(lambda: watch.saw(rows))


@contextmanager
def watching() -> Iterator[Watch]:
    """Within it one can ask what this thread marked and committed, to bring it to the engines or wake the
    worker.
    """
    token = _watch.set(watch := Watch())
    try:
        yield watch
    finally:
        _watch.reset(token)


def take(engine: str, limit: int, *, rows: Sequence[int] | None = None) -> list[Change]:
    """Up to `limit` waiting rows (of these `rows`), the quick lane's first, then the oldest, held until
    the transaction ends; rows that another worker holds are passed by.
    """
    waiting = Change.objects.filter(engine=engine, set_aside=False, try_at__lte=timezone.now())
    if rows is not None:
        waiting = waiting.filter(pk__in=rows)
    return list(waiting.order_by("lane", "id").select_for_update(skip_locked=True)[:limit])


def done(changes: Iterable[Change]) -> None:
    """The engine has these: forget them, and whatever was set aside for the same things earlier."""
    changes = list(changes)
    Change.objects.filter(pk__in=[change.pk for change in changes]).delete()
    for engine, kind in {(change.engine, change.kind) for change in changes}:
        keys = [change.key for change in changes if (change.engine, change.kind) == (engine, kind)]
        Change.objects.filter(engine=engine, kind=kind, key__in=keys, set_aside=True).delete()


def told_of(engine: str, kind: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys that a row tells of, waiting or set aside."""
    rows = Change.objects.filter(engine=engine, kind=kind, key__in=keys)
    return set(rows.order_by().values_list("key", flat=True).distinct())


def known(engine: str, kind: str) -> list[int]:
    """The rows that tell of changes to this kind up to now, set aside or not."""
    return list(Change.objects.filter(engine=engine, kind=kind).values_list("pk", flat=True))


def forget(rows: list[int]) -> None:
    """Delete these rows: a rebuild has written what they told of."""
    for start in range(0, len(rows), _BATCH):
        Change.objects.filter(pk__in=rows[start : start + _BATCH]).delete()


def failed(change: Change, error: str) -> None:
    """Try the row again later and ever later; after `MOST_ATTEMPTS` set it aside with the error, for
    people.
    """
    change.attempts += 1
    change.error = error[:2_000]
    change.try_at = timezone.now() + _PAUSE * 2**change.attempts
    change.set_aside = change.attempts >= MOST_ATTEMPTS
    change.save(update_fields=["attempts", "error", "try_at", "set_aside"])


def version() -> int:
    """The version of a batch about to be read. Take it after the rows are taken and before anything is
    read.

    Why a later version is never an older state: let a change be committed, then its row taken by batch A,
    then A's version drawn. A batch with a higher version drew it after that, hence after the change was
    committed, and read after that: it has the change too. So the highest version written for a key holds
    every change whose row is gone, in whatever order the batches arrive at the engine. The same holds for
    a rebuild, which draws its version after its index is announced.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('search_version')")
        return int(cursor.fetchone()[0])


def oldest_age() -> float:
    """How many seconds the oldest change waits for its engine; 0 when none does."""
    ages = [age for engine in names.in_use() if (age := oldest(engine)) is not None]
    return max(ages, key=timedelta.total_seconds).total_seconds() if ages else 0.0


def oldest(engine: str) -> timedelta | None:
    """How long this engine's oldest change waits. The first row of each lane stands for the lane: a million
    waiting rows are not read to say how they are.
    """
    waiting = Change.objects.filter(engine=engine, set_aside=False).order_by("lane", "id")
    marked = [waiting.filter(lane=lane).values_list("marked_at", flat=True).first() for lane in Lane]
    moments = [moment for moment in marked if moment]
    return timezone.now() - min(moments) if moments else None


def try_again(row: int) -> Change | None:
    """Let the worker try a row that was set aside once more; answers it, None where it is not there."""
    change = Change.objects.filter(pk=row, set_aside=True).first()
    if change:
        change.attempts, change.set_aside, change.try_at, change.lane = 0, False, timezone.now(), Lane.NOW
        change.save(update_fields=["attempts", "set_aside", "try_at", "lane"])
        _say([change.pk])
    return change


def drop(row: int) -> Change | None:
    """Give up a row that was set aside: the engine keeps what it has; answers it, None where it is not there."""
    change = Change.objects.filter(pk=row, set_aside=True).first()
    if change:
        Change.objects.filter(pk=row).delete()
    return change
