"""How a price is made: one winner, with a trace. No reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..enums import StepKind
from ..receipts import NextBreak, Receipt, Step
from .amounts import line_amounts, plain, without_tax
from .terms import Break, Discounts, Offer, Terms, Unit

# A receipt is kept for years and read in either language, so it holds both: data, not text of a page.
QUANTITY_FROM: Final = ("Количество от {}", "Quantity from {}")
TIER: Final = ("Уровень «{}»", "Tier “{}”")
TAX: Final = ("НДС {} %", "VAT {} %")


def receipt(terms: Terms, quantity: int, *, currency: str) -> Receipt | None:
    """The receipt of a quantity of an article; None where no list or contract has a price for it.

    The contract's fixed price wins over every list; else the narrowest list that prices the article, whatever the others say.
    """
    offers = terms.offers
    if not offers or (won := offers[0].at(quantity)) is None:
        return None
    winner = offers[0]
    gross, rate = winner.version.tax_included, terms.tax_rate
    discounts = terms.discounts(winner)
    unit = discounts.apply(won.amount)
    net, tax, total = line_amounts(unit.price, quantity, rate, currency, tax_included=gross)
    return Receipt(
        unit_price=without_tax(unit.price, rate, tax_included=gross),
        quantity=quantity,
        net=net,
        tax=tax,
        total=total,
        currency=currency,
        tax_rate=rate,
        tax_included=gross,
        valid_until=_last_day(*terms.changes_on(winner, won.amount, unit)),
        next_break=_next_break(winner, quantity, unit.price, discounts),
        steps=(*_list_steps(offers, won), *_discount_steps(discounts, unit), _tax_step(rate, tax)),
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
            value=None if offer.version.percent is None else -offer.version.percent,
            since=offer.version.since,
        )
        for offer in reversed(offers)
        if offer.version.tax_included == winner.version.tax_included
    ]
    if won != winner.breaks[0]:
        ru, en = (text.format(won.min_quantity) for text in QUANTITY_FROM)
        steps.append(Step(StepKind.BREAK, ru, en, won.price_id, won.amount, value=Decimal(won.min_quantity)))
    return steps


def _discount_steps(discounts: Discounts, unit: Unit) -> list[Step]:
    """The tier's and the promotion's: each what it adds to the price of a unit."""
    steps, price = [], unit.listed
    if discounts.tier and unit.with_tier is not None:
        names, brand = (discounts.tier.name_ru, discounts.tier.name_en), discounts.tier.brand
        ru, en = (text.format(name) + (f", {brand}" if brand else "") for text, name in zip(TIER, names, strict=True))
        steps.append(
            Step(
                StepKind.TIER, ru, en, discounts.tier.tier_id, unit.with_tier - price,
                value=-discounts.percent, since=discounts.tier.since,
            )
        )  # fmt: skip
        price = unit.with_tier
    if unit.promotion:
        one = unit.promotion
        value = None if one.percent is None else -one.percent
        steps.append(
            Step(StepKind.PROMOTION, one.name_ru, one.name_en, one.promotion_id, unit.price - price, value, one.since)
        )
    return steps


def _tax_step(rate: Decimal, tax: Decimal) -> Step:
    ru, en = (text.format(plain(rate)) for text in TAX)
    return Step(StepKind.TAX, ru, en, None, tax, value=rate)


def _next_break(offer: Offer, quantity: int, unit: Decimal, discounts: Discounts) -> NextBreak | None:
    """The next break that is really cheaper; the percent is of what a unit costs now."""
    following = offer.after(quantity)
    if following is None:
        return None
    then = discounts.apply(following.amount).price
    if then >= unit:
        return None
    return NextBreak(
        quantity=following.min_quantity,
        more=following.min_quantity - quantity,
        unit_price=without_tax(then, discounts.tax_rate, tax_included=offer.version.tax_included),
        percent=round((unit - then) / unit * 100, 1),
    )
