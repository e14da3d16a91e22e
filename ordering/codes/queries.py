"""Which articles a dealer's own codes mean, and what a dealer calls an article. Nothing of it is ever indexed for search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Final

from accounts.principals import Principal
from search import codes

from .models import DealerCode
from .querysets import DealerCodeQuerySet

BATCH: Final = 5_000  # codes in one statement
SHORTEST_BEGINNING: Final = 2  # signs of a code that find it while one types
MOST_BEGUN: Final = 5


def listed_codes(principal: Principal, words: str = "") -> DealerCodeQuerySet:
    """The dealer's own codes in order, each with its `product`; those that hold the words, or whose article's SKU is so."""
    rows = DealerCode.objects.visible_to(principal).select_related("product").order_by("folded", "pk")
    if not words.strip():
        return rows
    folded = codes.folded(words)
    if not folded:
        return rows.none()
    held = rows.filter(folded__contains=folded)
    return held | rows.filter(product__sku_key__contains=words.strip().casefold())


def meant_by(principal: Principal, written: Iterable[str]) -> dict[str, int]:
    """The article ids of the dealer's own codes among these, by folded code. One query for every 5,000."""
    if not principal.dealer_id:
        return {}
    wanted = iter(sorted({folded for code in written if (folded := codes.folded(code))}))
    found: dict[str, int] = {}
    while batch := list(islice(wanted, BATCH)):
        rows = DealerCode.objects.visible_to(principal).filter(folded__in=batch)
        found |= dict(rows.order_by().values_list("folded", "product"))
    return found


def begun_by(principal: Principal, beginning: str) -> list[int]:
    """The article ids of the dealer's own codes that begin so, the shortest codes first; a few."""
    folded = codes.folded(beginning)
    if not principal.dealer_id or len(folded) < SHORTEST_BEGINNING:
        return []
    rows = DealerCode.objects.visible_to(principal).filter(folded__startswith=folded)
    ids = rows.order_by("folded").values_list("product", flat=True)[:MOST_BEGUN]
    return list(dict.fromkeys(ids))


def called(principal: Principal, product_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What the principal's dealer calls these articles; one query, none for whoever acts for no dealer."""
    wanted = list(product_ids)
    if not principal.dealer_id or not wanted:
        return {}
    rows = DealerCode.objects.visible_to(principal).filter(product__in=wanted).order_by("folded")
    found: dict[int, list[str]] = defaultdict(list)
    for product_id, code in rows.values_list("product", "code"):
        found[product_id].append(code)
    return {product_id: tuple(codes_of) for product_id, codes_of in found.items()}
