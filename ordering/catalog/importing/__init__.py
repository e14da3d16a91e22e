"""Articles out of files: which column means what, what a row says, and how rows become articles."""

from .columns import Mapping, Unmapped, recognise
from .loading import import_products
from .report import Outcome, Report, RowNote

__all__ = ["Mapping", "Outcome", "Report", "RowNote", "Unmapped", "import_products", "recognise"]
