"""Price lists in dated versions, what was changed in their drafts, the deals beside them (contracts and promotions), and the
files that dealers take along.
"""

from .deals import Contract, Promotion
from .edits import DraftEdit, PriceEdit
from .files import PriceFile, TakenList
from .lists import Price, PriceList, PriceListVersion

__all__ = [
    "Contract",
    "DraftEdit",
    "Price",
    "PriceEdit",
    "PriceFile",
    "PriceList",
    "PriceListVersion",
    "Promotion",
    "TakenList",
]
