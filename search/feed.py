"""The change feed: rows left in the transaction that changed something, taken by a worker after it.

Nothing is lost: a row and its cause are committed together or not at all, and a row goes only after its
engine has the document. Nothing is overwritten by something older: see `version`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from . import names
from .models import Change

MOST_ATTEMPTS = 5
_BATCH = 2_000
_PAUSE = timedelta(seconds=10)

_marked: ContextVar[bool] = ContextVar("search_marked", default=False)


def mark(kind: str, keys: Iterable[object]) -> None:
    """Say that these things changed, appeared or went. Call it in the transaction of the change.

    Keys are written as text. Rolled back with the transaction. Twice is harmless.
    """
    engines = names.in_use()
    written = sorted({str(key) for key in keys})
    rows = [Change(engine=engine, kind=kind, key=key) for key in written for engine in engines]
    if rows:
        Change.objects.bulk_create(rows, batch_size=_BATCH)
        transaction.on_commit(lambda: _marked.set(True))


@contextmanager
def watching() -> Iterator["Watch"]:
    """Within it one can ask whether this thread committed a mark, to wake the worker."""
    token = _marked.set(False)
    try:
        yield Watch()
    finally:
        _marked.reset(token)


class Watch:
    @property
    def has_changes(self) -> bool:
        return _marked.get()


def take(engine: str, limit: int) -> list[Change]:
    """Up to `limit` waiting rows, oldest first, held until the transaction ends; rows that another worker
    holds are passed by.
    """
    return list(
        Change.objects.filter(engine=engine, set_aside=False, try_at__lte=timezone.now())
        .order_by("id")
        .select_for_update(skip_locked=True)[:limit]
    )


def done(changes: Iterable[Change]) -> None:
    """The engine has these: forget them, and whatever was set aside for the same things earlier."""
    changes = list(changes)
    Change.objects.filter(pk__in=[change.pk for change in changes]).delete()
    for engine, kind in {(change.engine, change.kind) for change in changes}:
        keys = [change.key for change in changes if (change.engine, change.kind) == (engine, kind)]
        Change.objects.filter(engine=engine, kind=kind, key__in=keys, set_aside=True).delete()


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
    oldest = Change.objects.filter(set_aside=False).aggregate(oldest=Min("marked_at"))["oldest"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0
