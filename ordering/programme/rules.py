"""Windows, thresholds and what an evaluation decides: arithmetic over dates and amounts, no reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from ordering.sales.periods import Period, add_months, month_of
from portal.lib.money import round_minor

from .enums import EvaluationMoment, PremiumKind, PremiumPeriod, WindowKind

DAY: Final = dt.timedelta(days=1)


class Windowed(Protocol):
    """What a window needs of a programme."""

    window: str
    window_months: int
    evaluation: str


class Levelled(Protocol):
    """What a threshold needs of a tier."""

    @property
    def threshold(self) -> Decimal: ...


Level = TypeVar("Level", bound=Levelled)


@dataclass(frozen=True, slots=True)
class DiscountException:
    """Another discount (in percent) than the tier's own for a category with all below it, or for a brand: one of the two."""

    category_id: int | None
    brand_id: int | None
    discount: Decimal


def article_percent(
    discount: Decimal, exceptions: Iterable[DiscountException], category_path: str, brand_id: int | None
) -> Decimal:
    """The percent of a tier for an article: that of its brand, else of the nearest category above it, else the tier's own.

    `category_path` is `Category.path` ("/1/7/": ids from the root down), empty for an article without a category.
    """
    by_category: dict[int, Decimal] = {}
    for exception in exceptions:
        if exception.brand_id is not None and exception.brand_id == brand_id:
            return exception.discount
        if exception.category_id is not None:
            by_category[exception.category_id] = exception.discount
    above = [int(part) for part in category_path.split("/") if part] if by_category else []
    return next((by_category[category] for category in reversed(above) if category in by_category), discount)


def higher(one: Level | None, other: Level | None) -> Level | None:
    """The higher of two tiers; any is above none."""
    return one if reaches(one, other) else other


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter."""
    return dt.date(day.year, day.month - (day.month - 1) % 3, 1)


def year_of(day: dt.date) -> dt.date:
    """The first day of the year."""
    return dt.date(day.year, 1, 1)


def window_before(programme: Windowed, day: dt.date) -> Period:
    """What counts when tiers are decided on `day`: the rolling months, quarter or year that the day before it belongs to."""
    if programme.window == WindowKind.ROLLING:
        return Period(add_months(day, -programme.window_months), day)
    start = quarter_of if programme.window == WindowKind.QUARTER else year_of
    return Period(start(day - DAY), day)


def closes_window(programme: Windowed, day: dt.date) -> bool:
    """Whether the window that ends before `day` is complete. A half-passed quarter or year raises tiers, and never lowers one."""
    if programme.window == WindowKind.ROLLING:
        return True
    return day == (quarter_of(day) if programme.window == WindowKind.QUARTER else year_of(day))


def last_closed_window(programme: Windowed, day: dt.date) -> Period:
    """The last window that was complete by the day: of rolling months the one before it, else the last quarter or year."""
    if programme.window == WindowKind.ROLLING:
        return window_before(programme, day)
    return window_before(programme, quarter_of(day) if programme.window == WindowKind.QUARTER else year_of(day))


def evaluation_day(programme: Windowed, on: dt.date) -> dt.date:
    """The latest day up to `on` on which tiers are decided."""
    return {
        EvaluationMoment.MONTHLY: month_of(on),
        EvaluationMoment.QUARTERLY: quarter_of(on),
        EvaluationMoment.YEARLY: year_of(on),
    }[EvaluationMoment(programme.evaluation)]


def next_evaluation(programme: Windowed, on: dt.date) -> dt.date:
    """The first day after `on` on which tiers are decided."""
    step = {EvaluationMoment.MONTHLY: 1, EvaluationMoment.QUARTERLY: 3, EvaluationMoment.YEARLY: 12}
    return add_months(evaluation_day(programme, on), step[EvaluationMoment(programme.evaluation)])


def counting_window(programme: Windowed, on: dt.date) -> Period:
    """The window of the next decision: where today's sales count, and what is worth showing today."""
    return window_before(programme, next_evaluation(programme, on))


def tier_for(volume: Decimal, tiers: Iterable[Level]) -> Level | None:
    """The tier of a volume: the highest threshold it reaches. Thresholds are half-open: reached at the very amount."""
    reached = [tier for tier in tiers if tier.threshold <= volume]
    return max(reached, key=lambda tier: tier.threshold, default=None)


def reaches(tier: Levelled | None, other: Levelled | None) -> bool:
    """Whether a tier is not below another one; no tier is below any."""
    return other is None or (tier is not None and tier.threshold >= other.threshold)


def decided(merited: Level | None, held: Level | None, *, final: bool) -> Level | None:
    """The tier after a decision: what the volume merits, or the one held where a window only half passed merits less."""
    return merited if final or reaches(merited, held) else held


def tier_after(volume: Decimal, held: Levelled | None, tiers: Iterable[Level]) -> Level | None:
    """The next tier to strive for: the lowest above both the volume and the tier already held."""
    floor = max(volume, held.threshold) if held else volume
    above = [tier for tier in tiers if tier.threshold > floor]
    return min(above, key=lambda tier: tier.threshold, default=None)


def monthly_saving(usual_month: Decimal, paid_at: Decimal, *, otherwise: Decimal, then: Decimal) -> Decimal:
    """What a usual month, bought at `paid_at` % off, would cost less at `then` % than at `otherwise` %.

    Discounts are taken off the list price, so the month is first brought back to it.
    """
    return usual_month * (then - otherwise) / (100 - paid_at)


@dataclass(frozen=True, slots=True)
class Slice:
    """A rate in percent from a volume up to, but not including, the next slice's."""

    threshold: Decimal
    percent: Decimal


def retrospective_premium(volume: Decimal, slices: Iterable[Slice], currency: str) -> Decimal:
    """The whole volume at the rate of the slice that it reaches: back to the first rouble. Nothing of a negative volume."""
    reached = tier_for(volume, slices)
    return round_minor(volume * reached.percent / 100, currency) if reached and volume > 0 else Decimal(0)


def stepped_premium(volume: Decimal, slices: Iterable[Slice], currency: str) -> Decimal:
    """Each slice's own part of the volume at its own rate, rounded half-up slice by slice.

    A slice takes what lies between its threshold and the next one's: its width, not its upper bound (domain.md, Programme).
    """
    ordered = sorted(slices, key=lambda one: one.threshold)
    ends = [*(one.threshold for one in ordered[1:]), None]
    total = Decimal(0)
    for one, end in zip(ordered, ends, strict=True):
        part = (volume if end is None else min(volume, end)) - one.threshold
        if part > 0:
            total += round_minor(part * one.percent / 100, currency)
    return total


PREMIUMS: Final = {PremiumKind.RETROSPECTIVE: retrospective_premium, PremiumKind.STEPPED: stepped_premium}


def premium_period(kind: str, day: dt.date) -> Period:
    """The quarter or year that the day belongs to."""
    start, months = (quarter_of(day), 3) if kind == PremiumPeriod.QUARTER else (year_of(day), 12)
    return Period(start, add_months(start, months))
