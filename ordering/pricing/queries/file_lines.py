"""The rows of a price-list file as text that PostgreSQL itself writes: one COPY, no value passes through Python.

Formula injection: a CSV's text that a spreadsheet program may take for a formula begins with an apostrophe; a workbook's
texts are inline strings. What is left unguarded are numbers that the database wrote as numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.lib.formats import UNITS, is_russian
from portal.lib.sheets import SHEET_ROWS, xml_row
from portal.lib.spreadsheets import FORMULA_STARTS

from ..enums import ChangeKind, FileFormat
from .basis import Basis
from .resolved import GROSS, NET, priced_by_basis

# COPY writes a row that has none of these two signs, nor an end of line, as it is: JSON and XML are such rows.
RAW: Final = r"(FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"
CSV: Final = "(FORMAT csv, DELIMITER ';')"
GUARDED: Final = ", ".join(str(ord(sign)) for sign in (*FORMULA_STARTS, "\n", "＝", "＋", "－", "＠"))
LISTED: Final = f"""
    SELECT a.sku_key, p.product_id, a.sku, a.mpn, {{name}} AS name, b.name AS brand, {{category}} AS category,
        coalesce(u.word, a.unit) AS unit, a.unit AS unit_code, a.pack, p.min_quantity, p.listed, {NET} AS net,
        {GROSS} AS gross, a.tax_rate
    FROM ({{priced}} SELECT * FROM priced) p JOIN catalog_product a ON a.id = p.product_id {{facts}}
"""  # noqa: S608 (words of our own)
FACTS: Final = """
    LEFT JOIN catalog_brand b ON b.id = a.brand_id LEFT JOIN catalog_category c ON c.id = a.category_id
    LEFT JOIN unnest(%(unit_codes)s::text[], %(unit_words)s::text[]) u (code, word) ON u.code = a.unit
"""
# One row a quantity break whose price, or whose article's SKU, is not what it was.
CHANGED: Final = f"""
    SELECT a.sku_key, a.id AS product_id, a.sku, nullif(f.sku, a.sku) AS former_sku, a.mpn, {{name}} AS name, b.name AS brand,
        {{category}} AS category, coalesce(u.word, a.unit) AS unit, a.unit AS unit_code, a.pack, x.min_quantity,
        x.before, x.net, x.gross_before, x.gross, x.tax_rate,
        CASE WHEN x.before IS NULL THEN 'new' WHEN x.net IS NULL THEN 'gone'
            WHEN (x.net, x.gross) = (x.before, x.gross_before) THEN 'renamed' ELSE 'changed' END AS change,
        round((x.net - x.before) / x.before * 100, 2) AS percent
    FROM (
        SELECT coalesce(n.product_id, o.product_id) AS product_id, coalesce(n.min_quantity, o.min_quantity) AS min_quantity,
            o.net AS before, n.net, o.gross AS gross_before, n.gross, coalesce(n.tax_rate, o.tax_rate) AS tax_rate
        FROM (SELECT p.product_id, p.min_quantity, p.tax_rate, {NET} AS net, {GROSS} AS gross
              FROM ({{now}} SELECT * FROM priced) p) n
        FULL JOIN (SELECT p.product_id, p.min_quantity, p.tax_rate, {NET} AS net, {GROSS} AS gross
              FROM ({{then}} SELECT * FROM priced) p) o
            ON o.product_id = n.product_id AND o.min_quantity = n.min_quantity
    ) x JOIN catalog_product a ON a.id = x.product_id {{facts}} LEFT JOIN ({{former}}) f ON f.product_id = a.id
    WHERE (x.before, x.gross_before) IS DISTINCT FROM (x.net, x.gross) OR f.sku <> a.sku
"""  # noqa: S608 (words of our own)
UNSEEN: Final = """transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint
        AND NOT pg_visible_in_snapshot(transaction::text::xid8, %(snapshot)s::pg_snapshot)"""
# What articles were for whoever read with this snapshot: the first change that it does not see kept it.
FORMER: Final = f"SELECT DISTINCT ON (product_id) * FROM catalog_formerterms WHERE {UNSEEN} ORDER BY product_id, id"  # noqa: S608
CATALOGUE_THEN: Final = f"""
    WITH former_terms AS ({FORMER}), former_paths AS (
        SELECT DISTINCT ON (category_id) * FROM catalog_formerpath
        WHERE {UNSEEN} ORDER BY category_id, id
    ), then_product AS (
        SELECT a.id, a.sku_key, CASE WHEN f.id IS NULL THEN a.tax_rate ELSE f.tax_rate END AS tax_rate,
            CASE WHEN f.id IS NULL THEN a.brand_id ELSE f.brand_id END AS brand_id,
            CASE WHEN f.id IS NULL THEN a.category_id ELSE f.category_id END AS category_id
        FROM catalog_product a LEFT JOIN former_terms f ON f.product_id = a.id
        WHERE a.created_at <= %(taken_at)s
    ), then_category AS (
        SELECT c.id, coalesce(f.path, c.path) AS path FROM catalog_category c LEFT JOIN former_paths f ON f.category_id = c.id
    )
"""  # noqa: S608 (words of our own)
AMONG: Final = "ANY(SELECT s.id FROM catalog_product s WHERE {conditions})"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name for machines, what of the row it is, and how it is written."""

    name: str
    value: str
    kind: str  # text, number, price, percent; a rate is a number that machines read as a text
    width: int
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Then:
    """Former prices to compare with: their rules, and which catalogue they were reckoned with."""

    basis: Basis
    snapshot: str
    taken_at: Any
    catalogue_changed: bool


LIST_COLUMNS: Final = (
    Column("sku", "sku", "text", 18),
    Column("mpn", "mpn", "text", 18),
    Column("name", "name", "text", 60),
    Column("brand", "brand", "text", 18),
    Column("category", "category", "text", 28),
    Column("unit", "unit", "text", 8),
    Column("pack", "pack", "number", 8),
    Column("min_quantity", "min_quantity", "number", 12),
    Column("list_price", "listed", "price", 14),
    Column("price", "net", "price", 14),
    Column("price_with_tax", "gross", "price", 14),
    Column("tax_rate", "tax_rate", "rate", 8),
)
CHANGE_COLUMNS: Final = (
    Column("sku", "sku", "text", 18),
    Column("former_sku", "former_sku", "text", 18, nullable=True),
    *LIST_COLUMNS[1:7],
    Column("min_quantity", "min_quantity", "number", 12),
    Column("change", "change", "text", 14),
    Column("old_price", "before", "price", 14, nullable=True),
    Column("price", "net", "price", 14, nullable=True),
    Column("percent", "percent", "percent", 10, nullable=True),
    Column("old_price_with_tax", "gross_before", "price", 14, nullable=True),
    Column("price_with_tax", "gross", "price", 14, nullable=True),
    Column("tax_rate", "tax_rate", "rate", 8),
)


def headings() -> dict[str, str]:
    """The columns' names in the active language."""
    return {
        "sku": _("SKU"),
        "former_sku": _("Former SKU"),
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
        "change": pgettext("difference", "Change"),
        "old_price": _("Old price without VAT"),
        "old_price_with_tax": _("Old price with VAT"),
        "percent": _("Change, %"),
    }


def rows_sql(
    basis: Basis, language: str, conditions: Sequence[str] = (), then: Then | None = None
) -> tuple[str, dict[str, Any]]:
    """The rows of a file as a SELECT, in no order, and its values. `conditions` narrow the articles (`s` in SQL)."""
    ours, other = ("ru", "en") if is_russian(language) else ("en", "ru")
    among = AMONG.format(conditions=" AND ".join(conditions)) if conditions else ""
    words = {
        "name": f"coalesce(nullif(a.name_{ours}, ''), a.name_{other})",
        "category": f"coalesce(nullif(c.name_{ours}, ''), c.name_{other})",
        "facts": FACTS,
    }
    now, values = priced_by_basis(basis, among)
    values |= {
        "unit_codes": list(UNITS),
        "unit_words": [russian if is_russian(language) else english for russian, english in UNITS.values()],
    }
    if then is None:
        return LISTED.format(priced=now, **words), values
    before, former = priced_by_basis(then.basis, among, then="then_" if then.catalogue_changed else "")
    if then.catalogue_changed:
        before = CATALOGUE_THEN + before.replace("WITH lists AS", ", lists AS", 1)
    values |= {f"then_{name}": value for name, value in former.items()}
    values |= {"snapshot": then.snapshot, "taken_at": then.taken_at}
    for name in former:
        before = before.replace(f"%({name})s", f"%(then_{name})s")
    return CHANGED.format(now=now, then=before, former=FORMER, **words), values


def copy_sql(file_format: FileFormat, columns: Sequence[Column], rows: str, language: str, constants: int = 0) -> str:
    """COPY of the rows of `rows_sql` in their order. `%(before)s` rows of the file are written already.

    CSV: `constants` columns more, the same in every row, from `%(constant_0)s` on. JSON: every row begins with a comma.
    """
    source, options = f"({rows}) r", RAW
    if file_format is FileFormat.CSV:
        same = [f"%(constant_{n})s::text" for n in range(constants)]
        line, options = ", ".join([*(_csv_cell(column, language) for column in columns), *same]), CSV
    elif file_format is FileFormat.JSON:
        line = _json_line(columns)
    else:
        source = f"(SELECT *, row_number() OVER (ORDER BY sku_key, min_quantity) + %(before)s AS n FROM ({rows}) r) r"  # noqa: S608
        line = _xml_line(columns)
    return f"COPY (SELECT {line} FROM {source} ORDER BY sku_key, min_quantity) TO STDOUT {options}"  # noqa: S608


def _text(column: Column) -> str:
    """The column's text in SQL; kinds of change in words of the active language."""
    if column.name != "change":
        return column.value
    whens = " ".join(f"WHEN '{kind.value}' THEN {_quoted(str(kind.label))}" for kind in ChangeKind)
    return f"CASE {column.value} {whens} END"


def _quoted(text: str) -> str:
    """A text of ours as SQL in a statement with parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _csv_cell(column: Column, language: str) -> str:
    if column.kind == "text":
        text = _text(column)
        return f"CASE WHEN ascii({text}) IN ({GUARDED}) THEN chr(39) || {text} ELSE nullif({text}, '') END"
    if column.kind == "number" or not is_russian(language):
        return column.value
    return f"replace({column.value}::text, '.', ',')"


def _json_line(columns: Sequence[Column]) -> str:
    fields = ",".join(f'"{column.name}":%%s' for column in columns)
    return f"format(',{{{fields}}}', {', '.join(map(_json_value, columns))})"


def _json_value(column: Column) -> str:
    value = "unit_code" if column.name == "unit" else column.value
    if column.kind == "number":
        return value
    if column.nullable:
        return f"coalesce(to_json({value}::text)::text, 'null')"
    return f"to_json(coalesce({value}, ''))" if column.kind == "text" else f"'\"' || {value} || '\"'"


def _xml_line(columns: Sequence[Column]) -> str:
    template = xml_row([(column.kind, column.nullable) for column in columns]).replace("%", "%%")
    return f"format('{template}', ((n - 1) %% {SHEET_ROWS} + 2)::text, {', '.join(map(_xml_value, columns))})"


def _xml_value(column: Column) -> str:
    if column.kind == "text":
        return f"replace(replace({_text(column)}, '&', '&amp;'), '<', '&lt;')"
    return f"'<v>' || {column.value} || '</v>'" if column.nullable else column.value
