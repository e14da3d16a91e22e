"""The orders' pages: the list, one order, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right
from ordering.pricing.receipts import Receipt
from portal.lib.clock import business_date
from portal.lib.errors import DomainError
from portal.lib.formats import moment, number
from portal.lib.paging import page_of

from .. import services
from ..enums import STAGES_OVER, Stage
from ..forms import day_or_none
from ..models import Order
from ..queries import OrderView, order_view, orders_of, stage_counts, track


@page(Right.VIEW_ORDERS)
def order_list(request: PortalRequest) -> HttpResponse:
    """The dealer's orders, those in work unless asked otherwise."""
    asked, principal = request.GET, request.principal
    words = asked.get("q", "").strip()[:100]
    usual = "all" if words else "open"
    stage = asked.get("status", usual)
    rows = orders_of(
        principal,
        words=words,
        stage=stage if stage == "open" or stage in Stage else "",
        since=day_or_none(asked.get("from", "")),
        until=day_or_none(asked.get("to", "")),
    )
    counts = stage_counts(principal)
    context = {
        "page": page_of(rows, asked.get("page")),
        "words": words,
        "stage": stage,
        "default_stage": usual,
        "is_open": stage == "open",
        "is_all": stage != "open" and stage not in Stage,
        "chips": [(one, n, one.value == stage) for one, n in counts.items() if n or one.value == stage],
        "open": sum(n for one, n in counts.items() if one not in STAGES_OVER),
        "everything": sum(counts.values()),
        "today": business_date(),
    }
    return render(request, "orders/list.html", context)


@page(Right.VIEW_ORDERS)
def order_detail(request: PortalRequest, number: str) -> HttpResponse:
    """One order: where it stands, its lines with the reasons of their prices, what happened."""
    return render(request, "orders/detail.html", detail_context(request, order_view(request.principal, number)))


@page(Right.VIEW_ORDERS)
def order_print(request: PortalRequest, number: str) -> HttpResponse:
    """The same order for paper: light, without frame and buttons."""
    return render(request, "orders/print.html", detail_context(request, order_view(request.principal, number)))


def detail_context(request: PortalRequest, view: OrderView) -> dict[str, Any]:
    """What the page of an order is drawn from."""
    principal, order = request.principal, view.order
    may_cancel = principal.may(Right.PLACE_ORDERS) or principal.may(Right.MANAGE_ORDERS)
    return {
        "view": view,
        "order": order,
        "lines": [(one, Receipt.from_json(one.line.receipt)) for one in view.lines],
        "steps": track_steps(view),
        "crumbs": [(_("Orders"), reverse("orders:list")), (order.number, None)],
        "may_cancel": may_cancel and view.is_cancellable,
        "may_approve": principal.may(Right.APPROVE_ORDERS) and order.status == "awaiting_approval",
        "may_repeat": principal.may(Right.USE_CART),
        "to_ship": order.units_ordered - order.units_cancelled,
    }


def track_steps(view: OrderView) -> list[dict[str, str]]:
    """The stages of the track in words."""
    order = view.order
    steps = []
    for step in track(view):
        note = moment(step.at) if step.at else ""
        if step.stage is Stage.SHIPPED and order.units_shipped:
            words = {"shipped": number(order.units_shipped), "all": number(order.units_ordered - order.units_cancelled)}
            note = _("%(shipped)s of %(all)s") % words
        steps.append({"label": str(step.stage.label), "note": note, "status": step.status})
    return steps


@page(Right.VIEW_ORDERS)
@require_POST
def cancel(request: PortalRequest, number: str) -> HttpResponse:
    """Cancels the whole order."""
    return _act(
        request, number, _("Order %(number)s is cancelled"),
        lambda: services.cancel_order(
            by=request.principal, number=number, at=timezone.now(), reason=request.POST.get("reason", "")
        ),
    )  # fmt: skip


@page(Right.VIEW_ORDERS)
@require_POST
def approve(request: PortalRequest, number: str) -> HttpResponse:
    """The owner agrees."""
    return _act(
        request, number, _("Order %(number)s is approved and placed"),
        lambda: services.approve_order(by=request.principal, number=number, at=timezone.now()),
    )  # fmt: skip


@page(Right.USE_CART)
@require_POST
def repeat(request: PortalRequest, number: str) -> HttpResponse:
    """Puts the same lines into the cart; the cart says what is different."""
    key = request.POST.get("idempotency_key") or None
    services.repeat_order(by=request.principal, number=number, key=key)
    return redirect(f"{reverse('orders:cart')}?repeated={number}")


def _act(request: PortalRequest, number: str, done: str, act: Any) -> HttpResponse:
    """Does it and says so, or says why not; either way back to the order."""
    try:
        order: Order = act()
        messages.success(request, done % {"number": order.number})
    except DomainError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    return redirect("orders:detail", number)
