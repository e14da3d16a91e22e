"""The quote beside a second, naive implementation, over random worlds."""

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordering.pricing.enums import StepKind
from ordering.pricing.models import Price, PriceListVersion
from ordering.pricing.queries import PriceContext, quote
from ordering.pricing.receipts import NextBreak, Receipt, Step
from tests.factories import make_dealer, make_region
from tests.factories_pricing import make_article, make_award, make_price_list, make_programme

START = dt.date(2026, 1, 1)
SKUS = ("A", "B")
DAYS = st.integers(0, 12)
AMOUNTS = st.decimals("0.0001", 99999, places=4)


@dataclass(frozen=True)
class ListOf:
    """A version of a list: `whose` is base, home, parent, elsewhere, own or other; days are counted from START."""

    whose: str
    currency: str
    gross: bool
    begins: int
    ends: int | None
    prices: dict = field(hash=False)  # sku → {quantity: amount}


@st.composite
def worlds(draw):
    lists, taken = [], []
    for one in draw(
        st.lists(
            st.builds(
                ListOf,
                whose=st.sampled_from(["base", "home", "parent", "elsewhere", "own", "other"]),
                currency=st.sampled_from(["RUB", "RUB", "KZT"]),
                gross=st.booleans(),
                begins=DAYS,
                ends=st.none() | st.integers(1, 14),
                prices=st.dictionaries(
                    st.sampled_from(SKUS),
                    st.dictionaries(st.sampled_from([1, 1, 2, 5, 10]), AMOUNTS, min_size=1, max_size=3),
                    max_size=2,
                ),
            ),
            max_size=7,
        )
    ):
        days = set(range(one.begins, 40 if one.ends is None else one.ends))
        if days and not any(who == (one.whose, one.currency) and days & held for who, held in taken):
            taken.append(((one.whose, one.currency), days))
            lists.append(one)
    return lists


def half_up(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def naive(lists, sku, quantity, day, discount):
    """domain.md, Price, word by word: (unit net, net, tax, total) or None."""
    for whose in ("own", "home", "parent", "base"):
        for one in lists:
            in_force = one.begins <= day and (one.ends is None or day < one.ends)
            if one.whose == whose and one.currency == "RUB" and in_force and sku in one.prices:
                fitting = [n for n in one.prices[sku] if n <= quantity]
                if not fitting:
                    return None
                unit = half_up(one.prices[sku][max(fitting)] * (100 - discount) / 100, 4)
                if one.gross:
                    total = half_up(unit * quantity, 2)
                    tax = half_up(total * 22 / 122, 2)
                    return half_up(unit * 100 / 122, 4), total - tax, tax, total
                net = half_up(unit * quantity, 2)
                tax = half_up(net * 22 / 100, 2)
                return unit, net, tax, net + tax
    return None


def build(lists, articles, dealer, parent):
    whose = {
        "base": {},
        "home": {"region": dealer.home_region},
        "parent": {"region": parent},
        "elsewhere": {"region": make_region()},
        "own": {"dealer": dealer},
        "other": {"dealer": make_dealer()},
    }
    for one in lists:
        price_list = make_price_list(currency=one.currency, tax_included=one.gross, **whose[one.whose])
        version = PriceListVersion.objects.create(price_list=price_list, number=1)
        Price.objects.bulk_create(
            Price(version=version, product=articles[sku], min_quantity=quantity, amount=amount)
            for sku, breaks in one.prices.items()
            for quantity, amount in breaks.items()
        )
        end = None if one.ends is None else START + dt.timedelta(days=one.ends)
        version.validity = DateRange(START + dt.timedelta(days=one.begins), end)
        version.published_at = timezone.now()
        version.save()


@pytest.mark.django_db
@given(
    lists=worlds(),
    quantities=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    day=DAYS,
    discount=st.none() | st.decimals(0, 99, places=2),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_the_quote_agrees_with_the_naive_reference(lists, quantities, day, discount) -> None:
    with transaction.atomic():
        parent = make_region()
        dealer = make_dealer(region=make_region(parent=parent))
        articles = {sku: make_article() for sku in SKUS}
        build(lists, articles, dealer, parent)
        if discount is not None:
            make_award(dealer, make_programme([("only", 0, discount)]).tiers.get())
        found = quote(
            PriceContext.of_dealer(dealer.pk, START + dt.timedelta(days=day)),
            [(articles[sku].pk, quantity) for sku, quantity in zip(SKUS, quantities, strict=True)],
        )
        for sku, quantity in zip(SKUS, quantities, strict=True):
            receipt = found.get(articles[sku].pk)
            got = (receipt.unit_price, receipt.net, receipt.tax, receipt.total) if receipt else None
            assert got == naive(lists, sku, quantity, day, discount or Decimal(0))
            if receipt:
                assert Receipt.from_json(json.loads(json.dumps(receipt.as_json()))) == receipt
                assert receipt.net + receipt.tax == receipt.total
        transaction.set_rollback(True)


DATES = st.none() | st.dates()
MONEY = st.decimals(-(10**9), 10**9, places=4)
STEPS = st.builds(
    Step,
    kind=st.sampled_from(StepKind),
    name_ru=st.text(max_size=20),
    name_en=st.text(max_size=20),
    id=st.none() | st.integers(1),
    amount=MONEY,
    value=st.none() | MONEY,
    since=DATES,
)
BREAKS = st.builds(NextBreak, quantity=st.integers(2), more=st.integers(1), unit_price=MONEY, percent=MONEY)


@given(
    st.builds(
        Receipt,
        unit_price=MONEY,
        quantity=st.integers(1),
        net=MONEY,
        tax=MONEY,
        total=MONEY,
        currency=st.sampled_from(["RUB", "KZT"]),
        tax_rate=MONEY,
        tax_included=st.booleans(),
        valid_until=DATES,
        next_break=st.none() | BREAKS,
        steps=st.lists(STEPS, max_size=6).map(tuple),
    )
)
def test_any_receipt_survives_json(receipt: Receipt) -> None:
    assert Receipt.from_json(json.loads(json.dumps(receipt.as_json()))) == receipt
