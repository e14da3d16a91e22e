"""A dealer who can order: articles with prices and stock, people with carts."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts import principals
from accounts.enums import Role
from accounts.models import Dealer, Membership
from accounts.principals import Principal
from ordering.catalog.models import Product, Stock, Warehouse
from ordering.orders.models import Order
from ordering.orders.services import add_lines, place_order
from ordering.pricing.models import PriceList

from .factories import make_dealer, make_member
from .factories_pricing import make_article, make_price_list

NOON = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
_number = itertools.count(1)


def make_warehouse(**fields: Any) -> Warehouse:
    n = next(_number)
    return Warehouse.objects.create(code=f"wh-{n}", name_ru=f"Склад {n}", name_en=f"Warehouse {n}", **fields)


def make_stock(product: Product, on_hand: int, warehouse: Warehouse | None = None) -> Stock:
    """So many units in a warehouse."""
    return Stock.objects.create(product=product, warehouse=warehouse or make_warehouse(), on_hand=on_hand)


def acting(membership: Membership) -> Principal:
    """The principal of a membership, with everything a request would know."""
    return principals.of_membership(Membership.objects.select_related("user", "dealer").get(pk=membership.pk))


@dataclass(frozen=True)
class Shop:
    """One dealer with a person who orders, and articles at 100.00 a unit, ten of each in one warehouse."""

    dealer: Dealer
    buyer: Membership
    products: tuple[Product, ...]

    @property
    def principal(self) -> Principal:
        return acting(self.buyer)

    def fill_cart(self, *quantities: int, by: Principal | None = None) -> None:
        add_lines(by=by or self.principal, lines=[(p.pk, n) for p, n in zip(self.products, quantities, strict=False)])

    def order(self, *quantities: int, key: str = "", by: Principal | None = None, **options: Any) -> Order:
        """An order of so many units of the first, second… article."""
        self.fill_cart(*quantities, by=by)
        key = key or f"key-{next(_number)}"
        return place_order(by=by or self.principal, key=key, placed_at=NOON, **options)


def make_shop(
    articles: int = 2, *, on_hand: int | None = 10, prices: Iterable[Any] = (), role: str = Role.BUYER, **fields: Any
) -> Shop:
    """`on_hand` None: articles are not kept in stock. `fields` go to every article."""
    products = tuple(make_article(**fields) for _ in range(articles))
    amounts = [*prices, *[Decimal(100)] * articles]
    dealer = make_dealer()
    # The first shop's list is for everyone; two of that kind may not overlap, so the next shops have lists of their own.
    scope = {"dealer": dealer} if PriceList.objects.exists() else {}
    make_price_list(dict(zip(products, amounts, strict=False)), **scope)
    warehouse = make_warehouse()
    if on_hand is not None:
        for product in products:
            make_stock(product, on_hand, warehouse)
    return Shop(dealer, make_member(role, dealer=dealer), products)
