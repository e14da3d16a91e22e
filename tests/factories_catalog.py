"""Articles and what surrounds them, for tests."""

from __future__ import annotations

import itertools
from typing import Any

from ordering.catalog.models import Barcode, Brand, Category, Product, Stock, Warehouse
from portal.lib import skus
from portal.lib.text import sort_key

_number = itertools.count(1)


def make_category(code: str = "", *, parent: Category | None = None, name: str = "") -> Category:
    """A category; without a parent, a root."""
    n = next(_number)
    code = code or f"category-{n}"
    category = Category.objects.create(
        code=code, name_ru=name or f"Раздел {n}", name_en=name or f"Section {n}", parent=parent, path=f"new-{n}"
    )
    category.path = f"{parent.path if parent else '/'}{category.pk}/"
    category.save(update_fields=["path"])
    return category


def make_brand(name: str = "") -> Brand:
    n = next(_number)
    return Brand.objects.create(code=f"brand-{n}", name=name or f"Brand {n}")


def make_product(sku: str = "", *, gtins: tuple[str, ...] = (), **fields: Any) -> Product:
    """An active article with a name in both languages."""
    n = next(_number)
    sku = sku or f"SKU-{n}"
    fields = {"name_ru": f"Артикул {n}", "name_en": f"Article {n}", **fields}
    product = Product.objects.create(
        sku=sku,
        sku_key=skus.key(sku),
        sort_key_ru=sort_key(fields["name_ru"] or fields["name_en"]),
        sort_key_en=sort_key(fields["name_en"] or fields["name_ru"]),
        **fields,
    )
    Barcode.objects.bulk_create(Barcode(product=product, gtin=gtin.zfill(14)) for gtin in gtins)
    return product


def make_warehouse(code: str = "", **fields: Any) -> Warehouse:
    n = next(_number)
    return Warehouse.objects.create(
        **{"code": code or f"warehouse-{n}", "name_ru": f"Склад {n}", "name_en": f"Warehouse {n}", **fields}
    )


def make_stock(product: Product, on_hand: int, *, warehouse: Warehouse | None = None, reserved: int = 0) -> Stock:
    """So many units of an article in a warehouse."""
    return Stock.objects.create(
        product=product, warehouse=warehouse or make_warehouse(), on_hand=on_hand, reserved=reserved
    )
