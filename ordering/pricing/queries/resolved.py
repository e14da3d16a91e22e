"""The prices of a context as one SQL: for a whole price list, and wherever a receipt an article would be too much.

The same arithmetic as `rules`: tests hold both, and a naive reference, to the same figures. PostgreSQL rounds numerics half
away from zero, which for prices is half-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from .basis import Basis
from .contexts import PriceContext
from .discounts import OF_SHARE, ONE_FOR_ALL, SHARES, is_plain, tier_terms, tier_values
from .offers import list_versions

# `products` narrows the articles, "" for all. Of promotions only the best of each sort can win.
PRICED: Final = """
    WITH lists AS (
        SELECT * FROM unnest(%(versions)s::bigint[], %(ranks)s::int[], %(gross)s::bool[]) AS l (version_id, rank, gross)
    ), winners AS (
        SELECT DISTINCT ON (p.product_id) p.product_id, l.version_id, l.gross
        FROM lists l JOIN pricing_price p ON p.version_id = l.version_id {products}
        ORDER BY p.product_id, l.rank
    ), contracts AS (
        SELECT DISTINCT ON (p.product_id) p.* FROM (
            SELECT p.id AS product_id, 1000 AS nearness, c.* FROM ({contracts}) c JOIN catalog_product p ON p.id = c.product
            UNION ALL
            SELECT p.id, length(k.path) - length(replace(k.path, '/', '')), c.* FROM ({contracts}) c
            JOIN catalog_category k ON k.id = c.category JOIN catalog_category b ON b.path LIKE k.path || '%%'
            JOIN catalog_product p ON p.category_id = b.id
        ) p WHERE true {products} ORDER BY p.product_id, p.nearness DESC
    ), offered AS (
        SELECT product_id, b.min_quantity, b.amount, gross, forbids
        FROM contracts, unnest(quantities, amounts) b (min_quantity, amount) WHERE percent IS NULL
        UNION ALL
        SELECT p.product_id, p.min_quantity,
            CASE WHEN c.percent IS NULL THEN p.amount ELSE round(p.amount * (100 - c.percent) / 100, 4) END,
            w.gross, coalesce(c.forbids, false)
        FROM winners w JOIN pricing_price p ON p.version_id = w.version_id AND p.product_id = w.product_id
        LEFT JOIN contracts c ON c.product_id = w.product_id
        WHERE c.product_id IS NULL OR c.percent IS NOT NULL
    ), promoted AS (
        SELECT p.product_id, {best} FROM (
            SELECT p.id AS product_id, m.* FROM ({promotions}) m JOIN catalog_product p ON p.id = m.product
            UNION ALL
            SELECT p.id, m.* FROM ({promotions}) m JOIN catalog_category k ON k.id = m.category
            JOIN catalog_category b ON b.path LIKE k.path || '%%' JOIN catalog_product p ON p.category_id = b.id
        ) p JOIN catalog_product a ON a.id = p.product_id WHERE true {products} GROUP BY p.product_id
    ), everywhere AS (
        SELECT a.id AS product_id, {best} FROM ({promotions}) p JOIN catalog_product a ON true
        WHERE p.product IS NULL AND p.category IS NULL {articles} GROUP BY a.id
    ){shares}, discounted AS (
        SELECT o.*, a.tax_rate, CASE WHEN o.forbids THEN 0 ELSE {percent} END AS percent
        FROM offered o JOIN catalog_product a ON a.id = o.product_id {of_share}
    ), priced AS (
        SELECT d.product_id, d.min_quantity, d.amount AS listed, d.gross, d.tax_rate, {own} AS own
        FROM discounted d
        LEFT JOIN promoted m ON m.product_id = d.product_id AND NOT d.forbids
        LEFT JOIN everywhere e ON e.product_id = d.product_id AND NOT d.forbids
    )
"""
CONTRACTS: Final = """
    SELECT id, product_id AS product, category_id AS category, percent, quantities, amounts, tax_included AS gross,
        forbids_discounts AS forbids
    FROM pricing_contract WHERE dealer_id = %(dealer)s AND currency = %(currency)s AND published_at IS NOT NULL
        AND validity @> %(on)s::date
"""
PROMOTIONS: Final = """
    SELECT product_id AS product, category_id AS category, percent, amount, tax_included AS gross, combines
    FROM pricing_promotion WHERE published_at IS NOT NULL AND validity @> %(on)s::date
        AND (currency = '' OR currency = %(currency)s) AND (audience_id IS NULL OR audience_id = ANY(%(audiences)s))
"""
CONTRACTS_BY_ID: Final = """
    SELECT id, product_id AS product, category_id AS category, percent, quantities, amounts, tax_included AS gross,
        forbids_discounts AS forbids
    FROM pricing_contract WHERE id = ANY(%(contracts)s)
"""
PROMOTIONS_BY_ID: Final = """
    SELECT product_id AS product, category_id AS category, percent, amount, tax_included AS gross, combines
    FROM pricing_promotion WHERE id = ANY(%(promotions)s)
"""
# The best of each sort; a fixed price as a net and as a gross list would say it.
BEST: Final = """
    max(p.percent) FILTER (WHERE p.combines) AS percent_more, max(p.percent) FILTER (WHERE NOT p.combines) AS percent_else,
    min(CASE WHEN p.gross THEN round(p.amount * 100 / (100 + a.tax_rate), 4) ELSE p.amount END)
        FILTER (WHERE p.combines) AS net_more,
    min(CASE WHEN p.gross THEN round(p.amount * 100 / (100 + a.tax_rate), 4) ELSE p.amount END)
        FILTER (WHERE NOT p.combines) AS net_else,
    min(CASE WHEN p.gross THEN p.amount ELSE round(p.amount * (100 + a.tax_rate) / 100, 4) END)
        FILTER (WHERE p.combines) AS gross_more,
    min(CASE WHEN p.gross THEN p.amount ELSE round(p.amount * (100 + a.tax_rate) / 100, 4) END)
        FILTER (WHERE NOT p.combines) AS gross_else
"""
WITH_TIER: Final = "round(d.amount * (100 - d.percent) / 100, 4)"
# least() passes over nulls: a promotion that is not there takes no part.
OWN: Final = (
    f"least({WITH_TIER}"
    + "".join(
        f", round({WITH_TIER} * (100 - {one}.percent_more) / 100, 4), round(d.amount * (100 - {one}.percent_else) / 100, 4),"
        f" round(CASE WHEN d.gross THEN {one}.gross_more ELSE {one}.net_more END * (100 - d.percent) / 100, 4),"
        f" CASE WHEN d.gross THEN {one}.gross_else ELSE {one}.net_else END"
        for one in ("m", "e")
    )
    + ")"
)
NET: Final = "CASE WHEN p.gross THEN round(p.own * 100 / (100 + p.tax_rate), 4) ELSE p.own END"
GROSS: Final = "CASE WHEN p.gross THEN p.own ELSE round(p.own * (100 + p.tax_rate) / 100, 4) END"


def priced_sql(context: PriceContext, product_ids: Sequence[int] | None = None) -> tuple[str, dict[str, Any]]:
    """`WITH … priced AS (…)` and its values: product_id, min_quantity, listed, gross, tax_rate, own.

    `own` is the dealer's price of a unit, with tax where `gross`; `listed` what it is taken off. A row a quantity break.
    """
    versions = [version for version in list_versions(context) if version.since <= context.on]
    tiers = tier_terms(context.tiers)
    among = "ANY(%(products)s)" if product_ids is not None else ""
    return _statement(among, deals=(CONTRACTS, PROMOTIONS), plain=is_plain(tiers)), {
        "versions": [version.version_id for version in versions],
        "ranks": [version.rank for version in versions],
        "gross": [version.tax_included for version in versions],
        **tier_values(tiers),
        "dealer": context.dealer_id,
        "currency": context.currency,
        "on": context.on,
        "audiences": list(context.audience_ids),
        "products": list(product_ids or ()),
    }


def _statement(
    among: str,
    *,
    deals: tuple[str, str],
    plain: bool,
    tables: tuple[str, str] = ("catalog_product", "catalog_category"),
) -> str:
    """PRICED for some articles (`p.product_id = {among}`; "" for all), with articles and categories as `tables` have them."""
    template = PRICED.replace("catalog_product", tables[0]).replace("catalog_category", tables[1])
    shares = "" if plain else SHARES.replace("catalog_product", tables[0]).replace("catalog_category", tables[1])
    return template.format(
        products=f"AND p.product_id = {among}" if among else "",
        articles=f"AND a.id = {among}" if among else "",
        contracts=deals[0],
        promotions=deals[1],
        best=BEST,
        own=OWN,
        shares=shares.format(articles=f"AND a.id = {among}" if among else ""),
        percent=ONE_FOR_ALL if plain else "share.percent",
        of_share="" if plain else OF_SHARE,
    )


def priced_by_basis(basis: Basis, among: str = "", *, then: str = "") -> tuple[str, dict[str, Any]]:
    """As `priced_sql`, for what a basis says, today's or a former one.

    `then` is the catalogue that it was: "" for today's, else the beginning of the names of two CTEs, `{then}product` and
    `{then}category`, with the columns of the tables that prices depend on.
    """
    tables = (f"{then}product", f"{then}category") if then else ("catalog_product", "catalog_category")
    statement = _statement(among, deals=(CONTRACTS_BY_ID, PROMOTIONS_BY_ID), plain=is_plain(basis.tiers), tables=tables)
    return statement, basis.values()


def unit_prices(context: PriceContext, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Article → what its first unit costs the dealer without tax, to four digits; an article without a price is absent.

    For thousands of articles at once (facets, sorting), where a receipt each would cost too much. Two queries.
    """
    if not product_ids:
        return {}
    priced, values = priced_sql(context, product_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"{priced} SELECT p.product_id, {NET} FROM priced p WHERE p.min_quantity = 1", values)  # noqa: S608
        return dict(cursor.fetchall())


def pack_prices(context: PriceContext, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Article → what a unit costs the dealer without tax when one pack is ordered, as lists of articles show it.

    An article without a price is absent. For thousands of articles at once, as `unit_prices`. Two queries.
    """
    if not product_ids:
        return {}
    priced, values = priced_sql(context, product_ids)
    statement = f"""{priced}
        SELECT DISTINCT ON (p.product_id) p.product_id, {NET} FROM priced p
        JOIN catalog_product whole ON whole.id = p.product_id AND p.min_quantity <= whole.pack
        ORDER BY p.product_id, p.min_quantity DESC"""  # noqa: S608 - parts of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())
