"""What prices add to the search for articles: list prices in their documents, and the numbers one dealer may ask for.

Nothing is indexed per dealer. A document holds what each published list says, under a name of its version; which of the names
a dealer may ask, and in which order, follows from the context alone (`list_numbers`). So no question can reach what another
dealer's own list says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.db import connection

from portal.lib.clock import business_date
from search.documents import Document

from .queries import PriceContext, list_versions
from .rules import without_tax

# Of each article and version the highest break not above the pack, as a quantity of one pack is priced.
LISTED: Final = """
    SELECT DISTINCT ON (p.product_id, p.version_id)
           p.product_id, p.version_id, p.amount, a.tax_rate, l.tax_included
      FROM pricing_price p
      JOIN catalog_product a ON a.id = p.product_id
      JOIN pricing_pricelistversion v ON v.id = p.version_id
      JOIN pricing_pricelist l ON l.id = v.price_list_id
     WHERE p.product_id = ANY(%s) AND p.min_quantity <= a.pack
       AND v.published_at IS NOT NULL AND NOT isempty(v.validity) AND NOT v.validity << daterange(%s, NULL)
     ORDER BY p.product_id, p.version_id, p.min_quantity DESC
"""


def number_of(version_id: int) -> str:
    """The name under which a document holds what a list's version asks for a unit: net, before discounts."""
    return f"price_{version_id}"


def with_list_prices(documents: Iterable[Document]) -> Iterator[Document]:
    """The articles' documents with what every published version that holds today or later asks. One query.

    Coming versions are in it, so a day on which one begins changes no document.
    """
    listed = list(documents)
    numbers = list_prices([int(document.key) for document in listed])
    for document in listed:
        yield replace(document, numbers={**document.numbers, **numbers.get(int(document.key), {})})


def list_prices(product_ids: list[int]) -> dict[int, dict[str, float]]:
    """Net list prices of a unit by `number_of` the version, for each article that has any.

    They are rounded to four digits that count: what is asked of them is approximate anyway, and fewer different numbers make a
    smaller index.
    """
    with connection.cursor() as cursor:
        cursor.execute(LISTED, [product_ids, business_date()])
        rows = cursor.fetchall()
    numbers: dict[int, dict[str, float]] = {}
    for product_id, version_id, amount, rate, tax_included in rows:
        net = without_tax(amount, rate, tax_included=tax_included)
        numbers.setdefault(product_id, {})[number_of(version_id)] = float(f"{net:.4g}")
    return numbers


def list_numbers(context: PriceContext) -> tuple[str, ...]:
    """The numbers that may price for this context on its day, the one asked first before the others. One query."""
    return tuple(number_of(version.version_id) for version in list_versions(context) if version.since <= context.on)


def list_bounds(context: PriceContext, low: Decimal | None, high: Decimal | None) -> tuple[float | None, float | None]:
    """Bounds of the context's own net price as bounds of list prices: moved back by the tier's discount.

    Approximate: what holds for some articles only (exceptions, tiers of brands, contracts, promotions) is not in it.
    """
    share = 100 - context.tier.discount if context.tier else Decimal(100)
    factor = 100 / share if share > 0 else Decimal(1)
    return (None if low is None else float(low * factor), None if high is None else float(high * factor))
