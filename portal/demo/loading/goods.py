"""The catalogue: categories, brands, attributes, articles with pictures, barcodes and stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Region
from ordering.catalog.models import Attribute, Barcode, Brand, Category, Product, Stock, Warehouse
from portal.lib import skus
from portal.lib.files import private_storage
from portal.lib.text import sort_key

from ..articles import ATTRIBUTES, BRANDS, CATEGORIES, WAREHOUSES, Article, articles
from ..assortment.base import AttributeValue, Words
from ..assortment.descriptions import description
from ..pictures import picture
from .numbers import gtin

_BATCH = 1000


def load_goods(regions: Mapping[str, Region], *, today: dt.date) -> int:
    """Every article that is missing, with what belongs to it. Answers how many were."""
    brands, categories = _brands(), _categories()
    _attributes()
    known = set(Product.objects.values_list("sku_key", flat=True))
    missing = [article for article in articles() if skus.key(article.sku) not in known]
    if not missing:
        return 0
    pictures = _pictures({article.drawing for article in missing})
    created = Product.objects.bulk_create(
        (_product(article, brands, categories, pictures, today) for article in missing), batch_size=_BATCH
    )
    by_sku = {product.sku: product for product in created}
    _successors(missing, by_sku)
    Barcode.objects.bulk_create(
        (Barcode(product=by_sku[a.sku], gtin=gtin(code)) for a in missing for code in a.barcodes), batch_size=_BATCH
    )
    _stock(missing, by_sku, _warehouses(regions))
    return len(created)


def _product(
    article: Article,
    brands: Mapping[str, Brand],
    categories: Mapping[str, Category],
    pictures: Mapping[str, str],
    today: dt.date,
) -> Product:
    text = description(article.category, article.drawing)
    return Product(
        sku=article.sku,
        sku_key=skus.key(article.sku),
        mpn=article.mpn,
        name_ru=article.name_ru,
        name_en=article.name_en,
        sort_key_ru=sort_key(article.name_ru),
        sort_key_en=sort_key(article.name_en),
        brand=brands[article.brand],
        category=categories[article.category],
        unit=article.unit,
        pack=article.pack,
        tax_rate=article.tax_rate,
        state=article.state,
        backorder=article.backorder,
        description_ru=text.ru,
        description_en=text.en,
        attributes={key: _json(value) for key, value in article.attributes.items()},
        picture=pictures[article.drawing],
        released_on=article.available_from or today - dt.timedelta(days=200 + sum(map(ord, article.sku)) % 1200),
    )


def _json(value: AttributeValue) -> Any:
    if isinstance(value, Words):
        return {"ru": value.ru, "en": value.en}
    return list(value) if isinstance(value, tuple) else value


def _brands() -> dict[str, Brand]:
    Brand.objects.bulk_create([Brand(code=brand.code, name=brand.name) for brand in BRANDS], ignore_conflicts=True)
    return {brand.code: brand for brand in Brand.objects.all()}


def _categories() -> dict[str, Category]:
    known = {category.code: category for category in Category.objects.all()}
    for position, branch in enumerate(CATEGORIES, start=1):
        if branch.slug in known:
            continue
        parent = known[branch.parent] if branch.parent else None
        category = Category.objects.create(
            code=branch.slug, name_ru=branch.name.ru, name_en=branch.name.en, parent=parent, position=position,
            path=f"/new/{branch.slug}/",
        )  # fmt: skip
        category.path = f"{parent.path if parent else '/'}{category.pk}/"
        category.save(update_fields=["path"])
        known[branch.slug] = category
    return known


def _attributes() -> None:
    known = set(Attribute.objects.values_list("code", flat=True))
    Attribute.objects.bulk_create(
        Attribute(
            code=key,
            name_ru=attribute.label.ru,
            name_en=attribute.label.en,
            unit_ru=attribute.unit.ru if attribute.unit else "",
            unit_en=attribute.unit.en if attribute.unit else "",
            position=position,
        )
        for position, (key, attribute) in enumerate(ATTRIBUTES.items(), start=1)
        if key not in known
    )


def _pictures(drawings: Iterable[str]) -> dict[str, str]:
    """Draws each picture once; the name of its file by drawing."""
    storage, names = private_storage(), {}
    for drawing in sorted(drawings):
        name = f"products/{drawing.replace(':', '-')}.png"
        names[drawing] = name if storage.exists(name) else storage.save(name, ContentFile(picture(drawing)))
    return names


def _successors(missing: Iterable[Article], by_sku: Mapping[str, Product]) -> None:
    replaced = []
    for article in missing:
        if article.successor:
            product = by_sku[article.sku]
            product.successor = by_sku.get(article.successor) or Product.objects.get(
                sku_key=skus.key(article.successor)
            )
            replaced.append(product)
    Product.objects.bulk_update(replaced, ["successor"])


def _warehouses(regions: Mapping[str, Region]) -> dict[str, Warehouse]:
    for code, (name, region) in WAREHOUSES.items():
        Warehouse.objects.get_or_create(
            code=code.lower(), defaults={"name_ru": name.ru, "name_en": name.en, "region": regions[region]}
        )
    return {warehouse.code.upper(): warehouse for warehouse in Warehouse.objects.all()}


def _stock(missing: Iterable[Article], by_sku: Mapping[str, Product], warehouses: Mapping[str, Warehouse]) -> None:
    """Stock rows of everything that can be bought; what is only announced has none."""
    Stock.objects.bulk_create(
        (
            Stock(product=by_sku[article.sku], warehouse=warehouses[code], on_hand=count)
            for article in missing
            if article.state != "announced"
            for code, count in article.stock.items()
        ),
        batch_size=_BATCH * 3,
    )
