"""What the published lists, contracts and promotions say of articles: three queries, whatever the number of articles."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from ..enums import Scope, StepKind
from ..models import PriceListVersion
from ..rules import Break, ContractTerms, ListVersion, Offer, PromotionTerms, Terms, nearest
from .contexts import PriceContext

KINDS: Final = {Scope.BASE: StepKind.BASE, Scope.REGION: StepKind.REGION, Scope.DEALER: StepKind.DEALER}
PRICES: Final = """
    SELECT a.id, a.tax_rate, a.brand_id, coalesce(c.path, ''), p.version_id, p.id, p.min_quantity, p.amount
    FROM catalog_product a LEFT JOIN catalog_category c ON c.id = a.category_id
    LEFT JOIN pricing_price p ON p.product_id = a.id AND p.version_id = ANY(%s)
    WHERE a.id = ANY(%s)
    ORDER BY a.id, p.version_id, p.min_quantity
"""
# An empty range overlaps nothing: a deal taken back before its first day is not there.
DEALS: Final = """
    WITH asked AS (
        SELECT a.id, string_to_array(trim(BOTH '/' FROM c.path), '/')::bigint[] AS path
        FROM catalog_product a LEFT JOIN catalog_category c ON c.id = a.category_id WHERE a.id = ANY(%(products)s)
    ), branches AS (
        SELECT a.id, b.category_id, b.depth FROM asked a, unnest(a.path) WITH ORDINALITY b (category_id, depth)
    ), contracts AS (
        SELECT * FROM pricing_contract
        WHERE dealer_id = %(dealer)s AND currency = %(currency)s AND published_at IS NOT NULL
            AND validity && daterange(%(on)s, NULL)
    ), promotions AS (
        SELECT * FROM pricing_promotion
        WHERE published_at IS NOT NULL AND validity && daterange(%(on)s, NULL)
            AND (currency = '' OR currency = %(currency)s)
            AND (audience_id IS NULL OR audience_id = ANY(%(audiences)s))
    ), contracted AS (
        SELECT a.id AS article, {article} AS nearness, c.* FROM asked a JOIN contracts c ON c.product_id = a.id
        UNION ALL
        SELECT b.id, b.depth, c.* FROM branches b JOIN contracts c ON c.category_id = b.category_id
    ), promoted AS (
        SELECT a.id AS article, p.* FROM asked a JOIN promotions p ON p.product_id = a.id
        UNION ALL
        SELECT b.id, p.* FROM branches b JOIN promotions p ON p.category_id = b.category_id
        UNION ALL
        SELECT NULL, p.* FROM promotions p WHERE p.product_id IS NULL AND p.category_id IS NULL
    )
    SELECT article, nearness, id, name_ru, name_en, percent, quantities, amounts, tax_included, forbids_discounts,
        lower(validity), upper(validity) FROM contracted
    UNION ALL
    SELECT article, NULL, id, name_ru, name_en, percent, NULL, ARRAY[amount], tax_included, combines,
        lower(validity), upper(validity) FROM promoted
    ORDER BY 2, 3
"""
ARTICLE_NEARNESS: Final = 1000


@dataclass(slots=True)
class Deals:
    """Contracts and promotions that hold or will, by article; promotions for everything under None."""

    contracts: dict[int, list[ContractTerms]] = field(default_factory=lambda: defaultdict(list))
    promotions: dict[int | None, list[PromotionTerms]] = field(default_factory=lambda: defaultdict(list))

    def promotions_of(self, product_id: int) -> list[PromotionTerms]:
        found = [*self.promotions.get(product_id, ()), *self.promotions.get(None, ())]
        return sorted(found, key=lambda one: one.promotion_id)


def list_versions(context: PriceContext) -> list[ListVersion]:
    """The published versions that price for this context on its day or later, narrowest scope first. One query."""
    rows = (
        PriceListVersion.objects.from_day(context.on)
        .open_to(dealer_id=context.dealer_id, region_ids=context.region_ids, currency=context.currency)
        .select_related("price_list")
    )
    return sorted((_list_version(row, context) for row in rows), key=lambda version: (version.rank, version.since))


def _list_version(row: PriceListVersion, context: PriceContext) -> ListVersion:
    price_list = row.price_list
    ranks = {Scope.DEALER: 0, Scope.BASE: len(context.region_ids) + 1}
    if price_list.region_id is not None:
        ranks[Scope.REGION] = context.region_ids.index(price_list.region_id) + 1
    scope = Scope(price_list.scope)
    return ListVersion(
        version_id=row.pk,
        rank=ranks[scope],
        kind=KINDS[scope],
        name_ru=price_list.name_ru,
        name_en=price_list.name_en,
        tax_included=price_list.tax_included,
        since=row.validity.lower or dt.date.min,
        until=row.validity.upper,
    )


def deals(context: PriceContext, product_ids: Sequence[int]) -> Deals:
    """The contracts and promotions of these articles that hold on the context's day or begin later. One query."""
    found = Deals()
    with connection.cursor() as cursor:
        cursor.execute(
            DEALS.format(article=ARTICLE_NEARNESS),
            {
                "products": list(product_ids),
                "dealer": context.dealer_id,
                "currency": context.currency,
                "on": context.on,
                "audiences": list(context.audience_ids),
            },
        )
        for row in cursor.fetchall():
            if row[1] is None:
                found.promotions[row[0]].append(_promotion(row))
            else:
                found.contracts[row[0]].append(_contract(row))
    return found


def _contract(row: Sequence[Any]) -> ContractTerms:
    _article, nearness, pk, ru, en, percent, quantities, amounts, gross, forbids, since, until = row
    breaks = tuple(Break(pk, quantity, amount) for quantity, amount in zip(quantities, amounts, strict=True))
    return ContractTerms(pk, nearness, ru, en, percent, breaks, gross, forbids, since or dt.date.min, until)


def _promotion(row: Sequence[Any]) -> PromotionTerms:
    _article, _nearness, pk, ru, en, percent, _none, amounts, gross, combines, since, until = row
    return PromotionTerms(pk, ru, en, percent, amounts[0], gross, combines, since or dt.date.min, until)


def terms_of(context: PriceContext, product_ids: Sequence[int]) -> dict[int, Terms]:
    """All that makes the prices of these articles, whether any list prices them or not. Three queries.

    What is published never changes, so what is read here comes wholly from the versions and deals read first.
    """
    if not product_ids:
        return {}
    versions = {version.version_id: version for version in list_versions(context)}
    found = deals(context, product_ids)
    with connection.cursor() as cursor:
        cursor.execute(PRICES, [list(versions), list(product_ids)])
        rows = cursor.fetchall()
    said: dict[int, dict[int, list[Break]]] = defaultdict(lambda: defaultdict(list))
    facts: dict[int, tuple[Decimal, Decimal]] = {}
    for product_id, tax_rate, brand_id, path, version_id, price_id, min_quantity, amount in rows:
        if product_id not in facts:
            facts[product_id] = tax_rate, tier_percent(context, path, brand_id)
        if version_id is not None:
            said[product_id][version_id].append(Break(price_id, min_quantity, amount))
    return {
        product_id: _terms(context, versions, said.get(product_id, {}), found, product_id, *facts[product_id])
        for product_id in facts
    }


def tier_percent(context: PriceContext, category_path: str, brand_id: int | None) -> Decimal:
    """The percent of the context's tier for an article."""
    return context.tier.percent(category_path, brand_id) if context.tier else Decimal(0)


def _terms(
    context: PriceContext,
    versions: dict[int, ListVersion],
    said: dict[int, list[Break]],
    found: Deals,
    product_id: int,
    tax_rate: Decimal,
    percent: Decimal,
) -> Terms:
    on = context.on
    lists = tuple(
        Offer(versions[key], tuple(said[key])) for key in versions if key in said and versions[key].since <= on
    )
    rank = lists[0].version.rank if lists else None
    coming = [versions[key] for key in said if versions[key].since > on]
    contracts, promotions = found.contracts.get(product_id, ()), found.promotions_of(product_id)
    return Terms(
        tax_rate=tax_rate,
        lists=lists,
        contract=nearest(one for one in contracts if one.since <= on),
        tier=context.tier,
        tier_percent=percent,
        promotions=_by_begin(promotions, on, begun=True),
        list_changes_on=min((one.since for one in coming if rank is None or one.rank <= rank), default=None),
        coming_contracts=tuple(one for one in contracts if one.since > on),
        coming_promotions=_by_begin(promotions, on, begun=False),
    )


def _by_begin(promotions: Iterable[PromotionTerms], on: dt.date, *, begun: bool) -> tuple[PromotionTerms, ...]:
    return tuple(one for one in promotions if (one.since <= on) == begun)
