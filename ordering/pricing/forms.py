"""Words of an address about prices, read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from ordering.catalog.models import Category
from portal.lib.errors import Invalid
from portal.lib.numbers import DoubtfulCellError, NoNumberError, read_number

from .enums import FileFormat
from .queries import Wanted, products_of

if TYPE_CHECKING:
    from accounts.principals import Principal

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


def read_wanted(
    principal: Principal,
    *,
    file_format: str,
    on: str = "",
    category: str = "",
    skus: Sequence[str] = (),
    since: str = "",
) -> Wanted:
    """The price-list file asked for, in the words of an address or a form. Raises Invalid, saying what to write instead."""
    text = "\n".join(skus)
    return Wanted(
        file_format=read_format(file_format),
        on=_read_day(on),
        category_id=_read_category(category),
        product_ids=products_of(principal, text) if text.strip() else None,
        since=since.strip()[:20],
    )


def _read_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Invalid(_("“%(text)s” is not a day. Write it as 2026-12-01.") % {"text": text[:40]}, field="on") from None


def _read_category(word: str) -> int | None:
    word = word.strip()
    if not word:
        return None
    found = list(Category.objects.called([word]).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        said = (
            _("There is no section “%(word)s”.")
            if not found
            else _("Several sections are called “%(word)s”: use the code.")
        )
        raise Invalid(said % {"word": word[:80]}, field="category")
    return int(found[0])


def read_breaks(text: str) -> dict[int, Decimal]:
    """ "100" or "1: 100; 10: 95,50": quantity → price of a unit from it on.

    Raises ValueError with the part that is not understood, or with both readings of an amount that has two.
    """
    breaks: dict[int, Decimal] = {}
    for part in filter(None, (one.strip() for one in text.replace("\n", ";").split(";"))):
        quantity, colon, amount = part.rpartition(":")
        try:
            breaks[int(quantity) if colon else 1] = read_number(amount)
        except ValueError as doubt:
            if isinstance(doubt, DoubtfulCellError) and not isinstance(doubt, NoNumberError):
                raise
            raise ValueError(
                _("“%(text)s” is not a quantity and a price, such as 10: 95.50.") % {"text": part[:40]}
            ) from None
    return breaks
