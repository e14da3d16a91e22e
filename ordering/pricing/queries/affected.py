"""Whom a version of a list would reach, and what of their last year it would touch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from ordering.sales.enums import Measure

from ..models import PriceListVersion

DAYS: Final = 365
# Dealers whom the list reaches; the lists that are asked before it for each of them; what they bought of the changed
# articles, less what a nearer list or a fixed contract prices. The price from one unit on says by how much.
AFFECTED: Final = """
    WITH changes AS (
        SELECT product_id, max(n.amount / f.amount) FILTER (WHERE min_quantity = 1) AS ratio
        FROM (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(version)s) n
        FULL JOIN (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(before)s) f
            USING (product_id, min_quantity)
        GROUP BY product_id HAVING bool_or(n.amount IS DISTINCT FROM f.amount)
    ), reached AS (
        SELECT d.id, d.name, d.code, r.id AS region_id, r.name_ru, r.name_en,
            string_to_array(trim(BOTH '/' FROM r.path), '/')::bigint[] AS region_ids
        FROM accounts_dealer d JOIN accounts_region r ON r.id = d.home_region_id
        WHERE d.is_active AND d.currency = %(currency)s AND CASE %(scope)s
            WHEN 'dealer' THEN d.id = %(dealer)s WHEN 'region' THEN starts_with(r.path, %(path)s) ELSE true END
    ), nearer AS (
        SELECT d.id AS dealer_id, v.id AS version_id
        FROM reached d JOIN pricing_pricelist l ON l.currency = %(currency)s AND l.id <> %(list)s
            AND (l.dealer_id = d.id OR (l.scope = 'region' AND l.region_id = ANY(d.region_ids)))
        LEFT JOIN accounts_region lr ON lr.id = l.region_id
        JOIN pricing_pricelistversion v ON v.price_list_id = l.id
            AND v.published_at IS NOT NULL AND v.validity @> %(on)s::date
        WHERE %(scope)s <> 'dealer' AND (l.scope = 'dealer' OR length(lr.path) > length(%(path)s))
    ), bought AS (
        SELECT e.dealer_id, e.product_id, sum(e.net) AS net
        FROM sales_ledgerentry e
        WHERE e.currency = %(currency)s AND e.kind = ANY(%(kinds)s) AND e.date > %(since)s AND e.date <= %(on)s
            AND e.product_id IN (SELECT product_id FROM changes) AND e.dealer_id IN (SELECT id FROM reached)
        GROUP BY e.dealer_id, e.product_id
    ), touched AS (
        SELECT b.dealer_id, b.net, b.net * (c.ratio - 1) AS effect
        FROM bought b JOIN changes c USING (product_id)
        WHERE NOT EXISTS (
            SELECT FROM nearer n JOIN pricing_price p ON p.version_id = n.version_id AND p.product_id = b.product_id
            WHERE n.dealer_id = b.dealer_id
        ) AND NOT EXISTS (
            SELECT FROM pricing_contract k WHERE k.dealer_id = b.dealer_id AND k.product_id = b.product_id
                AND k.currency = %(currency)s AND k.percent IS NULL AND k.published_at IS NOT NULL
                AND k.validity @> %(on)s::date
        )
    )
    SELECT d.name, d.code, d.region_id, d.name_ru, d.name_en,
        count(t.net), coalesce(sum(t.net), 0), coalesce(round(sum(t.effect), 2), 0)
    FROM reached d LEFT JOIN touched t ON t.dealer_id = d.id
    GROUP BY d.id, d.name, d.code, d.region_id, d.name_ru, d.name_en
    ORDER BY abs(coalesce(sum(t.net), 0)) DESC, d.name, d.id
"""


@dataclass(frozen=True, slots=True)
class AffectedDealer:
    """A dealer whom the list reaches. `articles` of those changed it bought in the last year, for `net` without tax.

    `effect`: by how much that would cost more (or less) at the new prices, discounts left out.
    """

    name: str
    code: str
    region_id: int
    name_ru: str
    name_en: str
    articles: int
    net: Decimal
    effect: Decimal


@dataclass(slots=True)
class AffectedRegion:
    """The dealers of a home region together; `buyers` bought something of what changes."""

    name_ru: str
    name_en: str
    dealers: int = 0
    buyers: int = 0
    net: Decimal = Decimal(0)
    effect: Decimal = Decimal(0)


def affected_dealers(version: PriceListVersion, before: PriceListVersion | None, on: dt.date) -> list[AffectedDealer]:
    """Every dealer whom the version would reach, those with the most at stake first. One query.

    Categories' contracts are not taken off: their dealers are shown although a part of their prices stays.
    """
    price_list = version.price_list
    values = {
        "version": version.pk, "before": before.pk if before else None, "list": price_list.pk, "on": on,
        "since": on - dt.timedelta(days=DAYS), "currency": price_list.currency, "scope": price_list.scope,
        "dealer": price_list.dealer_id, "path": price_list.region.path if price_list.region else "",
        "kinds": list(Measure.SHIPPED.kinds),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(AFFECTED, values)
        return [AffectedDealer(*row) for row in cursor.fetchall()]


def by_region(dealers: list[AffectedDealer]) -> list[AffectedRegion]:
    """The same by home region, those with the most at stake first."""
    regions: dict[int, AffectedRegion] = {}
    for dealer in dealers:
        region = regions.setdefault(dealer.region_id, AffectedRegion(dealer.name_ru, dealer.name_en))
        region.dealers += 1
        region.buyers += dealer.articles > 0
        region.net += dealer.net
        region.effect += dealer.effect
    return sorted(regions.values(), key=lambda region: -abs(region.net))
