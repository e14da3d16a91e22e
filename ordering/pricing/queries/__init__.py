"""Reads of prices."""

from .affected import (
    AffectedDealer,
    AffectedRegion,
    OpenLine,
    ReachedLines,
    affected_dealers,
    by_region,
    reached_lines,
)
from .basis import Beginning, Made, made_of
from .bulk import RuleChanges, rule_changes
from .changes import PriceChange, VersionChanges, changes_between, suspicion, version_changes
from .contexts import PriceContext
from .discarded import Discarded, Loss, discarded, discarded_number, loss_of
from .file_bytes import Recipe, Selection
from .files import Wanted, branches, kept_file, own_file, products_of, recipe_of, taken_lists
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
    "Beginning",
    "BreakPrice",
    "Cell",
    "Column",
    "Difference",
    "Discarded",
    "GridRow",
    "Loss",
    "Made",
    "OpenLine",
    "PriceChange",
    "PriceContext",
    "ReachedLines",
    "Recipe",
    "RuleChanges",
    "Selection",
    "VersionChanges",
    "Wanted",
    "affected_dealers",
    "articles_of",
    "branches",
    "break_prices",
    "by_region",
    "changes_between",
    "deals_of",
    "default_keys",
    "differences",
    "discarded",
    "discarded_number",
    "grid_columns",
    "grid_rows",
    "kept_file",
    "last_edits",
    "list_versions",
    "loss_of",
    "made_of",
    "own_file",
    "pack_prices",
    "price_of",
    "priced_article",
    "priced_articles",
    "products_of",
    "quote",
    "reached_lines",
    "recipe_of",
    "recomputed",
    "rule_changes",
    "suspicion",
    "taken_lists",
    "unit_prices",
    "version_changes",
]
