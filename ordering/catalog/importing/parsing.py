"""What one row says about an article."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from stdnum import ean

from ordering.catalog.enums import ProductState
from portal.lib import skus
from portal.lib.errors import Invalid
from portal.lib.spreadsheets import Row, as_text

from .columns import Mapping

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
DAY_FIRST = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
BETWEEN_CODES = re.compile(r"[,;|\s]+")
BETWEEN_LEVELS = re.compile(r"\s*(?:>|/|\\|»)\s*")
YES = {"1", "yes", "true", "да", "y", "+"}
NO = {"", "0", "no", "false", "нет", "n", "-"}
STATES = {
    "active": ProductState.ACTIVE, "активен": ProductState.ACTIVE, "в продаже": ProductState.ACTIVE,
    "announced": ProductState.ANNOUNCED, "анонсирован": ProductState.ANNOUNCED, "новинка": ProductState.ANNOUNCED,
    "discontinued": ProductState.DISCONTINUED, "снят": ProductState.DISCONTINUED,
    "снят с производства": ProductState.DISCONTINUED,
}  # fmt: skip
LONGEST = {"sku": 80, "mpn": 255, "name": 500, "brand": 120, "unit": 20}


class BadRow(Invalid):
    """A row that cannot become an article; the text says what to mend."""

    code = "bad_row"


@dataclass(slots=True)
class Draft:
    """An article as a row says it. `values` holds only the fields whose columns the file has."""

    row: int
    sku: str
    values: dict[str, Any] = field(default_factory=dict)
    brand: str = ""
    category: tuple[str, ...] = ()
    successor: str = ""
    gtins: frozenset[str] | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return skus.key(self.sku)


def parse(row: Row, mapping: Mapping) -> Draft:
    """The article in this row. Raises BadRow."""
    cells = {name: row.values.get(column, "") for column, name in mapping.columns.items()}
    draft = Draft(row.number, _sku(cells["sku"]))
    if isinstance(cells["sku"], float):
        draft.warnings.append(
            _("The SKU was typed as a number: zeros at its beginning are already lost. Format the column as text.")
        )
    draft.values |= _texts(cells)
    if "pack" in cells:
        draft.values["pack"] = _pack(cells["pack"])
    if "tax_rate" in cells and as_text(cells["tax_rate"]):
        draft.values["tax_rate"] = _percent(cells["tax_rate"])
    if "state" in cells and as_text(cells["state"]):
        draft.values["state"] = _state(cells["state"])
    if "backorder" in cells:
        draft.values["backorder"] = _yes(cells["backorder"])
    if "released_on" in cells:
        draft.values["released_on"] = _day(cells["released_on"])
    draft.brand = _short("brand", as_text(cells.get("brand")))
    draft.category = tuple(part for part in BETWEEN_LEVELS.split(as_text(cells.get("category"))) if part)
    draft.successor = as_text(cells.get("successor"))
    if "barcodes" in cells:
        draft.gtins = _gtins(cells["barcodes"], draft.warnings)
    attributes = _attributes(row, mapping)
    if attributes is not None:
        draft.values["attributes"] = attributes
    return draft


def _sku(value: Any) -> str:
    sku = as_text(value)
    if not sku:
        raise BadRow(_("The SKU is empty. Every article needs one."))
    if any(ord(sign) < 32 for sign in sku):
        raise BadRow(_("The SKU %(sku)r holds a line break or another unprintable sign. Take it out.") % {"sku": sku})
    return _short("sku", sku)


def _short(name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        raise BadRow(
            _("%(name)s is %(length)d characters long, %(most)d are kept: shorten “%(start)s…”.")
            % {"name": name, "length": len(text), "most": LONGEST[name], "start": text[:30]}
        )
    return text


def _texts(cells: dict[str, Any]) -> dict[str, str]:
    """Names and descriptions by language: a column of no language goes by its letters."""
    texts: dict[str, str] = {}
    if "mpn" in cells:
        texts["mpn"] = _short("mpn", as_text(cells["mpn"]))
    if as_text(cells.get("unit")):
        texts["unit"] = _short("unit", as_text(cells["unit"]))
    for name in ("name", "description"):
        if text := as_text(cells.get(name)):
            language = "ru" if CYRILLIC.search(text) else "en"
            texts[f"{name}_{language}"] = text
        for language in ("ru", "en"):
            if f"{name}_{language}" in cells:
                texts[f"{name}_{language}"] = as_text(cells[f"{name}_{language}"])
    for language in ("ru", "en"):
        if f"name_{language}" in texts:
            _short("name", texts[f"name_{language}"])
    if {"name", "name_ru", "name_en"} & cells.keys() and not (texts.get("name_ru") or texts.get("name_en")):
        raise BadRow(_("The name is empty. Give one in Russian or English."))
    return texts


def _pack(value: Any) -> int:
    text = as_text(value) or "1"
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise BadRow(_("Pack “%(value)s”: a whole number of units from 1 is expected.") % {"value": text})
    return int(text)


def _percent(value: Any) -> Decimal:
    text = as_text(value).rstrip("% ").replace(",", ".")
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate < 100:
        raise BadRow(
            _("Tax “%(value)s”: a percent from 0 to 99.99 is expected, such as 22.") % {"value": as_text(value)}
        )
    return rate


def _state(value: Any) -> ProductState:
    text = as_text(value).lower()
    if text not in STATES:
        raise BadRow(
            _("State “%(value)s”: one of %(all)s is expected.") % {"value": text, "all": ", ".join(ProductState.values)}
        )
    return STATES[text]


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = as_text(value).lower()
    if text not in YES | NO:
        raise BadRow(_("“%(value)s”: yes or no is expected.") % {"value": text})
    return text in YES


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = as_text(value)
    if not text:
        return None
    # "2009-12-10T00:00:00Z" is a day too
    if written := DAY_FIRST.fullmatch(text):
        text = f"{written[3]}-{written[2]}-{written[1]}"
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        pass
    raise BadRow(_("Date “%(value)s”: write it as 2026-11-23 or 23.11.2026.") % {"value": text})


def _gtins(value: Any, warnings: list[str]) -> frozenset[str]:
    """Barcodes padded to 14 digits. A wrong check digit is kept, since scanners read what is printed, and said."""
    codes: Iterable[str] = map(as_text, value) if isinstance(value, list) else BETWEEN_CODES.split(as_text(value))
    found = set()
    for code in filter(None, codes):
        if not (code.isascii() and code.isdecimal() and 8 <= len(code) <= 14):
            raise BadRow(_("Barcode “%(code)s”: 8 to 14 digits are expected.") % {"code": code})
        padded = code.zfill(14)
        if not ean.is_valid(padded):
            warnings.append(_("Barcode %(code)s has a wrong check digit; it is kept as printed.") % {"code": code})
        found.add(padded)
    return frozenset(found)


def _attributes(row: Row, mapping: Mapping) -> dict[str, Any] | None:
    """What the attribute columns say; None where the file has none."""
    found: dict[str, Any] = {}
    has_columns = False
    for column, value in row.values.items():
        code = mapping.attribute_of(column)
        if code is None:
            continue
        has_columns = True
        if isinstance(value, str):
            value = value.strip().replace("\x00", "")
        if value not in ("", None, [], {}):
            found[code[:80]] = value if isinstance(value, str | int | float | bool | list | dict) else str(value)
    return dict(sorted(found.items())) if has_columns else None
