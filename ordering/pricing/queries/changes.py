"""What a version of a list would change: raised, lowered, new, gone, and what looks like a mistake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from ..enums import Suspicion
from ..models import PriceListVersion

SHOWN: Final = 200
MUCH: Final = Decimal(30)  # percent
THOUSANDFOLD: Final = 500  # a thousandfold, give or take a real change of price
CHANGES: Final = """
    WITH changes AS (
        SELECT product_id, min_quantity, f.amount AS former, n.amount AS coming,
            abs(n.amount - f.amount) / f.amount * 100 > %(much)s AS suspicious,
            greatest(n.amount / f.amount, f.amount / n.amount) AS ratio
        FROM (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(version)s) n
        FULL JOIN (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(before)s) f
            USING (product_id, min_quantity)
    )
"""
COUNTS: Final = """
    SELECT count(*) FILTER (WHERE coming > former), count(*) FILTER (WHERE coming < former),
        count(*) FILTER (WHERE former IS NULL), count(*) FILTER (WHERE coming IS NULL),
        count(*) FILTER (WHERE coming = former), count(*) FILTER (WHERE suspicious)
    FROM changes
"""
# The most suspicious first, then what goes, then by how much.
ROWS: Final = """
    SELECT a.sku, a.name_ru, a.name_en, c.min_quantity, c.former, c.coming
    FROM changes c JOIN catalog_product a ON a.id = c.product_id
    WHERE c.former IS DISTINCT FROM c.coming
    ORDER BY c.suspicious IS TRUE DESC, c.coming IS NULL DESC, c.ratio DESC NULLS LAST, a.sku_key, c.min_quantity
    LIMIT %(shown)s
"""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One price (of an article from a quantity on) before and after; None where there is none."""

    sku: str
    name_ru: str
    name_en: str
    min_quantity: int
    former: Decimal | None
    coming: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        if self.former is None or self.coming is None:
            return None
        return round((self.coming - self.former) / self.former * 100, 1)

    @property
    def suspicion(self) -> Suspicion | None:
        """Why it may be a mistake; None where nothing says so."""
        if self.former is None or self.coming is None:
            return None
        if _digits(self.former) == _digits(self.coming) and self.former != self.coming:
            return Suspicion.DECIMAL_SIGN
        if max(self.coming / self.former, self.former / self.coming) >= THOUSANDFOLD:
            return Suspicion.THOUSANDFOLD
        change = abs(self.coming - self.former) / self.former * 100
        return Suspicion.MUCH if change > MUCH else None


def _digits(amount: Decimal) -> str:
    """The digits without the decimal sign: 2024.994 and 2024994 have the same, and so may a locale have made of one the other."""
    return str(amount).replace(".", "").strip("0")


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The changes against what the list says on a day, in prices (an article has one for each quantity break).

    `rows` are the first `SHOWN` of them, the most suspicious first.
    """

    before: PriceListVersion | None
    raised: int
    lowered: int
    new: int
    gone: int
    same: int
    suspicious: int
    rows: list[PriceChange]


def version_changes(version: PriceListVersion, on: dt.date) -> VersionChanges:
    """What the version would change if it held from that day on. Three queries."""
    before = (
        PriceListVersion.objects.in_force(on)
        .filter(price_list=version.price_list_id)
        .exclude(pk=version.pk)
        .order_by("-number")
        .first()
    )
    values = {"version": version.pk, "before": before.pk if before else None, "much": MUCH, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(CHANGES + COUNTS, values)
        raised, lowered, new, gone, same, suspicious = cursor.fetchone() or (0,) * 6
        cursor.execute(CHANGES + ROWS, values)
        rows = [PriceChange(*row) for row in cursor.fetchall()]
    return VersionChanges(before, raised, lowered, new, gone, same, suspicious, rows)
