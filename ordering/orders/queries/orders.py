"""Orders as people look at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.principals import Principal
from ordering.catalog.models import Product
from ordering.catalog.queries import Availability, availability
from ordering.pricing.queries import PriceContext, quote
from portal.lib.clock import business_date
from portal.lib.errors import Missing
from portal.lib.formats import quantity

from ..enums import OVER, STAGES_OVER, EventKind, OrderStatus, Stage
from ..models import Order, OrderEvent, OrderLine
from ..rules import is_cancellable, neighbours


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with its state as words of `portal.lib.states` know it."""

    line: OrderLine
    state: str
    amount: int | None = None

    @property
    def held(self) -> int:
        """Units that are there and have not left yet."""
        return self.line.to_ship - self.line.backordered

    @property
    def confirmed(self) -> int:
        """Of the held units, those that are promised."""
        return max(0, min(self.held, self.line.confirmed - self.line.shipped))

    @property
    def amount_in_units(self) -> str:
        return quantity(self.amount, self.line.unit)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the track over the order page."""

    stage: Stage
    at: dt.datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with everything its page shows."""

    order: Order
    lines: tuple[LineView, ...]
    events: tuple[OrderEvent, ...]

    @property
    def is_cancellable(self) -> bool:
        return is_cancellable(self.order)

    @property
    def units_to_ship(self) -> int:
        return self.order.units_ordered - self.order.units_cancelled - self.order.units_shipped

    @property
    def tax_rates(self) -> list[Decimal]:
        return sorted({view.line.tax_rate for view in self.lines})


def orders_of(
    principal: Principal,
    *,
    words: str = "",
    stage: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    today: dt.date | None = None,
) -> QuerySet[Order]:
    """The principal's orders, newest first. `stage` is one of `Stage` or "open"; both days count."""
    found = Order.objects.visible_to(principal).matching(words).with_progress(today or business_date())
    if stage == "open":
        found = found.at_stage(*(one for one in Stage if one not in STAGES_OVER))
    elif stage:
        found = found.at_stage(Stage(stage))
    if since:
        found = found.filter(placed_at__date__gte=since)
    if until:
        found = found.filter(placed_at__date__lte=until)
    return found.select_related("placed_by", "client", "dealer").order_by("-placed_at", "-pk")


def stage_counts(principal: Principal, *, today: dt.date | None = None) -> dict[Stage, int]:
    """How many of the principal's orders are at each stage, in one query; stages without orders are there with 0."""
    orders: Any = Order.objects.visible_to(principal).with_progress(today or business_date()).order_by()
    rows = orders.values("stage").annotate(n=Count("pk")).values_list("stage", "n")
    found: Mapping[str, int] = dict(rows)
    return {stage: found.get(stage.value, 0) for stage in Stage}


def order_view(principal: Principal, number: str) -> OrderView:
    """One order by its number. Raises Missing for another dealer's order as for none at all."""
    orders = Order.objects.visible_to(principal).with_progress(business_date())
    order = (
        orders.select_related("placed_by", "prepared_by", "client", "legal_entity", "dealer")
        .filter(number=number)
        .first()
    )
    if order is None:
        raise Missing(_("There is no order %(number)s.") % {"number": number})
    lines = order.lines.select_related("product").order_by("position")
    events = order.events.select_related("by").order_by("-at", "-pk")
    return OrderView(order, tuple(_line_view(order, line) for line in lines), tuple(events))


def _line_view(order: Order, line: OrderLine) -> LineView:
    if line.cancelled >= line.ordered:
        return LineView(line, "cancelled", line.cancelled)
    if line.to_ship == 0:
        return LineView(line, "shipped")
    if line.backordered:
        return LineView(line, "backordered", line.backordered)
    if order.status == OrderStatus.IN_PROGRESS:
        return LineView(line, "picking")
    return LineView(line, "confirmed" if line.confirmed else "placed")


def track(view: OrderView) -> list[Step]:
    """The stages of an order as a line: done, now (the one it is in), ahead. One that is over has no "now"."""
    at = {event.kind: event.at for event in reversed(view.events)}
    order = view.order
    moving = order.status in (OrderStatus.IN_PROGRESS, OrderStatus.COMPLETED)
    road: list[tuple[Stage, EventKind | None, bool]] = [
        (Stage.PLACED, EventKind.PLACED, order.status != OrderStatus.AWAITING_APPROVAL),
        (Stage.CONFIRMED, EventKind.CONFIRMED, moving or order.status == OrderStatus.CONFIRMED),
        (Stage.IN_PROGRESS, None, moving),
        (
            Stage.SHIPPED,
            EventKind.SHIPPED,
            moving and order.units_shipped >= order.units_ordered - order.units_cancelled,
        ),
        (Stage.COMPLETED, EventKind.COMPLETED, order.status == OrderStatus.COMPLETED),
    ]
    if order.status == OrderStatus.AWAITING_APPROVAL:
        road = [(Stage.AWAITING_APPROVAL, EventKind.PLACED, True), (Stage.PLACED, None, False), *road[1:2], *road[3:]]
    if order.status == OrderStatus.CANCELLED:
        road = [(stage, kind, True) for stage, kind, _done in road if kind in at]
        road.append((Stage.CANCELLED, EventKind.CANCELLED, True))
    reached = max(index for index, (_stage, _kind, is_done) in enumerate(road) if is_done)
    steps = []
    for index, (stage, kind, _is_done) in enumerate(road):
        is_now = index == reached and order.status not in OVER
        status = "now" if is_now else "done" if index <= reached else ""
        steps.append(Step(stage, at.get(kind) if kind else None, status))
    return steps


@dataclass(frozen=True, slots=True)
class Repeated:
    """One line of an old order, as it would be ordered now. `added` is 0 where it cannot simply be taken again."""

    line: OrderLine
    product: Product
    added: int
    price_was: Decimal
    price_now: Decimal | None
    availability: Availability

    @property
    def successor(self) -> Product | None:
        return self.product.successor

    @property
    def is_different(self) -> bool:
        return self.added != self.line.ordered or self.price_now != self.price_was or self.is_short

    @property
    def is_short(self) -> bool:
        free = self.availability.quantity
        return free is not None and free < self.line.ordered


def repeat_preview(principal: Principal, order: Order) -> list[Repeated]:
    """What ordering the same again means today, line by line, in a fixed number of queries."""
    lines = list(order.lines.select_related("product__successor").order_by("position"))
    receipts = quote(PriceContext.of(principal, business_date()), [(line.product_id, line.ordered) for line in lines])
    stock = availability([line.product for line in lines], principal)
    found = []
    for line in lines:
        receipt, product = receipts.get(line.product_id), line.product
        orderable = receipt is not None and product.state == "active" and not neighbours(line.ordered, product.pack)
        price = receipt.unit_price if receipt else None
        found.append(
            Repeated(line, product, line.ordered if orderable else 0, line.unit_price, price, stock[line.product_id])
        )
    return found
