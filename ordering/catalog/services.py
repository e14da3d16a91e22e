"""Writes of the catalogue: goods held for orders, given back, and sent off.

Stock rows are locked in key order, whoever the caller is, so that two orders never wait for each other in a circle. The locks
last until the caller's transaction ends: call these last, just before it does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import acting, audit
from search import feed
from search.models import Lane

from .errors import NotEnoughStock
from .models import Attribute, Category, FormerPath, FormerTerms, Product, Stock


@dataclass(frozen=True, slots=True)
class Hold:
    """What was held for one line: units by warehouse id, and units that wait for goods."""

    by_warehouse: Mapping[int, int] = field(default_factory=dict)
    backordered: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Units of an article held in one warehouse."""

    product_id: int
    warehouse_id: int
    quantity: int


def reserve_stock(lines: Sequence[tuple[int, int]], *, by: Principal) -> dict[int, Hold]:
    """Holds goods for `(product_id, quantity)` lines, the actor's own region first. Call inside a transaction.

    An article without stock rows, or one that may be backordered, is split into what is held and what waits; any other must
    be there whole. Raises NotEnoughStock naming every short article; then nothing changed.
    """
    rows = _locked(product_id for product_id, _quantity in lines)
    by_product = {key: list(group) for key, group in groupby(rows, key=lambda row: row.product_id)}
    holds: dict[int, Hold] = {}
    short: list[tuple[int, int, int]] = []
    taken: dict[int, int] = {}
    for product_id, quantity in lines:
        stock = by_product.get(product_id, [])
        hold = _hold(stock, quantity, taken, region_id=by.region_id)
        if hold.backordered and stock and not stock[0].product.backorder:
            short.append((product_id, quantity, quantity - hold.backordered))
        holds[product_id] = hold
    if short:
        raise not_enough(short)
    _add(taken, on_hand=0, reserved=1)
    _mark(row for row in rows if row.pk in taken)
    return holds


def lock_stock(product_ids: Iterable[int]) -> None:
    """Takes the locks of these articles at once: for a caller who is about to hold and to send off in one transaction."""
    _locked(product_ids)


def release_stock(held: Iterable[Held], *, by: Principal) -> None:
    """Gives back what `reserve_stock` held. Call inside a transaction, once for one hold."""
    _move(held, on_hand=0)


def ship_stock(held: Iterable[Held], *, by: Principal) -> None:
    """What was held has left the warehouse. Call inside a transaction, once for one hold."""
    _move(held, on_hand=-1)


def not_enough(short: Sequence[tuple[int, int, int]]) -> NotEnoughStock:
    """The refusal for these `(product_id, asked, available)`: it says what there is."""
    skus = dict(Product.objects.filter(pk__in=[row[0] for row in short]).values_list("pk", "sku"))
    lines = [{"sku": skus[pk], "asked": asked, "available": free} for pk, asked, free in short]
    said = "; ".join(_("%(sku)s: %(available)s of %(asked)s in stock") % line for line in lines)
    lead = ngettext("There is not enough of one article.", "There is not enough of %(n)s articles.", len(lines))
    return NotEnoughStock(f"{lead % {'n': len(lines)}} {said}.", lines=lines)


def _locked(product_ids: Iterable[int]) -> list[Stock]:
    """The stock rows of these articles, locked in key order."""
    return list(
        Stock.objects.select_for_update(of=("self",))
        .filter(product__in=set(product_ids))
        .select_related("product", "warehouse")
        .order_by("product_id", "warehouse_id")
    )


def _hold(stock: Iterable[Stock], quantity: int, taken: dict[int, int], *, region_id: int | None) -> Hold:
    """Takes up to `quantity` from these rows, noting in `taken` by row id."""
    wanted, by_warehouse = quantity, {}
    near_first = sorted(stock, key=lambda row: (row.warehouse.region_id != region_id, row.warehouse_id))
    for row in near_first:
        part = min(wanted, row.on_hand - row.reserved - taken.get(row.pk, 0))
        if part > 0:
            taken[row.pk] = taken.get(row.pk, 0) + part
            by_warehouse[row.warehouse_id] = part
            wanted -= part
    return Hold(by_warehouse, wanted)


def _move(held: Iterable[Held], *, on_hand: int) -> None:
    """Ends holds: the reservation goes, and so do the goods when `on_hand` is -1."""
    held = list(held)
    units: dict[tuple[int, int], int] = {}
    for one in held:
        key = (one.product_id, one.warehouse_id)
        units[key] = units.get(key, 0) + one.quantity
    rows = [row for row in _locked(one.product_id for one in held) if (row.product_id, row.warehouse_id) in units]
    _add({row.pk: units[row.product_id, row.warehouse_id] for row in rows}, on_hand=on_hand, reserved=-1)
    _mark(rows)


def _add(units: Mapping[int, int], *, on_hand: int, reserved: int) -> None:
    """Adds so many times the units to both columns of each stock row, in one statement whatever the number of rows."""
    if not units:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalog_stock AS stock
               SET on_hand = stock.on_hand + %s * moved.units, reserved = stock.reserved + %s * moved.units, updated_at = now()
              FROM unnest(%s::bigint[], %s::int[]) AS moved(id, units)
             WHERE stock.id = moved.id
            """,
            [on_hand, reserved, list(units.keys()), list(units.values())],
        )


def _mark(rows: Iterable[Stock]) -> None:
    """What is free has changed, so what is found has."""
    feed.mark("product", sorted({row.product_id for row in rows}), lane=Lane.SOON)


def merge_changes(*, keep_former_since: dt.datetime) -> None:
    """Add up the notes of changes into one row, and forget what articles were before the moment.

    Their sum stays what it was, for whoever reads at the same time too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH noted AS (DELETE FROM catalog_cataloguechange RETURNING changes)
            INSERT INTO catalog_cataloguechange (changes) SELECT sum(changes) FROM noted HAVING count(*) > 0
            """
        )
    FormerTerms.objects.filter(changed_at__lt=keep_former_since).delete()
    FormerPath.objects.filter(changed_at__lt=keep_former_since).delete()


def describe_product(*, by: Principal, product: Product) -> Product:
    """Keeps an editor's descriptions of an article; its facts are the ERP's and stay. Raises NotAllowed."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "product.described"):
        product.save(update_fields=["description_ru", "description_en", "picture", "updated_at"])
        feed.mark("product", [product.pk])
        audit(by=by, verb="product.described", subject=product.sku)
    return product


def name_category(*, by: Principal, category: Category) -> Category:
    """Keeps a category's names and place among its neighbours; its articles are found by the new name. Raises NotAllowed."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "category.named"):
        category.save(update_fields=["name_ru", "name_en", "position"])
        feed.mark("category", [category.pk])
        below = Category.objects.within(category)
        feed.mark_found("category", below.values_list("pk", flat=True))
        feed.mark_found("product", Product.objects.filter(category__in=below).values_list("pk", flat=True))
        audit(by=by, verb="category.named", subject=category.code)
    return category


def name_attribute(*, by: Principal, attribute: Attribute) -> Attribute:
    """Keeps what an attribute is called and measured in. Raises NotAllowed."""
    by.require(Right.EDIT_CONTENT)
    with acting(by, "attribute.named"):
        attribute.save()
        feed.mark_found("product", Product.objects.filter(attributes__has_key=attribute.code).values_list("pk"))
        audit(by=by, verb="attribute.named", subject=attribute.code)
    return attribute
