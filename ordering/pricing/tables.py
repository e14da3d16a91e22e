"""Prices as rows of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from portal.lib.money import Money

from .queries import BreakPrice
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
