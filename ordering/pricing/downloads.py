"""The dealer's own price list as a file: one pass of the database, one row at a time, nothing held.

The prices are those of `queries.resolved`: the rules in SQL, held by tests to the same figures.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, Final

import orjson
from django.core.files import File
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rustpy_xlsxwriter import FastExcel, Format

from accounts.models import Dealer
from accounts.principals import Principal
from portal.lib.files import stream
from portal.lib.formats import is_russian
from portal.lib.spreadsheets import csv_lines

from .enums import FileFormat
from .queries import PriceContext, list_versions
from .queries.resolved import GROSS, NET, priced_sql
from .services import note_download

CHUNK: Final = 2000
# One row a quantity break.
ROWS: Final = f"""
    {{priced}}
    SELECT a.sku, a.mpn, coalesce(nullif({{name}}, ''), {{other}}), coalesce(b.name, ''), coalesce(nullif({{category}}, ''), ''),
        a.unit, a.pack, p.min_quantity, p.listed, {NET}, {GROSS}, a.tax_rate
    FROM priced p JOIN catalog_product a ON a.id = p.product_id
    LEFT JOIN catalog_brand b ON b.id = a.brand_id LEFT JOIN catalog_category c ON c.id = a.category_id
    ORDER BY a.sku_key, p.min_quantity
"""  # noqa: S608 (words of our own)
FIELDS: Final = (
    "sku", "mpn", "name", "brand", "category", "unit", "pack", "min_quantity",
    "list_price", "price", "price_with_tax", "tax_rate",
)  # fmt: skip
WIDTHS: Final = (18, 18, 60, 18, 28, 8, 8, 12, 14, 14, 14, 8)
PRICES: Final = frozenset({"list_price", "price", "price_with_tax"})


def headings() -> dict[str, str]:
    """The columns' names in the active language."""
    return {
        "sku": _("SKU"),
        "mpn": _("Part number"),
        "name": _("Name"),
        "brand": _("Brand"),
        "category": _("Category"),
        "unit": _("Unit"),
        "pack": _("Pack"),
        "min_quantity": _("From quantity"),
        "list_price": _("List price"),
        "price": _("Your price without VAT"),
        "price_with_tax": _("Your price with VAT"),
        "tax_rate": _("VAT, %"),
    }


def price_rows(context: PriceContext, language: str) -> Iterator[tuple[Any, ...]]:
    """The articles that the context prices, in order of SKU, a row for each quantity break: values of `FIELDS`."""
    ours, other = ("ru", "en") if is_russian(language) else ("en", "ru")
    priced, values = priced_sql(context)
    statement = ROWS.format(priced=priced, name=f"a.name_{ours}", other=f"a.name_{other}", category=f"c.name_{ours}")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def facts(context: PriceContext) -> dict[str, Any]:
    """What a price list must say of itself: the day, the currency, the tier, the versions it is made of."""
    return {
        "date": context.on.isoformat(),
        "currency": context.currency,
        "tier": context.tier.code if context.tier else None,
        "discount": str(context.tier.discount) if context.tier else "0",
        "versions": [version.version_id for version in list_versions(context) if version.since <= context.on],
    }


def as_csv(context: PriceContext, language: str) -> Iterator[bytes]:
    """CSV as spreadsheet programs of the language expect it: semicolons, and in Russian a decimal comma."""
    comma = is_russian(language)

    def cell(value: Any) -> Any:
        return str(value).replace(".", ",") if comma and isinstance(value, Decimal) else value

    def lines() -> Iterator[list[Any]]:
        with override(language):
            yield [*headings().values(), _("Currency")]
        for row in price_rows(context, language):
            yield [*map(cell, row), context.currency]

    return csv_lines(lines())


def as_json(context: PriceContext, language: str) -> Iterator[bytes]:
    """One JSON object, written as it is read: the facts, then `results`."""
    yield orjson.dumps(facts(context))[:-1] + b',"results":['
    first = True
    for row in price_rows(context, language):
        yield (b"" if first else b",") + orjson.dumps(dict(zip(FIELDS, row, strict=True)), default=str)
        first = False
    yield b"]}"


def as_xlsx(context: PriceContext, language: str) -> IO[bytes]:
    """A workbook in a temporary file, written as it is read: texts are texts (never formulas), prices are numbers."""
    with override(language):
        names = headings()
        about = {_("Date"): context.on.isoformat(), _("Currency"): context.currency}
        if context.tier:
            tier = context.tier.name_ru if is_russian(language) else context.tier.name_en
            about |= {_("Tier"): tier, _("Discount, %"): str(context.tier.discount)}
        sheet, other, label, value = _("Prices"), _("About"), _("What"), _("Value")
    rows = (
        {names[field]: _cell(cell) for field, cell in zip(FIELDS, row, strict=True)}
        for row in price_rows(context, language)
    )
    target = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the answer closes it)
    book = FastExcel(target.name).freeze(row=1)
    book.sheet(
        sheet,
        rows,
        column_widths=dict(zip(names.values(), WIDTHS, strict=True)),
        column_formats={names[field]: Format().set_num_format("#,##0.00##") for field in PRICES},
        header_format=Format().set_bold(),
        autofilter=True,
        ignore_errors=[names["sku"], names["mpn"]],
    )
    book.sheet(other, [{label: key, value: text} for key, text in about.items()], column_width=24)
    book.save()
    return target


def _cell(value: Any) -> Any:
    """A number as a workbook keeps numbers: four digits of a price survive a binary float."""
    return float(value) if isinstance(value, Decimal) else value


def file_name(dealer_code: str, on: dt.date, file_format: FileFormat) -> str:
    return f"price-list_{dealer_code}_{on.isoformat()}.{file_format.value}"


TYPES = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.JSON: "application/json"}


def price_list_answer(principal: Principal, file_format: FileFormat) -> HttpResponseBase:
    """The principal's own price list, streamed and audited. Raises NotAllowed for whoever sees no prices."""
    context = PriceContext.of(principal)
    code = Dealer.objects.values_list("code", flat=True).get(pk=principal.dealer_id or 0)
    name = file_name(code, context.on, file_format)
    note_download(by=principal, context=context, file_format=file_format)
    if file_format is FileFormat.XLSX:
        return stream(File(as_xlsx(context, principal.language)), filename=name)
    lines = as_csv if file_format is FileFormat.CSV else as_json
    response = StreamingHttpResponse(lines(context, principal.language), content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
