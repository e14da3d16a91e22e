"""The 3,000 articles of the demo: families put together, with barcodes, states and stock.

The same on every run and machine: chance comes from `random.Random` seeded with the SKU."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, islice

from .assortment import bits, corded, cordless, discs, parts, workshop
from .assortment.base import AttributeValue, Draft, Words
from .assortment.categories import ATTRIBUTES, BRANDS, CATEGORIES, UNITS

COUNT = 3000
TAX_RATE = Decimal(22)
WAREHOUSES = {
    "KRD": (Words("Краснодар", "Krasnodar"), "krasnodar"),
    "MSK": (Words("Москва", "Moscow"), "moscow"),
    "RND": (Words("Ростов", "Rostov"), "rostov"),
}


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the catalogue will hold it. `base_price` is in RUB without tax, `stock` is pieces by warehouse."""

    sku: str
    mpn: str
    name_ru: str
    name_en: str
    brand: str
    category: str
    unit: str
    pack: int
    barcodes: tuple[str, ...]
    attributes: Mapping[str, AttributeValue]
    base_price: Decimal
    drawing: str
    state: str
    successor: str | None
    available_from: date | None
    stock: Mapping[str, int]
    backorder: bool
    tax_rate: Decimal = TAX_RATE


# What the guides and the sample screens quote, so that a person who reads them finds the same figures.
_PINNED_PRICES = {
    "SP-1860-07": Decimal(1130),
    "SP-1860-11": Decimal(2710),
    "TV-1860.12": Decimal(16890),
    "TV-26P.14": Decimal(9790),
}
_PINNED_NUMBERS = {"TV-1860.02": "18602", "TV-125U.11": "12511"}
_PINNED_STOCK = {
    "AK-1820": (5, 60, 0),
    "AK-1840": (96, 800, 40),
    "AK-1850": (412, 2200, 160),
    "DO-125.10": (4800, 26000, 3500),
    "SP-0418-12": (640, 5200, 300),
    "SP-1860-07": (54, 210, 0),
    "SP-1860-11": (0, 0, 0),
    "SP-1860-21": (3, 0, 40),
    "SP-6202RS": (1140, 6400, 220),
    "TV-125U.11": (2, 140, 11),
    "TV-1840.02": (118, 900, 22),
    "TV-1860.02": (240, 1360, 18),
    "TV-1860.12": (86, 410, 0),
    "TV-18110.02": (4, 60, 0),
    "TV-18P2.02": (31, 150, 6),
    "TV-26P.04": (9, 75, 0),
    "ZU-1806": (74, 520, 30),
}

_SAME_KIT = ("02", "01", "10", "12")
_SMALL_KITS = ("1230", "1235", "1240", "1840", "1850", "1855", "1880", "12110", "18150", "18180", "18220")
# fmt: off
SUCCESSORS: dict[str, str] = {
    **{f"TV-1845.{kit}": f"TV-1860.{kit}" for kit in _SAME_KIT},
    **{f"TV-{code}.10": f"TV-{code}.12" for code in _SMALL_KITS},
    **{f"TV-{old}.{kit}": f"TV-{new}.{kit}" for old, new in (("D55", "D65"), ("20P", "24P"), ("C160", "C185"), ("J55", "J70"), ("H16", "H20")) for kit in ("04", "14")},
    "AK-1215": "AK-1220", "AK-1830": "AK-1840", "AK-3625": "AK-3640", "ZU-1202": "ZU-1204", "ZU-1802": "ZU-1804",
    "BT-PH1-150": "BT-PH2-150", "BT-PZ1-150": "BT-PZ2-150", "DO-125.25K": "DO-125.20K", "DO-150.25": "DO-150.20",
    "DO-180.25": "DO-180.20", "IZ-DT40": "IZ-DT60", "IZ-LU20": "IZ-LU20G", "SM-S6": "SM-S13", "TV-20P.16": "TV-24P.16",
}
# fmt: on
ANNOUNCED_FOR = date(2027, 2, 1)
_ANNOUNCED_MODELS = ("TV-36160.", "TV-181500.", "TV-18135.", "TV-36C40.", "TV-18R82.", "TV-36U230.")
_ANNOUNCED = frozenset(("AK-18120", "IZ-LU40G", "TV-18F30.02", "ZU-1812", "ZU-1812D"))


def check_digit(body: str) -> str:
    """The last digit of an EAN-13 whose first twelve are `body` (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str(-total % 10)


def _drafts() -> Iterator[Draft]:
    """All drafts, the ones that may be cut off last."""
    shelves = (cordless.cordless, cordless.batteries, cordless.chargers, corded.corded, discs.discs, bits.bits,
               workshop.workshop, parts.universal, parts.for_machines)  # fmt: skip
    return chain.from_iterable(shelf() for shelf in shelves)


def _barcodes(draft: Draft, number: int, chance: random.Random) -> tuple[str, ...]:
    """The GTIN of the piece and, for every fifth article, the in-house one of its carton."""
    prefix = next(brand.gs1_prefix for brand in BRANDS if brand.code == draft.brand)
    body = prefix + _PINNED_NUMBERS.get(draft.sku, f"{20000 + number:05d}")
    codes = [body + check_digit(body)]
    if chance.random() < 0.2:
        carton = f"200{number:09d}"
        codes.append(carton + check_digit(carton))
    return tuple(codes)


def _stock(draft: Draft, state: str, chance: random.Random) -> dict[str, int]:
    """Pieces per warehouse: cheap things in thousands, dear ones in units, an eighth of the range sold out."""
    if draft.sku in _PINNED_STOCK:
        return dict(zip(sorted(WAREHOUSES), _PINNED_STOCK[draft.sku], strict=True))
    if state == "announced" or chance.random() < 0.12:
        return dict.fromkeys(sorted(WAREHOUSES), 0)
    depth = 30000 / float(draft.price) ** 0.72
    if state == "discontinued":
        depth /= 12
    counts = {}
    for warehouse, share in (("KRD", 0.25), ("MSK", 1.0), ("RND", 0.12)):
        count = int(chance.lognormvariate(0, 0.7) * depth * share)
        counts[warehouse] = 0 if chance.random() < 0.1 else count // draft.pack * draft.pack
    return counts


def _state(sku: str) -> str:
    if sku in SUCCESSORS:
        return "discontinued"
    return "announced" if sku in _ANNOUNCED or sku.startswith(_ANNOUNCED_MODELS) else "active"


def _finish(draft: Draft, number: int) -> Article:
    chance = random.Random(f"article:{draft.sku}")
    state = _state(draft.sku)
    stock = _stock(draft, state, chance)
    to_order = draft.category in _TO_ORDER or draft.price > 9000
    return Article(
        sku=draft.sku,
        mpn=draft.mpn,
        name_ru=draft.name.ru,
        name_en=draft.name.en,
        brand=draft.brand,
        category=draft.category,
        unit=draft.unit,
        pack=draft.pack,
        barcodes=_barcodes(draft, number, chance),
        attributes=dict(sorted(draft.attributes.items())),
        base_price=_PINNED_PRICES.get(draft.sku, draft.price).quantize(Decimal("0.01")),
        drawing=draft.drawing,
        state=state,
        successor=SUCCESSORS.get(draft.sku),
        available_from=ANNOUNCED_FOR if state == "announced" else None,
        stock=stock,
        backorder=state == "active" and (to_order or draft.sku == "TV-26P.04"),
    )


_TO_ORDER = frozenset(("armatures", "stators", "gears", "housings", "electronics", "chucks"))


@cache
def articles() -> tuple[Article, ...]:
    """The whole range, sorted by SKU: exactly `COUNT` articles."""
    drafts = sorted(islice(_drafts(), COUNT), key=lambda draft: draft.sku)
    return tuple(_finish(draft, number) for number, draft in enumerate(drafts, start=1))


__all__ = ["ATTRIBUTES", "BRANDS", "CATEGORIES", "COUNT", "UNITS", "WAREHOUSES", "Article", "articles", "check_digit"]
