"""How a price is made of what the lists say: one winner, with a trace. No reads.

Rounding (domain.md, Price): unit prices half-up to four digits, then the line half-up to the minor unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ordering.programme.queries import HeldTier
from portal.lib.money import round_minor, round_unit

from .enums import StepKind
from .receipts import NextBreak, Receipt, Step

# A receipt is kept for years and read in either language, so it holds both: data, not text of a page.
QUANTITY_FROM: Final = ("Количество от {}", "Quantity from {}")
TIER: Final = ("Уровень «{}»", "Tier “{}”")
TAX: Final = ("НДС {} %", "VAT {} %")


@dataclass(frozen=True, slots=True)
class Break:
    """The price of a unit from a quantity on."""

    price_id: int
    min_quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A published version of a list that may price for a dealer. `rank`: 0 is asked first. `until` is the first day no longer."""

    version_id: int
    rank: int
    kind: StepKind
    name_ru: str
    name_en: str
    tax_included: bool
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What one list version says of one article: its breaks, lowest quantity first."""

    version: ListVersion
    breaks: tuple[Break, ...]

    def at(self, quantity: int) -> Break | None:
        """The highest break not above the quantity; None where the list begins above it."""
        return next((step for step in reversed(self.breaks) if step.min_quantity <= quantity), None)

    def after(self, quantity: int) -> Break | None:
        """The next break above the quantity."""
        return next((step for step in self.breaks if step.min_quantity > quantity), None)


def plain(number: Decimal) -> str:
    """A number without needless zeros: 22, 4.5."""
    return f"{number.normalize():f}"


def discounted(amount: Decimal, tier: HeldTier | None) -> Decimal:
    """A list price less the tier's discount, to four digits."""
    return round_unit(amount * (100 - tier.discount) / 100) if tier else round_unit(amount)


def without_tax(unit: Decimal, rate: Decimal, *, tax_included: bool) -> Decimal:
    """The net price of a unit, to four digits."""
    return round_unit(unit * 100 / (100 + rate)) if tax_included else unit


def line_amounts(
    unit: Decimal, quantity: int, rate: Decimal, currency: str, *, tax_included: bool
) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and total of a line whose units cost `unit`, with or without tax as the list says."""
    if tax_included:
        total = round_minor(unit * quantity, currency)
        tax = round_minor(total * rate / (100 + rate), currency)
        return total - tax, tax, total
    net = round_minor(unit * quantity, currency)
    tax = round_minor(net * rate / 100, currency)
    return net, tax, net + tax


def receipt(
    offers: Sequence[Offer],
    quantity: int,
    *,
    currency: str,
    tax_rate: Decimal,
    tier: HeldTier | None,
    changes_on: dt.date | None = None,
) -> Receipt | None:
    """The receipt of a quantity of an article; None where no list has a price for it.

    `offers` are those of the lists that price the article, narrowest first: the first wins, whatever the others say.
    `changes_on` is the day on which a list of the same or a narrower scope begins.
    """
    if not offers or (won := offers[0].at(quantity)) is None:
        return None
    winner = offers[0]
    gross = winner.version.tax_included
    unit = discounted(won.amount, tier)
    net, tax, total = line_amounts(unit, quantity, tax_rate, currency, tax_included=gross)
    return Receipt(
        unit_price=without_tax(unit, tax_rate, tax_included=gross),
        quantity=quantity,
        net=net,
        tax=tax,
        total=total,
        currency=currency,
        tax_rate=tax_rate,
        tax_included=gross,
        valid_until=_last_day(winner.version.until, tier.until if tier else None, changes_on),
        next_break=_next_break(winner, quantity, unit, tax_rate, tier),
        steps=(*_list_steps(offers, won), *_tier_steps(tier, won, unit), _tax_step(tax_rate, tax)),
    )


def _last_day(*ends: dt.date | None) -> dt.date | None:
    """The day before the first of the days on which something ends or begins."""
    first = min((end for end in ends if end), default=None)
    return first - dt.timedelta(days=1) if first else None


def _list_steps(offers: Sequence[Offer], won: Break) -> list[Step]:
    """What each list says from the base to the winner, then the break. Lists of the other tax are not comparable: left out."""
    winner = offers[0]
    steps = [
        Step(
            kind=offer.version.kind,
            name_ru=offer.version.name_ru,
            name_en=offer.version.name_en,
            id=offer.version.version_id,
            amount=offer.breaks[0].amount,
            since=offer.version.since,
        )
        for offer in reversed(offers)
        if offer.version.tax_included == winner.version.tax_included
    ]
    if won != winner.breaks[0]:
        ru, en = (text.format(won.min_quantity) for text in QUANTITY_FROM)
        steps.append(Step(StepKind.BREAK, ru, en, won.price_id, won.amount, value=Decimal(won.min_quantity)))
    return steps


def _tier_steps(tier: HeldTier | None, won: Break, unit: Decimal) -> list[Step]:
    if tier is None or not tier.discount:
        return []
    ru, en = TIER
    return [
        Step(
            StepKind.TIER,
            ru.format(tier.name_ru),
            en.format(tier.name_en),
            tier.tier_id,
            unit - won.amount,
            value=-tier.discount,
            since=tier.since,
        )
    ]


def _tax_step(rate: Decimal, tax: Decimal) -> Step:
    ru, en = (text.format(plain(rate)) for text in TAX)
    return Step(StepKind.TAX, ru, en, None, tax, value=rate)


def _next_break(offer: Offer, quantity: int, unit: Decimal, rate: Decimal, tier: HeldTier | None) -> NextBreak | None:
    """The next break that is really cheaper; the percent is of what a unit costs now."""
    following = offer.after(quantity)
    if following is None:
        return None
    then = discounted(following.amount, tier)
    if then >= unit:
        return None
    return NextBreak(
        quantity=following.min_quantity,
        more=following.min_quantity - quantity,
        unit_price=without_tax(then, rate, tax_included=offer.version.tax_included),
        percent=round((unit - then) / unit * 100, 1),
    )
