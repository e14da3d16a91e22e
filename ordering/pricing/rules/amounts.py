"""The arithmetic of prices. Rounding (domain.md, Price): unit prices half-up to four digits after every step, then the
line half-up to the minor unit."""

from __future__ import annotations

from decimal import Decimal

from portal.lib.money import round_minor, round_unit


def plain(number: Decimal) -> str:
    """A number without needless zeros: 22, 4.5."""
    return f"{number.normalize():f}"


def less(amount: Decimal, percent: Decimal) -> Decimal:
    """An amount less so many percent, to four digits."""
    return round_unit(amount * (100 - percent) / 100)


def in_mode(amount: Decimal, rate: Decimal, *, said: bool, wanted: bool) -> Decimal:
    """A price said with or without tax (`said`), as `wanted`, to four digits."""
    if said == wanted:
        return round_unit(amount)
    return round_unit(amount * (100 + rate) / 100) if wanted else without_tax(amount, rate, tax_included=True)


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
