"""What people ask and how well it is answered, from the sums by day: no figure here knows a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, FloatField, IntegerField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, NullIf

from .asked import DailyQuestion

LOW = 4.0  # the mean place of what is opened first: from here on the answer was looked for


class Trouble(StrEnum):
    """What is wrong with the answers to a text."""

    ABSENT = "absent"  # nothing was found, and nothing of it exists
    HIDDEN = "hidden"  # nothing was found, though something exists that the person may not see
    UNOPENED = "unopened"  # something was found, and nobody opened any of it
    LOW = "low"  # what people open stands far down


@dataclass(frozen=True, slots=True)
class Figure:
    """One text over a period. `people` adds up days: who asks on two days counts twice. `position`: the mean place of
    what was opened first, counted from 1; None where nothing was.
    """

    text: str
    language: str
    times: int
    people: int
    vain: int
    hidden: int
    unopened: int
    opened: int
    position: float | None
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class Overall:
    """All texts over a period."""

    times: int = 0
    texts: int = 0
    absent: int = 0
    hidden: int = 0
    unopened: int = 0
    position: float | None = None


def top(*, since: dt.date, until: dt.date, language: str = "", limit: int = 100) -> list[Figure]:
    """What is asked most, by people and then by times."""
    return _figures(_by_text(since, until, language).order_by("-of_people", "-of_times", "text")[:limit])


def troubled(
    trouble: Trouble, *, since: dt.date, until: dt.date, language: str = "", limit: int = 100, apart: Sequence[str] = ()
) -> list[Figure]:
    """Texts with this trouble, those of most people first; without the texts in `apart`.

    `last_day` is the last one on which there was trouble.
    """
    rows = _by_text(since, until, language, trouble).exclude(text__in=apart)
    wanted = {
        Trouble.ABSENT: Q(of_vain__gt=F("of_hidden")),
        Trouble.HIDDEN: Q(of_hidden__gt=0),
        Trouble.UNOPENED: Q(of_unopened__gt=0, of_opened=0, of_vain__lt=F("of_times")),
        Trouble.LOW: Q(mean__gte=LOW),
    }
    return _figures(rows.filter(wanted[trouble]).order_by("-of_people", "-of_times", "text")[:limit])


def overall(*, since: dt.date, until: dt.date, language: str = "") -> Overall:
    """The sums of the period."""
    rows = _within(since, until, language)
    names = ("times", "vain", "hidden", "unopened", "opened", "positions")
    sums: dict[str, int] = {name: number or 0 for name, number in rows.aggregate(**{n: Sum(n) for n in names}).items()}
    return Overall(
        times=sums["times"],
        texts=rows.values("text").distinct().count(),
        absent=sums["vain"] - sums["hidden"],
        hidden=sums["hidden"],
        unopened=sums["unopened"],
        position=sums["positions"] / sums["opened"] if sums["opened"] else None,
    )


def of_texts(texts: Sequence[str], *, since: dt.date, until: dt.date) -> dict[str, Figure]:
    """These texts' figures, by text, all languages together."""
    rows = _within(since, until, "").filter(text__in=texts).values("text").annotate(language=Max("language"))
    return {figure.text: figure for figure in _figures(_summed(rows))}


def asked_with(phrases: Sequence[str], *, since: dt.date, limit: int = 10) -> list[str]:
    """The most frequent texts that hold one of the (normalised) phrases, as whole words or their beginnings."""
    holds = Q()
    for phrase in phrases:
        holds |= Q(text__startswith=phrase) | Q(text__contains=f" {phrase}")
    if not holds:
        return []
    rows = DailyQuestion.objects.filter(holds, day__gte=since).order_by().values("text")
    return list(rows.annotate(n=Sum("times")).order_by("-n", "text").values_list("text", flat=True)[:limit])


def _within(since: dt.date, until: dt.date, language: str) -> QuerySet[DailyQuestion]:
    rows = DailyQuestion.objects.filter(day__range=(since, until)).order_by()
    return rows.filter(language=language) if language else rows


_BAD_DAYS = {
    Trouble.ABSENT: Q(vain__gt=0),
    Trouble.HIDDEN: Q(hidden__gt=0),
    Trouble.UNOPENED: Q(unopened__gt=0),
    Trouble.LOW: Q(opened__gt=0),
}


def _by_text(since: dt.date, until: dt.date, language: str, trouble: Trouble | None = None) -> QuerySet[Any, Any]:
    return _summed(_within(since, until, language).values("text", "language"), trouble)


def _summed(rows: QuerySet[Any, Any], trouble: Trouble | None = None) -> QuerySet[Any, Any]:
    summed = rows.annotate(
        of_times=Sum("times"),
        of_people=Sum("people"),
        of_vain=Sum("vain"),
        of_hidden=Sum("hidden"),
        of_unopened=Sum("unopened"),
        of_opened=Sum("opened"),
        last_day=Max("day", filter=_BAD_DAYS[trouble] if trouble else Q()),
    )
    opened = Cast(NullIf(Sum("opened"), 0, output_field=IntegerField()), FloatField())
    with_mean: QuerySet[Any, Any] = summed.annotate(mean=Cast(Sum("positions"), FloatField()) / opened)
    return with_mean


def _figures(rows: QuerySet[Any, Any]) -> list[Figure]:
    return [
        Figure(
            text=row["text"],
            language=row["language"],
            times=row["of_times"],
            people=row["of_people"],
            vain=row["of_vain"],
            hidden=row["of_hidden"],
            unopened=row["of_unopened"],
            opened=row["of_opened"],
            position=row["mean"],
            last_day=row["last_day"],
        )
        for row in rows
    ]
