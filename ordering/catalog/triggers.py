"""What the database itself notes of a change of the catalogue, in the statement that makes it, so that no path goes round it."""

from __future__ import annotations

import pgtrigger

# What a price list says of an article, and what its price depends on.
LISTED = ("sku", "mpn", "name_ru", "name_en", "brand_id", "category_id", "unit", "pack", "tax_rate")
PRICED_BY = ("sku", "tax_rate", "brand_id", "category_id")


def _differs(columns: tuple[str, ...]) -> str:
    """Whether a row of `former` differs from its row of `changed` in one of the columns."""
    before, after = (", ".join(f"{row}.{name}" for name in columns) for row in ("o", "n"))
    return f"({before}) IS DISTINCT FROM ({after})"


NOTE_CHANGE = "INSERT INTO catalog_cataloguechange (changes) VALUES (1);"
KEEP_FORMER_TERMS = f"""
    INSERT INTO catalog_formerterms (product_id, sku, tax_rate, brand_id, category_id, transaction, changed_at)
    SELECT o.id, o.sku, o.tax_rate, o.brand_id, o.category_id, pg_current_xact_id()::text::bigint, clock_timestamp()
    FROM former o JOIN changed n ON n.id = o.id WHERE {_differs(PRICED_BY)} ORDER BY o.id;
    IF EXISTS (SELECT FROM former o JOIN changed n ON n.id = o.id WHERE {_differs(LISTED)}) THEN {NOTE_CHANGE} END IF;
    RETURN NULL;
"""  # noqa: S608 (names of our own)
KEEP_FORMER_PATHS = f"""
    INSERT INTO catalog_formerpath (category_id, path, transaction, changed_at)
    SELECT o.id, o.path, pg_current_xact_id()::text::bigint, clock_timestamp()
    FROM former o JOIN changed n ON n.id = o.id WHERE o.path <> n.path ORDER BY o.id;
    IF EXISTS (SELECT FROM former o JOIN changed n ON n.id = o.id WHERE {_differs(("path", "name_ru", "name_en"))})
    THEN {NOTE_CHANGE} END IF;
    RETURN NULL;
"""  # noqa: S608 (names of our own)
NOTE_BRANDS = f"""
    IF EXISTS (SELECT FROM former o JOIN changed n ON n.id = o.id WHERE o.name <> n.name) THEN {NOTE_CHANGE} END IF;
    RETURN NULL;
"""
NOTE_ROWS = f"IF EXISTS (SELECT FROM touched) THEN {NOTE_CHANGE} END IF; RETURN NULL;"


def noting(name: str, operation: pgtrigger.Operation, func: str, **tables: str) -> pgtrigger.Trigger:
    """One look per statement, whatever its rows."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        func=func,
    )


PRODUCT: tuple[pgtrigger.Trigger, ...] = (
    noting("keep_former_terms", pgtrigger.Update, KEEP_FORMER_TERMS, old="former", new="changed"),
    noting("note_new", pgtrigger.Insert, NOTE_ROWS, new="touched"),
    noting("note_gone", pgtrigger.Delete, NOTE_ROWS, old="touched"),
)
CATEGORY: tuple[pgtrigger.Trigger, ...] = (
    noting("keep_former_paths", pgtrigger.Update, KEEP_FORMER_PATHS, old="former", new="changed"),
)
BRAND: tuple[pgtrigger.Trigger, ...] = (
    noting("note_renamed", pgtrigger.Update, NOTE_BRANDS, old="former", new="changed"),
)
