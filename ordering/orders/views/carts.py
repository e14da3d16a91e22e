"""The cart's pages."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right, Role
from accounts.models import LegalEntity
from ordering.clients.models import DealerClient
from ordering.programme.queries import standing_for
from portal.lib.clock import business_date
from portal.lib.errors import DomainError
from portal.lib.formats import quantity as in_units
from portal.lib.money import Money
from portal.lib.paging import page_of

from .. import services
from ..enums import Severity
from ..forms import amount_or_none, number_or_none, shown_from
from ..queries import CartView, cart_summary, cart_view, colleagues_who_order, order_view, own_line, repeat_preview
from ..rules import whole_quantity
from ..services import OrderDetails
from ..tasks import wake_letters

LINES_SHOWN = 100


@page(Right.USE_CART)
def cart(request: PortalRequest) -> HttpResponse:
    """The cart as it stands now, and after a repeat, what is different from the old order."""
    return cart_page(request, repeated=request.GET.get("repeated", ""))


def cart_page(request: PortalRequest, *, refusal: DomainError | None = None, repeated: str = "") -> HttpResponse:
    """The page; with a refusal, what stands in the way first and everything typed still there."""
    principal = request.principal
    view = cart_view(principal, business_date())
    colleagues = colleagues_who_order(principal)
    context: dict[str, Any] = {
        "cart": view,
        "page": page_of(list(view.positions), request.GET.get("page"), LINES_SHOWN),
        "now": timezone.now(),
        "flagged": {problem.sku for problem in view.problems if problem.sku},
        "blocking": view.blockers,
        "approval": [problem for problem in view.problems if problem.severity is Severity.APPROVAL],
        "shown": json.dumps(shown_as_json(view), separators=(",", ":")),
        "colleagues": colleagues,
        "hand_to": next((one for one in colleagues if one.role == Role.BUYER), None),
        "may_order": principal.may(Right.PLACE_ORDERS),
        "refusal": refusal,
        "changes": _changes(refusal, view),
        "typed": request.POST if refusal else {},
        "clients": DealerClient.objects.visible_to(principal).order_by("sort_key")[:500],
        "entities": list(LegalEntity.objects.filter(dealer=principal.dealer_id).order_by("name")),
        **_way_to_tier(request, view),
    }
    if repeated:
        context["repeated"] = [
            one for one in repeat_preview(principal, order_view(principal, repeated).order) if one.is_different
        ]
        context["repeated_number"] = repeated
    return render(request, "orders/cart.html", context, status=refusal.status if refusal else 200)


def _way_to_tier(request: PortalRequest, view: CartView) -> dict[str, Any]:
    """Where the dealer stands, and what would be left to the next tier with this order."""
    standing = standing_for(request.principal, business_date())
    if standing is None or standing.distance is None:
        return {"standing": standing}
    left = max(Decimal(0), standing.distance - view.totals.net)
    return {"standing": standing, "left_to_tier": Money(left, view.totals.currency)}


def shown_as_json(view: CartView) -> dict[str, list[Any]]:
    """What the page shows, for the server to compare with when the button is pressed: SKU → quantity, unit price."""
    return {
        position.product.sku: [position.quantity, str(position.receipt.unit_price) if position.receipt else None]
        for position in view.positions
    }


def _changes(refusal: DomainError | None, view: CartView) -> list[dict[str, Any]]:
    """The refusal's changes with amounts as amounts."""
    amounts = ("was", "now", "difference")
    return [
        {**change, **{name: Decimal(change[name]) if change[name] else None for name in amounts}}
        for change in (refusal.extra.get("changes", []) if refusal else [])
    ]


@page(Right.USE_CART)
@require_POST
def add(request: PortalRequest) -> HttpResponse:
    """Puts an article into the cart from wherever it was seen."""
    sku, typed = request.POST.get("sku", ""), request.POST.get("quantity", "")
    try:
        quantity = whole_quantity(typed)
        line = services.add_to_cart(by=request.principal, sku=sku, quantity=quantity)
    except DomainError as refusal:
        return _said(request, error=str(refusal))
    words = {"quantity": in_units(quantity, line.product.unit), "sku": line.product.sku}
    return _said(request, text=_("%(quantity)s of %(sku)s in the cart") % words)


def _said(request: PortalRequest, *, text: str = "", error: str = "") -> HttpResponse:
    """The answer to a change of the cart: for HTMX a toast and the figure in the bar, otherwise back to where it came from."""
    if getattr(request, "htmx", False):
        total, lines = cart_summary(request.principal)
        return render(
            request, "orders/_cart_changed.html", {"text": text, "error": error, "total": total, "lines": lines}
        )
    if error:
        messages.error(request, error)
    else:
        messages.success(request, text)
    return redirect(_back(request))


def _back(request: PortalRequest) -> str:
    """The page the form was on, if it was ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host():
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return reverse("orders:cart")


@page(Right.USE_CART)
@require_POST
def change_line(request: PortalRequest, line_id: int) -> HttpResponse:
    """Sets a line's quantity, or takes it out (with a way back)."""
    own_line(request.principal, line_id)
    try:
        if "remove" in request.POST:
            line = services.remove_line(by=request.principal, line_id=line_id)
            undo = reverse("orders:put-back", args=[line.product.sku, line.quantity])
            messages.success(
                request, _("%(sku)s is out of the cart") % {"sku": line.product.sku}, extra_tags=f"undo:{undo}"
            )
        else:
            services.set_line(
                by=request.principal, line_id=line_id, quantity=whole_quantity(request.POST.get("quantity", ""))
            )
    except DomainError as refusal:
        messages.error(request, _("%(why)s The line is as it was.") % {"why": _sentence(str(refusal))})
    return redirect(_back(request))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


@page(Right.USE_CART)
@require_POST
def put_back(request: PortalRequest, sku: str, quantity: int) -> HttpResponse:
    """Undoes a removal."""
    services.add_to_cart(by=request.principal, sku=sku, quantity=quantity)
    return redirect("orders:cart")


@page(Right.USE_CART)
@require_POST
def clear(request: PortalRequest) -> HttpResponse:
    """Takes everything out."""
    services.clear_cart(by=request.principal)
    messages.success(request, _("The cart is empty"))
    return redirect("orders:cart")


@page(Right.USE_CART)
@require_POST
def hand_over(request: PortalRequest) -> HttpResponse:
    """Gives the cart to a colleague who may order."""
    colleague = number_or_none(request.POST.get("to", "")) or 0
    note = request.POST.get("note", "")
    handover = services.hand_over(by=request.principal, to_membership=colleague, at=timezone.now(), note=note)
    words = {"n": handover.lines, "who": handover.cart.membership.user}
    text = ngettext("Handed over: %(who)s, %(n)s line", "Handed over: %(who)s, %(n)s lines", handover.lines) % words
    messages.success(request, text)
    return redirect("orders:cart")


@page(Right.PLACE_ORDERS)
@require_POST
def place(request: PortalRequest) -> HttpResponse:
    """Places the order; where something has changed or stands in the way, the cart says what."""
    posted = request.POST
    try:
        order = services.place_order(
            by=request.principal,
            key=posted.get("idempotency_key", ""),
            placed_at=timezone.now(),
            expected_total=amount_or_none(posted.get("expected_total", "")),
            shown=shown_from(posted.get("shown", "")),
            details=OrderDetails(
                comment=posted.get("comment", ""),
                reference=posted.get("reference", ""),
                client_id=number_or_none(posted.get("client", "")),
                legal_entity_id=number_or_none(posted.get("legal_entity", "")),
            ),
        )
    except DomainError as refusal:
        return cart_page(request, refusal=refusal)
    wake_letters()
    waits = order.status == "awaiting_approval"
    text = _("Order %(number)s waits for approval") if waits else _("Order %(number)s is placed")
    messages.success(request, text % {"number": order.number})
    return redirect("orders:detail", order.number)
