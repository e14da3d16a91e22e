"""The cart: one for each membership, changed under a lock of its row."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.idempotency import once
from accounts.models import Membership
from accounts.principals import Principal
from ordering.catalog.models import Product
from ordering.pricing.queries import PriceContext, quote
from portal.lib.clock import business_date
from portal.lib.errors import Missing, NotAllowed

from ..errors import BadQuantity, EmptyCart
from ..models import Cart, CartLine, Handover
from ..queries import colleagues_who_order, own_line
from ..queries.orders import Repeated, order_view, repeat_preview
from ..rules.packs import MOST, require_multiple


def person(by: Principal) -> int:
    """Who acts, by id. Raises NotAllowed for nobody."""
    if by.user_id is None:
        raise NotAllowed(_("Sign in first."))
    return by.user_id


def locked_cart(by: Principal) -> Cart:
    """The principal's cart, made when it is not there, locked until the transaction ends. Raises NotAllowed without one."""
    by.require(Right.USE_CART)
    if by.membership_id is None:
        raise NotAllowed(_("Head-office people have no cart of their own."))
    return _locked_cart_of(by.membership_id)


def _locked_cart_of(membership_id: int) -> Cart:
    Cart.objects.get_or_create(membership_id=membership_id)
    cart: Cart = Cart.objects.select_for_update().get(membership_id=membership_id)
    return cart


def add_to_cart(*, by: Principal, sku: str, quantity: int) -> CartLine:
    """Puts so many more units of an article into the cart.

    Raises Missing for an unknown SKU, NotAMultiple with both neighbours of the pack; then nothing changed.
    """
    by.require(Right.USE_CART)
    product = Product.objects.visible_to(by).by_sku([sku]).first()
    if product is None:
        raise Missing(_("There is no article %(sku)s.") % {"sku": sku}, field="sku")
    require_multiple(product, quantity)
    add_lines(by=by, lines=[(product.pk, quantity)])
    line: CartLine = CartLine.objects.visible_to(by).in_order().get(product=product)
    return line


def add_lines(*, by: Principal, lines: Sequence[tuple[int, int]], key: str | None = None) -> int:
    """Puts `(product_id, quantity)` lines into the cart on top of what is there, in a fixed number of statements.

    The same `key` adds once. Answers how many lines were added. Raises BadQuantity where a line would pass a million.
    """
    if key:
        said = repr(sorted(lines))
        with once(by=by, key=key, endpoint="cart.add", body_hash=hash_of(said)) as attempt:
            if attempt.result is None:
                attempt.keep(add_lines(by=by, lines=lines))
            return int(attempt.result or len(lines))
    with transaction.atomic():
        _merge(locked_cart(by), lines, by)
    return len(lines)


def hash_of(said: str) -> str:
    """A short name of a request's body, to know it again."""
    return hashlib.sha256(said.encode()).hexdigest()


def _merge(cart: Cart, lines: Sequence[tuple[int, int]], by: Principal) -> None:
    """Adds the quantities to the lines that are there and makes those that are not. The cart is locked."""
    wanted: dict[int, int] = {}
    for product_id, quantity in lines:
        wanted[product_id] = wanted.get(product_id, 0) + quantity
    present = dict(cart.lines.filter(product__in=wanted).values_list("product_id", "quantity"))
    total = {product_id: quantity + present.get(product_id, 0) for product_id, quantity in wanted.items()}
    if any(quantity > MOST for quantity in total.values()):
        raise BadQuantity(_("Give a whole number from 1 to 1,000,000."), field="quantity")
    seen = _prices(total, by)
    CartLine.objects.bulk_create(
        [CartLine(cart=cart, product_id=pk, quantity=total[pk], price_seen=seen.get(pk)) for pk in total],
        update_conflicts=True,
        unique_fields=["cart", "product"],
        update_fields=["quantity", "price_seen"],
        batch_size=1000,
    )
    cart.save(update_fields=["updated_at"])


def _prices(quantities: Mapping[int, int], by: Principal) -> dict[int, Decimal]:
    context = PriceContext.of(by, business_date())
    return {pk: receipt.unit_price for pk, receipt in quote(context, list(quantities.items())).items()}


def set_line(*, by: Principal, line_id: int, quantity: int) -> CartLine:
    """Sets a line's quantity. Raises Missing for a line of another cart, NotAMultiple with both neighbours."""
    with transaction.atomic():
        locked_cart(by)
        line = own_line(by, line_id)
        require_multiple(line.product, quantity)
        line.quantity = quantity
        line.price_seen = _prices({line.product_id: quantity}, by).get(line.product_id)
        line.save(update_fields=["quantity", "price_seen"])
    return line


def remove_line(*, by: Principal, line_id: int) -> CartLine:
    """Takes a line out and answers what it was. Raises Missing for a line of another cart."""
    with transaction.atomic():
        locked_cart(by)
        line = own_line(by, line_id)
        CartLine.objects.filter(pk=line.pk).delete()
    return line


def clear_cart(*, by: Principal) -> None:
    """Takes everything out."""
    with transaction.atomic():
        empty(locked_cart(by))


def empty(cart: Cart) -> None:
    """Nothing is left in this locked cart, nor who handed it over."""
    cart.lines.all().delete()
    cart.handovers.all().delete()


def hand_over(*, by: Principal, to_membership: int, at: dt.datetime, note: str = "") -> Handover:
    """Moves all lines to the cart of a colleague who may order, on top of what is there; that cart says from whom they came.

    Raises EmptyCart, or Missing for somebody who is not such a colleague; then nothing changed.
    """
    colleague: Membership | None = next((one for one in colleagues_who_order(by) if one.pk == to_membership), None)
    if colleague is None:
        raise Missing(_("Choose a colleague who may place orders."), field="to")
    with transaction.atomic():
        by.require(Right.USE_CART)
        # Two people handing to each other lock their carts in the same order.
        carts = {pk: _locked_cart_of(pk) for pk in sorted([int(by.membership_id or 0), colleague.pk])}
        own, other = carts[int(by.membership_id or 0)], carts[colleague.pk]
        lines = list(own.lines.order_by("pk").values_list("product_id", "quantity"))
        if not lines:
            raise EmptyCart(_("The cart is empty: there is nothing to hand over."))
        _merge(other, lines, by)
        empty(own)
        return Handover.objects.create(cart=other, by_id=person(by), at=at, lines=len(lines), note=note[:500])


def repeat_order(*, by: Principal, number: str, key: str | None = None) -> list[Repeated]:
    """Puts the lines of an order into the cart again, those that can be ordered as they were, and answers what is different.

    Nothing is swapped or rounded: a discontinued article, a changed pack or a lost price is said and left out. The same `key`
    adds once. Raises Missing for another dealer's order.
    """
    by.require(Right.USE_CART)
    order = order_view(by, number).order
    repeated = repeat_preview(by, order)
    lines = [(one.product.pk, one.added) for one in repeated if one.added]
    if lines:
        add_lines(by=by, lines=lines, key=key)
    return repeated
