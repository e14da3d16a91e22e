"""What the network asks for more stands first among equals, and says nothing of any one dealer."""

import datetime as dt

import pytest

from ordering.sales.models import Demand
from ordering.sales.services import count_demand
from portal.searchables import PRODUCTS
from search.models import Change, Lane
from tests.factories import make_dealer
from tests.factories_pricing import make_article, make_sale

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 5)


def sell(product, dealers, times=1, date=DAY):
    for dealer in dealers:
        for _ in range(times):
            make_sale(dealer, date, 10, product=product)


def levels():
    return dict(Demand.objects.values_list("product__sku", "level"))


def weight(product):
    (document,) = PRODUCTS.documents([str(product.pk)])
    return document.weight


def test_levels_are_of_the_network_and_coarse():
    dealers = [make_dealer() for _ in range(6)]
    liked, known, few, old = (make_article() for _ in range(4))
    sell(liked, dealers, 3)
    sell(known, dealers[:5])
    sell(few, dealers[:4], 5)  # by fewer than five dealers
    sell(old, dealers, 5, date=DAY - dt.timedelta(days=366))
    assert count_demand(until=DAY) == 2
    assert levels() == {liked.sku: 2, known.sku: 1}


def test_no_dealer_alone_moves_a_level():
    """One who buys a thousand times is seen no more than one who buys every month."""
    dealers = [make_dealer() for _ in range(5)]
    modest, immense = make_article(), make_article()
    sell(modest, dealers[1:])
    sell(modest, dealers[:1], 12)
    sell(immense, dealers[1:])
    sell(immense, dealers[:1], 40)
    count_demand(until=DAY)
    assert levels()[modest.sku] == levels()[immense.sku]


def test_only_what_changed_is_indexed_and_in_the_slow_lane():
    dealers = [make_dealer() for _ in range(5)]
    same, rising, falling = (make_article() for _ in range(3))
    sell(same, dealers)
    sell(falling, dealers, date=DAY - dt.timedelta(days=365 - 1))
    count_demand(until=DAY)
    Change.objects.all().delete()
    sell(rising, dealers)
    assert count_demand(until=DAY + dt.timedelta(days=5)) == 2
    found = Change.objects.filter(kind="product").values_list("key", "lane").distinct()
    assert set(found) == {(str(rising.pk), Lane.LATER), (str(falling.pk), Lane.LATER)}
    Change.objects.all().delete()
    assert count_demand(until=DAY + dt.timedelta(days=5)) == 0
    assert not Change.objects.exists()


def test_it_weighs_a_quarter_at_most():
    dealers = [make_dealer() for _ in range(5)]
    liked, unknown = make_article(), make_article()
    before = weight(unknown)
    sell(liked, dealers, 12)
    count_demand(until=DAY)
    assert levels()[liked.sku] == 2
    assert weight(liked) == pytest.approx(before + 0.125)
    Demand.objects.update(level=4)
    assert weight(liked) == pytest.approx(before + 0.25)
    assert weight(unknown) == before
