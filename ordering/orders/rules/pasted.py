"""What a person may have meant by a pasted line: every reading as code and quantity, none of them chosen yet.

Only the catalogue knows which of them is a code, so all are looked up together. The separators, the order and the unit words do
not matter; a hyphen or a dot separates only with spaces around it, because codes hold them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from ..errors import TooManyLines

MOST_LINES: Final = 10_000
LONGEST_LINE: Final = 500

_NUMBER: Final = r"\d{1,9}(?:[.,]\d{1,3})?"
_UNITS: Final = (
    r"шт(?:ук[аи]?|\.)?|компл(?:ект(?:а|ов)?|\.)?|уп(?:ак(?:овк[аи])?|\.)?|пар[аы]?|кг|м|л",
    r"pcs?\.?|pieces?|ea|sets?|packs?|kg|m|l",
)
_UNIT: Final = rf"(?:{'|'.join(_UNITS)})"
_TIMES: Final = r"(?:[xх×*]|qty\.?|кол(?:-?во|\.)?|количество|quantity)"
_QUANTITY: Final = re.compile(
    rf"^(?:{_TIMES}\s*[:=]?\s*)?[(]?({_NUMBER})\s*(?:{_UNIT})?[)]?(?:\s*[xх×*])?\.?$", re.IGNORECASE
)
# Where a line may be cut in two: spaces, tabs, commas and the like; hyphens and dots only with spaces around.
_CUT: Final = re.compile(r"\s+[-–—.]\s+|\s*[;,|:=×*]+\s*|\s+")
_COLUMNS: Final = re.compile(r"\s*[;\t|]\s*")
_COMMAS: Final = re.compile(r"\s*,\s*")
_GROUPED: Final = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3}(?:\D|$))")
# A quoted cell of a CSV: its quotes stand at separators, an inch sign does not.
_QUOTES: Final = re.compile(r"(?:(?<=^)|(?<=[;,\t|]))\s*\"|\"\s*(?=$|[;,\t|])")
_AROUND: Final = " \t\r\u00a0\ufeff;,|\"'«»"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line. `quantity` is None where there is none, and may be a fraction: that is answered, not rounded."""

    code: str
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Pasted:
    """A line as it was sent, by its number in the text, with its readings: the likelier first."""

    line: int
    text: str
    readings: tuple[Reading, ...]


def pasted_lines(text: str) -> list[Pasted]:
    """Every line that is not blank. Raises TooManyLines above ten thousand."""
    rows = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    rows = [(number, line) for number, line in rows if line.strip(_AROUND)]
    if len(rows) > MOST_LINES:
        words = {"limit": MOST_LINES, "lines": len(rows)}
        raise TooManyLines(_("%(lines)s lines at once are too many: send up to %(limit)s.") % words, limit=MOST_LINES)
    return [Pasted(number, line[:LONGEST_LINE], tuple(readings(line[:LONGEST_LINE]))) for number, line in rows]


def readings(line: str) -> list[Reading]:
    """All the ways to read one line, without repeats."""
    line = _QUOTES.sub("", _GROUPED.sub("", line).strip()).strip(_AROUND).replace("\u00a0", " ")
    found: dict[Reading, None] = {}
    for reading in (*_columns(line), *_cuts(line), Reading(line, None)):
        if any(sign.isalnum() for sign in reading.code):
            found.setdefault(reading)
    return list(found)


def _quantity(text: str) -> Decimal | None:
    match = _QUANTITY.match(text.strip())
    return Decimal(match.group(1).replace(",", ".")) if match else None


def _cuts(line: str) -> Iterator[Reading]:
    """Quantity after the code, then before it, at every place where the line may be cut."""
    cuts = [(match.start(), match.end()) for match in _CUT.finditer(line)]
    for start, end in reversed(cuts):
        if (quantity := _quantity(line[end:])) is not None:
            yield Reading(line[:start].strip(_AROUND), quantity)
    for start, end in cuts:
        if (quantity := _quantity(line[:start])) is not None:
            yield Reading(_without_times(line[end:]).strip(_AROUND), quantity)


def _without_times(text: str) -> str:
    """`x AK-1850` after a quantity is AK-1850."""
    return re.sub(rf"^(?:{_TIMES}|{_UNIT})\s+", "", text, flags=re.IGNORECASE)


def _columns(line: str) -> Iterator[Reading]:
    """A row of a table: any column may be the code; the quantity is the first whole number after it, else before it."""
    columns = _COLUMNS.split(line)
    if len(columns) == 1:
        columns = _COMMAS.split(line)
    if len(columns) < 3:
        return
    quantities = [_quantity(column) for column in columns]
    for index, column in enumerate(columns):
        if not column.strip(_AROUND):
            continue
        after = [quantity for quantity in quantities[index + 1 :] if quantity is not None]
        before = [quantity for quantity in quantities[:index] if quantity is not None]
        if nearest := (after or before):
            yield Reading(column.strip(_AROUND), nearest[0])
