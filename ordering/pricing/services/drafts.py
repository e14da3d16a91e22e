"""Drafts of price lists, changed price by price. What was changed is undone by a later edit, never rubbed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pghistory
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import audit
from ordering.catalog.models import Product
from portal.lib.clock import business_date
from portal.lib.errors import Invalid
from portal.lib.money import round_unit

from ..enums import EditKind
from ..errors import EditRefused, PricesMoved, PricesSuspicious, VersionPublished
from ..models import DraftEdit, Price, PriceList, PriceListVersion
from ..models.noting import SETTING
from ..queries import suspicion
from .lists import locked_version, new_version

if TYPE_CHECKING:
    from accounts.principals import Principal

NAMED: Final = 50  # of what stands in the way of an edit
HIGHEST: Final = Decimal(10) ** 12
COPY: Final = """
    INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT %s, product_id, min_quantity, amount FROM pricing_price WHERE version_id = %s ORDER BY product_id, min_quantity
"""
WITHOUT_FIRST: Final = """
    SELECT a.sku, min(p.min_quantity) FROM pricing_price p JOIN catalog_product a ON a.id = p.product_id
    WHERE p.version_id = %(version)s
        AND p.product_id IN (SELECT product_id FROM pricing_priceedit WHERE edit_id = %(edit)s)
    GROUP BY a.sku HAVING min(p.min_quantity) > 1 ORDER BY 1 LIMIT 10
"""
SINCE_CHANGED: Final = """
    SELECT e.product_id, e.min_quantity, e.coming, p.amount FROM pricing_priceedit e
    LEFT JOIN pricing_price p USING (version_id, product_id, min_quantity)
    WHERE e.edit_id = %s AND p.amount IS DISTINCT FROM e.coming ORDER BY 1, 2 LIMIT %s
"""
# What the edit added goes, what it changed is as it was, what it took away is there again.
PUT_BACK: Final = (
    """
    DELETE FROM pricing_price p USING pricing_priceedit e
    WHERE e.edit_id = %s AND e.former IS NULL
        AND (p.version_id, p.product_id, p.min_quantity) = (e.version_id, e.product_id, e.min_quantity)
    """,
    """
    UPDATE pricing_price p SET amount = e.former FROM pricing_priceedit e
    WHERE e.edit_id = %s AND e.former IS NOT NULL AND e.coming IS NOT NULL
        AND (p.version_id, p.product_id, p.min_quantity) = (e.version_id, e.product_id, e.min_quantity)
    """,
    """
    INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT version_id, product_id, min_quantity, former FROM pricing_priceedit WHERE edit_id = %s AND coming IS NULL
    """,
)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One price as it was when the person looked, and as it shall be. None: no price."""

    product_id: int
    min_quantity: int
    was: Decimal | None
    now: Decimal | None

    @property
    def cell(self) -> tuple[int, int]:
        return self.product_id, self.min_quantity


def make_draft(*, price_list: PriceList, by: Principal, on: dt.date | None = None) -> PriceListVersion:
    """A draft that says what the list says on a day (today by default): to be changed, and published. Raises NotAllowed."""
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="price list drafted"):
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        before = PriceListVersion.objects.in_force(on or business_date()).filter(price_list=price_list).first()
        source = _("version %(number)s, changed by hand") % {"number": before.number} if before else _("by hand")
        draft = new_version(price_list=price_list, source=source)
        if before:
            with connection.cursor() as cursor:
                cursor.execute(COPY, [draft.pk, before.pk])
        audit(by=by, verb="prices.drafted", subject=f"{price_list.code} {draft.number}", dealer_id=price_list.dealer_id)
    return draft


def edit_prices(
    *,
    version: PriceListVersion,
    cells: Sequence[CellEdit],
    reason: str,
    by: Principal,
    confirmed: bool = False,
    made_at: dt.datetime | None = None,
) -> DraftEdit:
    """Change prices of a draft: all that were given, or none. `now` None takes a price away.

    Raises PricesMoved where a price is no longer what the person saw, PricesSuspicious where one may be a mistake and
    `confirmed` does not say that it is meant, EditRefused, Invalid without a reason, VersionPublished, DraftGone,
    NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic():
        version = locked_draft(version.pk)
        current = _current(version, cells)
        _refuse_moved(cells, current)
        changes = [cell for cell in cells if cell.now != current.get(cell.cell)]
        _check(changes)
        if not confirmed:
            _refuse_suspicious(version, changes, current)
        with editing(version=version, kind=EditKind.TYPED, reason=reason, by=by, made_at=made_at) as edit:
            _write(version, changes)
            refuse_without_first(edit)
        note(edit, by)
    return edit


def undo_edit(*, edit: DraftEdit, by: Principal, reason: str = "", made_at: dt.datetime | None = None) -> DraftEdit:
    """Put back what an edit changed, by an edit that says so and may itself be undone.

    Raises PricesMoved when one of its prices was changed again since (undo that first), EditRefused when it was undone
    already, VersionPublished, DraftGone, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic():
        version = locked_draft(edit.version_id)
        if DraftEdit.objects.filter(undoes=edit).exists():
            raise EditRefused(_("It was undone already."))
        with connection.cursor() as cursor:
            cursor.execute(SINCE_CHANGED, [edit.pk, NAMED])
            moved = cursor.fetchall()
        if moved:
            raise _moved([(CellEdit(row[0], row[1], row[2], None), row[3]) for row in moved])
        reason = reason.strip() or _("undone: %(reason)s") % {"reason": edit.reason}
        with editing(version=version, kind=EditKind.UNDO, reason=reason, by=by, made_at=made_at, undoes=edit) as undone:
            with connection.cursor() as cursor:
                for statement in PUT_BACK:
                    cursor.execute(statement, [edit.pk])
            refuse_without_first(undone)
        note(undone, by)
    return undone


def locked_draft(version_id: int) -> PriceListVersion:
    """The draft, nobody else's until the transaction ends. Raises VersionPublished, DraftGone."""
    version = locked_version(version_id)
    if version.published_at:
        raise VersionPublished(
            _("Version %(number)s is published and never changes. Make a new draft.") % {"number": version.number}
        )
    return version


@contextmanager
def editing(
    *,
    version: PriceListVersion,
    kind: EditKind,
    reason: str,
    by: Principal,
    made_at: dt.datetime | None = None,
    **kept: Any,
) -> Iterator[DraftEdit]:
    """Whatever changes prices inside belongs to one edit. Raises Invalid without a reason."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why: whoever asks later reads it here."), field="reason")
    edit = DraftEdit.objects.create(
        version=version,
        kind=kind,
        reason=reason[:300],
        made_by_id=by.user_id,
        made_at=made_at or timezone.now(),
        **kept,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, str(edit.pk)])
        yield edit
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])


def note(edit: DraftEdit, by: Principal) -> None:
    """Leave an audit row of an edit. Raises EditRefused for one that changed nothing."""
    count = edit.prices.count()
    if not count:
        raise EditRefused(_("Nothing is changed: the draft says all of this already."))
    price_list = PriceList.objects.get(versions=edit.version_id)
    audit(
        by=by,
        verb="prices.edited",
        subject=f"{price_list.code} {edit.version.number}",
        dealer_id=price_list.dealer_id,
        edit=edit.pk,
        prices=count,
    )


def refuse_without_first(edit: DraftEdit) -> None:
    """Raises EditRefused when an article would have a price from some quantity on and none from 1."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_FIRST, {"version": edit.version_id, "edit": edit.pk})
        found = cursor.fetchall()
    if found:
        raise EditRefused(
            _("Prices would begin at more than 1 unit: %(articles)s. Give a price from 1, or take all of them away.")
            % {"articles": ", ".join(f"{sku} ({quantity})" for sku, quantity in found)}
        )


def _current(version: PriceListVersion, cells: Iterable[CellEdit]) -> dict[tuple[int, int], Decimal]:
    prices = Price.objects.filter(version=version, product__in={cell.product_id for cell in cells})
    return {
        (product_id, quantity): amount
        for product_id, quantity, amount in prices.values_list("product_id", "min_quantity", "amount")
    }


def _refuse_moved(cells: Iterable[CellEdit], current: dict[tuple[int, int], Decimal]) -> None:
    """What somebody else has set to the very same price meanwhile is no quarrel."""
    moved = [
        (cell, current.get(cell.cell))
        for cell in cells
        if current.get(cell.cell) != cell.was and current.get(cell.cell) != cell.now
    ]
    if moved:
        raise _moved(moved)


def _moved(moved: Sequence[tuple[CellEdit, Decimal | None]]) -> PricesMoved:
    told = [
        {"product_id": cell.product_id, "min_quantity": cell.min_quantity, "was": cell.was, "now": now}
        for cell, now in moved[:NAMED]
    ]
    return PricesMoved(
        _("Somebody has changed %(count)s of these prices since. Nothing was saved.") % {"count": len(moved)},
        cells=told,
    )


def _check(changes: Sequence[CellEdit]) -> None:
    """Raises EditRefused for what is no price, or a price of nothing."""
    if len({cell.cell for cell in changes}) < len(changes):
        raise EditRefused(_("One price is given twice."))
    for cell in changes:
        if cell.now is not None and not (0 < cell.now < HIGHEST and cell.now == round_unit(cell.now)):
            raise EditRefused(
                _("“%(price)s” is not a price above zero with at most four digits.") % {"price": cell.now}
            )
        if not 0 < cell.min_quantity < 10**9:
            raise EditRefused(_("“%(text)s” is not a quantity.") % {"text": cell.min_quantity})
    wanted = {cell.product_id for cell in changes}
    if Product.objects.filter(pk__in=wanted).count() < len(wanted):
        raise EditRefused(_("An article is not there any more. Look again."))


def _refuse_suspicious(
    version: PriceListVersion, changes: Sequence[CellEdit], current: dict[tuple[int, int], Decimal]
) -> None:
    """Against what the draft says; where it says nothing, against what the list says today."""
    before = PriceListVersion.objects.in_force(business_date()).filter(price_list=version.price_list_id).first()
    held = _current(before, changes) if before else {}
    found = []
    for cell in changes:
        former = current.get(cell.cell, held.get(cell.cell))
        if doubt := suspicion(former, cell.now):
            found.append({
                "product_id": cell.product_id, "min_quantity": cell.min_quantity, "former": former, "now": cell.now,
                "suspicion": doubt.value,
            })  # fmt: skip
    if found:
        raise PricesSuspicious(
            _("%(count)s of these prices may be a mistake. Look at them, and say that they are meant.")
            % {"count": len(found)},
            field="confirmed",
            cells=found,
        )


def _write(version: PriceListVersion, changes: Sequence[CellEdit]) -> None:
    gone = Q(pk__in=[])
    for cell in changes:
        if cell.now is None:
            gone |= Q(product=cell.product_id, min_quantity=cell.min_quantity)
    Price.objects.filter(gone, version=version).delete()
    Price.objects.bulk_create(
        [
            Price(version=version, product_id=cell.product_id, min_quantity=cell.min_quantity, amount=cell.now)
            for cell in changes
            if cell.now is not None
        ],
        update_conflicts=True,
        unique_fields=["version", "product", "min_quantity"],
        update_fields=["amount"],
    )
