"""Windows and thresholds: arithmetic over dates."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest

from ordering.programme.enums import EvaluationMoment, WindowKind
from ordering.programme.rules import (
    closes_window,
    counting_window,
    decided,
    evaluation_day,
    monthly_saving,
    next_evaluation,
    tier_after,
    tier_for,
    window_before,
)
from ordering.sales.periods import Period, add_months


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class Terms:
    window: str = WindowKind.ROLLING
    window_months: int = 12
    evaluation: str = EvaluationMoment.MONTHLY


@dataclass
class Level:
    threshold: Decimal


BRONZE, SILVER, GOLD = Level(Decimal(0)), Level(Decimal(100)), Level(Decimal(300))
ALL = [SILVER, GOLD, BRONZE]


@pytest.mark.parametrize(
    ("volume", "tier"),
    [(-1, None), (0, BRONZE), ("99.99", BRONZE), (100, SILVER), ("299.99", SILVER), (300, GOLD), (10**9, GOLD)],
)
def test_thresholds_are_half_open(volume, tier) -> None:
    assert tier_for(Decimal(volume), ALL) is tier


@pytest.mark.parametrize(
    ("volume", "held", "ahead"),
    [(0, None, SILVER), (100, SILVER, GOLD), (10, SILVER, GOLD), (150, BRONZE, GOLD), (300, GOLD, None)],
)
def test_the_next_tier_is_above_both_the_volume_and_the_tier_held(volume, held, ahead) -> None:
    assert tier_after(Decimal(volume), held, ALL) is ahead


@pytest.mark.parametrize(
    ("kind", "on", "start"),
    [
        (WindowKind.ROLLING, "2026-12-01", "2025-12-01"),
        (WindowKind.QUARTER, "2026-12-01", "2026-10-01"),
        (WindowKind.QUARTER, "2027-01-01", "2026-10-01"),
        (WindowKind.YEAR, "2026-12-01", "2026-01-01"),
        (WindowKind.YEAR, "2027-01-01", "2026-01-01"),
    ],
)
def test_what_counts_on_a_decision_day(kind, on, start) -> None:
    assert window_before(Terms(window=kind), day(on)) == Period(day(start), day(on))


def test_todays_sales_count_in_the_next_decision() -> None:
    assert counting_window(Terms(), day("2026-11-23")) == Period(day("2025-12-01"), day("2026-12-01"))
    assert counting_window(Terms(), day("2026-12-01")) == Period(day("2026-01-01"), day("2027-01-01"))


@pytest.mark.parametrize(
    ("moment", "last", "following"),
    [
        (EvaluationMoment.MONTHLY, "2026-11-01", "2026-12-01"),
        (EvaluationMoment.QUARTERLY, "2026-10-01", "2027-01-01"),
        (EvaluationMoment.YEARLY, "2026-01-01", "2027-01-01"),
    ],
)
def test_decision_days(moment, last, following) -> None:
    terms = Terms(evaluation=moment)
    assert (evaluation_day(terms, day("2026-11-23")), next_evaluation(terms, day("2026-11-23"))) == (
        day(last),
        day(following),
    )
    assert (evaluation_day(terms, day(last)), next_evaluation(terms, day(last))) == (day(last), day(following))


def test_a_half_passed_calendar_window_never_lowers() -> None:
    year = Terms(window=WindowKind.YEAR)
    assert [closes_window(year, day(d)) for d in ("2026-12-01", "2027-01-01")] == [False, True]
    assert decided(BRONZE, SILVER, final=False) is SILVER
    assert decided(GOLD, SILVER, final=False) is GOLD
    assert decided(BRONZE, SILVER, final=True) is BRONZE
    assert decided(None, SILVER, final=True) is None


def test_saving_of_a_usual_month() -> None:
    """The sample of the design: 5 489 200 a year at 8 %, then 11 %."""
    assert round(monthly_saving(Decimal(5489200) / 12, Decimal(8), otherwise=Decimal(8), then=Decimal(11))) == 14916


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_adding_months(start, months, end) -> None:
    assert add_months(day(start), months) == day(end)


def test_periods() -> None:
    period = Period.through(day("2026-01-15"), day("2026-03-01"))
    assert period == Period(day("2026-01-15"), day("2026-03-02"))
    assert period.last_day == day("2026-03-01")
    assert period.months() == [day("2026-01-01"), day("2026-02-01"), day("2026-03-01")]
    assert period.until(day("2026-02-01")) == Period(day("2026-01-15"), day("2026-02-01"))
    assert period.until(day("2020-01-01")).is_empty
    assert period.year_before() == Period(day("2025-01-15"), day("2025-03-02"))
