"""What the published lists, contracts and promotions say of articles: three queries, whatever the number of articles."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import starmap
from operator import attrgetter
from typing import Any, Final

from django.db import connection

from ordering.programme.queries import HeldTier

from ..enums import Scope, StepKind
from ..rules import Break, ContractTerms, ListVersion, Offer, PromotionTerms, Terms, nearest
from .contexts import PriceContext

KINDS: Final[dict[str, StepKind]] = {
    Scope.BASE: StepKind.BASE,
    Scope.REGION: StepKind.REGION,
    Scope.DEALER: StepKind.DEALER,
}
# Asked first: the dealer's own list (0), then the regions', nearest first, the base last. A list without a dealer is a
# region's or the base: said so, the index on dealers finds all three, however many dealers have lists of their own.
VERSIONS: Final = """
    SELECT v.id,
        CASE l.scope WHEN 'dealer' THEN 0 WHEN 'region' THEN array_position(%(regions)s::bigint[], l.region_id)
            ELSE cardinality(%(regions)s::bigint[]) + 1 END,
        l.scope, l.name_ru, l.name_en, l.tax_included, lower(v.validity), upper(v.validity)
    FROM pricing_pricelist l JOIN pricing_pricelistversion v ON v.price_list_id = l.id
    WHERE (l.dealer_id = %(dealer)s OR (l.dealer_id IS NULL AND (l.scope = 'base' OR l.region_id = ANY(%(regions)s))))
        AND l.currency = %(currency)s AND v.published_at IS NOT NULL AND v.validity && daterange(%(on)s, NULL)
"""
PRICES: Final = """
    SELECT a.id, a.tax_rate, a.brand_id, coalesce(c.path, ''), p.version_id, p.id, p.min_quantity, p.amount
    FROM catalog_product a LEFT JOIN catalog_category c ON c.id = a.category_id
    LEFT JOIN pricing_price p ON p.product_id = a.id AND p.version_id = ANY(%s)
    WHERE a.id = ANY(%s)
    ORDER BY a.id, p.version_id, p.min_quantity
"""
# An empty range overlaps nothing: a deal taken back before its first day is not there.
DEALS: Final = """
    SELECT true, product_id, category_id, id, name_ru, name_en, percent, quantities, amounts, tax_included, forbids_discounts,
        lower(validity), upper(validity)
    FROM pricing_contract
    WHERE dealer_id = %(dealer)s AND currency = %(currency)s AND published_at IS NOT NULL
        AND validity && daterange(%(on)s, NULL)
        AND (product_id = ANY(%(products)s) OR category_id = ANY(%(categories)s))
    UNION ALL
    SELECT false, product_id, category_id, id, name_ru, name_en, percent, NULL, ARRAY[amount], tax_included, combines,
        lower(validity), upper(validity)
    FROM pricing_promotion
    WHERE published_at IS NOT NULL AND validity && daterange(%(on)s, NULL)
        AND (currency = '' OR currency = %(currency)s) AND (audience_id IS NULL OR audience_id = ANY(%(audiences)s))
        AND (product_id = ANY(%(products)s) OR category_id = ANY(%(categories)s)
            OR (product_id IS NULL AND category_id IS NULL))
    ORDER BY 4
"""
ARTICLE_NEARNESS: Final = 1000


@dataclass(slots=True)
class Deals:
    """Contracts and promotions that hold or will, by what they are of: an article, a category, or (promotions) everything."""

    contracts_of_article: dict[int, list[ContractTerms]] = field(default_factory=lambda: defaultdict(list))
    contracts_of_category: dict[int, list[ContractTerms]] = field(default_factory=lambda: defaultdict(list))
    promotions_of_article: dict[int, list[PromotionTerms]] = field(default_factory=lambda: defaultdict(list))
    promotions_of_category: dict[int, list[PromotionTerms]] = field(default_factory=lambda: defaultdict(list))
    promotions_of_all: list[PromotionTerms] = field(default_factory=list)

    def contracts(self, product_id: int, path: Sequence[int]) -> list[ContractTerms]:
        """Those of an article: its own, and those of the categories above it (ids from the root down), each with its nearness."""
        found = list(self.contracts_of_article.get(product_id, ()))
        if self.contracts_of_category:
            for depth, category in enumerate(path, start=1):
                found += [replace(one, nearness=depth) for one in self.contracts_of_category.get(category, ())]
        return found

    def promotions(self, product_id: int, path: Sequence[int]) -> list[PromotionTerms]:
        """Those of an article, of the categories above it and of everything, the earliest made first."""
        found = [*self.promotions_of_article.get(product_id, ()), *self.promotions_of_all]
        if self.promotions_of_category:
            for category in path:
                found += self.promotions_of_category.get(category, ())
        return sorted(found, key=attrgetter("promotion_id"))


def list_versions(context: PriceContext) -> list[ListVersion]:
    """The published versions that price for this context on its day or later, narrowest scope first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            VERSIONS,
            {
                "regions": list(context.region_ids),
                "dealer": context.dealer_id,
                "currency": context.currency,
                "on": context.on,
            },
        )
        rows = cursor.fetchall()
    return sorted(starmap(_list_version, rows), key=lambda version: (version.rank, version.since))


def _list_version(
    pk: int, rank: int, scope: str, ru: str, en: str, gross: bool, since: dt.date | None, until: dt.date | None
) -> ListVersion:
    return ListVersion(pk, rank, KINDS[scope], ru, en, gross, since or dt.date.min, until)


def deals(context: PriceContext, product_ids: Sequence[int], category_ids: Sequence[int]) -> Deals:
    """The contracts and promotions of these articles and categories that hold on the context's day or begin later. One query."""
    found = Deals()
    with connection.cursor() as cursor:
        cursor.execute(
            DEALS,
            {
                "products": list(product_ids),
                "categories": list(category_ids),
                "dealer": context.dealer_id,
                "currency": context.currency,
                "on": context.on,
                "audiences": list(context.audience_ids),
            },
        )
        rows = cursor.fetchall()
    for is_contract, product_id, category_id, *row in rows:
        if is_contract and product_id:
            found.contracts_of_article[product_id].append(_contract(row))
        elif is_contract:
            found.contracts_of_category[category_id].append(_contract(row))
        elif product_id:
            found.promotions_of_article[product_id].append(_promotion(row))
        elif category_id:
            found.promotions_of_category[category_id].append(_promotion(row))
        else:
            found.promotions_of_all.append(_promotion(row))
    return found


def _contract(row: Sequence[Any]) -> ContractTerms:
    pk, ru, en, percent, quantities, amounts, gross, forbids, since, until = row
    breaks = tuple(Break(pk, quantity, amount) for quantity, amount in zip(quantities, amounts, strict=True))
    return ContractTerms(pk, ARTICLE_NEARNESS, ru, en, percent, breaks, gross, forbids, since or dt.date.min, until)


def _promotion(row: Sequence[Any]) -> PromotionTerms:
    pk, ru, en, percent, _none, amounts, gross, combines, since, until = row
    return PromotionTerms(pk, ru, en, percent, amounts[0], gross, combines, since or dt.date.min, until)


@dataclass(slots=True)
class _Article:
    """What was read of an article: tax in percent, its tier and that one's percent, the categories above it, and what each
    version asks.
    """

    tax_rate: Decimal
    tier: tuple[HeldTier | None, Decimal]
    path: Sequence[int]
    said: dict[int, list[Break]] = field(default_factory=dict)


def terms_of(context: PriceContext, product_ids: Sequence[int]) -> dict[int, Terms]:
    """All that makes the prices of these articles, whether any list prices them or not. Three queries.

    What is published never changes, so what is read here comes wholly from the versions read first.
    """
    if not product_ids:
        return {}
    versions = list_versions(context)
    articles = _articles(context, product_ids, [version.version_id for version in versions])
    found = deals(context, product_ids, list({category for article in articles.values() for category in article.path}))
    begun = [version for version in versions if version.since <= context.on]
    coming = [version for version in versions if version.since > context.on]
    return {
        product_id: _terms(context, article, begun, coming, found, product_id)
        for product_id, article in articles.items()
    }


def _articles(context: PriceContext, product_ids: Sequence[int], version_ids: list[int]) -> dict[int, _Article]:
    with connection.cursor() as cursor:
        cursor.execute(PRICES, [version_ids, list(product_ids)])
        rows = cursor.fetchall()
    articles: dict[int, _Article] = {}
    for product_id, tax_rate, brand_id, path, version_id, price_id, min_quantity, amount in rows:
        article = articles.get(product_id)
        if article is None:
            above = [int(part) for part in path.split("/") if part]
            article = articles[product_id] = _Article(tax_rate, context.tiers.best(path, brand_id), above)
        if version_id is not None:
            article.said.setdefault(version_id, []).append(Break(price_id, min_quantity, amount))
    return articles


def _terms(
    context: PriceContext,
    article: _Article,
    begun: Sequence[ListVersion],
    coming: Sequence[ListVersion],
    found: Deals,
    product_id: int,
) -> Terms:
    """`begun` and `coming`: the versions that hold on the day and those that begin later, narrowest scope first."""
    on, said = context.on, article.said
    lists = tuple([Offer(one, tuple(said[one.version_id])) for one in begun if one.version_id in said])
    rank = lists[0].version.rank if lists else None
    contracts = found.contracts(product_id, article.path)
    promotions = found.promotions(product_id, article.path)
    return Terms(
        tax_rate=article.tax_rate,
        lists=lists,
        contract=nearest([one for one in contracts if one.since <= on]),
        tier=article.tier[0],
        tier_percent=article.tier[1],
        promotions=tuple([one for one in promotions if one.since <= on]),
        list_changes_on=min(
            [one.since for one in coming if one.version_id in said and (rank is None or one.rank <= rank)], default=None
        ),
        coming_contracts=tuple([one for one in contracts if one.since > on]),
        coming_promotions=tuple([one for one in promotions if one.since > on]),
    )
