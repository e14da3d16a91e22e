"""Numbers and days in the cells of files, as people and workbooks write them. What may mean two things is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f']")
# A workbook's binary number is the decimal that a person typed, give or take its last bits.
DIGITS: Final = 4


class DoubtfulCellError(ValueError):
    """A cell that cannot be taken; the text is the remedy."""


def read_number(cell: Any) -> Decimal:
    """1234.5, 1234,5, 1 234,50, 1,234.50, or a workbook's number. Raises DoubtfulCellError."""
    if isinstance(cell, float) and math.isfinite(cell):
        return round(Decimal(repr(cell)), DIGITS)
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Decimal(cell)
    text = SPACES.sub("", str("" if cell is None else cell))
    plain = text.replace(",", ".") if "," in text or text.count(".") > 1 else text
    if plain != text:
        plain = _ungrouped(text)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise DoubtfulCellError(_("“%(text)s” is not a number. Write one such as 1234.50.") % {"text": text[:40]})
    return number


def _ungrouped(text: str) -> str:
    """The number without thousands signs and with a decimal point. Raises DoubtfulCellError where a comma may be either."""
    sign = max(",.", key=text.rfind)
    other = "." if sign == "," else ","
    whole, _sign, part = text.rpartition(sign)
    grouped = re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", whole)
    if (other in whole and not grouped) or sign in whole or (other not in whole and len(part) == 3):
        raise DoubtfulCellError(
            _("“%(text)s” may mean two numbers. Write it without signs between thousands, such as 1234.50.")
            % {"text": text[:40]}
        )
    return f"{whole.replace(other, '')}.{part}"


def read_day(cell: Any) -> dt.date:
    """2026-11-23, with or without a time, 23.11.2026, or a workbook's date. Raises DoubtfulCellError."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = str("" if cell is None else cell).strip()
    try:
        if re.match(r"\d{2}\.\d{2}\.\d{4}", text):
            return dt.date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise DoubtfulCellError(_("“%(text)s” is not a day. Write it as 2026-11-23.") % {"text": text[:40]}) from None
