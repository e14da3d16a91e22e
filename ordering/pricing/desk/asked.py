"""What of the grid an address asks for. What it says wrongly is left out, so that an old link still shows something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import PortalRequest
from accounts.enums import Right
from ordering.catalog.models import Brand, Category
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed

from ..enums import Shown
from ..errors import DraftGone
from ..models import PriceList, PriceListVersion
from ..queries import ArticleFilter, Column, Discarded, default_keys, discarded, grid_columns
from ..queries.grid import MOST_COLUMNS

NAMESPACE = "price_grid"
MOST_WORDS = 2000  # characters: a column of SKUs pasted from a sheet


@dataclass(frozen=True)
class Asked:
    """Columns by their keys, the filter's words, the page."""

    keys: tuple[str, ...] = ()
    words: str = ""
    category_id: int | None = None
    brand_id: int | None = None
    shown: Shown = Shown.ALL
    page: int = 1

    @classmethod
    def of(cls, words: QueryDict) -> Asked:
        """Reads the words of an address, or of a form that carries them along. A dealer's list is added by its code."""
        keys = words.getlist("c")
        if code := words.get("code", "").strip():
            keys += [f"l{pk}" for pk in PriceList.objects.filter(code=code).values_list("pk", flat=True)]
        shown = words.get("shown", "")
        return cls(
            keys=tuple(keys or default_keys()),
            words=" ".join(words.get("q", "")[:MOST_WORDS].split()),
            category_id=number(words.get("category", "")),
            brand_id=number(words.get("brand", "")),
            shown=Shown(shown) if shown in Shown.values else Shown.ALL,
            page=number(words.get("page", "")) or 1,
        )

    @cached_property
    def columns(self) -> list[Column]:
        today = business_date()
        return grid_columns(self.keys, today) or grid_columns(default_keys(), today)

    @cached_property
    def gone(self) -> list[Discarded]:
        """Drafts that the address names and that were thrown away: nobody shall look for them in vain."""
        shown = {column.key for column in self.columns}
        lost = [number(key[1:]) for key in self.keys[:MOST_COLUMNS] if key[:1] == "v" and key not in shown]
        return [found for version_id in lost if version_id and (found := discarded(version_id))]

    def draft(self, version_id: int | None) -> Column | None:
        """The column of this draft."""
        drafts = (one for one in self.columns if one.is_draft and one.version)
        return next((one for one in drafts if one.version and one.version.pk == version_id), None)

    @cached_property
    def category(self) -> Category | None:
        return Category.objects.filter(pk=self.category_id).first() if self.category_id else None

    @cached_property
    def brand(self) -> Brand | None:
        return Brand.objects.filter(pk=self.brand_id).first() if self.brand_id else None

    @property
    def chosen(self) -> ArticleFilter:
        return ArticleFilter(
            category_path=self.category.path if self.category else "",
            brand_id=self.brand.pk if self.brand else None,
            words=self.words,
            shown=self.shown,
        )

    @property
    def pairs(self) -> list[tuple[str, Any]]:
        """The whole question as name and value: for an address, and for the hidden fields of a form."""
        said = [
            ("q", self.words), ("category", self.category_id), ("brand", self.brand_id),
            ("shown", self.shown.value if self.shown != Shown.ALL else ""), ("page", self.page if self.page > 1 else ""),
        ]  # fmt: skip
        return [*(("c", column.key) for column in self.columns), *((name, value) for name, value in said if value)]

    def address(self, view: str = "grid", **other: Any) -> str:
        """The same question on another page or screen; `c` replaces the columns, an empty value drops a word."""
        kept = [(name, value) for name, value in self.pairs if name not in other]
        added = [
            (name, one) for name, value in other.items() for one in (value if isinstance(value, list) else [value])
        ]
        query = urlencode([(name, value) for name, value in [*kept, *added] if value not in (None, "")])
        return reverse(f"{NAMESPACE}:{view}") + (f"?{query}" if query else "")


P = ParamSpec("P")


def or_trace(
    view: Callable[Concatenate[PortalRequest, P], HttpResponse],
) -> Callable[Concatenate[PortalRequest, P], HttpResponse]:
    """Whoever asks for a draft that was thrown away is led to what is known of it: who, when, and every edit."""

    @wraps(view)
    def guarded(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DraftGone as error:
            return redirect("price_grid:edits", pk=error.version_id)

    return guarded


def version_of(pk: int) -> PriceListVersion:
    """The version with its list. Raises DraftGone for one that was thrown away, Http404 for one that never was."""
    found = PriceListVersion.objects.select_related("price_list__region").filter(pk=pk).first()
    if found is None and (lost := discarded(pk)):
        raise DraftGone(lost.told, version_id=pk)
    return found or get_object_or_404(PriceListVersion, pk=pk)


def published(request: PortalRequest, version: PriceListVersion) -> HttpResponse:
    """Back to the grid: what only a draft can have done to it came too late."""
    text = _("Version %(number)s is published and never changes. Make a new draft.") % {"number": version.number}
    messages.error(request, text)
    return redirect(f"{reverse(f'{NAMESPACE}:grid')}?c=v{version.pk}")


def number(text: str) -> int | None:
    """A number of an address; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def may_read(request: PortalRequest) -> None:
    """Raises NotAllowed for whoever neither manages prices nor reads figures."""
    if not (request.principal.may(Right.MANAGE_PRICES) or request.principal.may(Right.READ_FIGURES)):
        raise NotAllowed(_("Prices are for those who manage them and those who read figures."))


def head(title: str, *, icon: str = "table", grid: str = "") -> dict[str, Any]:
    """What every screen has: what Wagtail's frame shows above it, and the day; `grid`: the way back to the grid as it was."""
    trail = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    trail += [{"url": grid, "label": _("Price grid")}] if grid else []
    return {
        "breadcrumbs_items": [*trail, {"url": "", "label": title}],
        "header_title": title,
        "header_icon": icon,
        "today": business_date(),  # what a version says of itself depends on it
    }
