"""The words in which families describe articles, and the small helpers that all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """One wording in the portal's two languages."""

    ru: str
    en: str


AttributeValue: TypeAlias = bool | int | float | str | Words | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its family knows it: without barcode, stock and state, which belong to the whole range."""

    sku: str
    mpn: str
    name: Words
    brand: str
    category: str
    price: Decimal
    drawing: str
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    unit: str = "pcs"
    pack: int = 1


NO_BATTERY = Words("без АКБ", "body only")
BRUSHLESS = Words("бесщёточный", "brushless")
BRUSHED = Words("щёточный", "brushed")


def ru_number(value: float | int | Decimal) -> str:
    """1.5 as a Russian catalogue prints it: `1,5`."""
    return f"{value:g}".replace(".", ",") if not isinstance(value, Decimal) else str(value).replace(".", ",")


def fixed(value: float, digits: int = 1) -> Words:
    """A number with a fixed count of decimals in both notations: `1,0` and `1.0`."""
    text = f"{value:.{digits}f}"
    return Words(text.replace(".", ","), text)


def neat(amount: float | int | Decimal) -> Decimal:
    """Round to a price that a list would print: to 10 RUB from 1,000, to 5 from 100, to 0.50 below."""
    value = Decimal(str(amount))
    step = Decimal(10) if value >= 1000 else Decimal(5) if value >= 100 else Decimal("0.5")
    return ((value / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(Decimal("0.01"))


def translated(key: Words, /, **values: object) -> Words:
    """Fill both wordings of a template; a `Words` value gives each language its own text."""
    ru = {name: value.ru if isinstance(value, Words) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
    return Words(key.ru.format(**ru), key.en.format(**en))
