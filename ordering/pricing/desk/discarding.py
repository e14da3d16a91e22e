"""A draft thrown away, after a look at what goes with it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from accounts.access import PortalRequest
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.errors import Conflict

from ..errors import PricesMoved, VersionPublished
from ..models import DraftEdit, PriceListVersion
from ..queries import Loss, loss_of, version_changes
from ..services import discard_draft
from .asked import head, number, or_trace, version_of

LAST: Final = 5  # edits named on the page: those that somebody may still want


@or_trace
def discard(request: PortalRequest, pk: int) -> HttpResponse:
    """Says how many prices and edits would go, and asks; what was not looked at is not thrown away."""
    request.principal.require(Right.MANAGE_PRICES)
    version = version_of(pk)
    if request.method == "POST":
        try:
            discard_draft(version=version, by=request.principal, seen=seen(request))
        except Conflict as error:
            return refused(request, version, error)
        return done(request, version)
    context: dict[str, Any] = {
        "version": version,
        "loss": loss_of(version),
        "changes": version_changes(version, business_date()),
        "edits": DraftEdit.objects.filter(version=version).select_related("made_by").order_by("-made_at", "-pk")[:LAST],
        **head(_("Throw away: %(version)s") % {"version": version}, icon="bin", grid=grid_of(f"v{version.pk}")),
    }
    if version.published_at:
        return redirect("pricelistversion:edit", version.pk)
    return render(request, "pricing/desk/discard.html", context)


def seen(request: PortalRequest) -> Loss:
    """What the page said would go."""
    return Loss(number(request.POST.get("prices", "")) or 0, number(request.POST.get("edits", "")) or 0)


def grid_of(key: str) -> str:
    return f"{reverse('price_grid:grid')}?c={key}"


def refused(request: PortalRequest, version: PriceListVersion, error: Conflict) -> HttpResponse:
    """Changed meanwhile: the page again, with what would go now. Published meanwhile: where it can be taken back."""
    messages.error(request, str(error))
    if isinstance(error, PricesMoved):
        return redirect("price_grid:discard", pk=version.pk)
    if isinstance(error, VersionPublished):
        return redirect("pricelistversion:edit", version.pk)
    raise error


def done(request: PortalRequest, version: PriceListVersion) -> HttpResponse:
    """The list's column without the draft."""
    text = _("Draft %(number)d is thrown away. What was changed in it by hand can still be read.")
    trace = messages.button(reverse("price_grid:edits", args=[version.pk]), _("Who changed what"))
    messages.success(request, text % {"number": version.number}, buttons=[trace])
    return redirect(grid_of(f"l{version.price_list_id}"))
