"""An article as one person sees it: with their own price and what is free to order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.principals import Principal
from content.models import GuidePage
from content.queries import guides_for_product
from ordering.catalog.models import Attribute, Category, Product, Stock
from ordering.catalog.queries import Availability, availability
from ordering.codes.queries import called
from ordering.orders.queries import LastPrice, last_prices
from ordering.pricing.queries import PriceContext, quote
from ordering.pricing.receipts import Receipt
from portal.lib.clock import business_date
from portal.lib.errors import Missing
from portal.lib.text import in_language, named

MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A row of any list of articles. `price` is for one pack; None where this person has none or may see none.

    `own_codes`: what the person's own dealer calls the article.
    """

    product: Product
    price: Receipt | None
    availability: Availability
    own_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class WarehouseRow:
    name: str
    free: int
    is_near: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything the page of an article shows."""

    row: ArticleRow
    categories: Sequence[Category]
    specification: Sequence[tuple[str, str]]
    warehouses: Sequence[WarehouseRow]
    guides: Sequence[GuidePage]
    parts: Sequence[ArticleRow]
    predecessors: Sequence[Product]
    barcodes: Sequence[str]
    last_price: LastPrice | None

    @property
    def since_last_order(self) -> Decimal | None:
        """By how many percent a unit costs more (less: negative) than in the latest order; None where it does not."""
        return self.last_price.change_to(self.row.price.unit_price) if self.last_price and self.row.price else None


def article_rows(principal: Principal, products: Iterable[Product], *, on: dt.date | None = None) -> list[ArticleRow]:
    """The articles with this person's prices and availability, in the order given: three queries whatever their number."""
    listed = list(products)
    free = availability(listed, principal)
    prices: dict[int, Receipt] = {}
    if listed and principal.may(Right.VIEW_PRICES):
        context = PriceContext.of(principal, on or business_date())
        prices = quote(context, [(product.pk, product.pack) for product in listed])
    own = called(principal, [product.pk for product in listed])
    return [
        ArticleRow(product, prices.get(product.pk), free[product.pk], own.get(product.pk, ())) for product in listed
    ]


def article(principal: Principal, sku: str) -> Product:
    """The article with this SKU, whatever its case. Raises Missing where there is none that this person may see."""
    found: Product | None = Product.objects.visible_to(principal).with_listing().by_sku([sku]).first()
    if found:
        return found
    raise Missing(_("There is no article %(sku)s. Check the number or search by words.") % {"sku": sku}, sku=sku)


def article_page(principal: Principal, sku: str) -> ArticlePage:
    """Everything about one article that this person may see. Raises Missing."""
    product = article(principal, sku)
    parts = (
        Product.objects.visible_to(principal)
        .with_listing()
        .filter(attributes__contains={"fits": [product.sku]})
        .order_by("sku_key")[:MOST_PARTS]
    )
    rows = article_rows(principal, [product, *parts])
    return ArticlePage(
        row=rows[0],
        categories=categories(product),
        specification=specification(product, principal.language),
        warehouses=warehouses(product, principal),
        guides=guides_for_product(principal, product.pk),
        parts=rows[1:],
        predecessors=list(product.predecessors.order_by("sku_key")),
        barcodes=[barcode.lstrip("0") for barcode in product.barcodes.order_by("gtin").values_list("gtin", flat=True)],
        last_price=last_prices(principal, [product.pk]).get(product.pk),
    )


def categories(product: Product) -> list[Category]:
    """The way down the tree to the article's category."""
    return (
        list(Category.objects.filter(pk__in=product.category.ancestor_ids).order_by("path")) if product.category else []
    )


def warehouses(product: Product, principal: Principal) -> list[WarehouseRow]:
    """Where the article is free to order, the person's own region first."""
    rows = Stock.objects.filter(product=product).select_related("warehouse").order_by("warehouse__code")
    listed = [
        WarehouseRow(
            named(row.warehouse, principal.language),
            row.on_hand - row.reserved,
            row.warehouse.region_id is not None and row.warehouse.region_id == principal.region_id,
        )
        for row in rows
    ]
    return sorted(listed, key=lambda row: (not row.is_near, -row.free))


def specification(product: Product, language: str) -> list[tuple[str, str]]:
    """The article's attributes as (label, value) in the language, in the order that the head office gave them."""
    labels = {label.code: label for label in Attribute.objects.filter(code__in=list(product.attributes))}
    listed = []
    for code, value in product.attributes.items():
        if code == "fits" or not (text := value_text(value, language)):
            continue
        label = labels.get(code)
        unit = in_language(label.unit_ru, label.unit_en, language) if label else ""
        name = named(label, language) if label else readable(code)
        listed.append((label.position if label else 10_000, name, f"{text}\u00a0{unit}" if unit else text))
    return [(name, text) for _position, name, text in sorted(listed)]


def value_text(value: Any, language: str) -> str:
    """An attribute's value as people read it: numbers with the language's comma, lists joined, a pair by language."""
    if isinstance(value, dict):
        return in_language(str(value.get("ru", "")), str(value.get("en", "")), language)
    if isinstance(value, list):
        return ", ".join(filter(None, (value_text(item, language) for item in value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        text = f"{value:g}" if value < 1_000_000 else f"{value:.0f}"
        return text.replace(".", ",") if language == "ru" else text
    return str(value)


def readable(code: str) -> str:
    """A code of an attribute nobody has named yet, made readable: `attr_t_display_type` is "Display type"."""
    for prefix in ("attr_t_", "attr_n_", "attr_b_"):
        code = code.removeprefix(prefix)
    return code.replace("_", " ").strip().capitalize()
