"""A cart as values: its positions with price and stock, what they add up to, and what has changed since somebody looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ordering.catalog.models import Product
from ordering.catalog.queries import Availability
from ordering.pricing.receipts import Receipt
from portal.lib.money import Money, round_minor
from portal.lib.text import named

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Position:
    """One line of a cart as it stands now. `receipt` is None where the dealer's lists have no price."""

    line_id: int
    product: Product
    quantity: int
    receipt: Receipt | None
    availability: Availability
    price_seen: Decimal | None = None

    @property
    def price(self) -> Money | None:
        return Money(self.receipt.unit_price, self.receipt.currency) if self.receipt else None

    @property
    def net(self) -> Money | None:
        return Money(self.receipt.net, self.receipt.currency) if self.receipt else None

    @property
    def price_before(self) -> Money | None:
        """The unit price when the line was last touched, if it was another one."""
        if self.receipt is None or self.price_seen is None or self.price_seen == self.receipt.unit_price:
            return None
        return Money(self.price_seen, self.receipt.currency)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of lines that were each rounded to the minor unit: never rounded again."""

    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    lines: int

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.currency)

    @property
    def tax_money(self) -> Money:
        return Money(self.tax, self.currency)

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.currency)


def totals(receipts: Iterable[Receipt | None], currency: str) -> Totals:
    """What these lines add up to; a line without a price counts as a line and adds nothing."""
    everything = list(receipts)
    priced = [receipt for receipt in everything if receipt is not None]
    return Totals(
        currency=currency,
        net=sum((receipt.net for receipt in priced), ZERO),
        tax=sum((receipt.tax for receipt in priced), ZERO),
        total=sum((receipt.total for receipt in priced), ZERO),
        lines=len(everything),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as a person saw it before pressing the button."""

    quantity: int
    unit_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one line. `was` or `now` is None where the line or its price was not there."""

    sku: str
    name: str
    was: Decimal | None
    now: Decimal | None
    quantity_was: int
    quantity_now: int
    difference: Decimal

    def as_json(self) -> dict[str, Any]:
        return {
            "sku": self.sku,
            "name": self.name,
            "was": None if self.was is None else str(self.was),
            "now": None if self.now is None else str(self.now),
            "quantity_was": self.quantity_was,
            "quantity_now": self.quantity_now,
            "difference": str(self.difference),
        }


def changes_since(
    shown: Mapping[str, Shown], positions: Sequence[Position], *, currency: str, language: str
) -> list[Change]:
    """Line by line, where what was shown is not what is there now."""
    found = []
    present = {position.product.sku: position for position in positions}
    for sku, position in present.items():
        before = shown.get(sku, Shown(0, None))
        now = position.receipt.unit_price if position.receipt else None
        if before.unit_price == now and before.quantity == position.quantity:
            continue
        spent = _cost(before, currency)
        costs = position.receipt.net if position.receipt else ZERO
        name = named(position.product, language)
        found.append(Change(sku, name, before.unit_price, now, before.quantity, position.quantity, costs - spent))
    for sku, before in shown.items():
        if sku not in present:
            found.append(Change(sku, "", before.unit_price, None, before.quantity, 0, -_cost(before, currency)))
    return found


def _cost(before: Shown, currency: str) -> Decimal:
    return round_minor((before.unit_price or ZERO) * before.quantity, currency)
