"""Whom a version of a list would reach, and what of their last year it would touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from ordering.sales.enums import Measure
from portal.lib.clock import business_date

from ..models import PriceListVersion

DAYS: Final = 365
# Dealers whom the list reaches; the lists that are asked before it for each of them; what they bought of the changed
# articles, less what a nearer list or a fixed contract prices. The price from one unit on says by how much.
REACHED: Final = """
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
    )
"""
# Of what a dealer has (`had`: dealer_id, product_id, …) what the version would touch: no nearer list says it, nor does the
# contract that is nearest to the article have prices of its own. One in percent follows the list.
TOUCHED: Final = """
    , agreed AS (
        SELECT DISTINCT ON (b.dealer_id, b.product_id) b.dealer_id, b.product_id, k.percent IS NULL AS is_fixed
        FROM (SELECT DISTINCT dealer_id, product_id FROM had) b
        JOIN pricing_contract k ON k.dealer_id = b.dealer_id AND k.currency = %(currency)s
            AND k.published_at IS NOT NULL AND k.validity @> %(on)s::date
        LEFT JOIN catalog_category kc ON kc.id = k.category_id
        JOIN catalog_product a ON a.id = b.product_id LEFT JOIN catalog_category branch ON branch.id = a.category_id
        WHERE k.product_id = b.product_id OR starts_with(branch.path, kc.path)
        ORDER BY b.dealer_id, b.product_id, k.product_id IS NULL, length(kc.path) DESC
    ), touched AS (
        SELECT b.* FROM had b
        WHERE NOT EXISTS (
            SELECT FROM nearer n JOIN pricing_price p ON p.version_id = n.version_id AND p.product_id = b.product_id
            WHERE n.dealer_id = b.dealer_id
        ) AND NOT EXISTS (
            SELECT FROM agreed g WHERE g.dealer_id = b.dealer_id AND g.product_id = b.product_id AND g.is_fixed
        )
    )
"""
AFFECTED: Final = f"""{REACHED}
    , had AS (
        SELECT e.dealer_id, e.product_id, sum(e.net) AS net
        FROM sales_ledgerentry e
        WHERE e.currency = %(currency)s AND e.kind = ANY(%(kinds)s) AND e.date > %(since)s AND e.date <= %(on)s
            AND e.product_id IN (SELECT product_id FROM changes) AND e.dealer_id IN (SELECT id FROM reached)
        GROUP BY e.dealer_id, e.product_id
    ) {TOUCHED}
    SELECT d.name, d.code, d.region_id, d.name_ru, d.name_en,
        count(t.net), coalesce(sum(t.net), 0), coalesce(round(sum(t.net * (c.ratio - 1)), 2), 0)
    FROM reached d LEFT JOIN touched t ON t.dealer_id = d.id LEFT JOIN changes c ON c.product_id = t.product_id
    GROUP BY d.id, d.name, d.code, d.region_id, d.name_ru, d.name_en
    ORDER BY abs(coalesce(sum(t.net), 0)) DESC, d.name, d.id
"""  # noqa: S608 (parts of our own)
# What a line costs without tax, by a version's price of its quantity.
COST: Final = """
    SELECT round(t.quantity * CASE WHEN %(gross)s THEN round(p.amount * 100 / (100 + a.tax_rate), 4) ELSE p.amount END, 2)
    FROM pricing_price p WHERE p.version_id = {version} AND p.product_id = t.product_id AND p.min_quantity <= t.quantity
    ORDER BY p.min_quantity DESC LIMIT 1
"""
# The same of lines that are not bought yet.
LINES: Final = f"""{REACHED}
    , had AS (
        SELECT l.* FROM unnest(%(holders)s::bigint[], %(dealers)s::bigint[], %(products)s::bigint[], %(quantities)s::bigint[])
            l (holder, dealer_id, product_id, quantity)
        WHERE l.product_id IN (SELECT product_id FROM changes) AND l.dealer_id IN (SELECT id FROM reached)
    ) {TOUCHED}
    , priced AS (
        SELECT t.holder, t.dealer_id,
            ({COST.format(version="%(before)s")}) AS present, ({COST.format(version="%(version)s")}) AS coming
        FROM touched t JOIN catalog_product a ON a.id = t.product_id
    )
    SELECT count(DISTINCT holder), count(DISTINCT dealer_id), coalesce(sum(present), 0), coalesce(sum(coming - present), 0)
    FROM priced WHERE present IS DISTINCT FROM coming
"""  # noqa: S608 (parts of our own)


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


@dataclass(frozen=True, slots=True)
class OpenLine:
    """So many units of an article that a dealer has not ordered yet; `holder` is what the lines of one person have in common."""

    holder: int
    dealer_id: int
    product_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReachedLines:
    """What a version would touch of lines not ordered yet: of how many holders and dealers, their `net` without tax at the
    list's present prices, and by how much those would cost more (or less) that it prices both now and then. Discounts are
    left out."""

    holders: int
    dealers: int
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
    """Every dealer whom the version would reach from the day on, those with the most at stake first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(AFFECTED, _values(version, before, on))
        return [AffectedDealer(*row) for row in cursor.fetchall()]


def reached_lines(
    version: PriceListVersion, before: PriceListVersion | None, on: dt.date, lines: Sequence[OpenLine]
) -> ReachedLines:
    """What of these lines the version would touch. One query, however many lines."""
    told = {
        "holders": [line.holder for line in lines],
        "dealers": [line.dealer_id for line in lines],
        "products": [line.product_id for line in lines],
        "quantities": [line.quantity for line in lines],
        "gross": version.price_list.tax_included,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, _values(version, before, on) | told)
        return ReachedLines(*(cursor.fetchone() or (0, 0, Decimal(0), Decimal(0))))


def _values(version: PriceListVersion, before: PriceListVersion | None, on: dt.date) -> dict[str, Any]:
    price_list = version.price_list
    return {
        "version": version.pk, "before": before.pk if before else None, "list": price_list.pk, "on": on,
        "since": min(on, business_date()) - dt.timedelta(days=DAYS), "currency": price_list.currency, "scope": price_list.scope,
        "dealer": price_list.dealer_id, "path": price_list.region.path if price_list.region else "",
        "kinds": list(Measure.SHIPPED.kinds),
    }  # fmt: skip


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
