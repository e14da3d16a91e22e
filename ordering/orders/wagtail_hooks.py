"""Orders on the head office's desk."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from . import services
from .admin import OrderFilter, OrderIndex, OrderInspect, act
from .models import BuyingTerms, Order


class OrderViewSet(DeskViewSet):
    """Orders are placed by dealers; the desk confirms, ships, completes and cancels them."""

    model = Order
    name = url_namespace = "orders_desk"
    icon = "clipboard-list"
    menu_label = _("Orders")
    read = (Right.MANAGE_ORDERS, Right.READ_FIGURES)
    index_view_class = OrderIndex
    inspect_view_class = OrderInspect
    inspect_view_enabled = True
    inspect_template_name = "orders/desk/inspect.html"
    list_display = ["number", Column("get_status_display", label=_("status"), sort_key="status"), "dealer", "placed_by",
                    DateColumn("placed_at", label=_("placed"), sort_key="placed_at"),
                    Column("units_ordered", label=_("units")), Column("units_shipped", label=_("shipped")),
                    DayColumn("next_promise", label=_("promise")), "total", "currency"]  # fmt: skip
    filterset_class = OrderFilter
    search_fields = ["number", "reference", "dealer__name", "client__name", "lines__sku"]
    list_export = ["number", "get_status_display", "payment", "dealer", "client", "placed_by", "placed_at", "reference",
                   "lines_count", "units_ordered", "units_shipped", "net", "tax", "total", "currency"]  # fmt: skip
    export_filename = "orders"
    ordering = ["-placed_at", "-pk"]


class BuyingTermsViewSet(DeskViewSet):
    """The smallest order of a dealer, and the sum above which its owner approves."""

    model = BuyingTerms
    icon = "form"
    menu_label = _("Buying terms")
    read, write, actions = (Right.READ_FIGURES,), (Right.MANAGE_ORDERS,), ("add", "change")
    form_fields = ["dealer", "minimum_order", "approval_above"]
    list_display = ["dealer", "minimum_order", "approval_above"]
    search_fields = ["dealer__name"]

    def save(self, form: Any, by: Principal) -> BuyingTerms:
        return services.set_buying_terms(by=by, **{"dealer_id": form.cleaned_data["dealer"].pk, **limits(form)})


def limits(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("minimum_order", "approval_above")}


class OrdersGroup(ModelViewSetGroup):
    menu_label = _("Order desk")
    menu_icon = "clipboard-list"
    menu_order = 300
    items = (OrderViewSet, BuyingTermsViewSet)


@hooks.register("register_admin_viewset")
def orders_desk() -> OrdersGroup:
    return OrdersGroup()


@hooks.register("register_admin_urls")
def desk_steps() -> list[URLPattern]:
    return [path("orders_desk/<str:number>/act/", act, name="orders_desk_act")]
