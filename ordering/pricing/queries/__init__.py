"""Reads of prices."""

from .changes import PriceChange, VersionChanges, version_changes
from .contexts import PriceContext
from .offers import list_versions
from .quotes import BreakPrice, break_prices, deals_of, price_of, priced_article, priced_articles, quote
from .recomputing import Difference, differences, recomputed
from .resolved import pack_prices, unit_prices

__all__ = [
    "BreakPrice",
    "Difference",
    "PriceChange",
    "PriceContext",
    "VersionChanges",
    "break_prices",
    "deals_of",
    "differences",
    "list_versions",
    "pack_prices",
    "price_of",
    "priced_article",
    "priced_articles",
    "quote",
    "recomputed",
    "unit_prices",
    "version_changes",
]
