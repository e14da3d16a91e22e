"""The first page, the catalogue and an article: for whom, with what, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.enums import Role, StaffRole
from accounts.models import Dealer, Membership
from ordering.catalog.models import Product
from portal.searchables import SEARCHABLES
from search import feed, indexing
from tests.clients import PortalClient
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_catalog import make_brand, make_category, make_product, make_stock
from tests.factories_pricing import make_price_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer() -> Dealer:
    return make_dealer("Verstak")


@pytest.fixture
def buyer(dealer: Dealer) -> Membership:
    return make_member(Role.BUYER, dealer=dealer)


@pytest.fixture
def drill() -> Product:
    """An article in a branch of a tree, with a price and stock, findable."""
    tools = make_category("tools", name="Tools")
    drill = make_product(
        "TV/1860~2",
        name_en="Cordless drill",
        name_ru="Шуруповёрт",
        category=make_category("drills", parent=tools, name="Drills"),
        brand=make_brand("Tveron"),
        gtins=("4600000000015",),
        attributes={"volts": 18},
    )
    make_stock(drill, 7)
    make_price_list({drill: Decimal("9640.00")})
    findable()
    return drill


def findable() -> None:
    feed.mark("product", Product.objects.values_list("pk", flat=True))
    indexing.process(SEARCHABLES)


def test_the_article_is_found_by_words_code_and_barcode(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    client = client_of(buyer)
    for asked in ("cordless drill", "шуруповёрт", "tv/1860~2", "4600000000015", "TV18602"):
        page = client.get("/catalogue/", {"q": asked}).content.decode()
        assert "/catalogue/TV~11860~02/" in page, asked
    assert "/catalogue/TV~11860~02/" not in client.get("/catalogue/", {"q": "hammer"}).content.decode()


def test_an_article_says_its_price_and_why(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    page = client_of(buyer).get("/catalogue/TV~11860~02/").content.decode()
    assert "₽9,640.00" in page
    assert "Why this price" in page
    assert "Add to cart" in page


@pytest.mark.parametrize("path", ["/catalogue/?q=drill", "/catalogue/TV~11860~02/", "/"])
def test_a_reader_sees_no_price(
    client_of: Callable[..., PortalClient], dealer: Dealer, drill: Product, path: str
) -> None:
    page = client_of(make_member(Role.READER, dealer=dealer)).get(path)
    assert page.status_code == 200
    assert "9,640" not in page.content.decode()
    assert "Add to cart" not in page.content.decode()


def test_a_dealers_own_price_is_nobody_elses(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    rival = make_member(Role.OWNER, dealer=make_dealer("Rival"))
    make_price_list({drill: Decimal("7111.00")}, dealer=rival.dealer)
    assert "₽7,111.00" in client_of(rival).get("/catalogue/TV~11860~02/").content.decode()
    assert "7,111" not in client_of(buyer).get("/catalogue/TV~11860~02/").content.decode()


def test_a_sku_in_another_case_leads_to_its_one_address(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    answer = client_of(buyer).get("/catalogue/tv~11860~02/")
    assert (answer.status_code, answer["Location"]) == (301, "/catalogue/TV~11860~02/")


def test_an_unknown_article_is_said(client_of: Callable[..., PortalClient], buyer: Membership) -> None:
    answer = client_of(buyer).get("/catalogue/NOTHING/")
    assert answer.status_code == 404
    assert "There is no article NOTHING" in answer.content.decode()


def test_the_list_is_narrowed_by_category_brand_and_stock(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    other = make_product("OTHER", name_en="Cordless saw", brand=make_brand("Else"))
    findable()
    client = client_of(buyer)

    def found(**asked: str) -> set[str]:
        page = client.get("/catalogue/", asked).content.decode()
        return {product.sku for product in (drill, other) if f">{product.sku}<" in page}

    assert found(q="cordless") == {"TV/1860~2", "OTHER"}
    assert found(q="cordless", category="tools") == {"TV/1860~2"}
    assert found(brand=other.brand.code) == {"OTHER"}  # type: ignore[union-attr]
    assert found(in_stock="1") == {"TV/1860~2"}
    assert found(category="there-is-no-such") == set()


def test_lists_cost_the_same_for_one_article_and_for_many(
    client_of: Callable[..., PortalClient], buyer: Membership, drill: Product
) -> None:
    client = client_of(buyer)

    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ("/catalogue/", "/catalogue/TV~11860~02/", "/", "/catalogue/?q=cordless")
    before = [queries(path) for path in paths]
    brand = make_brand()
    many = [
        make_product(f"M-{n}", name_en=f"Cordless {n}", brand=brand, attributes={"fits": [drill.sku]})
        for n in range(30)
    ]
    for product in many:
        make_stock(product, 3)
    make_price_list({product: Decimal(10) for product in many}, region=buyer.dealer.home_region)
    findable()
    assert [queries(path) for path in paths] == before


def test_the_api_lists_articles_with_everything_promised(
    api_client: Callable[..., APIClient], buyer: Membership, drill: Product
) -> None:
    answer = api_client(buyer).get("/api/v1/products/", {"q": "cordless", "in_stock": "true"}).json()
    assert (answer["count"], answer["next"], answer["previous"], answer["interpreted_as"], answer["engine"]) == (
        1,
        None,
        None,
        None,
        "postgresql",
    )
    assert answer["results"] == [
        {
            "sku": "TV/1860~2",
            "mpn": "",
            "name": "Cordless drill",
            "brand": "Tveron",
            "brand_code": drill.brand.code,  # type: ignore[union-attr]
            "category": "Drills",
            "category_code": "drills",
            "unit": "шт",
            "pack": 1,
            "state": "active",
            "price": {"amount": "9640.0000", "currency": "RUB"},
            "availability": {"state": "in_stock", "quantity": 7},
            "own_codes": [],
        }
    ]
    assert answer["facets"]["category"] == [{"value": "tools", "name": "Tools", "count": 1, "selected": False}]
    detail = api_client(buyer).get("/api/v1/products/tv~11860~02/").json()
    assert (detail["sku"], detail["barcodes"], detail["guides"]) == ("TV/1860~2", ["4600000000015"], [])


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.OWNER, True), (Role.BUYER, True), (Role.SELLER, True), (Role.READER, False)]
)
def test_the_api_gives_prices_to_those_who_may_see_them(
    api_client: Callable[..., APIClient], dealer: Dealer, drill: Product, role: str, sees: bool
) -> None:
    answer = api_client(make_member(role, dealer=dealer)).get("/api/v1/products/").json()
    assert (answer["results"][0]["price"] is not None) is sees


def test_a_page_of_a_list_beyond_the_last_answerable_is_refused(
    api_client: Callable[..., APIClient], buyer: Membership
) -> None:
    answer = api_client(buyer).get("/api/v1/products/", {"page": "401"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_head_office_has_its_own_first_page(client_of: Callable[..., PortalClient]) -> None:
    page = client_of(make_staff(StaffRole.MANAGER)).get("/").content.decode()
    assert "Open the desk" in page
    assert "Quick order" not in page


def test_health_names_the_engine(client_of: Callable[..., PortalClient]) -> None:
    from django.test import Client

    answer = Client().get("/health/").json()
    assert (answer["database"], answer["search"]) == ("ok", "postgresql")
    figures = {"answers": True, "breaker": "closed", "waiting": 0, "oldest_seconds": 0, "set_aside": 0}
    assert answer["search_engines"] == [{"engine": "postgresql", **figures}]


def test_an_address_that_takes_only_a_form_answers_with_a_page(
    client_of: Callable[..., PortalClient], buyer: Membership
) -> None:
    answer = client_of(buyer).get("/cart/add/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1" in answer.content.decode()
