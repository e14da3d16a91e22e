"""Quantities are whole and come in packs. Nothing is ever rounded for a person: both neighbours are offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from ordering.catalog.models import Product

from ..errors import BadQuantity, NotAMultiple

MOST: Final = 1_000_000  # units in one line


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The multiples of the pack around a quantity that is not one. `lower` is None below the first pack."""

    lower: int | None
    upper: int


def neighbours(quantity: int, pack: int) -> Neighbours | None:
    """The multiples below and above; None when the quantity is a multiple already."""
    if quantity % pack == 0:
        return None
    lower = quantity - quantity % pack
    return Neighbours(lower or None, lower + pack)


def not_a_multiple(quantity: int, pack: int) -> str:
    """What to say about it, with the remedy; empty when the quantity is a multiple."""
    around = neighbours(quantity, pack)
    if around is None:
        return ""
    if around.lower is None:
        return _("Not a multiple of %(pack)s: take %(upper)s") % {"pack": pack, "upper": around.upper}
    words = {"pack": pack, "lower": around.lower, "upper": around.upper}
    return _("Not a multiple of %(pack)s: take %(lower)s or %(upper)s") % words


def whole_quantity(value: Any) -> int:
    """The quantity that was typed. Raises BadQuantity for anything but a whole number from 1 to a million."""
    text = str(value).replace("\u00a0", "").replace(" ", "").strip()
    if not (text.isascii() and text.isdigit()) or not 0 < len(text) <= 9 or not 1 <= int(text) <= MOST:
        raise BadQuantity(_("Give a whole number from 1 to 1,000,000."), field="quantity")
    return int(text)


def require_multiple(product: Product, quantity: int) -> None:
    """Raises NotAMultiple with both neighbours."""
    around = neighbours(quantity, product.pack)
    if around:
        raise NotAMultiple(
            not_a_multiple(quantity, product.pack),
            field="quantity",
            sku=product.sku,
            pack=product.pack,
            lower=around.lower,
            upper=around.upper,
        )
