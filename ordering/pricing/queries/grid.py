"""The grid of articles by price lists: its columns, the articles of a filter, and the prices of one page of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from ordering.catalog.models import Product
from portal.lib import skus

from ..enums import Scope, Shown, Suspicion
from ..models import Price, PriceEdit, PriceList, PriceListVersion
from .changes import MUCH, suspicion

if TYPE_CHECKING:
    from ordering.catalog.querysets import ProductQuerySet

MOST_COLUMNS: Final = 12
DEFAULT_COLUMNS: Final = 6
MOST_WORDS: Final = 8
# The articles of a version that it prices otherwise than the version before it.
OTHERWISE: Final = """
    SELECT product_id
    FROM (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %s) n
    FULL JOIN (SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %s) f
        USING (product_id, min_quantity)
    WHERE {condition}
"""
CHANGED: Final = OTHERWISE.format(condition="n.amount IS DISTINCT FROM f.amount")
SUSPICIOUS: Final = OTHERWISE.format(condition=f"abs(n.amount - f.amount) > f.amount * {MUCH} / 100")


@dataclass(frozen=True, slots=True)
class Column:
    """What one list says: the version that holds on the day, or one version chosen by name.

    `before` is the list's version that holds on the day where another one is looked at: what its prices are compared with.
    """

    price_list: PriceList
    version: PriceListVersion | None
    before: PriceListVersion | None = None

    @property
    def key(self) -> str:
        """How an address names it: l7 is what list 7 says on the day, v9 is version 9."""
        if self.version is None or self.version == self.before:
            return f"l{self.price_list.pk}"
        return f"v{self.version.pk}"

    @property
    def is_draft(self) -> bool:
        return self.version is not None and self.version.published_at is None

    @property
    def compares(self) -> bool:
        """Whether its prices have others to be compared with."""
        return self.version is not None and self.version != self.before


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles: a branch of the catalogue, a brand, words or SKUs, and what the columns say of them."""

    category_path: str = ""
    brand_id: int | None = None
    words: str = ""
    shown: Shown = Shown.ALL


@dataclass(frozen=True, slots=True)
class Cell:
    """One price of the grid; `former` is that of the column's `before`. None: no price."""

    column: Column
    product_id: int
    min_quantity: int
    amount: Decimal | None
    former: Decimal | None

    @property
    def is_changed(self) -> bool:
        return self.column.compares and self.amount != self.former

    @property
    def percent(self) -> Decimal | None:
        """The change against the version before, in percent with one digit."""
        if not self.is_changed or self.amount is None or self.former is None:
            return None
        return round((self.amount - self.former) / self.former * 100, 1)

    @property
    def suspicion(self) -> Suspicion | None:
        return suspicion(self.former, self.amount) if self.is_changed else None


@dataclass(frozen=True, slots=True)
class GridRow:
    """An article from a quantity on. `is_first` for the article's first row, which says what it is."""

    product: Product
    min_quantity: int
    cells: list[Cell] = field(default_factory=list)
    is_first: bool = True
    height: int = 1


def default_keys() -> list[str]:
    """The columns of somebody who chose none: the base and the regions' lists in the currency of most lists. One query."""
    lists = list(PriceList.objects.exclude(scope=Scope.DEALER).order_by("scope", "code")[:200])
    currencies = [one.currency for one in lists]
    main = max(currencies, key=currencies.count, default="")
    return [f"l{one.pk}" for one in lists if one.currency == main][:DEFAULT_COLUMNS]


def grid_columns(keys: Iterable[str], on: dt.date) -> list[Column]:
    """The columns named by an address, in its order, on a day; what is not there is left out. Three queries."""
    asked = [key for key in dict.fromkeys(keys) if key[:1] in {"l", "v"} and key[1:].isdecimal() and len(key) < 12]
    asked = asked[:MOST_COLUMNS]
    related = ("price_list__region", "price_list__dealer")
    named = PriceListVersion.objects.select_related(*related).in_bulk([int(key[1:]) for key in asked if key[0] == "v"])
    wanted = {int(key[1:]) for key in asked if key[0] == "l"} | {one.price_list_id for one in named.values()}
    lists = PriceList.objects.select_related("region", "dealer").in_bulk(wanted)
    in_force = PriceListVersion.objects.in_force(on).filter(price_list__in=wanted).select_related(*related)
    held = {one.price_list_id: one for one in in_force}
    columns: dict[str, Column] = {}
    for key in asked:
        version = named.get(int(key[1:])) if key[0] == "v" else held.get(int(key[1:]))
        price_list = version.price_list if version else lists.get(int(key[1:])) if key[0] == "l" else None
        if price_list:
            column = Column(price_list, version, held.get(price_list.pk))
            columns.setdefault(column.key, column)
    return list(columns.values())


def articles_of(chosen: ArticleFilter, columns: Sequence[Column]) -> ProductQuerySet:
    """The articles of a filter, by SKU. `shown` looks at the columns: those that compare for what changed."""
    found = Product.objects.order_by("sku_key")
    if chosen.category_path:
        found = found.filter(category__path__startswith=chosen.category_path)
    if chosen.brand_id:
        found = found.filter(brand=chosen.brand_id)
    if words := chosen.words.split():
        listed = Q(sku_key__in=[skus.key(word.strip(",;")) for word in words])
        # So many words are a column of SKUs out of a sheet.
        found = found.filter(listed if len(words) > MOST_WORDS else listed | _says_all(words))
    version_ids = [column.version.pk for column in columns if column.version]
    priced = Exists(Price.objects.filter(version__in=version_ids, product=OuterRef("pk")))
    if chosen.shown == Shown.PRICED:
        return found.filter(priced)
    if chosen.shown == Shown.UNPRICED:
        return found.filter(~priced)
    if chosen.shown in {Shown.CHANGED, Shown.SUSPICIOUS}:
        return found.filter(_otherwise(columns, CHANGED if chosen.shown == Shown.CHANGED else SUSPICIOUS))
    return found


def _says_all(words: Sequence[str]) -> Q:
    said = Q()
    for word in words:
        said &= (
            Q(sku_key__contains=skus.key(word)) | Q(name_ru__icontains=word) | Q(name_en__icontains=word)
            | Q(mpn__icontains=word)
        )  # fmt: skip
    return said


def _otherwise(columns: Sequence[Column], question: str) -> Q:
    found = Q(pk__in=[])
    for column in columns:
        if column.compares and column.version:
            values = [column.version.pk, column.before.pk if column.before else None]
            found |= Q(pk__in=RawSQL(question, values))  # noqa: S611 (a question of our own)
    return found


def grid_rows(products: Sequence[Product], columns: Sequence[Column]) -> list[GridRow]:
    """The rows of these articles: one for each quantity that any column prices, from 1 on. One query."""
    versions = [version for column in columns for version in (column.version, column.before) if version]
    said: dict[int, dict[int, dict[int, Decimal]]] = {product.pk: {1: {}} for product in products}
    prices = Price.objects.filter(version__in={one.pk for one in versions}, product__in=list(said))
    for product_id, quantity, version_id, amount in prices.values_list(
        "product_id", "min_quantity", "version_id", "amount"
    ):
        said[product_id].setdefault(quantity, {})[version_id] = amount
    rows = []
    for product in products:
        quantities = said[product.pk]
        for quantity in sorted(quantities):
            cells = [_cell(column, product.pk, quantity, quantities[quantity]) for column in columns]
            rows.append(GridRow(product, quantity, cells, is_first=quantity == 1, height=len(quantities)))
    return rows


def _cell(column: Column, product_id: int, quantity: int, said: Mapping[int, Any]) -> Cell:
    return Cell(
        column=column,
        product_id=product_id,
        min_quantity=quantity,
        amount=said.get(column.version.pk) if column.version else None,
        former=said.get(column.before.pk) if column.before else None,
    )


def last_edits(version_ids: Sequence[int], product_ids: Iterable[int]) -> dict[tuple[int, int, int], PriceEdit]:
    """The last change of each price by (version, article, quantity), with who and why. One query."""
    edits = (
        PriceEdit.objects.filter(version__in=version_ids, product__in=list(product_ids))
        .select_related("edit__made_by")
        .order_by("version_id", "product_id", "min_quantity", "-pk")
        .distinct("version_id", "product_id", "min_quantity")
    )
    return {(one.version_id, one.product_id, one.min_quantity): one for one in edits}
