"""Prices at the turn of a day, and while a list is published under a hundred questions."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from ordering.pricing.models import PriceListVersion
from ordering.pricing.queries import PriceContext, quote
from ordering.pricing.services import publish_version
from portal.lib.clock import business_date
from tests.factories import make_audience, make_dealer, make_member, make_region
from tests.factories_pricing import (
    OFFICE,
    make_article,
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    make_version,
)

# Midnight of 1 December at the head office (Moscow, UTC+3); people elsewhere are at another hour of their own.
MIDNIGHT = dt.datetime(2026, 11, 30, 21, 0, tzinfo=dt.UTC)
BEFORE, AFTER = MIDNIGHT - dt.timedelta(seconds=1), MIDNIGHT
DECEMBER = dt.date(2026, 12, 1)


def told(api_client, member, moment):
    with time_machine.travel(moment, tick=False):
        return api_client(member).get("/api/v1/products/T-1/price/").json()


@pytest.fixture
def shop(db):
    """A dealer of Vladivostok (seven hours ahead of the head office) and an article at 100."""
    far = make_region(timezone="Asia/Vladivostok")
    dealer, article = make_dealer(region=far), make_article("T-1")
    return dealer, article, make_price_list({article: 100}), make_member(dealer=dealer)


def change_list(dealer, article, price_list):
    make_version(price_list, {article: 90}, valid_from=DECEMBER)


def change_tier(dealer, article, price_list):
    make_award(dealer, make_programme([("only", 0, 10)]).tiers.get(), start=DECEMBER)


def change_contract(dealer, article, price_list):
    make_contract(dealer, article, 90, start=DECEMBER)


def change_promotion(dealer, article, price_list):
    make_promotion(percent=10, start=DECEMBER)


@pytest.mark.parametrize("change", [change_list, change_tier, change_contract, change_promotion])
def test_what_begins_at_midnight_of_the_head_office(shop, api_client, change) -> None:
    dealer, article, price_list, member = shop
    change(dealer, article, price_list)
    assert [told(api_client, member, moment)["unit_price"] for moment in (BEFORE, AFTER)] == ["100.0000", "90.0000"]
    until = told(api_client, member, BEFORE)["valid_until"]
    # Nobody promises a tier that is not decided; all else is known beforehand.
    assert until == (None if change is change_tier else "2026-11-30")


def test_a_dealer_who_moves_region_has_the_prices_of_the_new_one(shop, api_client) -> None:
    dealer, article, _list, member = shop
    make_price_list({article: 80}, region=dealer.home_region)
    near = make_region()
    make_price_list({article: 70}, region=near)
    keys = {PriceContext.of_dealer(dealer.pk).cache_key}
    assert told(api_client, member, BEFORE)["unit_price"] == "80.0000"
    dealer.home_region = near
    dealer.save()
    assert told(api_client, member, BEFORE)["unit_price"] == "70.0000"
    assert len(keys | {PriceContext.of_dealer(dealer.pk).cache_key}) == 2


def test_the_audiences_are_in_the_cache_key(shop) -> None:
    dealer = shop[0]
    before = PriceContext.of_dealer(dealer.pk).cache_key
    make_audience(dealers=[dealer])
    assert PriceContext.of_dealer(dealer.pk).cache_key != before


@pytest.mark.parametrize("path", ["/price-list/", "/prices/T-1/", "/api/v1/products/T-1/price/", "/api/v1/price-list/"])
def test_anothers_contract_and_promotion_are_nowhere(shop, client_of, path) -> None:
    _dealer, article, _list, member = shop
    rival = make_dealer()
    names = {"name_ru": "Канарейка", "name_en": "Canary"}
    make_contract(rival, article, "77.77", **names)
    make_promotion(percent=7, audience=make_audience(dealers=[rival]), **names)

    def seen(who):
        answer = client_of(who).get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return [word for word in ("Canary", "Канарейка", "77.77", "72.32", "72.33") if word in body.decode()]

    assert seen(member) == []
    assert seen(make_member(dealer=rival)) != []


ROUNDS = 10


@pytest.mark.django_db(transaction=True)
def test_each_answer_comes_wholly_from_one_version() -> None:
    """A hundred questions by ten people while a list is published: never a mixture. Articles asked one by one do mix."""
    dealer, today = make_dealer(), business_date()
    articles = [make_article() for _n in range(30)]
    price_list = make_price_list(dict.fromkeys(articles, 1))
    drafts = [make_version(price_list, dict.fromkeys(articles, n), publish=False) for n in range(2, 12)]
    whole, single, start = [], [], threading.Barrier(11)

    def ask() -> None:
        context = PriceContext.of_dealer(dealer.pk, today)
        start.wait()
        try:
            for _round in range(ROUNDS):
                found = quote(context, [(article.pk, 1) for article in articles])
                whole.append((len(found), {receipt.unit_price for receipt in found.values()}))
            single.append({quote(context, [(article.pk, 1)])[article.pk].unit_price for article in articles})
        finally:
            connection.close()

    def publish(version: PriceListVersion) -> None:
        publish_version(version=version, valid_from=today, by=OFFICE)

    threads = [threading.Thread(target=ask) for _n in range(10)]
    for thread in threads:
        thread.start()
    start.wait()
    for draft in drafts[:-1]:
        publish(draft)
    for thread in threads:
        thread.join()
    assert len(whole) == 100
    assert {(count, len(prices)) for count, prices in whole} == {(30, 1)}
    # The negative control: half asked before a publishing and half after it is a mixture.
    context = PriceContext.of_dealer(dealer.pk, today)
    halves = set()
    for number, article in enumerate(articles):
        if number == 15:
            publish(drafts[-1])
        halves.add(quote(context, [(article.pk, 1)])[article.pk].unit_price)
    assert halves == {Decimal(10), Decimal(11)}
