"""What of the catalogue can be found: articles and categories. Whoever may see articles may find all of
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final

from django.db.models import Prefetch

from accounts.enums import Right
from accounts.principals import NOBODY, Principal
from search.access import EVERYONE, Access
from search.documents import Document, Words
from search.searchable import Searchable

from .enums import AvailabilityState
from .models import Attribute, Barcode, Category, Product
from .properties import FITS, facet_values
from .queries import availability, regions_with_stock

# What comes first where the words don't decide.
_WEIGHT: Final = {
    AvailabilityState.IN_STOCK: 1.0,
    AvailabilityState.LOW: 0.9,
    AvailabilityState.TO_ORDER: 0.6,
    AvailabilityState.OUT: 0.3,
    AvailabilityState.DISCONTINUED: 0.0,
}


def access(principal: Principal) -> Access:
    return Access.of(EVERYONE) if principal.may(Right.VIEW_ARTICLES) else Access.nothing()


def near_region(region_id: int) -> str:
    """The value of the facet `availability` that says: free to order from a warehouse of this region."""
    return f"near:{region_id}"


# Articles


def product_documents(keys: Sequence[str]) -> Iterator[Document]:
    """The articles with these ids, with everything said about them: a fixed number of queries."""
    barcodes = Prefetch("barcodes", queryset=Barcode.objects.only("product_id", "gtin"))
    products = list(
        Product.objects.filter(pk__in=[int(key) for key in keys])
        .select_related("brand", "category")
        .prefetch_related(barcodes)
    )
    above = {pk for product in products if product.category for pk in product.category.ancestor_ids}
    categories = Category.objects.in_bulk(above)
    attributes = {attribute.code: attribute for attribute in Attribute.objects.all()}
    states = availability(products, NOBODY)
    near = regions_with_stock(products)
    for product in products:
        path = [categories[pk] for pk in product.category.ancestor_ids] if product.category else []
        yield product_document(product, path, attributes, states[product.pk].state, near.get(product.pk, ()))


def product_document(
    product: Product,
    categories: Sequence[Category],
    attributes: Mapping[str, Attribute],
    state: AvailabilityState,
    near: Sequence[int] = (),
) -> Document:
    """`near`: the regions in whose warehouses it is free to order."""
    brand = product.brand.name if product.brand else ""
    said = attribute_words(product.attributes, attributes)
    released = product.released_on
    return Document(
        kind="product",
        key=str(product.pk),
        title=Words(ru=product.name_ru, en=product.name_en),
        keywords=Words(
            ru=f"{brand}\n" + "\n".join(category.name_ru for category in categories),
            en="\n".join(category.name_en for category in categories),
        ),
        body=Words(
            ru=f"{product.description_ru}\n{said.ru}".strip(),
            en=f"{product.description_en}\n{said.en}".strip(),
        ),
        codes=tuple(dict.fromkeys(code for code in (product.sku, product.mpn) if code)),
        barcodes=tuple(barcode.gtin for barcode in product.barcodes.all()),
        readers=frozenset({EVERYONE}),
        facets={
            "category": tuple(str(category.pk) for category in categories),
            "brand": (str(product.brand_id),) if product.brand_id else (),
            "availability": (state.value, *(near_region(region) for region in near)),
            "attribute/": facet_values(product.attributes, attributes),
        },
        weight=_WEIGHT[state],
        moment=datetime.combine(released, time(), UTC) if released else product.created_at,
    )


def attribute_words(values: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> Words:
    """The attributes as text: numbers with their unit, so that "18 В" finds them; other articles' numbers
    left out.
    """
    ru: list[str] = []
    en: list[str] = []
    for code, value in values.items():
        if code == FITS:
            continue
        attribute = attributes.get(code)
        for item in value if isinstance(value, list) else [value]:
            words = value_words(item, attribute)
            ru.append(words.ru)
            en.append(words.en)
    return Words(ru="; ".join(filter(None, dict.fromkeys(ru))), en="; ".join(filter(None, dict.fromkeys(en))))


def value_words(value: Any, attribute: Attribute | None) -> Words:
    if isinstance(value, Mapping):
        return Words(ru=str(value.get("ru", "")), en=str(value.get("en", "")))
    if isinstance(value, bool) or value is None:
        return Words()
    if isinstance(value, int | float):  # a bare number finds nothing but noise
        unit = attribute and (attribute.unit_ru, attribute.unit_en)
        return Words(ru=f"{value:g} {unit[0]}", en=f"{value:g} {unit[1]}") if unit and any(unit) else Words()
    return Words(ru=str(value))


def product_keys() -> Iterator[str]:
    return map(str, Product.objects.order_by("pk").values_list("pk", flat=True).iterator())


def permitted_products(principal: Principal, keys: Sequence[str]) -> set[str]:
    found = Product.objects.visible_to(principal).filter(pk__in=[int(key) for key in keys])
    return {str(pk) for pk in found.order_by().values_list("pk", flat=True)}


# Categories


def category_documents(keys: Sequence[str]) -> Iterable[Document]:
    categories = Category.objects.filter(pk__in=[int(key) for key in keys]).select_related("parent")
    return [
        Document(
            kind="category",
            key=str(category.pk),
            title=Words(ru=category.name_ru, en=category.name_en),
            keywords=Words(ru=category.parent.name_ru, en=category.parent.name_en) if category.parent else Words(),
            readers=frozenset({EVERYONE}),
        )
        for category in categories
    ]


def category_keys() -> Iterator[str]:
    return map(str, Category.objects.order_by("pk").values_list("pk", flat=True).iterator())


def permitted_categories(principal: Principal, keys: Sequence[str]) -> set[str]:
    if not principal.may(Right.VIEW_ARTICLES):
        return set()
    found = Category.objects.filter(pk__in=[int(key) for key in keys])
    return {str(pk) for pk in found.order_by().values_list("pk", flat=True)}


SEARCHABLE: Searchable[Principal] = Searchable(
    kind="product",
    documents=product_documents,
    keys=product_keys,
    access=access,
    permitted=permitted_products,
)
CATEGORIES: Searchable[Principal] = Searchable(
    kind="category",
    documents=category_documents,
    keys=category_keys,
    access=access,
    permitted=permitted_categories,
)
