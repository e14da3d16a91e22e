"""Premiums to the kopeck: golden cases of domain.md, properties, and periods that are accrued once."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.principals import Principal
from ordering.programme.models import Premium, PremiumAccrual, PremiumSlice
from ordering.programme.queries import premiums_for, programmes_of
from ordering.programme.rules import Slice, retrospective_premium, stepped_premium
from ordering.programme.services import evaluate_due
from ordering.sales.enums import EntryKind
from tests.factories import make_dealer, make_member
from tests.factories_pricing import make_programme, make_sale

GOLDEN = [Slice(Decimal(0), Decimal(10)), Slice(Decimal(100), Decimal(20)), Slice(Decimal(300), Decimal(30))]
KOPECK = Decimal("0.01")


def test_golden_slices_are_widths() -> None:
    assert stepped_premium(Decimal(3800), GOLDEN, "RUB") == Decimal("1100.00")  # 1,120 with upper bounds
    assert stepped_premium(Decimal(3800), list(reversed(GOLDEN)), "RUB") == Decimal("1100.00")
    assert retrospective_premium(Decimal(3800), GOLDEN, "RUB") == Decimal("1140.00")


@pytest.mark.parametrize(
    ("volume", "whole", "stepped"),
    [
        *[("-5", "0", "0"), ("0", "0", "0"), ("99.99", "10.00", "10.00"), ("100", "20.00", "10.00")],
        *[("299.99", "60.00", "50.00"), ("300", "90.00", "50.00"), ("300.05", "90.02", "50.02")],
    ],
)
def test_thresholds_are_half_open_and_kopecks_half_up(volume, whole, stepped) -> None:
    assert retrospective_premium(Decimal(volume), GOLDEN, "RUB") == Decimal(whole)
    assert stepped_premium(Decimal(volume), GOLDEN, "RUB") == Decimal(stepped)


def test_below_the_first_slice_there_is_nothing() -> None:
    late = [Slice(Decimal(100), Decimal(5))]
    assert [retrospective_premium(Decimal(v), late, "RUB") for v in (99, 100)] == [0, 5]
    assert [stepped_premium(Decimal(v), late, "RUB") for v in (99, 100, 300)] == [0, 0, 10]


amounts = st.decimals(0, 10**7, places=2)
rates = st.decimals(0, 99, places=2)
ladders = st.dictionaries(amounts, rates, min_size=1, max_size=5).map(lambda d: [Slice(t, p) for t, p in d.items()])


@given(amounts, ladders)
def test_stepped_is_what_each_kopeck_earns_on_its_own(volume, slices) -> None:
    """A reference that looks at bounds one by one: the integral of the rate over the volume."""
    marks = sorted({Decimal(0), volume, *(one.threshold for one in slices if one.threshold < volume)})
    exact = Decimal(0)
    for low, high in pairwise(marks):
        rate = max((one for one in slices if one.threshold <= low), key=lambda one: one.threshold, default=None)
        exact += (high - low) * (rate.percent if rate else 0) / 100
    assert abs(stepped_premium(volume, slices, "RUB") - exact) <= KOPECK / 2 * len(slices)


@given(amounts, amounts, ladders)
def test_more_volume_never_earns_less_in_slices(one, other, slices) -> None:
    low, high = sorted([one, other])
    assert stepped_premium(low, slices, "RUB") <= stepped_premium(high, slices, "RUB")


@given(amounts, ladders)
def test_no_premium_is_above_the_highest_rate_or_has_parts_of_kopecks(volume, slices) -> None:
    most = max(one.percent for one in slices) * volume / 100
    for premium in (stepped_premium(volume, slices, "RUB"), retrospective_premium(volume, slices, "RUB")):
        assert 0 <= premium <= most + KOPECK / 2 * len(slices)
        assert premium == round(premium, 2)


def earned_by(principal, on):
    return premiums_for(principal, on, programmes_of(principal.dealer_id, on))


def make_premium(programme, kind="stepped", period="quarter") -> Premium:
    premium = Premium.objects.create(programme=programme, kind=kind, period=period, name_ru="Премия", name_en="Premium")
    for one in GOLDEN:
        PremiumSlice.objects.create(premium=premium, threshold=one.threshold, percent=one.percent)
    return premium


@pytest.mark.django_db
def test_a_period_is_accrued_once_and_what_comes_late_counts_in_the_next(principal_of) -> None:
    premium = make_premium(make_programme(start=dt.date(2026, 5, 1)))
    dealer, foreign = make_dealer(), make_dealer(currency="KZT")
    make_sale(dealer, dt.date(2026, 8, 3), 3800)
    make_sale(dealer, dt.date(2026, 5, 3), 9999)  # a quarter that began before the programme
    make_sale(foreign, dt.date(2026, 8, 3), 500, currency="RUB")
    nobody = Principal.nobody()
    evaluate_due(on=dt.date(2026, 9, 30), by=nobody)
    assert not PremiumAccrual.objects.exists()
    evaluate_due(on=dt.date(2026, 10, 1), by=nobody)
    evaluate_due(on=dt.date(2026, 10, 2), by=nobody)
    accrual = PremiumAccrual.objects.get()
    assert (accrual.dealer, accrual.volume, accrual.amount, accrual.last_day) == (
        dealer,
        3800,
        1100,
        dt.date(2026, 9, 30),
    )
    make_sale(dealer, dt.date(2026, 8, 4), -100, kind=EntryKind.RETURNED, quantity=-1)
    make_sale(dealer, dt.date(2026, 10, 4), 300)
    owner = principal_of(make_member("owner", dealer=dealer))
    earned = earned_by(owner, dt.date(2026, 10, 5))[0]
    assert (earned.volume, earned.amount, [one.amount for one in earned.accrued]) == (200, 30, [1100])
    assert earned_by(principal_of(make_member("seller", dealer=dealer)), dt.date(2026, 10, 5)) == []
    other = earned_by(principal_of(make_member("owner")), dt.date(2026, 10, 5))[0]
    assert (other.volume, other.accrued) == (0, ())
    evaluate_due(on=dt.date(2027, 1, 1), by=nobody)
    assert premium.accruals.order_by("period").values_list("amount", flat=True)[1] == 30
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PremiumAccrual.objects.update(amount=1)
