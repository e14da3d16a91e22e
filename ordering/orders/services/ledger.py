"""What orders state in the sales ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from accounts.principals import Principal
from ordering.sales.enums import EntryKind, Source
from ordering.sales.services import NewEntry, post_entries

from ..models import Order, OrderLine
from ..rules import share_of


def post_ordered(order: Order, lines: Iterable[OrderLine], *, by: Principal, sign: int, on: dt.date) -> None:
    """States that these lines were ordered (`sign` 1), or takes that back (`sign` -1): the ledger itself never changes."""
    suffix = "" if sign > 0 else "/cancelled"
    post_entries(
        [_entry(order, line, EntryKind.ORDERED, sign * line.ordered, sign * line.net, suffix, on) for line in lines],
        by=by,
    )


def post_shipped(
    order: Order, parts: Sequence[tuple[OrderLine, int]], *, by: Principal, shipment: int, on: dt.date
) -> None:
    """States that so many units of these lines have left; `line.shipped` is what had left before. The entries of all
    shipments of a line add up to its net amount."""
    entries = []
    for line, units in parts:
        net = share_of(line.net, part=units, before=line.shipped, whole=line.ordered, currency=order.currency)
        entries.append(_entry(order, line, EntryKind.SHIPPED, units, net, f"/{shipment}", on))
    post_entries(entries, by=by)


def _entry(
    order: Order, line: OrderLine, kind: EntryKind, units: int, net: Decimal, suffix: str, on: dt.date
) -> NewEntry:
    return NewEntry(
        dealer_id=order.dealer_id,
        date=on,
        document=order.number,
        line=f"{line.position}{suffix}",
        kind=kind,
        product_id=line.product_id,
        client_id=order.client_id,
        quantity=Decimal(units),
        net=net,
        currency=order.currency,
        source=Source.PORTAL,
    )
