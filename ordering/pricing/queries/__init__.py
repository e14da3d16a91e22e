"""Reads of prices."""

from .affected import AffectedDealer, AffectedRegion, affected_dealers, by_region
from .bulk import RuleChanges, rule_changes
from .changes import PriceChange, VersionChanges, changes_between, suspicion, version_changes
from .contexts import PriceContext
from .grid import (
    ArticleFilter,
    Cell,
    Column,
    GridRow,
    articles_of,
    default_keys,
    grid_columns,
    grid_rows,
    last_edits,
)
from .offers import list_versions
from .quotes import BreakPrice, break_prices, deals_of, price_of, priced_article, priced_articles, quote
from .recomputing import Difference, differences, recomputed
from .resolved import pack_prices, unit_prices

__all__ = [
    "AffectedDealer",
    "AffectedRegion",
    "ArticleFilter",
    "BreakPrice",
    "Cell",
    "Column",
    "Difference",
    "GridRow",
    "PriceChange",
    "PriceContext",
    "RuleChanges",
    "VersionChanges",
    "affected_dealers",
    "articles_of",
    "break_prices",
    "by_region",
    "changes_between",
    "deals_of",
    "default_keys",
    "differences",
    "grid_columns",
    "grid_rows",
    "last_edits",
    "list_versions",
    "pack_prices",
    "price_of",
    "priced_article",
    "priced_articles",
    "quote",
    "recomputed",
    "rule_changes",
    "suspicion",
    "unit_prices",
    "version_changes",
]
