"""What prices add to the search for articles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ordering.pricing.queries import PriceContext, pack_prices, quote
from ordering.pricing.search import list_bounds, list_numbers, list_prices, number_of
from portal.lib.clock import business_date
from tests.factories import make_dealer
from tests.factories_pricing import make_article, make_award, make_price_list, make_programme, make_version

pytestmark = pytest.mark.django_db


def test_a_pack_costs_in_a_list_what_its_receipt_says() -> None:
    dealer = make_dealer()
    make_award(dealer, make_programme([("silver", 0, "7.5")]).tiers.get())
    breaks = [make_article(pack=pack) for pack in (1, 5, 10, 12)]
    gross = make_article(pack=10)
    own = make_article()
    make_price_list({article: {1: "99.99", 10: "91.37", 12: "88"} for article in (*breaks, own)})
    make_price_list({gross: {1: "348.35", 10: "300.01"}}, region=dealer.home_region, tax_included=True)
    make_price_list({own: "1.2345"}, dealer=dealer)
    everything = [*breaks, gross, own, make_article()]
    context = PriceContext.of_dealer(dealer.pk)
    receipts = quote(context, [(article.pk, article.pack) for article in everything])
    assert len(receipts) == 6
    assert pack_prices(context, [article.pk for article in everything]) == {
        pk: receipt.unit_price for pk, receipt in receipts.items()
    }


def test_a_document_has_what_each_list_asks_now_or_will() -> None:
    dealer, rival = make_dealer(), make_dealer()
    article = make_article(pack=10)
    base = make_price_list({article: {1: "100", 10: "90.128"}})
    former = base.versions.get()
    later = make_version(base, {article: "122"}, valid_from=business_date() + dt.timedelta(days=3))
    make_version(base, {article: "5"}, publish=False)
    gross = make_price_list({article: "122"}, region=dealer.home_region, tax_included=True).versions.get()
    own = make_price_list({article: "7"}, dealer=rival).versions.get()
    past = make_price_list({article: "8"}, dealer=dealer, valid_from=dt.date(2021, 1, 1))
    begun = make_version(past, {article: "9"}, valid_from=dt.date(2022, 1, 1))
    assert list_prices([article.pk]) == {
        article.pk: {
            number_of(former.pk): 90.13,
            number_of(later.pk): 122.0,
            number_of(gross.pk): 100.0,
            number_of(own.pk): 7.0,
            number_of(begun.pk): 9.0,
        }
    }
    mine = list_numbers(PriceContext.of_dealer(dealer.pk))
    assert mine == (number_of(begun.pk), number_of(gross.pk), number_of(former.pk))
    assert number_of(own.pk) in list_numbers(PriceContext.of_dealer(rival.pk))


def test_bounds_are_moved_back_by_the_discount() -> None:
    dealer = make_dealer()
    make_award(dealer, make_programme([("silver", 0, 20)]).tiers.get())
    context = PriceContext.of_dealer(dealer.pk)
    assert list_bounds(context, Decimal(80), Decimal(160)) == (100.0, 200.0)
    assert list_bounds(PriceContext.of_dealer(make_dealer().pk), None, Decimal(5)) == (None, 5.0)
