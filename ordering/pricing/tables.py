"""Prices as rows of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from portal.lib.money import Money
from portal.lib.text import named

from .queries import Beginning, BreakPrice
from .rules import ListVersion


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A row of the quantity breaks: "1–5", what a unit costs, how many percent less than a single one."""

    label: str
    price: Money
    gain: Decimal | None
    current: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A list that the prices come from, or will."""

    name_ru: str
    name_en: str
    tax_included: bool
    since: dt.date
    last_day: dt.date | None
    coming: bool


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day to come whose prices may be taken: what begins and what ends then, in words."""

    day: dt.date
    why: str


def day_choice(day: dt.date, what: Sequence[Beginning]) -> DayChoice:
    begins = [named(one) for one in what if not one.ends]
    ends = [named(one) for one in what if one.ends]
    words = [_("%(name)s begins") % {"name": name} for name in begins]
    words += [_("%(name)s ends") % {"name": name} for name in ends]
    return DayChoice(day, ", ".join(dict.fromkeys(words)))


def break_rows(breaks: Sequence[BreakPrice], *, quantity: int, currency: str) -> list[BreakRow]:
    """The breaks with the one of this quantity marked."""
    starts = [step.min_quantity for step in breaks]
    labels = [f"{low}–{high - 1}" if high - 1 > low else str(low) for low, high in pairwise(starts)]
    labels += [f"{starts[-1]}+"] if starts else []
    present = max((start for start in starts if start <= quantity), default=None)
    return [
        BreakRow(label, Money(step.unit_price, currency), step.percent, step.min_quantity == present)
        for label, step in zip(labels, breaks, strict=True)
    ]


def version_row(version: ListVersion, on: dt.date) -> VersionRow:
    return VersionRow(
        name_ru=version.name_ru,
        name_en=version.name_en,
        tax_included=version.tax_included,
        since=version.since,
        last_day=version.until - dt.timedelta(days=1) if version.until else None,
        coming=version.since > on,
    )
