"""The order desk: how the head office lists orders, and moves one from stage to stage. Every step is a service's."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.models import InspectView

from accounts import principals
from accounts.enums import Right
from accounts.models import Dealer
from accounts.principals import Principal
from portal.lib.clock import business_date
from portal.lib.errors import DomainError

from . import services
from .enums import OrderStatus, Payment
from .forms import day_or_none, number_or_none
from .models import Order
from .queries import order_view, recomputed_lines
from .rules import whole_quantity


class OrderFilter(WagtailFilterSet):  # type: ignore[misc]  # Wagtail has no types
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus.choices, label=gettext_lazy("status"))
    payment = django_filters.ChoiceFilter(choices=Payment.choices, label=gettext_lazy("payment"))
    dealer = django_filters.ModelChoiceFilter(queryset=Dealer.objects.all(), label=gettext_lazy("dealer"))
    placed_at = django_filters.DateFromToRangeFilter(widget=DateRangePickerWidget, label=gettext_lazy("placed"))

    class Meta:
        model = Order
        fields = ["status", "payment", "dealer", "placed_at"]


class OrderIndex(IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> QuerySet[Order]:
        orders: QuerySet[Order] = Order.objects.visible_to(principals.of_request(self.request))
        return orders.with_progress(business_date()).select_related("dealer", "placed_by", "client")  # type: ignore[attr-defined,no-any-return]


class OrderInspect(InspectView):  # type: ignore[misc]
    """One order with its lines and the steps that can be taken now."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        principal = principals.of_request(self.request)
        view = order_view(principal, self.object.number)
        may = principal.may(Right.MANAGE_ORDERS)
        status = view.order.status
        return {
            **super().get_context_data(**kwargs),
            "view": view,
            "order": view.order,
            "act_url": reverse("orders_desk_act", args=[view.order.number]),
            "recomputed": recomputed_lines(principal, view.order.number) if "recompute" in self.request.GET else None,
            "may_confirm": may and status == OrderStatus.PLACED,
            "may_ship": may and status in (OrderStatus.CONFIRMED, OrderStatus.IN_PROGRESS) and view.units_to_ship > 0,
            "may_complete": may and status == OrderStatus.IN_PROGRESS and view.units_to_ship == 0,
            "may_cancel": may and view.is_cancellable,
        }


@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Takes one step with an order, and goes back to it; a refusal says why."""
    by = principals.of_request(request)
    by.require(Right.MANAGE_ORDERS)
    try:
        order = STEPS.get(request.POST.get("step", ""), unknown)(by, number, request)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        words = {"number": number, "status": OrderStatus(order.status).label}
        messages.success(request, _("Order %(number)s is now: %(status)s.") % words)
    order_id = Order.objects.visible_to(by).filter(number=number).values_list("pk", flat=True).first()
    return HttpResponseRedirect(
        reverse("orders_desk:inspect", args=[order_id]) if order_id else reverse("orders_desk:index")
    )


def unknown(by: Principal, number: str, request: HttpRequest) -> Order:
    raise DomainError(_("Choose a step."))


def confirm(by: Principal, number: str, request: HttpRequest) -> Order:
    day = day_or_none(request.POST.get("promised_on", ""))
    return services.confirm_order(by=by, number=number, at=timezone.now(), promised_on=day)


def ship(by: Principal, number: str, request: HttpRequest) -> Order:
    """Quantities come as `ship-<position>`; an empty field is a line that stays."""
    typed = {name.removeprefix("ship-"): value for name, value in request.POST.items() if name.startswith("ship-")}
    quantities = {
        position: whole_quantity(value)
        for name, value in typed.items()
        if (position := number_or_none(name)) is not None and str(value).strip() not in {"", "0"}
    }
    document = request.POST.get("document", "").strip()[:64]
    return services.ship_lines(by=by, number=number, at=timezone.now(), quantities=quantities, document=document)


def complete(by: Principal, number: str, request: HttpRequest) -> Order:
    return services.complete_order(by=by, number=number, at=timezone.now())


def cancel(by: Principal, number: str, request: HttpRequest) -> Order:
    return services.cancel_order(by=by, number=number, at=timezone.now(), reason=request.POST.get("reason", ""))


STEPS = {"confirm": confirm, "ship": ship, "complete": complete, "cancel": cancel}
