"""What pages, forms and files send, read without trust: what makes no sense is None or a message, never a guess."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from portal.lib.errors import Invalid
from portal.lib.spreadsheets import Unreadable, as_text, read_rows

from .rules import Shown
from .rules.pasted import MOST_LINES

UPLOADS = (".csv", ".tsv", ".txt", ".xlsx")
MOST_BYTES = 5 * 1024 * 1024


def number_or_none(text: str) -> int | None:
    """A row's id in a form."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def day_or_none(text: str) -> dt.date | None:
    """A day of a filter."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def amount_or_none(text: str) -> Decimal | None:
    """An amount that a page wrote into its own form."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def shown_from(text: str) -> dict[str, Shown]:
    """What the cart page showed when it was drawn. Raises Invalid for anything the page did not write."""
    try:
        said: Any = json.loads(text)
        return {
            str(sku): Shown(int(quantity), None if price is None else Decimal(price))
            for sku, (quantity, price) in said.items()
        }
    except (ValueError, TypeError, AttributeError, InvalidOperation, OverflowError, RecursionError) as error:
        raise Invalid(_("Open the cart again: this page is too old.")) from error


def text_of_file(file: IO[bytes], name: str) -> str:
    """The rows of a CSV or a workbook as lines to paste, each at its number in the file. A heading is left out.

    What lies beyond the most lines that are answered is not read. Raises Unreadable for anything else.
    """
    if not name.lower().endswith(UPLOADS) or getattr(file, "size", 0) > MOST_BYTES:
        raise Unreadable(_("Send a CSV, TXT or XLSX file of at most 5 MB."), field="file")
    lines: list[str] = []

    def put(number: int, cells: list[Any]) -> None:
        lines.extend([""] * min(number - 1 - len(lines), MOST_LINES))
        lines.append("\t".join(" ".join(as_text(cell).split()) for cell in cells))

    for row in read_rows(file, name):
        if not lines:
            # The reader takes the first row for the names of columns. Where it holds figures, it is a line like any other.
            head = [column for column in row.values if not column.startswith("(column ")]
            if any(sign.isdigit() for column in head for sign in column):
                put(max(1, row.number - 1), list(head))
        put(row.number, list(row.values.values()))
        if len(lines) > MOST_LINES + 1:
            break
    return "\n".join(lines)
