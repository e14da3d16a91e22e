"""Placing an order: exactly once, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.idempotency import once
from accounts.models import LegalEntity
from accounts.principals import Principal
from accounts.services import audit
from ordering.catalog.services import Hold, reserve_stock
from ordering.clients.models import DealerClient
from portal.lib.clock import business_date
from portal.lib.errors import Invalid

from ..enums import EventKind, LetterKind, OrderStatus
from ..errors import CannotOrder, EmptyCart, PricesChanged
from ..models import Cart, CartLine, Letter, Order, OrderEvent, OrderLine, Reservation
from ..queries.carts import CartView, checked, positions_of
from ..rules import Position, Problem, Shown, changes_since, needs_approval
from .carts import empty, hash_of, locked_cart, person
from .ledger import post_ordered

# What the warehouse itself decides, under its locks: everything else is decided before any lock is taken.
DECIDED_UNDER_LOCK = frozenset({"not_enough_stock"})


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What a person says about an order besides its lines."""

    comment: str = ""
    reference: str = ""
    client_id: int | None = None
    legal_entity_id: int | None = None


def place_order(
    *,
    by: Principal,
    key: str,
    placed_at: dt.datetime,
    expected_total: Decimal | None = None,
    shown: Mapping[str, Shown] | None = None,
    details: OrderDetails = OrderDetails(),
) -> Order:
    """Turns the cart into an order: key, prices, stock, order, ledger, audit and change feed in one transaction.

    The same `key` again answers the order it made. Prices are resolved anew; when they come to another total than
    `expected_total` (with tax), or a line is not as `shown`, PricesChanged says what differs line by line. Stock is locked last.
    Raises EmptyCart, CannotOrder with every blocker, NotEnoughStock, PricesChanged, NotAllowed; then nothing changed.
    """
    by.require(Right.PLACE_ORDERS)
    said = hash_of(repr((details, expected_total, sorted((shown or {}).items(), key=lambda item: item[0]))))
    with once(by=by, key=key, endpoint="orders.place", body_hash=said) as attempt:
        if attempt.result is not None:
            placed: Order = Order.objects.visible_to(by).get(number=attempt.result)
            return placed
        order = _place(by, placed_at, expected_total, shown, details)
        attempt.keep(order.number)
    return order


def _place(
    by: Principal,
    placed_at: dt.datetime,
    expected_total: Decimal | None,
    shown: Mapping[str, Shown] | None,
    details: OrderDetails,
) -> Order:
    cart = locked_cart(by)
    view = _priced(by, business_date(placed_at))
    if not view.positions:
        raise EmptyCart(_("The cart is empty. Put something in, then order."))
    _refuse_changed(view, by, expected_total, shown)
    _refuse_blocked([problem for problem in view.blockers if problem.code not in DECIDED_UNDER_LOCK])
    order = _write_order(by, cart, view, placed_at, details)
    # From here on other people wait for these articles: write the lines and be gone.
    holds = reserve_stock([(position.product.pk, position.quantity) for position in view.positions], by=by)
    lines = _write_lines(order, view.positions, holds)
    post_ordered(order, lines, by=by, sign=1, on=business_date(placed_at))
    empty(cart)
    return order


def _priced(by: Principal, on: dt.date) -> CartView:
    return checked(positions_of(CartLine.objects.visible_to(by).in_order(), by, on), by)


def _refuse_changed(
    view: CartView, by: Principal, expected_total: Decimal | None, shown: Mapping[str, Shown] | None
) -> None:
    sums = view.totals
    if shown is None and (expected_total is None or expected_total == sums.total):
        return
    if shown is None:
        seen = {line.product.sku: Shown(line.quantity, line.price_seen) for line in view.positions}
        changes = changes_since(seen, view.positions, currency=sums.currency, language=by.language)
    else:
        changes = changes_since(shown, view.positions, currency=sums.currency, language=by.language)
        if not changes and expected_total in (None, sums.total):
            return
    raise PricesChanged(
        _("The order is not placed: it costs something else than what you saw. Look at what has changed, then order."),
        changes=[change.as_json() for change in changes],
        expected_total=None if expected_total is None else str(expected_total),
        total=str(sums.total),
        currency=sums.currency,
    )


def _refuse_blocked(found: Sequence[Problem]) -> None:
    if found:
        lead = _("The order is not placed.")
        raise CannotOrder(
            f"{lead} {' '.join(problem.message for problem in found[:5])}",
            problems=[problem.as_json() for problem in found],
        )


def _write_order(by: Principal, cart: Cart, view: CartView, placed_at: dt.datetime, details: OrderDetails) -> Order:
    sums, handover = view.totals, cart.handovers.first()
    waits = needs_approval(view.problems)
    order = Order.objects.create(
        number=next_number(business_date(placed_at)),
        dealer_id=cart.membership.dealer_id,
        client=_client(by, details.client_id),
        legal_entity=_legal_entity(by, details.legal_entity_id),
        placed_by_id=by.user_id,
        prepared_by_id=handover.by_id if handover else None,
        comment=details.comment.strip()[:1000],
        reference=details.reference.strip()[:60],
        status=OrderStatus.AWAITING_APPROVAL if waits else OrderStatus.PLACED,
        currency=sums.currency,
        net=sums.net,
        tax=sums.tax,
        total=sums.total,
        placed_at=placed_at,
    )
    OrderEvent.objects.create(order=order, at=placed_at, kind=EventKind.PLACED, by_id=by.user_id)
    Letter.objects.create(order=order, to_id=person(by), kind=LetterKind.PLACED, due_at=placed_at)
    audit(by=by, verb="order.placed", subject=f"order {order.number}", total=str(sums.total), currency=sums.currency)
    return order


def next_number(on: dt.date) -> str:
    """`26-10418`: the year and the next number of the sequence. A rolled-back order leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number')")
        return f"{on:%y}-{cursor.fetchone()[0]}"


def _client(by: Principal, client_id: int | None) -> DealerClient | None:
    if client_id is None:
        return None
    client: DealerClient | None = DealerClient.objects.visible_to(by).filter(pk=client_id).first()
    if client is None:
        raise Invalid(_("Choose a client of your own list."), field="client")
    return client


def _legal_entity(by: Principal, entity_id: int | None) -> LegalEntity | None:
    """The company in law that buys: the one named, else the dealer's only one."""
    own = LegalEntity.objects.filter(dealer=by.dealer_id)
    if entity_id is None:
        first_two = list(own[:2])
        return first_two[0] if len(first_two) == 1 else None
    entity = own.filter(pk=entity_id).first()
    if entity is None:
        raise Invalid(_("Choose one of your own companies."), field="legal_entity")
    return entity


def _write_lines(order: Order, positions: Sequence[Position], holds: Mapping[int, Hold]) -> list[OrderLine]:
    lines = [_line(order, number, position, holds) for number, position in enumerate(positions, 1)]
    OrderLine.objects.bulk_create(lines, batch_size=1000)
    Reservation.objects.bulk_create(
        [
            Reservation(line=line, warehouse_id=warehouse_id, quantity=quantity)
            for line in lines
            for warehouse_id, quantity in holds[line.product_id].by_warehouse.items()
        ],
        batch_size=2000,
    )
    return lines


def _line(order: Order, number: int, position: Position, holds: Mapping[int, Hold]) -> OrderLine:
    product, receipt = position.product, position.receipt
    if receipt is None:
        raise ValueError("a position without a price is a blocker: it never gets here")
    return OrderLine(
        order=order,
        position=number,
        product=product,
        sku=product.sku,
        name_ru=product.name_ru,
        name_en=product.name_en,
        unit=product.unit,
        ordered=position.quantity,
        backordered=holds[product.pk].backordered,
        unit_price=receipt.unit_price,
        net=receipt.net,
        tax=receipt.tax,
        total=receipt.total,
        tax_rate=receipt.tax_rate,
        receipt=receipt.as_json(),
    )
