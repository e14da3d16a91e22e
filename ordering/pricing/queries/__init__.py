"""Reads of prices."""

from .contexts import PriceContext
from .offers import list_versions
from .quotes import BreakPrice, break_prices, price_of, priced_article, priced_articles, quote
from .resolved import unit_prices

__all__ = [
    "BreakPrice",
    "PriceContext",
    "break_prices",
    "list_versions",
    "price_of",
    "priced_article",
    "priced_articles",
    "quote",
    "unit_prices",
]
