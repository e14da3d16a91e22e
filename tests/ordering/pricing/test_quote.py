"""Which price wins, and the arithmetic of the line."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from ordering.pricing.enums import StepKind
from ordering.pricing.queries import PriceContext, break_prices, quote
from ordering.pricing.receipts import Receipt
from portal.lib.errors import NotAllowed
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_pricing import (
    make_article,
    make_award,
    make_price_list,
    make_programme,
    make_version,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def price_of(dealer, product, quantity=1, on=TODAY) -> Receipt | None:
    return quote(PriceContext.of_dealer(dealer.pk, on), [(product.pk, quantity)]).get(product.pk)


def with_tier(dealer, discount, **validity) -> None:
    programme = make_programme([("only", 0, discount)], currency=dealer.currency)
    make_award(dealer, programme.tiers.get(), **validity)


def test_golden_case() -> None:
    """domain.md, Price: rounding elsewhere gives 6527.80 or 6527.88."""
    dealer, article = make_dealer(), make_article()
    make_price_list({article: "348.35"})
    with_tier(dealer, 4)
    receipt = price_of(dealer, article, 16)
    assert (receipt.unit_price, receipt.net, receipt.tax, receipt.total) == (
        Decimal("334.4160"),
        Decimal("5350.66"),
        Decimal("1177.15"),
        Decimal("6527.81"),
    )


def test_golden_case_in_a_gross_list() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: "424.987"}, tax_included=True)
    with_tier(dealer, 4)
    receipt = price_of(dealer, article, 16)
    # 424.987 − 4 % = 407.98752 → 407.9875; × 16 = 6527.80; of it 22/122
    assert (receipt.total, receipt.tax, receipt.net) == (Decimal("6527.80"), Decimal("1177.14"), Decimal("5350.66"))
    assert receipt.unit_price == Decimal("334.4160")
    assert receipt.own_price == Decimal("407.9875")


def test_the_narrowest_list_that_prices_the_article_wins() -> None:
    country = make_region()
    south = make_region(parent=country)
    town = make_region(parent=south)
    dealer, neighbour = make_dealer(region=town), make_dealer(region=make_region(parent=country))
    articles = {name: make_article(name) for name in ("base", "country", "south", "own")}
    make_price_list(dict.fromkeys(articles.values(), 100))
    make_price_list({articles[name]: 90 for name in ("country", "south", "own")}, region=country)
    make_price_list({articles[name]: 80 for name in ("south", "own")}, region=south)
    make_price_list({articles["own"]: 70}, dealer=dealer)
    assert {name: price_of(dealer, a).unit_price for name, a in articles.items()} == {
        "base": 100,
        "country": 90,
        "south": 80,
        "own": 70,
    }
    assert {name: price_of(neighbour, a).unit_price for name, a in articles.items()} == {
        "base": 100,
        "country": 90,
        "south": 90,
        "own": 90,
    }


def test_the_narrowest_wins_even_when_dearer() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: 100})
    make_price_list({article: 120}, region=dealer.home_region)
    assert price_of(dealer, article).unit_price == 120


def test_a_break_never_mixes_lists() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: {1: 100, 10: 10}})
    make_price_list({article: {1: 90, 20: 80}}, region=dealer.home_region)
    assert [price_of(dealer, article, n).unit_price for n in (1, 10, 19, 20, 21)] == [90, 90, 90, 80, 80]


def test_another_currency_is_no_price() -> None:
    dealer, article = make_dealer(currency="KZT"), make_article()
    make_price_list({article: 100}, currency="RUB")
    assert price_of(dealer, article) is None
    make_price_list({article: 700}, currency="KZT")
    assert price_of(dealer, article).unit_price == 700


def test_lists_are_dated() -> None:
    dealer, article = make_dealer(), make_article()
    price_list = make_price_list({article: 100}, valid_from=TODAY - DAY)
    make_version(price_list, {article: 110}, valid_from=TODAY + 7 * DAY)
    assert price_of(dealer, article, on=TODAY - 2 * DAY) is None
    assert price_of(dealer, article).unit_price == 100
    assert price_of(dealer, article).valid_until == TODAY + 6 * DAY
    assert price_of(dealer, article, on=TODAY + 7 * DAY).unit_price == 110
    assert price_of(dealer, article, on=TODAY + 7 * DAY).valid_until is None


def test_a_draft_is_no_price() -> None:
    dealer, article = make_dealer(), make_article()
    make_version(make_price_list(), {article: 100}, publish=False)
    assert price_of(dealer, article) is None


def test_the_price_holds_until_a_narrower_list_or_the_tiers_end() -> None:
    dealer, article, other = make_dealer(), make_article(), make_article()
    make_price_list({article: 100, other: 100})
    make_price_list({other: 90}, region=dealer.home_region, valid_from=TODAY + 10 * DAY)
    assert price_of(dealer, article).valid_until is None
    assert price_of(dealer, other).valid_until == TODAY + 9 * DAY
    with_tier(dealer, 5, end=TODAY + 5 * DAY)
    assert price_of(dealer, other).valid_until == TODAY + 4 * DAY


def test_the_tier_of_the_date_counts() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: 100})
    with_tier(dealer, 8, start=TODAY, end=TODAY + DAY)
    assert [price_of(dealer, article, on=TODAY + n * DAY).unit_price for n in (-1, 0, 1)] == [100, 92, 100]


def test_the_receipt_says_each_step() -> None:
    dealer, article = make_dealer(), make_article()
    base = make_price_list({article: 9870}, name_ru="Базовый прайс")
    region = make_price_list({article: {1: 9640, 6: 9350}}, region=dealer.home_region, name_ru="Прайс «Юг»")
    with_tier(dealer, 8)
    receipt = price_of(dealer, article, 6)
    tier = dealer.awards.get().tier
    prices = region.versions.get().prices.order_by("min_quantity")
    assert [(s.kind, s.name_ru, s.id, s.amount) for s in receipt.steps] == [
        (StepKind.BASE, "Базовый прайс", base.versions.get().pk, 9870),
        (StepKind.REGION, "Прайс «Юг»", region.versions.get().pk, 9640),
        (StepKind.BREAK, "Количество от 6", prices[1].pk, 9350),
        (StepKind.TIER, "Уровень «only по-русски»", tier.pk, -748),
        (StepKind.TAX, "НДС 22 %", None, receipt.tax),
    ]
    assert receipt.list_price == 9350
    assert receipt.own_price == receipt.unit_price == 8602


def test_the_nudge() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: {1: 100, 10: 93, 50: 93}})
    receipt = price_of(dealer, article, 6)
    assert (receipt.next_break.quantity, receipt.next_break.more, receipt.next_break.percent) == (10, 4, Decimal("7.0"))
    assert price_of(dealer, article, 10).next_break is None  # 50 units are not cheaper
    assert price_of(dealer, article, 50).next_break is None


def test_breaks_as_the_dealer_pays_them() -> None:
    dealer, article, plain = make_dealer(), make_article(), make_article()
    make_price_list({article: {1: 100, 10: 90}, plain: 5})
    with_tier(dealer, 10)
    context = PriceContext.of_dealer(dealer.pk, TODAY)
    rows = break_prices(context, article.pk)
    assert [(r.min_quantity, r.unit_price, r.percent) for r in rows] == [(1, 90, None), (10, 81, Decimal("-10.0"))]
    assert break_prices(context, plain.pk) == []


def test_round_trip_through_json() -> None:
    dealer, article = make_dealer(), make_article()
    make_price_list({article: {1: 100, 10: 90}})
    with_tier(dealer, 10, end=TODAY + 30 * DAY)
    receipt = price_of(dealer, article, 3)
    assert Receipt.from_json(json.loads(json.dumps(receipt.as_json()))) == receipt


def test_who_has_a_price_context(principal_of) -> None:
    dealer = make_dealer()
    for role in (Role.OWNER, Role.BUYER, Role.SELLER):
        assert PriceContext.of(principal_of(make_member(role, dealer=dealer)), TODAY) == PriceContext.of_dealer(
            dealer.pk, TODAY
        )
    for nobody in (principal_of(make_member(Role.READER, dealer=dealer)), principal_of(make_staff())):
        with pytest.raises(NotAllowed):
            PriceContext.of(nobody, TODAY)


def test_everything_a_price_depends_on_is_in_the_cache_key() -> None:
    region, currency = make_region(), "KZT"
    programme = make_programme([("one", 0, 1), ("two", 5, 2)])
    dealers = [
        make_dealer(region=region),
        make_dealer(region=make_region()),
        make_dealer(region=region, currency=currency),
    ]
    keys = [PriceContext.of_dealer(d.pk, TODAY).cache_key for d in dealers]
    keys.append(PriceContext.of_dealer(dealers[0].pk, TODAY + DAY).cache_key)
    make_award(dealers[0], programme.tiers.get(code="one"))
    keys.append(PriceContext.of_dealer(dealers[0].pk, TODAY).cache_key)
    assert len(set(keys)) == 5


def test_one_and_a_hundred_articles_cost_the_same_queries() -> None:
    dealer = make_dealer()
    articles = [make_article() for _ in range(100)]
    make_price_list(dict.fromkeys(articles, 10))
    make_price_list({article: {1: 9, 5: 8} for article in articles}, region=dealer.home_region)
    counts = []
    for number in (1, 100):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = quote(PriceContext.of_dealer(dealer.pk, TODAY), [(a.pk, 2) for a in articles[:number]])
        assert len(found) == number
        counts.append(len(queries))
    assert counts == [5, 5]
