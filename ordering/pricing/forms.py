"""Words of an address about prices, read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from portal.lib.errors import Invalid

from .enums import FileFormat

MOST: Final = 10**9


def read_quantity(text: str) -> int:
    """A quantity of units, 1 by default. Raises Invalid."""
    text = text.strip() or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) < MOST):
        raise Invalid(
            _("“%(text)s” is not a quantity. Write a whole number, 1 or more.") % {"text": text[:40]}, field="quantity"
        )
    return int(text)


def read_format(text: str) -> FileFormat:
    """The kind of file asked for, JSON by default. Raises Invalid, naming those there are."""
    try:
        return FileFormat(text.strip().lower() or FileFormat.JSON)
    except ValueError:
        known = ", ".join(FileFormat)
        raise Invalid(
            _("There is no price list as “%(text)s”. There are: %(known)s.") % {"text": text[:20], "known": known},
            field="format",
        ) from None


def read_breaks(text: str) -> dict[int, Decimal]:
    """ "100" or "1: 100; 10: 95,50": quantity → price of a unit from it on. Raises ValueError with the part not understood."""
    breaks: dict[int, Decimal] = {}
    for part in filter(None, (one.strip() for one in text.replace("\n", ";").split(";"))):
        quantity, colon, amount = part.rpartition(":")
        try:
            breaks[int(quantity) if colon else 1] = Decimal(amount.strip().replace(",", "."))
        except (ValueError, InvalidOperation):
            raise ValueError(
                _("“%(text)s” is not a quantity and a price, such as 10: 95.50.") % {"text": part[:40]}
            ) from None
    return breaks
