"""Price lists in dated versions, what was changed in their drafts, and the deals beside them: contracts and promotions."""

from .deals import Contract, Promotion
from .edits import DraftEdit, PriceEdit
from .lists import Price, PriceList, PriceListVersion

__all__ = ["Contract", "DraftEdit", "Price", "PriceEdit", "PriceList", "PriceListVersion", "Promotion"]
