"""The cart as it stands now: priced, checked against stock, and what stands in the way of ordering it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from accounts.enums import Right, Role
from accounts.models import Membership
from accounts.principals import Principal
from ordering.catalog.queries import availability
from ordering.pricing.queries import PriceContext, quote
from portal.lib.clock import business_date
from portal.lib.errors import Missing
from portal.lib.money import Money

from ..models import BuyingTerms, CartLine, Handover
from ..rules import Position, Problem, Totals, blockers, problems, totals

SUMMARY_LIMIT: Final = 200  # lines: the figure in the top bar of every page is not worth pricing more


@dataclass(frozen=True, slots=True)
class CartView:
    """Everything a cart page, the API and the placing of an order look at."""

    positions: tuple[Position, ...]
    totals: Totals
    problems: tuple[Problem, ...]
    handovers: tuple[Handover, ...] = ()

    @property
    def units(self) -> int:
        return sum(position.quantity for position in self.positions)

    @property
    def blockers(self) -> list[Problem]:
        return blockers(self.problems)

    def problem_of(self, sku: str) -> Problem | None:
        """The worst there is to say about one line."""
        return next((problem for problem in self.problems if problem.sku == sku), None)


def positions_of(lines: Iterable[CartLine], principal: Principal, on: dt.date) -> tuple[Position, ...]:
    """These lines with today's price and stock. Lines come from `in_order()`; the number of queries is fixed."""
    lines = list(lines)
    if not lines:
        return ()
    products = [line.product for line in lines]
    receipts = quote(PriceContext.of(principal, on), [(line.product_id, line.quantity) for line in lines])
    stock = availability(products, principal)
    return tuple(
        Position(
            line_id=line.pk,
            product=line.product,
            quantity=line.quantity,
            receipt=receipts.get(line.product_id),
            availability=stock[line.product_id],
            price_seen=line.price_seen,
        )
        for line in lines
    )


def own_line(principal: Principal, line_id: int) -> CartLine:
    """A line of the principal's own cart. Raises Missing for anybody else's as for none at all."""
    line: CartLine | None = CartLine.objects.visible_to(principal).in_order().filter(pk=line_id).first()
    if line is None:
        raise Missing(_("This line is not in your cart. Reload the cart to see what is."))
    return line


def cart_view(principal: Principal, on: dt.date) -> CartView:
    """The principal's cart, in a fixed number of queries."""
    lines = CartLine.objects.visible_to(principal).in_order()
    positions = positions_of(lines, principal, on)
    return checked(positions, principal, handovers=_handovers(principal))


def checked(positions: Sequence[Position], principal: Principal, *, handovers: tuple[Handover, ...] = ()) -> CartView:
    """These positions with their sums and everything that is to be said about ordering them."""
    sums = totals((position.receipt for position in positions), principal.currency)
    terms = BuyingTerms.objects.filter(dealer=principal.dealer_id).first()
    found = problems(positions, sums, principal=principal, terms=terms) if positions else []
    return CartView(tuple(positions), sums, tuple(found), handovers)


def cart_summary(principal: Principal) -> tuple[Money | None, int]:
    """What the top bar shows: the sum without tax and the number of lines. No sum for an empty or a very long cart."""
    if not principal.may(Right.USE_CART):
        return None, 0
    lines = list(CartLine.objects.visible_to(principal).values_list("product_id", "quantity"))
    if not lines or len(lines) > SUMMARY_LIMIT or not principal.may(Right.VIEW_PRICES):
        return None, len(lines)
    receipts = quote(PriceContext.of(principal, business_date()), lines)
    return totals(receipts.values(), principal.currency).net_money, len(lines)


def colleagues_who_order(principal: Principal) -> list[Membership]:
    """The people of the same dealer a cart can be handed to, by name."""
    people = Membership.objects.in_force().filter(dealer=principal.dealer_id, role__in=[Role.OWNER, Role.BUYER])
    return list(
        people.exclude(pk=principal.membership_id or 0).select_related("user").order_by("user__last_name", "pk")
    )


def _handovers(principal: Principal) -> tuple[Handover, ...]:
    return tuple(Handover.objects.filter(cart__membership=principal.membership_id).select_related("by"))
