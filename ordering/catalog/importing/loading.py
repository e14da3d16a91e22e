"""Rows become articles, a batch in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ordering.catalog.models import Barcode, Brand, Category, Product
from portal.lib import skus
from portal.lib.spreadsheets import Row
from portal.lib.text import sort_key
from search import feed

from .columns import Mapping, recognise
from .parsing import BadRow, Draft, parse
from .report import Outcome, Report, RowNote

BATCH = 1000
LOOK_AHEAD = 200
DERIVED = ("sku", "sku_key", "sort_key_ru", "sort_key_en")


def import_products(rows: Iterable[Row], *, report: Report, given: dict[str, str] | None = None) -> Report:
    """Creates and updates articles from the rows of a file; the same file again changes nothing.

    Columns that the file has not are left as they are. A bad row is reported with its number and remedy and left out
    whole; the others of its batch of 1,000 are stored in one transaction, together with their rows of the change feed.
    Raises Unmapped before anything is stored.
    """
    stream = iter(rows)
    # JSON lines have no head: the columns are those of the first rows.
    first = list(islice(stream, LOOK_AHEAD))
    mapping = recognise(dict.fromkeys(column for row in first for column in row.values), given)
    report.ignored_columns = mapping.ignored
    seen: dict[str, int] = {}
    successors: dict[str, str] = {}
    for batch in batches(chain(first, stream)):
        drafts, rejected = parsed(batch, mapping, seen)
        report.add(rejected)
        successors |= {draft.key: skus.key(draft.successor) for draft in drafts if draft.successor}
        report.add(store(drafts))
    link_successors(successors)
    return report


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def parsed(batch: list[Row], mapping: Mapping, seen: dict[str, int]) -> tuple[list[Draft], list[RowNote]]:
    """The articles of a batch, and the rows that are none. `seen`: rows of this file by key of their SKU."""
    drafts, rejected = [], []
    for row in batch:
        sku = str(row.values.get(next(c for c, name in mapping.columns.items() if name == "sku"), ""))[:80]
        try:
            draft = parse(row, mapping)
            if (earlier := seen.setdefault(draft.key, row.number)) != row.number:
                raise BadRow(
                    _("SKU %(sku)s stands already in row %(row)d. Keep one of them.")
                    % {"sku": draft.sku, "row": earlier}
                )
            drafts.append(draft)
        except BadRow as error:
            rejected.append(RowNote(row.number, sku, Outcome.REJECTED, str(error)))
    return drafts, rejected


@transaction.atomic
def store(drafts: list[Draft]) -> list[RowNote]:
    """Stores the batch; answers what became of each row."""
    present = {
        product.sku_key: product for product in Product.objects.filter(sku_key__in=[draft.key for draft in drafts])
    }
    brands, categories = known_brands(drafts), known_categories(drafts)
    notes, changed, fields = [], [], set(DERIVED)
    for draft in drafts:
        product = present.get(draft.key)
        is_new = product is None
        if product is None:
            product = present[draft.key] = Product(sku_key=draft.key)
        if is_new and not (draft.values.get("name_ru") or draft.values.get("name_en")):
            notes.append(
                RowNote(
                    draft.row,
                    draft.sku,
                    Outcome.REJECTED,
                    _("A new article needs a name: the file has no such column."),
                )
            )
            del present[draft.key]
            continue
        values = dict(draft.values)
        if draft.brand:
            values["brand_id"] = brands[draft.brand.casefold()].pk
        if draft.category:
            values["category_id"] = categories[tuple(map(str.casefold, draft.category))].pk
        is_changed = apply(product, draft.sku, values)
        fields |= {name.removesuffix("_id") for name in values}
        if is_new or is_changed:
            changed.append(product)
        outcome = Outcome.CREATED if is_new else Outcome.UPDATED if is_changed else Outcome.UNCHANGED
        notes.append(RowNote(draft.row, draft.sku, outcome, " ".join(draft.warnings)))
    if changed:
        Product.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["sku_key"],
            update_fields=[*sorted(fields - {"sku_key"}), "updated_at"],
        )
    stored = dict(Product.objects.filter(sku_key__in=list(present)).values_list("sku_key", "pk"))
    touched = {product.sku_key for product in changed} | set_barcodes(drafts, stored)
    feed.mark("product", [stored[key] for key in touched])
    return [with_barcodes(note, touched) for note in notes]


def apply(product: Product, sku: str, values: dict[str, Any]) -> bool:
    """Sets the values on the article; answers whether any differs."""
    values = {**values, "sku": sku}
    before = {name: getattr(product, name) for name in values}
    for name, value in values.items():
        setattr(product, name, value)
    product.sort_key_ru = sort_key(product.name_ru or product.name_en)[:500]
    product.sort_key_en = sort_key(product.name_en or product.name_ru)[:500]
    return before != values


def with_barcodes(note: RowNote, touched: set[str]) -> RowNote:
    """A row whose barcodes alone changed is an update too."""
    if note.outcome is Outcome.UNCHANGED and skus.key(note.sku) in touched:
        return RowNote(note.row, note.sku, Outcome.UPDATED, note.message)
    return note


def set_barcodes(drafts: list[Draft], stored: dict[str, int]) -> set[str]:
    """Makes the articles' barcodes those of the file; answers the keys of articles whose barcodes changed."""
    wanted = {
        (stored[draft.key], gtin)
        for draft in drafts
        if draft.gtins is not None and draft.key in stored
        for gtin in draft.gtins
    }
    given = [stored[draft.key] for draft in drafts if draft.gtins is not None and draft.key in stored]
    present = {(barcode.product_id, barcode.gtin): barcode.pk for barcode in Barcode.objects.filter(product__in=given)}
    gone = present.keys() - wanted
    new = wanted - present.keys()
    Barcode.objects.filter(pk__in=[present[pair] for pair in gone]).delete()
    Barcode.objects.bulk_create(Barcode(product_id=product, gtin=gtin) for product, gtin in sorted(new))
    changed = {product for product, _gtin in gone | new}
    return {key for key, pk in stored.items() if pk in changed}


def known_brands(drafts: list[Draft]) -> dict[str, Brand]:
    """The brands of these rows by name without case, made where they are new."""
    brands = {brand.name.casefold(): brand for brand in Brand.objects.all()}
    codes = {brand.code for brand in brands.values()}
    for draft in drafts:
        if draft.brand and draft.brand.casefold() not in brands:
            code = free_code(draft.brand, codes)
            brands[draft.brand.casefold()] = Brand.objects.create(code=code, name=draft.brand)
    return brands


def known_categories(drafts: list[Draft]) -> dict[tuple[str, ...], Category]:
    """The categories of these rows by the names of their way from the root, made where they are new."""
    wanted = {draft.category for draft in drafts if draft.category}
    if not wanted:
        return {}
    every = list(Category.objects.order_by("path"))
    by_id = {category.pk: category for category in every}
    codes = {category.code for category in every}
    known: dict[tuple[str, ...], Category] = {}
    for category in every:
        line = [by_id[pk] for pk in category.ancestor_ids]
        known[tuple(step.name_ru.casefold() for step in line)] = category
        known[tuple(step.name_en.casefold() for step in line)] = category
        known.setdefault((category.code.casefold(),), category)
    for way in sorted(wanted):
        for depth in range(1, len(way) + 1):
            key = tuple(map(str.casefold, way[:depth]))
            if key not in known:
                known[key] = add_category(way[depth - 1], known.get(key[:-1]), codes)
    return known


def add_category(name: str, parent: Category | None, codes: set[str]) -> Category:
    """A new branch. Its path holds its own id, so it is written in two steps of one transaction."""
    code = free_code(f"{parent.code}-{name}" if parent else name, codes)
    category = Category.objects.create(
        code=code, name_ru=name[:200], name_en=name[:200], parent=parent, path=f"new:{code}"
    )
    category.path = f"{parent.path if parent else '/'}{category.pk}/"
    category.save(update_fields=["path"])
    return category


def free_code(name: str, taken: set[str]) -> str:
    """A slug of the name that nobody has, remembered as taken."""
    base = slugify(name, allow_unicode=True)[:70] or "x"
    code = next(c for c in chain([base], (f"{base}-{n}" for n in range(2, 10_000))) if c not in taken)
    taken.add(code)
    return code


@transaction.atomic
def link_successors(successors: dict[str, str]) -> None:
    """Once every row is stored: which article takes the place of which. Unknown successors are left out."""
    ids = dict(Product.objects.filter(sku_key__in={*successors, *successors.values()}).values_list("sku_key", "pk"))
    old = Product.objects.filter(sku_key__in=list(successors)).only("pk", "sku_key", "successor_id")
    changed = []
    for product in old:
        successor_id = ids.get(successors[product.sku_key])
        if successor_id not in (None, product.pk, product.successor_id):
            product.successor_id = successor_id
            changed.append(product)
    Product.objects.bulk_update(changed, ["successor"], batch_size=BATCH)
    feed.mark("product", [product.pk for product in changed])
