"""An order on its way: approved, confirmed, shipped, completed, or cancelled. Every step locks the order's row first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import audit
from ordering.catalog.services import Held, lock_stock, not_enough, release_stock, reserve_stock, ship_stock
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, Missing

from ..enums import CANCELLABLE, EventKind, OrderStatus
from ..models import Order, OrderEvent, OrderLine, Reservation
from ..rules import require_status
from .ledger import post_ordered, post_shipped


def _locked(number: str, by: Principal) -> Order:
    """The order, locked until the transaction ends. Raises Missing for another dealer's: before anything is said of rights."""
    visible = Order.objects.visible_to(by).filter(number=number).values("pk")
    order: Order | None = Order.objects.select_for_update().filter(pk__in=visible).first()
    if order is None:
        raise Missing(_("There is no order %(number)s.") % {"number": number})
    return order


def _moved(order: Order, status: OrderStatus, kind: EventKind, *, by: Principal, at: dt.datetime, **facts: Any) -> None:
    """Writes where the order is now, what happened, and who did it."""
    order.status = status
    order.save(update_fields=["status"])
    OrderEvent.objects.create(order=order, at=at, kind=kind, by_id=by.user_id, facts=facts)
    audit(by=by, verb=f"order.{kind.value}", subject=f"order {order.number}", dealer_id=order.dealer_id, **facts)


def approve_order(*, by: Principal, number: str, at: dt.datetime) -> Order:
    """The owner agrees to an order above the company's limit. Raises WrongStage, Missing, NotAllowed; then nothing changed."""
    with transaction.atomic():
        order = _locked(number, by)
        by.require(Right.APPROVE_ORDERS)
        require_status(order, OrderStatus.AWAITING_APPROVAL)
        _moved(order, OrderStatus.PLACED, EventKind.APPROVED, by=by, at=at)
    return order


def confirm_order(*, by: Principal, number: str, at: dt.datetime, promised_on: dt.date | None = None) -> Order:
    """The head office promises every line, for a day if one is named. Raises WrongStage, Missing; then nothing changed."""
    by.require(Right.MANAGE_ORDERS)
    with transaction.atomic():
        order = _locked(number, by)
        require_status(order, OrderStatus.PLACED)
        order.lines.update(confirmed=F("ordered") - F("cancelled"), promised_on=promised_on)
        promised = {"promised_on": promised_on.isoformat()} if promised_on else {}
        _moved(order, OrderStatus.CONFIRMED, EventKind.CONFIRMED, by=by, at=at, **promised)
    return order


def ship_lines(
    *, by: Principal, number: str, at: dt.datetime, quantities: Mapping[int, int] | None = None, document: str = ""
) -> Order:
    """So many units of lines (by position; everything that can leave, by default) have left the warehouse.

    What was held goes first; units that waited for goods are taken from what is free now. Raises Invalid for more than is
    still to ship, NotEnoughStock, WrongStage, Missing; then nothing changed.
    """
    by.require(Right.MANAGE_ORDERS)
    with transaction.atomic():
        order = _locked(number, by)
        require_status(order, OrderStatus.CONFIRMED, OrderStatus.IN_PROGRESS)
        parts = _to_ship(order, quantities)
        shipment = order.events.filter(kind=EventKind.SHIPPED).count() + 1
        post_shipped(order, parts, by=by, shipment=shipment, on=business_date(at))
        units = sum(part for _line, part in parts)
        facts = {"units": units, "lines": len(parts), **({"document": document} if document else {})}
        _moved(order, OrderStatus.IN_PROGRESS, EventKind.SHIPPED, by=by, at=at, **facts)
        _take_from_stock(parts, by)
        for line, part in parts:
            line.shipped += part
        OrderLine.objects.bulk_update([line for line, _part in parts], ["shipped", "backordered"], batch_size=500)
    return order


def _to_ship(order: Order, quantities: Mapping[int, int] | None) -> list[tuple[OrderLine, int]]:
    """The lines with what leaves of each. Without quantities: all that is held."""
    lines = {line.position: line for line in order.lines.order_by("position")}
    if quantities is None:
        quantities = {position: line.to_ship - line.backordered for position, line in lines.items()}
    parts = []
    for position, units in sorted(quantities.items()):
        line = lines.get(position)
        if line is None or units < 0 or units > line.to_ship:
            left = line.to_ship if line else 0
            words = {"position": position, "left": left}
            raise Invalid(_("Line %(position)s has %(left)s to ship, not more.") % words, position=position, left=left)
        if units:
            parts.append((line, units))
    if not parts:
        raise Invalid(_("Say how many units of which lines have left."))
    return parts


def _take_from_stock(parts: list[tuple[OrderLine, int]], by: Principal) -> None:
    """Goods leave: held ones first, then waiting ones out of what is free, if the article is kept in stock at all."""
    lock_stock([line.product_id for line, _units in parts])
    late: list[tuple[OrderLine, int]] = []
    for line, units in parts:
        waiting = max(0, units - (line.to_ship - line.backordered))
        if waiting:
            line.backordered -= waiting
            late.append((line, waiting))
    if late:
        _hold_late(late, by)
    reservations = list(Reservation.objects.filter(line__in=[line for line, _units in parts]).order_by("pk"))
    left = {line.pk: units for line, units in parts}
    product = {line.pk: line.product_id for line, _units in parts}
    held: list[Held] = []
    for one in reservations:
        units = min(one.quantity, left[one.line_id])
        if units:
            left[one.line_id] -= units
            one.quantity -= units
            held.append(Held(product[one.line_id], one.warehouse_id, units))
    Reservation.objects.filter(pk__in=[one.pk for one in reservations if not one.quantity]).delete()
    Reservation.objects.bulk_update([one for one in reservations if one.quantity], ["quantity"], batch_size=500)
    ship_stock(held, by=by)


def _hold_late(late: list[tuple[OrderLine, int]], by: Principal) -> None:
    """Holds what waited, out of what is free now. An article without stock rows is not counted and simply leaves."""
    holds = reserve_stock([(line.product_id, units) for line, units in late], by=by)
    short = []
    for line, units in late:
        hold = holds[line.product_id]
        if hold.backordered and line.product.stock.exists():
            short.append((line.product_id, units, units - hold.backordered))
        for warehouse_id, held in hold.by_warehouse.items():
            row, is_new = Reservation.objects.get_or_create(
                line=line, warehouse_id=warehouse_id, defaults={"quantity": held}
            )
            if not is_new:
                Reservation.objects.filter(pk=row.pk).update(quantity=F("quantity") + held)
    if short:
        raise not_enough(short)


def complete_order(*, by: Principal, number: str, at: dt.datetime) -> Order:
    """Everything has left and arrived. Raises WrongStage while something is still to ship; then nothing changed."""
    by.require(Right.MANAGE_ORDERS)
    with transaction.atomic():
        order = _locked(number, by)
        require_status(order, OrderStatus.IN_PROGRESS)
        left = sum(line.to_ship for line in order.lines.all())
        if left:
            raise Invalid(_("%(left)s units are still to ship. Ship them first.") % {"left": left}, left=left)
        _moved(order, OrderStatus.COMPLETED, EventKind.COMPLETED, by=by, at=at)
    return order


def cancel_order(*, by: Principal, number: str, at: dt.datetime, reason: str = "") -> Order:
    """Cancels the whole order and gives its goods back. Again: nothing happens. For the dealer's buyers and the head office.

    Raises WrongStage once something is being picked or has left; Missing for another dealer's; then nothing changed.
    """
    with transaction.atomic():
        order = _locked(number, by)
        by.require(Right.MANAGE_ORDERS if by.is_head_office else Right.PLACE_ORDERS)
        if order.status == OrderStatus.CANCELLED:
            return order
        require_status(order, *CANCELLABLE)
        lines = list(order.lines.order_by("position"))
        post_ordered(order, lines, by=by, sign=-1, on=business_date(at))
        facts = {"reason": reason.strip()[:500]} if reason.strip() else {}
        _moved(order, OrderStatus.CANCELLED, EventKind.CANCELLED, by=by, at=at, **facts)
        order.lines.update(cancelled=F("ordered"), backordered=0, confirmed=0)
        product = {line.pk: line.product_id for line in lines}
        reservations = Reservation.objects.filter(line__order=order).order_by("pk")
        held = [Held(product[one.line_id], one.warehouse_id, one.quantity) for one in reservations]
        Reservation.objects.filter(line__order=order).delete()
        release_stock(held, by=by)
    return order
