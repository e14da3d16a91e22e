"""What a version of a list would change: raised, lowered, new, gone, and what looks like a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from ..enums import Change, Suspicion
from ..models import PriceListVersion

SHOWN: Final = 200
MUCH: Final = Decimal(30)  # percent
THOUSANDFOLD: Final = 500  # a thousandfold, give or take a real change of price
CHANGES: Final = """
    WITH changes AS (
        SELECT product_id, min_quantity, f.amount AS former, n.amount AS coming,
            abs(n.amount - f.amount) / f.amount * 100 > %(much)s AS suspicious,
            greatest(n.amount / f.amount, f.amount / n.amount) AS ratio
        FROM ({coming}) n FULL JOIN ({former}) f USING (product_id, min_quantity)
    )
"""
OF_VERSIONS: Final = CHANGES.format(
    coming="SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(version)s",
    former="SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(before)s",
)
COUNTS: Final = """
    SELECT count(*) FILTER (WHERE coming > former), count(*) FILTER (WHERE coming < former),
        count(*) FILTER (WHERE former IS NULL), count(*) FILTER (WHERE coming IS NULL),
        count(*) FILTER (WHERE coming = former), count(*) FILTER (WHERE suspicious)
    FROM changes
"""
WHICH: Final[Mapping[Change, str]] = {
    Change.ALL: "c.former IS DISTINCT FROM c.coming",
    Change.RAISED: "c.coming > c.former",
    Change.LOWERED: "c.coming < c.former",
    Change.NEW: "c.former IS NULL",
    Change.GONE: "c.coming IS NULL",
    Change.SUSPICIOUS: "c.suspicious",
}
# The most suspicious first, then what goes, then by how much.
ROWS: Final = """
    SELECT a.sku, a.name_ru, a.name_en, c.min_quantity, c.former, c.coming
    FROM changes c JOIN catalog_product a ON a.id = c.product_id
    WHERE {where}
    ORDER BY c.suspicious IS TRUE DESC, c.coming IS NULL DESC, c.ratio DESC NULLS LAST, a.sku_key, c.min_quantity
    LIMIT %(shown)s OFFSET %(offset)s
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
        return suspicion(self.former, self.coming)


def suspicion(former: Decimal | None, coming: Decimal | None) -> Suspicion | None:
    """Why a changed price may be a mistake; None where nothing says so."""
    if former is None or coming is None:
        return None
    if _digits(former) == _digits(coming) and former != coming:
        return Suspicion.DECIMAL_SIGN
    if max(coming / former, former / coming) >= THOUSANDFOLD:
        return Suspicion.THOUSANDFOLD
    return Suspicion.MUCH if abs(coming - former) / former * 100 > MUCH else None


def _digits(amount: Decimal) -> str:
    """The digits without the decimal sign: 2024.994 and 2024994 have the same, and so may a locale have made of one the other."""
    return str(amount).replace(".", "").strip("0")


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The changes of one version against another, in prices (an article has one for each quantity break).

    `rows` are `SHOWN` of them, the most suspicious first.
    """

    before: PriceListVersion | None
    raised: int
    lowered: int
    new: int
    gone: int
    same: int
    suspicious: int
    rows: list[PriceChange]

    @property
    def is_cut(self) -> bool:
        """Whether there are more changes than rows."""
        return len(self.rows) < self.raised + self.lowered + self.new + self.gone


def version_changes(version: PriceListVersion, on: dt.date) -> VersionChanges:
    """What the version would change if it held from that day on. Three queries."""
    before = (
        PriceListVersion.objects.in_force(on)
        .filter(price_list=version.price_list_id)
        .exclude(pk=version.pk)
        .order_by("-number")
        .first()
    )
    return changes_between(before, version)


def changes_between(
    before: PriceListVersion | None, version: PriceListVersion, *, which: Change = Change.ALL, page: int = 1
) -> VersionChanges:
    """How a version differs from another one, of the same list or not. `which` narrows the rows. Two queries."""
    values = {
        "version": version.pk, "before": before.pk if before else None, "much": MUCH,
        "shown": SHOWN, "offset": (page - 1) * SHOWN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OF_VERSIONS + COUNTS, values)
        raised, lowered, new, gone, same, suspicious = cursor.fetchone() or (0,) * 6
        cursor.execute(OF_VERSIONS + ROWS.format(where=WHICH[which]), values)
        rows = [PriceChange(*row) for row in cursor.fetchall()]
    return VersionChanges(before, raised, lowered, new, gone, same, suspicious, rows)
