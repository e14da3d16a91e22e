"""The price list of what the catalogue shows."""

import json

import pytest

from accounts.enums import Role
from portal.queries import catalogue as catalogue_queries
from portal.searchables import SEARCHABLES
from search import feed, indexing
from tests.factories import make_dealer, make_member
from tests.factories_catalog import make_category
from tests.factories_pricing import make_article, make_price_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    drills, saws = make_category("drills"), make_category("saws")
    articles = [make_article(f"F-{n}", name_en=f"Gadget {n}", category=drills if n < 30 else saws) for n in range(32)]
    make_price_list(dict.fromkeys(articles, 100))
    feed.mark("product", [one.pk for one in articles])
    indexing.process(SEARCHABLES)
    return make_member(Role.BUYER, dealer=make_dealer("Ours"))


def skus(answer) -> set[str]:
    assert answer.status_code == 200
    return {row["sku"] for row in json.loads(b"".join(answer.streaming_content))["results"]}


def test_all_pages_of_what_was_found(member, client_of, api_client) -> None:
    drills = {f"F-{n}" for n in range(30)}
    page = client_of(member)
    assert skus(page.get("/price-list/found/?category=drills&format=json&page=2")) == drills
    assert skus(api_client(member).get("/api/v1/price-list/found/?category=drills")) == drills
    assert skus(api_client(member).get("/api/v1/price-list/found/?category=saws&q=gadget")) == {"F-30", "F-31"}
    assert skus(api_client(member).get("/api/v1/price-list/found/?price_max=5")) == set()
    shown = page.get("/catalogue/?category=drills").content.decode()
    assert "/price-list/found/?category=drills&amp;format=xlsx" in shown
    assert "/price-list/found/" not in page.get("/catalogue/").content.decode()


def test_more_than_an_engine_tells(member, api_client, monkeypatch) -> None:
    monkeypatch.setattr(catalogue_queries, "DEEPEST", 10)
    answer = api_client(member).get("/api/v1/price-list/found/?category=drills")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_readers_see_no_prices_here_either(member, api_client) -> None:
    reader = make_member(Role.READER, dealer=member.dealer)
    assert api_client(reader).get("/api/v1/price-list/found/").status_code == 403
