"""The demo's contracts and promotion: made once, off the demo's cart and orders."""

import datetime as dt

import pytest

from ordering.pricing.models import Contract, Promotion
from portal.demo.articles import articles
from portal.demo.loading import prices
from portal.demo.orders import CART
from tests.factories import make_dealer
from tests.factories_catalog import make_category
from tests.factories_pricing import OFFICE

DEALT = {"hole-saws", "lubricants", "garden"}


@pytest.mark.django_db
def test_deals_are_made_once() -> None:
    make_dealer(code="verstak-yug")
    for slug in DEALT:
        make_category(slug)
    assert prices.load_deals(today=dt.date(2026, 11, 24), by=OFFICE) == 3
    assert prices.load_deals(today=dt.date(2026, 11, 25), by=OFFICE) == 0
    held = [*Contract.objects.in_force(dt.date(2026, 11, 24)), *Promotion.objects.in_force(dt.date(2026, 11, 24))]
    assert {deal.category.code for deal in held} == DEALT


def test_they_leave_the_demos_cart_alone() -> None:
    of_cart = {article.category for article in articles() if article.sku in {sku for sku, _quantity in CART}}
    assert not of_cart & DEALT
