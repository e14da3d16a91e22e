"""Which tier a dealer holds on a day: what prices take their discount from, so it is read with every price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from ..rules import DiscountException, article_percent

# Of a dealer's awards the one of the programme that runs, then the highest. Under a new programme nothing is held until it
# has decided for the first time: until then the awards of the programme before it go on (`Programme.objects.in_effect_on`).
# `until`: the end of the award, of its programme, or the day a higher tier begins; of what only goes on, the next day.
HELD: Final = """
    SELECT DISTINCT ON (w.dealer_id) w.dealer_id, w.id, t.id, t.code, t.name_ru, t.name_en, t.discount, lower(w.validity),
        CASE WHEN p.validity @> %(on)s::date THEN least(upper(w.validity), upper(p.validity), (
            SELECT min(lower(r.validity)) FROM programme_tieraward r JOIN programme_tier higher ON higher.id = r.tier_id
            WHERE r.dealer_id = w.dealer_id AND r.programme_id = w.programme_id AND lower(r.validity) > %(on)s
                AND higher.threshold > t.threshold
        )) ELSE %(on)s::date + 1 END,
        ARRAY(SELECT json_build_array(e.category_id, e.brand_id, e.discount::text)
              FROM programme_tierexception e WHERE e.tier_id = t.id ORDER BY e.id)
    FROM programme_tieraward w
    JOIN programme_tier t ON t.id = w.tier_id
    JOIN programme_programme p ON p.id = w.programme_id
    JOIN accounts_dealer d ON d.id = w.dealer_id AND d.currency = p.currency
    WHERE w.validity @> %(on)s::date {one} AND (p.validity @> %(on)s::date OR EXISTS (
        SELECT FROM programme_programme fresh WHERE fresh.currency = p.currency AND fresh.evaluated_on IS NULL
            AND fresh.validity @> %(on)s::date AND lower(fresh.validity) = upper(p.validity)
    ))
    ORDER BY w.dealer_id, p.validity @> %(on)s::date DESC, t.threshold DESC
"""
ONE: Final = "AND w.dealer_id = %(dealer)s"


@dataclass(frozen=True, slots=True)
class HeldTier:
    """A tier a dealer holds on a day: what pricing takes its discount (in percent) from.

    `until` is the first day on which it is no longer certain. `exceptions` are other percents for a category or brand:
    `percent` is what an article gets.
    """

    award_id: int
    tier_id: int
    code: str
    name_ru: str
    name_en: str
    discount: Decimal
    since: dt.date
    until: dt.date | None
    exceptions: tuple[DiscountException, ...] = ()

    def percent(self, category_path: str, brand_id: int | None) -> Decimal:
        """The percent for an article with this `Category.path` (empty: none) and brand."""
        return article_percent(self.discount, self.exceptions, category_path, brand_id)

    @property
    def cache_key(self) -> str:
        """Everything of the tier that a price depends on, in words."""
        others = ",".join(f"{one.category_id or ''}/{one.brand_id or ''}={one.discount}" for one in self.exceptions)
        return f"{self.award_id}:{self.tier_id}:{self.discount}:{others}"


def tier_on(dealer_id: int, on: dt.date) -> HeldTier | None:
    """The tier a dealer holds on a day, if any: the higher one where volume and a decision both give one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(one=ONE), {"on": on, "dealer": dealer_id})
        row = cursor.fetchone()
    return _held(row) if row else None


def tiers_on(on: dt.date) -> dict[int, HeldTier]:
    """Dealer id → the tier held on a day, for every dealer that holds one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(one=""), {"on": on})
        return {row[0]: _held(row) for row in cursor.fetchall()}


def _held(row: Sequence[Any]) -> HeldTier:
    said = tuple(DiscountException(category, brand, Decimal(percent)) for category, brand, percent in row[-1])
    values: list[Any] = [*row[1:-1], said]
    return HeldTier(*values)
