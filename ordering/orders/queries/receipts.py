"""Kept price receipts: made again from their rules, and what an article cost the last time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.enums import Right
from ordering.pricing.queries import Difference, differences
from ordering.pricing.receipts import Receipt
from portal.lib.clock import business_date

from ..enums import OrderStatus
from ..models import Order, OrderLine

if TYPE_CHECKING:
    from accounts.principals import Principal


@dataclass(frozen=True, slots=True)
class RecomputedLine:
    """A line of an order and where its kept receipt differs from what the rules named in it say now."""

    line: OrderLine
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What an article cost the last time it was ordered, without tax, and the day."""

    unit_price: Decimal
    currency: str
    on: dt.date

    def change_to(self, now: Decimal) -> Decimal | None:
        """By how many percent the price differs now; None where it does not."""
        return round((now - self.unit_price) / self.unit_price * 100, 1) or None if self.unit_price else None


def recomputed_lines(principal: Principal, number: str, position: int | None = None) -> list[RecomputedLine]:
    """The order's lines (or one of them, by position), each with its differences. Empty for what this person may not see."""
    order = Order.objects.visible_to(principal).filter(number=number).first()
    lines = OrderLine.objects.filter(order=order).order_by("position") if order else OrderLine.objects.none()
    if position is not None:
        lines = lines.filter(position=position)
    return [RecomputedLine(line, differences(Receipt.from_json(line.receipt), line.product_id)) for line in lines]


def last_prices(principal: Principal, product_ids: Sequence[int]) -> dict[int, LastPrice]:
    """Article → what it cost in the latest order that this person may see and that was not cancelled. One query."""
    if not product_ids or not principal.may(Right.VIEW_PRICES):
        return {}
    orders = Order.objects.visible_to(principal).exclude(status=OrderStatus.CANCELLED)
    lines = (
        OrderLine.objects.filter(order__in=orders, product__in=product_ids)
        .order_by("product", "-order__placed_at", "-pk")
        .distinct("product")
        .values_list("product", "unit_price", "order__currency", "order__placed_at")
    )
    return {pk: LastPrice(price, currency, business_date(at)) for pk, price, currency, at in lines}
