"""Periods: how sales are cut in time and what they are compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (earlier, if negative); the last day of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, min(day.day, (following - dt.timedelta(days=1)).day))


def month_of(day: dt.date) -> dt.date:
    """The first day of the month."""
    return day.replace(day=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates `[start, end)`: the end is the first day that no longer counts."""

    start: dt.date
    end: dt.date

    DAY: ClassVar[dt.timedelta] = dt.timedelta(days=1)

    @classmethod
    def through(cls, first: dt.date, last: dt.date) -> Period:
        """The period people mean by "from … to …": both days count."""
        return cls(first, last + cls.DAY)

    @property
    def last_day(self) -> dt.date:
        return self.end - self.DAY

    @property
    def is_empty(self) -> bool:
        return self.end <= self.start

    def year_before(self) -> Period:
        """The same days a year earlier."""
        return Period(add_months(self.start, -12), add_months(self.end, -12))

    def until(self, end: dt.date) -> Period:
        """This period, cut where `end` is earlier."""
        return Period(self.start, max(self.start, min(self.end, end)))

    def months(self) -> list[dt.date]:
        """The first days of the months that the period touches."""
        months, month = [], month_of(self.start)
        while month < self.end:
            months.append(month)
            month = add_months(month, 1)
        return months
