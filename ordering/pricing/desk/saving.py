"""Prices typed into the grid, kept as a draft; a new draft; an edit undone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest
from accounts.enums import Right
from ordering.catalog.models import Product
from portal.lib.errors import DomainError
from portal.lib.formats import clock, price_figure
from portal.lib.numbers import DoubtfulCellError

from ..enums import Suspicion
from ..errors import DraftGone, EditRefused, PricesMoved, PricesSuspicious
from ..models import DraftEdit, PriceList, PriceListVersion
from ..price_files import amount_of
from ..queries import last_edits
from ..queries.discarded import gone
from ..services import CellEdit, edit_prices, make_draft, undo_edit
from .asked import Asked
from .grid import Place, Typed, context_of

FIELD: Final = re.compile(r"p-(\d{1,18})-(\d{1,18})-(\d{1,9})-(\d{0,12}(?:\.\d{1,4})?)")


@require_POST
def save(request: PortalRequest) -> HttpResponse:
    """Keeps what was typed: all of it, or none; then the page shows what was typed and what stands in its way."""
    request.principal.require(Right.MANAGE_PRICES)
    asked = Asked.of(request.POST)
    typed = Typed(reason=request.POST.get("reason", "").strip())
    cells = read_cells(request.POST, asked, typed)
    if not typed.problems:
        try:
            count = keep(cells, typed.reason, confirmed="confirmed" in request.POST, by=request.principal)
        except DomainError as error:
            explain(error, cells, asked, typed)
        else:
            messages.success(request, ngettext("%(n)d price saved.", "%(n)d prices saved.", count) % {"n": count})
            return redirect(asked.address())
    typed.refusal = typed.refusal or _("Nothing was saved: look at what is marked.")
    return render(request, "pricing/desk/grid.html", context_of(asked, request, typed))


def read_cells(words: QueryDict, asked: Asked, typed: Typed) -> dict[int, list[CellEdit]]:
    """The changed prices by version. What cannot be read is a problem of its field."""
    currencies = {column.version.pk: column.price_list.currency for column in asked.columns if column.version}
    found: dict[int, list[CellEdit]] = {}
    for name, text in words.items():
        match = FIELD.fullmatch(name)
        if not match or not isinstance(text, str):
            continue
        version_id, product_id, quantity = (int(part) for part in match.groups()[:3])
        place = (version_id, product_id, quantity)
        was = Decimal(match[4]) if match[4] else None
        try:
            now = amount_of(text, currency=currencies.get(version_id, "")) if text.strip() else None
        except DoubtfulCellError as doubt:
            typed.problems[place] = str(doubt)
        else:
            if now == was:
                continue
            found.setdefault(version_id, []).append(CellEdit(product_id, quantity, was, now))
        typed.texts[place], typed.seen[place] = text.strip(), match[4]
    return found


def keep(cells: dict[int, list[CellEdit]], reason: str, *, confirmed: bool, by: Any) -> int:
    """One edit for each draft, all or none. Answers how many prices changed. Raises EditRefused for none."""
    if not cells:
        raise EditRefused(_("Nothing is changed: the draft says all of this already."))
    count = 0
    with transaction.atomic():
        versions = PriceListVersion.objects.filter(pk__in=cells).order_by("pk")
        for lost in sorted(cells.keys() - {version.pk for version in versions}):
            raise gone(lost)
        for version in versions:
            try:
                edit = edit_prices(version=version, cells=cells[version.pk], reason=reason, by=by, confirmed=confirmed)
            except (PricesMoved, PricesSuspicious) as error:
                error.extra["version_id"] = version.pk
                raise
            count += edit.prices.count()
    return count


def explain(error: DomainError, cells: dict[int, list[CellEdit]], asked: Asked, typed: Typed) -> None:
    """Says at each cell why it was not kept."""
    typed.refusal = str(error)
    typed.asks_confirmation = isinstance(error, PricesSuspicious)
    if isinstance(error, DraftGone):
        typed.lost = lost_of(error.version_id, typed)
    version_id = error.extra.get("version_id", 0)
    if isinstance(error, PricesSuspicious):
        for cell in error.extra["cells"]:
            place = (version_id, cell["product_id"], cell["min_quantity"])
            typed.problems[place] = str(Suspicion(cell["suspicion"]).label)
    if isinstance(error, PricesMoved):
        told = moved(version_id, error.extra["cells"], currency_of(version_id, asked))
        typed.problems |= told
        # Whoever is told what is there now has seen it: saving again is meant. Nobody else's price is.
        typed.seen = {place: seen for place, seen in typed.seen.items() if place not in told}


def lost_of(version_id: int, typed: Typed) -> list[tuple[str, int, str]]:
    """What was typed into a draft that is no more, for there is no field to show it in: SKU, quantity, text."""
    places = sorted(place for place in typed.texts if place[0] == version_id)
    skus = dict(Product.objects.filter(pk__in={place[1] for place in places}).values_list("pk", "sku"))
    return [(skus.get(place[1], "–"), place[2], typed.texts[place]) for place in places]


def currency_of(version_id: int, asked: Asked) -> str:
    of_version = {column.version.pk: column.price_list.currency for column in asked.columns if column.version}
    return of_version.get(version_id, "")


def moved(version_id: int, cells: Sequence[dict[str, Any]], currency: str) -> dict[Place, str]:
    """Both values, and who set the other one. One query."""
    problems = {}
    last = last_edits([version_id], {cell["product_id"] for cell in cells})
    for cell in cells:
        edit = last.get((version_id, cell["product_id"], cell["min_quantity"]))
        person = edit.edit.made_by if edit and edit.edit else None
        said = {
            "was": price_figure(cell["was"], currency),
            "now": price_figure(cell["now"], currency),
            "person": person or "–",
            "at": clock(edit.changed_at) if edit else "–",
        }
        problems[version_id, cell["product_id"], cell["min_quantity"]] = (
            _("You saw %(was)s; %(person)s has made it %(now)s at %(at)s. Save again to put yours in its place.") % said
        )
    return problems


@require_POST
def draft(request: PortalRequest, pk: int) -> HttpResponse:
    """A new draft of a list, as a column in the place of what holds."""
    price_list = get_object_or_404(PriceList, pk=pk)
    asked = Asked.of(request.POST)
    made = make_draft(price_list=price_list, by=request.principal)
    messages.success(request, _("Draft %(n)d is made. Nobody sees it before it is published.") % {"n": made.number})
    keys = [f"v{made.pk}" if column.key == f"l{pk}" else column.key for column in asked.columns]
    return redirect(asked.address(c=keys))


@require_POST
def undo(request: PortalRequest, pk: int) -> HttpResponse:
    """Puts back what an edit changed."""
    edit = get_object_or_404(DraftEdit, pk=pk)
    try:
        undo_edit(edit=edit, by=request.principal)
    except PricesMoved as error:
        messages.error(request, _("%(why)s Undo what was changed later first.") % {"why": error})
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Undone. What it changed is as it was."))
    return redirect("price_grid:edits", pk=edit.version_id)
