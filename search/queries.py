"""How search itself is doing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count

from . import feed, names
from .models import Change, Entry, PastQuestion
from .wording import normalised

MOST_COUNTED = 10_000  # waiting rows; what is counted no further is "that many or more"


@dataclass(frozen=True, slots=True)
class Health:
    """Of one engine: how many changes wait (at most `MOST_COUNTED` are counted) and how old the oldest is,
    how many were set aside as unwritable.
    """

    engine: str
    waiting: int
    oldest: timedelta | None
    set_aside: int


def health() -> list[Health]:
    """The figures of every engine in use."""
    return [_of(engine) for engine in names.in_use()]


def _of(engine: str) -> Health:
    rows = Change.objects.filter(engine=engine)
    return Health(
        engine=engine,
        waiting=rows.filter(set_aside=False).order_by()[:MOST_COUNTED].count(),
        oldest=feed.oldest(engine),
        set_aside=rows.filter(set_aside=True).order_by().count(),
    )


def documents_by_kind() -> dict[str, int]:
    """How many documents PostgreSQL keeps, by kind."""
    return dict(Entry.objects.filter(gone=False).values_list("kind").annotate(Count("id")).order_by("kind"))


def stored_texts(kind: str, keys: list[str]) -> dict[str, Entry]:
    """Title and body as indexed, by key: for snippets of what the reader may see, which the caller has
    checked.
    """
    entries = Entry.objects.filter(kind=kind, key__in=keys, gone=False)
    return {entry.key: entry for entry in entries.only("key", "title_ru", "title_en", "body_ru", "body_en")}


def past_questions(*, person: str, seat: str, beginning: str = "", limit: int = 8) -> list[str]:
    """The latest questions that this person asked in this role and that were answered, newest first, as they wrote
    them; with `beginning`, those that begin with it. Nobody else's, whoever asks: both names are needed.
    """
    rows = PastQuestion.objects.filter(person=person, seat=seat).exclude(person="")
    if beginning:
        rows = rows.filter(text__startswith=normalised(beginning))
    return list(rows.order_by("-asked_at").values_list("written", flat=True)[:limit])


def own_questions(*, person: str) -> list[dict[str, Any]]:
    """All of a person's own questions that are kept: `seat`, `written`, `asked_at`. For their own data only."""
    rows = PastQuestion.objects.filter(person=person).order_by("asked_at")
    return [dict(row) for row in rows.values("seat", "written", "asked_at")]
