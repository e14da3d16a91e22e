"""Reads of the catalogue that are more than a filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from accounts.principals import Principal

from .enums import AvailabilityState, ProductState
from .models import Product, Stock

LOW: Final = 5  # units: fewer are called low


@dataclass(frozen=True, slots=True)
class Availability:
    """What a person may expect when ordering now. `quantity`: free units in all warehouses, None where the article is not
    kept in stock; `near`: those of them in the person's own region."""

    state: AvailabilityState
    quantity: int | None = None
    near: int = 0

    def as_json(self) -> dict[str, Any]:
        """`{state, quantity?}` as the API says it."""
        said: dict[str, Any] = {"state": self.state.value}
        return said if self.quantity is None else {**said, "quantity": self.quantity}


def availability(products: Iterable[Product], principal: Principal) -> dict[int, Availability]:
    """The availability of each article by its id, in one query whatever their number."""
    wanted = list(products)
    free = F("on_hand") - F("reserved")
    here = Q(warehouse__region=principal.region_id)
    rows = (
        Stock.objects.filter(product__in=[product.pk for product in wanted])
        .order_by()
        .values_list("product")
        .annotate(free=Sum(free), near=Coalesce(Sum(free, filter=here), 0))
    )
    found: Mapping[int, tuple[int, int]] = {product_id: (free, near) for product_id, free, near in rows}
    return {product.pk: _availability(product, found.get(product.pk)) for product in wanted}


def _availability(product: Product, stock: tuple[int, int] | None) -> Availability:
    free, near = stock or (0, 0)
    quantity = None if stock is None else free
    if product.state == ProductState.DISCONTINUED:
        return Availability(AvailabilityState.DISCONTINUED, quantity, near)
    if free >= LOW:
        return Availability(AvailabilityState.IN_STOCK, quantity, near)
    if free > 0:
        return Availability(AvailabilityState.LOW, quantity, near)
    to_order = stock is None or product.backorder
    return Availability(AvailabilityState.TO_ORDER if to_order else AvailabilityState.OUT, quantity, near)


def regions_with_stock(products: Iterable[Product]) -> dict[int, list[int]]:
    """The regions in whose warehouses each article is free to order, by the article's id. One query."""
    rows = (
        Stock.objects.filter(product__in=[product.pk for product in products], warehouse__region__isnull=False)
        .filter(on_hand__gt=F("reserved"))
        .order_by("warehouse__region")
        .values_list("product", "warehouse__region")
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for product_id, region_id in rows:
        found.setdefault(product_id, []).append(region_id)
    return found
