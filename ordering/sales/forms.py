"""What people ask of the sales history: the words of an address, read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from .enums import GroupBy
from .errors import PeriodNotUnderstood
from .periods import Period, add_months, month_of

LONGEST: Final = 15
EARLIEST: Final = 1990
LATEST: Final = 2200


class Span(StrEnum):
    """The periods offered on the page."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTHS = "months"
    OWN = "own"


class Compare(StrEnum):
    """What a period is laid beside."""

    YEAR = "year"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class SalesQuestion:
    """A page's question: the whole period shown, what it is compared with, and how it is cut."""

    span: Span
    period: Period
    compare: Compare
    cut: GroupBy

    def beside(self, period: Period) -> Period:
        """The period that this one (the whole, or the part of it that has passed) is compared with."""
        if self.compare is Compare.YEAR:
            return period.year_before()
        start = self.period.start - (self.period.end - self.period.start)
        if self.span is not Span.OWN:
            # Whole months are laid beside whole months.
            start = add_months(self.period.start, -len(self.period.months()))
        return Period(start, start + (period.end - period.start))


def read_day(text: str, *, field: str) -> dt.date:
    """A day as YYYY-MM-DD. Raises PeriodNotUnderstood naming the field."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PeriodNotUnderstood(
            _("“%(text)s” is not a day. Write it as 2026-11-23.") % {"text": text[:40]}, field=field
        ) from None


def bounded(day: dt.date, *, field: str) -> dt.date:
    """A day of a time that anybody can mean. Raises PeriodNotUnderstood."""
    if not EARLIEST <= day.year <= LATEST:
        raise PeriodNotUnderstood(
            _("A day is of the years %(first)s to %(last)s.") % {"first": EARLIEST, "last": LATEST}, field=field
        )
    return day


def read_period(start: str, end: str, *, today: dt.date) -> Period:
    """From … to …, both days counted; by default this year up to today. Raises PeriodNotUnderstood."""
    last = read_day(end, field="to") if end else today
    first = read_day(start, field="from") if start else dt.date(last.year, 1, 1)
    if first > last:
        raise PeriodNotUnderstood(
            _("The first day, %(first)s, comes after the last, %(last)s.") % {"first": first, "last": last},
            field="from",
        )
    if last.year - first.year > LONGEST or not EARLIEST <= first.year <= last.year <= LATEST:
        raise PeriodNotUnderstood(_("A period is %(years)s years at most.") % {"years": LONGEST}, field="from")
    return Period.through(first, last)


def span_period(span: Span, today: dt.date) -> Period:
    """A period offered by name: whole months, the present one included."""
    if span is Span.MONTHS:
        return Period(add_months(month_of(today), -11), add_months(month_of(today), 1))
    months = 3 if span is Span.QUARTER else 12
    first = dt.date(today.year, today.month - (today.month - 1) % months, 1)
    return Period(first, add_months(first, months))


def read_question(asked: Mapping[str, str], *, today: dt.date) -> SalesQuestion:
    """The page's question; unknown words mean the default. Raises PeriodNotUnderstood for an own period that is none."""
    span = Span(asked.get("period", "")) if asked.get("period", "") in set(Span) else Span.YEAR
    cut = GroupBy(asked.get("by", "")) if asked.get("by", "") in set(GroupBy) - {GroupBy.MONTH} else GroupBy.CATEGORY
    compare = Compare.BEFORE if asked.get("compare") == Compare.BEFORE else Compare.YEAR
    period = (
        read_period(asked.get("from", ""), asked.get("to", ""), today=today)
        if span is Span.OWN
        else span_period(span, today)
    )
    return SalesQuestion(span, period, compare, cut)
