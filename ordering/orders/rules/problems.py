"""May this be ordered? Answered with values: what stands in the way, what somebody must approve, what is worth knowing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.principals import Principal
from ordering.catalog.enums import ProductState
from portal.lib.formats import money
from portal.lib.text import named

from ..enums import Severity
from ..models import BuyingTerms
from .packs import neighbours, not_a_multiple
from .positions import Position, Totals


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `sku` is empty when it concerns the order as a whole; `facts` are for machines."""

    severity: Severity
    code: str
    message: str
    sku: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "sku": self.sku,
            **self.facts,
        }


def problems(
    positions: Sequence[Position], sums: Totals, *, principal: Principal, terms: BuyingTerms | None
) -> list[Problem]:
    """Everything to say about ordering these positions, the worst first."""
    found = [problem for position in positions for problem in _of_position(position)]
    found += _of_whole(sums, principal=principal, terms=terms)
    return sorted(found, key=lambda problem: list(Severity).index(problem.severity))


def blockers(found: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in found if problem.severity is Severity.BLOCKER]


def needs_approval(found: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.APPROVAL for problem in found)


def _of_position(position: Position) -> Iterator[Problem]:
    product, sku = position.product, position.product.sku
    if product.state == ProductState.DISCONTINUED:
        yield _discontinued(position)
        return
    if product.state == ProductState.ANNOUNCED:
        text = _("%(sku)s is announced and cannot be ordered yet.") % {"sku": sku}
        yield Problem(Severity.BLOCKER, "not_on_sale_yet", text, sku)
    if position.receipt is None:
        text = _("%(sku)s has no price in your list. Ask your manager.") % {"sku": sku}
        yield Problem(Severity.BLOCKER, "no_price", text, sku)
    if around := neighbours(position.quantity, product.pack):
        text = f"{sku}: {not_a_multiple(position.quantity, product.pack)}"
        facts = {"pack": product.pack, "lower": around.lower, "upper": around.upper}
        yield Problem(Severity.BLOCKER, "not_a_multiple", text, sku, facts)
    yield from _of_stock(position)
    if before := position.price_before:
        words = {"sku": sku, "was": money(before), "now": money(position.price)}
        yield Problem(Severity.WARNING, "price_changed", _("%(sku)s: %(was)s is now %(now)s.") % words, sku)


def _discontinued(position: Position) -> Problem:
    product = position.product
    if product.successor is None:
        text = _("%(sku)s is discontinued and has no successor. Remove the line.") % {"sku": product.sku}
        return Problem(Severity.BLOCKER, "discontinued", text, product.sku, {"successor": None})
    words = {"sku": product.sku, "successor": product.successor.sku, "name": named(product.successor)}
    text = _("%(sku)s is discontinued. Its successor is %(successor)s, %(name)s.") % words
    return Problem(Severity.BLOCKER, "discontinued", text, product.sku, {"successor": product.successor.sku})


def _of_stock(position: Position) -> Iterator[Problem]:
    """Short stock blocks, unless the rest may be backordered: then it is said."""
    product, free = position.product, position.availability.quantity
    if free is None or free >= position.quantity:
        return
    facts = {"asked": position.quantity, "available": free}
    words = {"sku": product.sku, "free": free, "asked": position.quantity, "rest": position.quantity - free}
    if product.backorder:
        text = _("%(sku)s: %(free)s in stock, %(rest)s will be backordered.") % words
        yield Problem(Severity.WARNING, "part_backordered", text, product.sku, facts)
    else:
        text = _("%(sku)s: %(free)s of %(asked)s in stock. Take %(free)s or choose another article.") % words
        if not free:
            text = _("%(sku)s is out of stock. Remove the line or choose another article.") % words
        yield Problem(Severity.BLOCKER, "not_enough_stock", text, product.sku, facts)


def _of_whole(sums: Totals, *, principal: Principal, terms: BuyingTerms | None) -> Iterator[Problem]:
    if terms is None:
        return
    if terms.minimum_order is not None and sums.net < terms.minimum_order:
        missing = terms.minimum_order - sums.net
        words = {"least": _money(terms.minimum_order, sums), "missing": _money(missing, sums)}
        text = _("The smallest order is %(least)s without tax: %(missing)s to go.") % words
        yield Problem(Severity.BLOCKER, "minimum_order", text, facts={"missing": str(missing)})
    limit = terms.approval_above
    if limit is not None and sums.net > limit and not principal.may(Right.APPROVE_ORDERS):
        text = _("Above %(limit)s without tax the owner of your company approves first.") % {
            "limit": _money(limit, sums)
        }
        yield Problem(Severity.APPROVAL, "approval_needed", text, facts={"limit": str(limit)})


def _money(amount: Decimal, sums: Totals) -> str:
    return money(amount, sums.currency)
