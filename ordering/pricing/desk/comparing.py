"""Two versions side by side, of one list or of two. Whom one would affect is a page of `portal`: carts lie above prices."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import PortalRequest

from ..enums import Change, Scope
from ..models import PriceListVersion
from ..queries import VersionChanges, changes_between
from ..queries.changes import SHOWN
from .asked import head, may_read, number

MOST_VERSIONS: Final = 150


def compare(request: PortalRequest) -> HttpResponse:
    """What `after` says otherwise than `before`: counts, and the rows of one kind of change."""
    may_read(request)
    before, after = (one_of(request.GET.get(name, "")) for name in ("before", "after"))
    which = request.GET.get("which", "")
    which = Change(which) if which in Change.values else Change.ALL
    page = number(request.GET.get("page", "")) or 1
    comparable = bool(before and after and before.price_list.currency == after.price_list.currency)
    changes = changes_between(before, after, which=which, page=page) if comparable and after else None
    context = {
        "before": before,
        "after": after,
        "versions": versions(before, after),
        "changes": changes,
        "kinds": kinds(before, after, changes, which) if changes else [],
        "pages": pages(before, after, changes, which, page) if changes else [],
        "comparable": comparable or not (before and after),
        "currency": after.price_list.currency if after else "",
        **head(_("Compare versions"), icon="resubmit", grid=f"../?c=v{after.pk}" if after else "../"),
    }
    return render(request, "pricing/desk/compare.html", context)


def one_of(text: str) -> PriceListVersion | None:
    pk = number(text)
    return PriceListVersion.objects.select_related("price_list").filter(pk=pk).first() if pk else None


def versions(*chosen: PriceListVersion | None) -> list[PriceListVersion]:
    """The newest versions of everyone's and the regions' lists, and the chosen ones with their neighbours. One query."""
    of_chosen = Q(price_list__in=[one.price_list_id for one in chosen if one])
    found = PriceListVersion.objects.filter(~Q(price_list__scope=Scope.DEALER) | of_chosen).select_related("price_list")
    newest = found.order_by("-pk")[:MOST_VERSIONS]
    listed = {one.pk: one for one in [*newest, *(one for one in chosen if one)]}
    return sorted(listed.values(), key=lambda one: (one.price_list.scope, one.price_list.code, -one.number))


def address(before: Any, after: Any, which: Change, page: int = 1) -> str:
    return "?" + urlencode({"before": before.pk, "after": after.pk, "which": which.value, "page": page})


def count_of(changes: VersionChanges, which: Change) -> int:
    if which is Change.ALL:
        return changes.raised + changes.lowered + changes.new + changes.gone
    return int(getattr(changes, which.value))


def kinds(before: Any, after: Any, changes: VersionChanges, chosen: Change) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label, "count": count_of(changes, one), "address": address(before, after, one),
            "is_chosen": one is chosen,
        }
        for one in Change
    ]  # fmt: skip


def pages(before: Any, after: Any, changes: VersionChanges, which: Change, page: int) -> list[tuple[str, str]]:
    found = [(_("Previous"), address(before, after, which, page - 1))] if page > 1 else []
    if page * SHOWN < count_of(changes, which):
        found.append((_("Next"), address(before, after, which, page + 1)))
    return found
