"""How search itself is doing."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone

from . import names
from .models import Change, Entry


@dataclass(frozen=True, slots=True)
class Health:
    """Of one engine: how many changes wait and how old the oldest is, how many were set aside as
    unwritable.
    """

    engine: str
    waiting: int
    oldest: timedelta | None
    set_aside: int


def health() -> list[Health]:
    """The figures of every engine in use."""
    now, rows = timezone.now(), Change.objects.order_by()
    waiting = {
        engine: (count, oldest)
        for engine, count, oldest in rows.filter(set_aside=False)
        .values_list("engine")
        .annotate(Count("id"), Min("marked_at"))
    }
    aside = dict(rows.filter(set_aside=True).values_list("engine").annotate(Count("id")))
    return [
        Health(
            engine=engine,
            waiting=waiting[engine][0] if engine in waiting else 0,
            oldest=now - waiting[engine][1] if engine in waiting else None,
            set_aside=aside.get(engine, 0),
        )
        for engine in names.in_use()
    ]


def documents_by_kind() -> dict[str, int]:
    """How many documents PostgreSQL keeps, by kind."""
    return dict(Entry.objects.filter(gone=False).values_list("kind").annotate(Count("id")).order_by("kind"))


def stored_texts(kind: str, keys: list[str]) -> dict[str, Entry]:
    """Title and body as indexed, by key: for snippets of what the reader may see, which the caller has
    checked.
    """
    entries = Entry.objects.filter(kind=kind, key__in=keys, gone=False)
    return {entry.key: entry for entry in entries.only("key", "title_ru", "title_en", "body_ru", "body_en")}
