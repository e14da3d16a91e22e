"""Prices on the head office's desk: lists, their versions, prices out of files."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSetGroup

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal, of_request
from portal.lib.clock import business_date

from .admin import ContractViewSet, PromotionViewSet
from .desk.asked import NAMESPACE, or_trace
from .desk.urls import urls as grid_urls
from .desk.versions import VersionEdit, VersionForm, VersionImport, VersionInspect, imported
from .models import Price, PriceList, PriceListVersion
from .services import publish_version, save_price_list, withdraw_version

READERS = (Right.READ_FIGURES,)


class ListIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", super().get_base_queryset().select_related("region", "dealer"))


class VersionIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", super().get_base_queryset().select_related("price_list"))


class PriceIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", super().get_base_queryset().select_related("product", "version__price_list"))


class PriceListViewSet(DeskViewSet):
    model = PriceList
    index_view_class = ListIndex
    icon = "list-ul"
    menu_label = _("Price lists")
    read, write, actions = READERS, (Right.MANAGE_PRICES,), ("add", "change")
    form_fields = ["code", "name_ru", "name_en", "scope", "region", "dealer", "currency", "tax_included"]
    list_display = ["__str__", "code", "scope", "region", "dealer", "currency", "tax_included"]
    list_filter = ["scope", "currency", "region", "tax_included"]
    list_export = ["code", "name_ru", "name_en", "scope", "region", "dealer", "currency", "tax_included"]
    search_fields = ["code", "name_ru", "name_en", "dealer__name", "dealer__code"]
    export_filename = "price-lists"

    def save(self, form: Any, by: Principal) -> PriceList:
        return save_price_list(price_list=form.instance, by=by)


class PriceListVersionViewSet(DeskViewSet):
    """Adding imports a file; editing a draft publishes it. A published version only shows."""

    model = PriceListVersion
    index_view_class = VersionIndex
    add_view_class = VersionImport
    edit_view_class = VersionEdit
    inspect_view_class = VersionInspect
    inspect_template_name = VersionInspect.template_name
    create_template_name = VersionImport.template_name
    edit_template_name = VersionEdit.template_name
    icon = "history"
    menu_label = _("Versions")
    add_item_label = _("Import a price file")
    read, write, actions = READERS, (Right.MANAGE_PRICES,), ("add", "change")
    list_display = [
        "price_list",
        "number",
        Column("state", label=_("State"), accessor=lambda version: version.state_on(business_date()).label),
        DayColumn("since", label=_("Valid from")),
        DayColumn("last_day", label=_("Valid until")),
        DateColumn("published_at", label=_("Published")),
        "source",
    ]
    list_filter = ["price_list"]
    list_export = ["price_list", "number", "since", "last_day", "published_at", "source", "created_at"]
    search_fields = ["price_list__code", "price_list__name_ru", "price_list__name_en", "source"]
    export_filename = "price-list-versions"
    inspect_view_enabled = True

    @property
    def edit_view(self) -> Any:
        return or_trace(super().edit_view)

    @property
    def inspect_view(self) -> Any:
        return or_trace(super().inspect_view)

    def get_form_class(self, for_update: bool = False) -> type[VersionForm]:
        return VersionForm

    def save(self, form: Any, by: Principal) -> PriceListVersion:
        today = business_date()
        if form.cleaned_data.get("withdraw"):
            return withdraw_version(version=form.instance, today=today, by=by)
        if form.instance.pk:
            valid_from = form.cleaned_data.get("valid_from", today)  # one published meanwhile has no such field
            return publish_version(version=form.instance, valid_from=valid_from, by=by)
        return imported(form, by)


class PriceFilter(WagtailFilterSet):
    version = django_filters.ModelChoiceFilter(
        queryset=PriceListVersion.objects.select_related("price_list"), label=_("version")
    )

    class Meta:
        model = Price
        fields: ClassVar = ["version"]


class PriceViewSet(DeskViewSet):
    model = Price
    index_view_class = PriceIndex
    icon = "table"
    menu_label = _("Prices")
    read = (*READERS, Right.MANAGE_PRICES)
    form_fields = ["version", "product", "min_quantity", "amount"]
    list_display = ["product", "version", "min_quantity", "amount"]
    filterset_class = PriceFilter
    list_export = ["product.sku", "version.price_list.code", "version.number", "min_quantity", "amount"]
    search_fields = ["product__sku", "product__name_ru", "product__name_en"]
    export_filename = "prices"
    inspect_view_enabled = True


class GridItem(MenuItem):
    """In the menu of whoever may read prices."""

    def is_shown(self, request: HttpRequest) -> bool:
        principal = of_request(request)
        return principal.may(Right.MANAGE_PRICES) or principal.may(Right.READ_FIGURES)


class GridViewSet(ViewSet):
    """Articles by price lists: looked at, changed in drafts, compared."""

    name = NAMESPACE
    url_prefix = "prices/grid"
    icon = "table"
    menu_label = _("Price grid")
    menu_item_class = GridItem

    def get_urlpatterns(self) -> list[Any]:
        return grid_urls


class PricesGroup(ModelViewSetGroup):
    menu_label = _("Price lists")
    menu_icon = "list-ul"
    menu_order = 320
    items = (
        GridViewSet, PriceListViewSet, PriceListVersionViewSet, PriceViewSet, ContractViewSet, PromotionViewSet,
    )  # fmt: skip


@hooks.register("register_admin_viewset")
def prices_desk() -> PricesGroup:
    return PricesGroup()
