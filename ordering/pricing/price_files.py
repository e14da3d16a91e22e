"""Price files as people and systems send them: CSV, XLSX, JSON lines (also gzipped). Reads rows one by one, decides each.

A row is taken or refused with its number and what to do about it; nothing is guessed. A spreadsheet opened under another
locale turns 2024.994 into 2,024,994: an amount that may mean two things is refused, not chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from portal.lib import skus
from portal.lib.money import minor_step
from portal.lib.numbers import SPACES, DoubtfulCellError, NoNumberError, read_number
from portal.lib.spreadsheets import Row, as_text, read_rows

from .errors import PriceFileRefused

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "sku": frozenset({"sku", "id", "article", "code", "артикул", "код", "код товара"}),
    "price": frozenset({"price", "amount", "unit price", "unit_price", "цена", "цена за единицу"}),
    "min_quantity": frozenset(
        {"min_quantity", "quantity", "quantity from", "from", "qty", "количество", "количество от", "от"}
    ),
    "currency": frozenset({"currency", "валюта"}),
}


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A row that can be taken. `sku` as the file writes it."""

    number: int
    sku: str
    min_quantity: int
    amount: Decimal

    @property
    def sku_key(self) -> str:
        return skus.key(self.sku)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be taken, and why; `remedy` says what to write instead."""

    number: int
    sku: str
    remedy: str

    def __str__(self) -> str:
        return _("Row %(number)s, %(sku)s: %(remedy)s") % {
            "number": self.number,
            "sku": self.sku or "–",
            "remedy": self.remedy,
        }


def read_price_file(
    source: Path | IO[bytes], *, currency: str, minor_units: bool = False, name: str = ""
) -> Iterator[PriceRow | Refusal]:
    """The file's rows in order, each taken or refused. Row numbers are those a person sees: the head is row 1.

    `minor_units`: amounts are whole numbers of the smallest unit (cents). Raises PriceFileRefused when there
    is no column for the SKU or the price, Unreadable for a file that is not what its name says.
    """
    names: dict[str, str] | None = None
    for row in read_rows(source, name):
        # JSON lines may differ from one another; a table has one head.
        if names is None or not {names["sku"], names["price"]} <= row.values.keys():
            names = recognised(row.values)
        yield _decide(row, names, currency=currency, minor_units=minor_units)


def read_price_rows(rows: Iterable[Mapping[str, Any]], *, currency: str) -> Iterator[PriceRow | Refusal]:
    """Rows that a system sent (`sku`, `price`, perhaps `min_quantity`), each taken or refused; the first is row 1."""
    names = {name: name for name in ("sku", "price", "min_quantity")}
    for number, row in enumerate(rows, start=1):
        yield _decide(Row(number, dict(row)), names, currency=currency, minor_units=False)


def recognised(row: Mapping[str, Any]) -> dict[str, str]:
    """Our name of a column → the file's, recognised without case. Raises PriceFileRefused when SKU or price is missing."""
    names: dict[str, str] = {}
    for header in row:
        told = " ".join(str(header).casefold().split())
        for ours, known in COLUMNS.items():
            if told in known:
                names.setdefault(ours, header)
    for needed in ("sku", "price"):
        if needed not in names:
            raise PriceFileRefused(
                _("The file has no column “%(name)s”. It has: %(columns)s. Rename the one that is meant.")
                % {"name": needed, "columns": ", ".join(map(str, list(row)[:12]))},
                field=needed,
            )
    return names


def _decide(row: Row, names: Mapping[str, str], *, currency: str, minor_units: bool) -> PriceRow | Refusal:
    cells = row.values
    sku = as_text(cells.get(names["sku"]))
    try:
        if not sku:
            raise DoubtfulCellError(_("There is no SKU. Write one, or take the row out."))
        _check_currency(as_text(cells.get(names["currency"])) if "currency" in names else "", currency)
        amount = amount_of(cells.get(names["price"]), currency=currency, minor_units=minor_units)
        quantity = quantity_of(cells.get(names["min_quantity"])) if "min_quantity" in names else 1
    except DoubtfulCellError as doubt:
        return Refusal(row.number, sku, str(doubt))
    return PriceRow(row.number, sku, quantity, amount)


def _check_currency(told: str, currency: str) -> None:
    if told and told.upper() != currency:
        raise DoubtfulCellError(
            _(
                "The price is in %(told)s, the list in %(currency)s. Prices are never converted: import it into its own list."
            )
            % {"told": told.upper(), "currency": currency}
        )


def quantity_of(cell: Any) -> int:
    """The quantity a price begins at; 1 where the cell is empty."""
    text = SPACES.sub("", as_text(cell))
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or not 0 < int(text) < 10**9:
        raise DoubtfulCellError(
            _("“%(text)s” is not a quantity. Write a whole number of units, 1 or more.") % {"text": text}
        )
    return int(text)


def amount_of(cell: Any, *, currency: str, minor_units: bool = False) -> Decimal:
    """The price in a cell, above zero, with at most four digits after the point. Raises DoubtfulCellError."""
    amount = _price(cell)
    if minor_units:
        if amount != amount.to_integral_value():
            raise DoubtfulCellError(
                _("“%(text)s” is not a whole number of minor units. Import without --minor-units, or write cents.")
                % {"text": cell}
            )
        amount *= minor_step(currency)
    if amount <= 0:
        raise DoubtfulCellError(
            _("The price is %(amount)s. Write one above zero, or take the row out.") % {"amount": amount}
        )
    return amount


def _price(cell: Any) -> Decimal:
    text = SPACES.sub("", cell).removesuffix("₽") if isinstance(cell, str) else cell
    try:
        return read_number(text)
    except NoNumberError:
        if text in ("", None) or isinstance(text, bool):
            raise DoubtfulCellError(_("There is no price. Write one, or take the row out.")) from None
        raise DoubtfulCellError(
            _("“%(text)s” is not a price. Write a number such as 1234.50.") % {"text": str(cell)[:40]}
        ) from None
