"""The catalogue narrowed: by section, brand, stock, attributes and own price, on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.enums import Role
from accounts.models import Dealer, Membership
from accounts.principals import Principal
from ordering.catalog.models import Attribute, Brand, Product
from ordering.pricing.models import PriceList
from ordering.pricing.queries import PriceContext
from ordering.pricing.search import number_of
from portal.queries import narrowing
from portal.queries.catalogue import Found, catalogue
from portal.queries.question import Order, Question
from portal.searchables import SEARCHABLES
from search import indexing, names
from search.models import Entry
from search.rebuilding import rebuild
from tests.clients import PortalClient
from tests.factories import make_audience, make_dealer, make_member
from tests.factories_catalog import make_category, make_product, make_stock, make_warehouse
from tests.factories_pricing import (
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    make_version,
)
from tests.search.conftest import _closed_breaker, elastic  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["postgresql", "elasticsearch"])
def index(request: pytest.FixtureRequest) -> Callable[[], None]:
    """`index()`: the engine of this run knows every article as it is now."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elastic")
        request.getfixturevalue("settings").ELASTICSEARCH_SECONDS = 30.0

    def run() -> None:
        for engine in names.in_use():
            rebuild(SEARCHABLES["product"], engine)

    return run


@pytest.fixture
def dealer() -> Dealer:
    dealer = make_dealer("Verstak")
    tier = make_programme([("silver", 0, 10)]).tiers.get()
    make_award(dealer, tier)
    return dealer


@pytest.fixture
def buyer(dealer: Dealer) -> Membership:
    return make_member(Role.BUYER, dealer=dealer)


@pytest.fixture
def me(buyer: Membership, principal_of: Callable[..., Principal]) -> Principal:
    return principal_of(buyer)


@pytest.fixture
def goods(dealer: Dealer) -> list[Product]:
    """Ten drills and ten saws at 100, 200 … 1000 each; the own price is 10 % less. Five drills lie in the own region."""
    Attribute.objects.create(
        code="volts", name_ru="Напряжение", name_en="Voltage", unit_ru="В", unit_en="V", position=1
    )
    tools = make_category("tools", name="Tools")
    sorts = [make_category(code, parent=tools, name=code.title()) for code in ("drills", "saws")]
    brands = [Brand.objects.create(code=name.lower(), name=name) for name in ("Alpha", "Beta")]
    here = make_warehouse(region=dealer.home_region)
    made = [
        make_product(
            f"{category.code[0].upper()}-{n}",
            name_en=f"{category.name_en[:-1]} {n}",
            category=category,
            brand=brands[n % 2],
            attributes={
                "volts": 12 if n < 4 else 18,
                "colour": {"ru": "Чёрный", "en": "Black"} if n < 7 else "Red",
                "same": 1,
            },
        )
        for category in sorts
        for n in range(10)
    ]
    for product in made[:5]:
        make_stock(product, 9, warehouse=here)
    make_price_list({product: 100 * (at % 10 + 1) for at, product in enumerate(made)})
    return made


def counts(found: Found, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in found.facets[facet]}


def skus(found: Found) -> list[str]:
    return [row.product.sku for row in found.rows]


def answers(who: Principal, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What questions about prices are told, with the own prices of every article and by the indexed lists."""
    found = []
    for limit in (5_000, 5):
        monkeypatch.setattr(narrowing, "EXACT_UP_TO", limit)
        found += [
            catalogue(who, Question(price_min=low, price_max=high, sort=sort))
            for low, high in ((None, Decimal(8)), (Decimal(5000), None))
            for sort in (Order.CHEAPEST, Order.DEAREST)
        ]
    return [(skus(one), one.total, one.facets, one.attributes, one.prices) for one in found]


class TestConditions:
    def test_each_facet_is_counted_under_all_others(self, me: Principal, goods: list[Product], index: Any) -> None:
        index()
        found = catalogue(me, Question(categories=("drills",), brands=("alpha",), attributes={"volts": ("18",)}))
        assert (found.total, set(skus(found))) == (3, {"D-4", "D-6", "D-8"})
        assert counts(found, "category") == {"tools": 6, "drills": 3}
        assert counts(found, "brand") == {"alpha": 3, "beta": 3}
        assert counts(found, "availability") == {"here": 1, "in_stock": 1, "to_order": 2}
        [volts] = [facet for facet in found.attributes if facet.code == "volts"]
        assert [(value.value, value.name, value.count, value.selected) for value in volts.values] == [
            ("12", "12\u00a0V", 2, False),
            ("18", "18\u00a0V", 3, True),
        ]

    def test_several_values_within_a_facet(self, me: Principal, goods: list[Product], index: Any) -> None:
        index()
        both = catalogue(me, Question(categories=("drills", "saws"), brands=("alpha", "beta"), page_size=100))
        assert both.total == 20
        assert catalogue(me, Question(availability=("here", "to_order"))).total == 20
        assert catalogue(me, Question(availability=("here",), categories=("drills",))).total == 5
        assert catalogue(me, Question(attributes={"colour": ("Red", "Чёрный|Black")})).total == 20

    def test_attributes_that_tell_the_articles_apart(self, me: Principal, goods: list[Product], index: Any) -> None:
        index()
        found = catalogue(me, Question(categories=("drills",)))
        assert [(facet.code, facet.name) for facet in found.attributes] == [("volts", "Voltage"), ("colour", "Colour")]
        assert [(value.name, value.count) for value in found.attributes[1].values] == [("Black", 7), ("Red", 3)]

    def test_a_range_of_numbers(self, me: Principal, goods: list[Product], index: Any) -> None:
        for at, product in enumerate(goods[:10]):
            product.attributes = {"torque": at * 5 + 0.5}
            product.save()
        index()
        assert set(skus(catalogue(me, Question(attributes={"torque": ("10..21", "45..")})))) == {
            "D-2",
            "D-3",
            "D-4",
            "D-9",
        }
        assert catalogue(me, Question(attributes={"torque": ("900..",)})).total == 0
        [torque] = catalogue(me, Question(categories=("drills",))).attributes
        assert [(value.value, value.count) for value in torque.values] == [
            ("..5.5", 2),
            ("10.5..15.5", 2),
            ("20.5..25.5", 2),
            ("30.5..35.5", 2),
            ("40.5..", 2),
        ]
        [chosen] = catalogue(me, Question(categories=("drills",), attributes={"torque": ("..5.5",)})).attributes
        assert [(value.value, value.count) for value in chosen.values] == [(v.value, v.count) for v in torque.values]

    def test_what_to_take_away_where_nothing_is_left(self, me: Principal, goods: list[Product], index: Any) -> None:
        index()
        asked = Question(categories=("saws",), brands=("alpha",), availability=("here",), price_max=Decimal(500))
        found = catalogue(me, asked)
        assert (found.total, found.remedy and (found.remedy.name, found.remedy.total)) == (
            0,
            ("Saws", 3),
        )
        assert catalogue(me, Question(brands=("nobody",), availability=("here",))).remedy is not None


class TestOwnPrices:
    def test_a_range_is_of_own_prices(self, me: Principal, goods: list[Product], index: Any) -> None:
        index()
        found = catalogue(me, Question(categories=("drills",), price_min=Decimal(180), price_max=Decimal(270)))
        assert sorted(skus(found)) == ["D-1", "D-2"]
        assert (found.prices and (found.prices.lowest, found.prices.highest, found.prices.is_approximate)) == (
            90,
            900,
            False,
        )
        assert counts(found, "category") == {"tools": 4, "drills": 2}
        assert counts(found, "brand") == {"alpha": 1, "beta": 1}

    def test_cheapest_first(self, me: Principal, goods: list[Product], index: Any) -> None:
        make_product("NONE", name_en="Without a price", category=goods[0].category)
        index()
        by_price = catalogue(me, Question(categories=("drills",), sort=Order.CHEAPEST))
        assert skus(by_price) == [*(f"D-{n}" for n in range(10)), "NONE"]
        second = catalogue(me, Question(categories=("drills",), sort=Order.DEAREST, page=2, page_size=3))
        assert skus(second) == ["D-6", "D-5", "D-4"]

    def test_beyond_the_limit_it_is_reckoned_from_lists_and_said(
        self, me: Principal, goods: list[Product], index: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index()
        asked = Question(categories=("drills",), price_min=Decimal(180), price_max=Decimal(270), sort=Order.DEAREST)
        exact = catalogue(me, asked)
        monkeypatch.setattr(narrowing, "EXACT_UP_TO", 12)  # the drills are exact, all articles are not
        mixed = catalogue(me, asked)
        assert (skus(mixed), mixed.approximate, mixed.facets) == (skus(exact), {"category"}, exact.facets)
        monkeypatch.setattr(narrowing, "EXACT_UP_TO", 5)
        rough = catalogue(me, asked)
        assert (skus(rough), rough.total, rough.facets) == (skus(exact), 2, exact.facets)
        assert rough.prices is not None
        assert rough.prices.is_approximate
        assert not exact.approximate
        assert rough.approximate >= {"category", "brand"}

    def test_own_lists_of_others_move_nothing(
        self,
        me: Principal,
        principal_of: Callable[..., Principal],
        goods: list[Product],
        index: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A canary: the rival's own prices are in the index, and no question of another dealer feels them."""
        index()
        before = answers(me, monkeypatch)
        rival = make_member(Role.OWNER, dealer=make_dealer("Rival"))
        own = make_price_list({goods[0]: Decimal("7.77"), goods[1]: Decimal("7777.00")}, dealer=rival.dealer)
        index()
        assert answers(me, monkeypatch) == before
        # The negative control: it is in the document, and whom the list is for does find it by it.
        indexed = Entry.objects.get(kind="product", key=str(goods[0].pk)).numbers
        assert indexed[number_of(own.versions.get().pk)] == 7.77
        theirs = principal_of(rival)
        monkeypatch.setattr(narrowing, "EXACT_UP_TO", 5)
        assert skus(catalogue(theirs, Question(price_max=Decimal(8)))) == ["D-0"]
        assert skus(catalogue(theirs, Question(price_min=Decimal(5000)))) == ["D-1"]

    def test_another_dealers_contract_and_promotion_move_nothing(
        self,
        me: Principal,
        goods: list[Product],
        principal_of: Callable[[Membership], Principal],
        index: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Neither found, nor sorted, nor counted by; whom they are for finds and sorts by them."""
        index()
        before = answers(me, monkeypatch)
        rival = make_member(Role.OWNER, dealer=make_dealer("Rival"))
        make_contract(rival.dealer, goods[0], "7.77")
        make_promotion(goods[1], amount="7.99", audience=make_audience("Theirs", dealers=[rival.dealer]))
        index()
        assert answers(me, monkeypatch) == before
        monkeypatch.setattr(narrowing, "EXACT_UP_TO", 5_000)
        theirs = principal_of(rival)
        assert skus(catalogue(theirs, Question(price_max=Decimal(8)))) == ["D-0", "D-1"]
        cheapest = catalogue(theirs, Question(sort=Order.CHEAPEST))
        assert skus(cheapest)[:2] == ["D-0", "D-1"]
        assert [row.price.unit_price for row in cheapest.rows[:2]] == [Decimal("7.77"), Decimal("7.99")]

    def test_a_published_version_reaches_the_index_by_the_feed(self, me: Principal, goods: list[Product]) -> None:
        indexing.process(SEARCHABLES)
        price_list = PriceList.objects.get()
        former = price_list.versions.get()
        version = make_version(price_list, {goods[1]: 60}, valid_from=PriceContext.of(me).on)
        indexing.process(SEARCHABLES)
        priced, no_more = (Entry.objects.get(kind="product", key=str(product.pk)).numbers for product in goods[1::-1])
        assert (priced, no_more) == ({number_of(version.pk): 60.0}, {})
        assert former.pk != version.pk


class TestPage:
    def test_chips_remedy_and_panel(
        self, client_of: Callable[..., PortalClient], buyer: Membership, goods: list[Product]
    ) -> None:
        rebuild(SEARCHABLES["product"], names.POSTGRESQL)
        client = client_of(buyer)
        page = client.get(
            "/catalogue/", {"category": "drills", "attribute": "volts:18", "price_max": "1 000", "availability": "here"}
        ).content.decode()
        assert "Voltage: 18\u00a0V" in page
        assert "Narrow, 4 conditions now" in page
        assert 'name="price_max" value="1000"' in page
        assert 'href="?category=drills&amp;price_max=1+000&amp;availability=here"' in page  # without the voltage
        assert 'value="volts:12"' in page
        empty = client.get("/catalogue/", {"category": "saws", "availability": "here"}).content.decode()
        assert ", today” there are 10." in empty

    def test_a_list_costs_the_same_for_one_article_and_for_many(
        self, client_of: Callable[..., PortalClient], buyer: Membership, goods: list[Product]
    ) -> None:
        client = client_of(buyer)
        address = "/catalogue/?category=tools&brand=alpha&attribute=volts:12..18&price_min=1&sort=price"

        def queries() -> int:
            rebuild(SEARCHABLES["product"], names.POSTGRESQL)
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            return len(captured)

        many = queries()
        Product.objects.exclude(pk__in=[goods[0].pk, goods[2].pk]).update(brand=None)
        assert queries() == many

    def test_a_reader_has_no_price_to_narrow_or_sort_by(
        self,
        client_of: Callable[..., PortalClient],
        api_client: Callable[..., APIClient],
        dealer: Dealer,
        goods: list[Product],
    ) -> None:
        rebuild(SEARCHABLES["product"], names.POSTGRESQL)
        reader = make_member(Role.READER, dealer=dealer)
        page = client_of(reader).get("/catalogue/?price_max=150&sort=price").content.decode()
        assert "20 articles" in page
        assert "price_min" not in page
        assert "Cheapest first" not in page
        assert api_client(reader).get("/api/v1/products/").json()["facets"]["price"] is None
        for asked in ({"price_max": "150"}, {"price_min": "1"}, {"sort": "price"}, {"sort": "-price"}):
            answer = api_client(reader).get("/api/v1/products/", asked)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
            assert "price_min" in answer.json()["detail"]


class TestApi:
    def test_facets_give_the_values_that_the_parameters_take(
        self, api_client: Callable[..., APIClient], buyer: Membership, goods: list[Product]
    ) -> None:
        rebuild(SEARCHABLES["product"], names.POSTGRESQL)
        client = api_client(buyer)
        facets = client.get("/api/v1/products/", {"q": "drill"}).json()["facets"]
        assert facets["price"] == {"min": "90.0000", "max": "900.0000", "currency": "RUB", "approximate": False}
        assert facets["approximate"] == []
        for name in ("category", "brand", "availability"):
            for value in facets[name]:
                asked = client.get("/api/v1/products/", {"q": "drill", name: value["value"]}).json()
                assert asked["count"] == value["count"], (name, value)
        for facet in facets["attributes"]:
            for value in facet["values"]:
                said = f"{facet['code']}:{value['value']}"
                assert (
                    client.get("/api/v1/products/", {"q": "drill", "attribute": said}).json()["count"] == value["count"]
                )
        several = client.get(
            "/api/v1/products/?category=drills&category=saws&brand=alpha&attribute=volts:12&attribute=volts:18"
        )
        assert several.json()["count"] == 10

    @pytest.mark.parametrize(
        ("asked", "field", "remedy"),
        [
            ({"price_min": "5", "price_max": "4"}, "price_min", "lower price first"),
            ({"price_min": "-1"}, "price_min", "0"),
            ({"price_max": "much"}, "price_max", "number"),
            ({"attribute": "volts"}, "attribute", "code:value"),
            ({"availability": "tomorrow"}, "availability", "tomorrow"),
            ({"sort": "luck"}, "sort", "luck"),
        ],
    )
    def test_an_error_names_the_parameter_and_the_remedy(
        self, api_client: Callable[..., APIClient], buyer: Membership, asked: dict[str, str], field: str, remedy: str
    ) -> None:
        answer = api_client(buyer).get("/api/v1/products/", asked)
        assert answer.status_code in (400, 422)
        assert remedy in str(answer.json()["errors"][field] if "errors" in answer.json() else answer.json())


@pytest.mark.parametrize("seed", range(2))
def test_counts_under_own_prices_beside_a_count_by_hand(
    me: Principal, goods: list[Product], index: Any, seed: int
) -> None:
    index()
    chance = random.Random(seed)
    for _question in range(4):
        low, high = sorted(Decimal(chance.randint(0, 1000)) for _bound in range(2))
        picked = tuple(chance.sample(["alpha", "beta"], chance.randint(0, 2)))
        volts = tuple(chance.sample(["12", "18"], chance.randint(0, 1)))
        asked = Question(
            brands=picked, attributes={"volts": volts} if volts else {}, price_min=low, price_max=high, page_size=100
        )
        found = catalogue(me, asked)

        def by_hand(asked: Question, *, but: str = "") -> list[Product]:
            return [
                product
                for at, product in enumerate(goods)
                if (asked.price_min or 0) <= 90 * (at % 10 + 1) <= (asked.price_max or 0)
                and (but == "brand" or not asked.brands or product.brand.code in asked.brands)  # type: ignore[union-attr]
                and str(product.attributes["volts"]) in asked.attributes.get("volts", ("12", "18"))
            ]

        assert sorted(skus(found)) == sorted(product.sku for product in by_hand(asked))
        expected = [product.brand.code for product in by_hand(asked, but="brand")]  # type: ignore[union-attr]
        assert {code: count for code, count in counts(found, "brand").items() if count} == {
            code: expected.count(code) for code in set(expected)
        }
