"""Price lists in dated versions, and the deals beside them: contracts and promotions."""

from .deals import Contract, Promotion
from .lists import Price, PriceList, PriceListVersion

__all__ = ["Contract", "Price", "PriceList", "PriceListVersion", "Promotion"]
