"""Prices on the head office's desk: lists, their versions, prices out of files."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets import AdminDateInput

from accounts.admin import DayColumn, DeskViewSet, ServedEditView
from accounts.enums import Right
from accounts.principals import Principal, of_request
from portal.lib.clock import business_date
from portal.lib.errors import DomainError

from .admin import ContractViewSet, PromotionViewSet
from .desk.asked import NAMESPACE, number, or_trace, version_of
from .desk.urls import urls as grid_urls
from .errors import PriceFileRefused
from .models import Price, PriceList, PriceListVersion
from .price_files import read_price_file
from .queries import version_changes
from .services import import_prices, publish_version, save_price_list, withdraw_version

READERS = (Right.READ_FIGURES,)


class NothingNew(PriceFileRefused):
    code = "nothing_new"


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


class VersionForm(WagtailAdminModelForm):
    """A new version is made of a file; a draft is published from a day."""

    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV, XLSX or JSON lines with columns for the SKU, the price and, if there are breaks, the quantity"
        ),
    )
    minor_units = forms.BooleanField(label=_("prices are in kopecks or cents"), required=False)
    valid_from = forms.DateField(label=_("valid from"), widget=AdminDateInput, initial=business_date)
    publish = forms.BooleanField(
        label=_("publish"),
        required=False,
        help_text=_("at once; else a draft is kept, which shows what it changes before it is published"),
    )
    withdraw = forms.BooleanField(
        label=_("take back"), required=False, help_text=_("it never holds; the version before it holds on")
    )

    class Meta:
        model = PriceListVersion
        fields: ClassVar = ["price_list"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("price_list", "file", "minor_units", "publish"):
                del self.fields[name]
        if not is_to_come(self.instance):
            del self.fields["withdraw"]


def is_to_come(version: PriceListVersion) -> bool:
    """Whether it is published and has not begun."""
    return bool(version.pk and version.published_at and version.since and version.since > business_date())


class VersionEdit(ServedEditView):
    """A draft with what it would change, to be published; a version to come, to be taken back."""

    def get_object(self, queryset: Any = None) -> PriceListVersion:
        """Raises DraftGone for one that was thrown away meanwhile."""
        try:
            return cast(PriceListVersion, super().get_object(queryset))
        except Http404:
            pk = number(self.object_pk)
            return version_of(pk) if pk else get_object_or_404(PriceListVersion, pk=0)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.object
        changes = None if version.published_at else version_changes(version, business_date())
        return {**super().get_context_data(**kwargs), "changes": changes, "currency": version.price_list.currency}


class PriceListVersionViewSet(DeskViewSet):
    """Adding imports a file; editing a draft publishes it. A published version only shows."""

    model = PriceListVersion
    index_view_class = VersionIndex
    edit_view_class = VersionEdit
    edit_template_name = "pricing/desk/version.html"
    icon = "history"
    menu_label = _("Versions")
    add_item_label = _("Import a price file")
    read, write, actions = READERS, (Right.MANAGE_PRICES,), ("add", "change")
    list_display = [
        "price_list",
        "number",
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

    def get_form_class(self, for_update: bool = False) -> type[VersionForm]:
        return VersionForm

    def save(self, form: Any, by: Principal) -> PriceListVersion:
        if form.cleaned_data.get("withdraw"):
            return withdraw_version(version=form.instance, today=business_date(), by=by)
        if form.instance.pk:
            return publish_version(version=form.instance, valid_from=form.cleaned_data["valid_from"], by=by)
        return imported(form.cleaned_data, by)


def imported(asked: dict[str, Any], by: Principal) -> PriceListVersion:
    """The version made of an uploaded file. Raises NothingNew when the list says all of it already."""
    file, price_list = asked["file"], asked["price_list"]
    rows = read_price_file(file.file, name=file.name, currency=price_list.currency, minor_units=asked["minor_units"])
    try:
        report = import_prices(
            rows=rows,
            price_list=price_list,
            valid_from=asked["valid_from"],
            source=file.name,
            by=by,
            publish=asked["publish"],
        )
    except DomainError as error:
        error.field = "file"
        raise
    if report.version is None:
        raise NothingNew(_("The list says all of this already. No version was made."), field="file")
    return report.version


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
