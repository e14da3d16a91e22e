"""How a price is made of what lists, contracts, the tier and promotions say."""

from .amounts import less, line_amounts, without_tax
from .making import receipt
from .terms import (
    Break,
    ContractTerms,
    Discounts,
    ListVersion,
    Offer,
    PromotionTerms,
    Terms,
    Unit,
    nearest,
    with_contract,
)

__all__ = [
    "Break",
    "ContractTerms",
    "Discounts",
    "ListVersion",
    "Offer",
    "PromotionTerms",
    "Terms",
    "Unit",
    "less",
    "line_amounts",
    "nearest",
    "receipt",
    "with_contract",
    "without_tax",
]
