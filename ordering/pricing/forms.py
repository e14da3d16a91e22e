"""Words of an address about prices, read."""

from __future__ import annotations

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
