"""The grid: articles down, price lists across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import PortalRequest
from accounts.enums import Right
from ordering.catalog.models import Brand, Category
from portal.lib.clock import business_date
from portal.lib.formats import price_typed
from portal.lib.paging import page_of

from ..enums import Scope, Shown
from ..models import PriceEdit, PriceList, PriceListVersion
from ..queries import Cell, Column, GridRow, articles_of, grid_rows, last_edits
from .asked import Asked, head, may_read

ROWS: Final = 40
MOST_FIELDS: Final = 900  # Django takes a thousand a form
MOST_LISTS: Final = 60
MOST_VERSIONS: Final = 60


Place = tuple[int, int, int]  # version, article, quantity


@dataclass(slots=True)
class Typed:
    """A save that was refused: what was typed where, and what is wrong with it."""

    texts: dict[Place, str] = field(default_factory=dict)
    seen: dict[Place, str] = field(default_factory=dict)  # the price that the person saw there
    problems: dict[Place, str] = field(default_factory=dict)
    lost: list[tuple[str, int, str]] = field(default_factory=list)  # into a draft that is no more: SKU, quantity, text
    reason: str = ""
    refusal: str = ""
    asks_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of the page. `name`: that of its field, with the price that the person saw in it; empty: not to be changed."""

    cell: Cell
    name: str
    text: str
    stands: str
    problem: str
    edit: PriceEdit | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that may be chosen."""

    key: str
    version: PriceListVersion | None
    price_list: PriceList
    is_chosen: bool


def grid(request: PortalRequest) -> HttpResponse:
    """The page that an address asks for."""
    may_read(request)
    asked = Asked.of(request.GET)
    return render(request, "pricing/desk/grid.html", context_of(asked, request))


def context_of(asked: Asked, request: PortalRequest, typed: Typed | None = None) -> dict[str, Any]:
    """What the grid shows: a fixed number of queries, however many rows and columns.

    `typed`: a save that was refused, to be shown as it was sent.
    """
    page = page_of(articles_of(asked.chosen, asked.columns), asked.page, ROWS)
    rows = grid_rows(list(page), asked.columns)
    may_write = request.principal.may(Right.MANAGE_PRICES)
    drafts = [one.version.pk for one in asked.columns if one.is_draft and one.version]
    edits = last_edits(drafts, [one.pk for one in page])
    editable = open_columns(rows, asked.columns) if may_write else set()
    return {
        "asked": asked,
        "columns": asked.columns,
        "page": page,
        "rows": [(row, [field_of(cell, editable, edits, typed) for cell in row.cells]) for row in rows],
        "typed": typed,
        "editable": editable,
        "drafts": [column for column in asked.columns if column.is_draft],
        "pages": [(words, asked.address(page=n)) for words, n in _neighbours(page)],
        "choices": choices(asked.columns),
        "categories": Category.objects.order_by("path"),
        "brands": Brand.objects.order_by("name"),
        "shown": Shown.choices,
        "may_write": may_write,
        **head(_("Price grid")),
    }


def open_columns(rows: Sequence[GridRow], columns: Sequence[Column]) -> set[str]:
    """The keys of the drafts whose prices are fields: as many of them as a form may have fields."""
    most = max(1, MOST_FIELDS // max(1, len(rows)))
    return {column.key for column in [one for one in columns if one.is_draft][:most]}


def field_of(
    cell: Cell, editable: set[str], edits: Mapping[tuple[int, int, int], PriceEdit], typed: Typed | None
) -> Field:
    """A cell as the page shows it. A refused save keeps what was typed, over the price that is there now."""
    version_id = cell.column.version.pk if cell.column.version else 0
    at = (version_id, cell.product_id, cell.min_quantity)
    text = price_typed(cell.amount, cell.column.price_list.currency)
    is_open = cell.column.key in editable
    stands = "" if cell.amount is None else str(cell.amount)
    seen = typed.seen.get(at, stands) if typed else stands
    name = f"p-{version_id}-{cell.product_id}-{cell.min_quantity}-{seen}"
    problem = typed.problems.get(at, "") if typed else ""
    return Field(
        cell=cell,
        name=name if is_open else "",
        text=typed.texts.get(at, text) if typed else text,
        stands=text,
        problem=problem,
        edit=edits.get(at),
    )


def _neighbours(page: Any) -> list[tuple[str, int]]:
    found = [(_("Previous"), page.number - 1)] if page.has_previous() else []
    return [*found, (_("Next"), page.number + 1)] if page.has_next() else found


def choices(columns: Sequence[Column]) -> list[Choice]:
    """The lists of everyone and of regions with their drafts and versions to come, and whatever is chosen. Two queries."""
    chosen = {column.key for column in columns}
    of_chosen = Q(pk__in=[column.price_list.pk for column in columns])
    open_lists = PriceList.objects.filter(~Q(scope=Scope.DEALER) | of_chosen).select_related("region", "dealer")
    lists = list(open_lists.order_by("scope", "currency", "code")[:MOST_LISTS])
    waiting = PriceListVersion.objects.filter(
        Q(published_at=None) | Q(validity__startswith__gt=business_date())
        | Q(pk__in=[column.version.pk for column in columns if column.version and column.key.startswith("v")]),
        price_list__in=lists,
    )  # fmt: skip
    versions: dict[int, list[PriceListVersion]] = {}
    for version in waiting.order_by("-number")[:MOST_VERSIONS]:
        versions.setdefault(version.price_list_id, []).append(version)
    found = []
    for price_list in lists:
        found.append(Choice(f"l{price_list.pk}", None, price_list, f"l{price_list.pk}" in chosen))
        for version in versions.get(price_list.pk, ()):
            version.price_list = price_list
            found.append(Choice(f"v{version.pk}", version, price_list, f"v{version.pk}" in chosen))
    return found
