"""Every change of a draft's prices is noted by the database, whatever path it comes by."""

from __future__ import annotations

from typing import Final

import pgtrigger

# The edit that the changes of a transaction belong to; `ordering.pricing.services.drafts` says it.
SETTING: Final = "pricing.edit"
NOTE: Final = f"""
INSERT INTO pricing_priceedit (edit_id, version_id, product_id, min_quantity, former, coming, changed_at)
SELECT nullif(current_setting('{SETTING}', true), '')::bigint, version_id, product_id, min_quantity, former, coming, now()
FROM ({{rows}}) changes;
RETURN NULL;
"""  # noqa: S608 (words of our own)
# The first filling of a draft is no change of it, and a file's hundred thousand rows would cost twice: the version's source
# tells of it. From the first edit on every row counts.
UNLESS_FIRST: Final = """
IF NOT EXISTS (
    SELECT FROM (SELECT DISTINCT version_id FROM added) a JOIN pricing_draftedit e ON e.version_id = a.version_id
) THEN
    RETURN NULL;
END IF;
"""
NOTE_INSERT: Final = UNLESS_FIRST + NOTE.format(
    rows="SELECT version_id, product_id, min_quantity, NULL::numeric AS former, amount AS coming FROM added"
)
NOTE_UPDATE: Final = NOTE.format(
    rows="""
        SELECT version_id, product_id, min_quantity, o.amount AS former, n.amount AS coming
        FROM old_prices o FULL JOIN new_prices n USING (version_id, product_id, min_quantity)
        WHERE o.amount IS DISTINCT FROM n.amount
    """
)
# A draft thrown away whole takes its prices along, which is no change of it either: its row is gone before them.
NOTE_DELETE: Final = NOTE.format(
    rows="""
        SELECT version_id, product_id, min_quantity, amount AS former, NULL::numeric AS coming
        FROM removed WHERE EXISTS (SELECT FROM pricing_pricelistversion v WHERE v.id = removed.version_id)
    """
)


def noted(name: str, operation: pgtrigger.Operation, func: str, **tables: str) -> pgtrigger.Trigger:
    """Notes what a statement does to prices; once per statement, whatever its rows."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        func=func,
    )


NOTES: Final = (
    noted("note_insert", pgtrigger.Insert, NOTE_INSERT, new="added"),
    noted("note_update", pgtrigger.Update, NOTE_UPDATE, old="old_prices", new="new_prices"),
    noted("note_delete", pgtrigger.Delete, NOTE_DELETE, old="removed"),
)
