"""Numbers and days in the cells of files, as people and workbooks write them. What may mean two things is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f']")
HIGHEST: Final = Decimal(10) ** 12
DIGITS: Final = 4  # after the point: prices and quantities have no more
LAST_BITS: Final = Decimal("1e-9")


class DoubtfulCellError(ValueError):
    """A cell that cannot be taken; the text is the remedy."""


class NoNumberError(DoubtfulCellError):
    """A cell with no number in it, or with something else. Whoever knows what should stand there may say so better."""


def read_number(cell: Any) -> Decimal:
    """1234.5, 1234,5, 1 234,50, 1,234.50, −5, or a workbook's number; at most four digits after the point.

    Nothing is guessed: a spreadsheet opened under another locale turns 2024.994 into 2,024,994, so what may be two numbers
    is refused, and so is a fifth digit, which somebody's rounding would decide. Raises DoubtfulCellError, NoNumberError.
    """
    number = _number(cell)
    if abs(number) >= HIGHEST:
        raise DoubtfulCellError(_("“%(text)s” is too large. Check the decimal sign.") % {"text": str(cell)[:40]})
    if number != round(number, DIGITS):
        raise DoubtfulCellError(
            _("“%(text)s” has more than four digits after the point. Round it.") % {"text": str(cell)[:40]}
        )
    return number


def _number(cell: Any) -> Decimal:
    if isinstance(cell, bool) or cell is None or (isinstance(cell, str) and not cell.strip()):
        raise NoNumberError(_("There is no number. Write one, or take the row out."))
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise _no_number(str(cell))
        number = Decimal(repr(cell))
        if abs(number) >= HIGHEST:
            return number
        # A workbook's binary number is the decimal that a person typed, give or take its last bits.
        typed = round(number, DIGITS)
        return typed if abs(number - typed) < LAST_BITS else number
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    return _written(SPACES.sub("", str(cell)).replace("\u2212", "-"))


def _written(text: str) -> Decimal:
    """A number as people write it, without its spaces."""
    commas, points = text.count(","), text.count(".")
    plain = text.replace(",", ".")
    if commas and points:
        decimal_sign = max(",.", key=text.rfind)
        group_sign = "," if decimal_sign == "." else "."
        if text.count(decimal_sign) > 1 or not _grouped(text.split(decimal_sign, maxsplit=1)[0], group_sign):
            raise _two_meanings(text)
        plain = text.replace(group_sign, "").replace(decimal_sign, ".")
    elif commas > 1 or points > 1 or (commas == 1 and len(text.split(",")[1]) == 3):
        raise _two_meanings(text)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise _no_number(text)
    return number


def _grouped(whole: str, sign: str) -> bool:
    return bool(re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", whole))


def _two_meanings(text: str) -> DoubtfulCellError:
    """The remedy for an amount that a locale may have ruined: both readings are named. What has no digits is no amount."""
    *whole, fraction = re.split("[.,]", text)
    bare = "".join([*whole, fraction])
    if not re.fullmatch(r"[+-]?\d+", bare) or not fraction:
        return _no_number(text)
    remedy = _(
        "“%(text)s” may mean %(one)s or %(other)s: a spreadsheet may have ruined the decimal sign. Write it without separators."
    )
    return DoubtfulCellError(
        remedy % {"text": text[:40], "one": f"{''.join(whole)}.{fraction}"[:40], "other": f"{bare}.00"[:40]}
    )


def _no_number(text: str) -> NoNumberError:
    return NoNumberError(_("“%(text)s” is not a number. Write one such as 1234.50.") % {"text": text[:40]})


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
