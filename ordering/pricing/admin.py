"""Contracts and promotions on the head office's desk: a draft is edited, a published one only ended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import AdminDateInput

from accounts import principals
from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal
from ordering.catalog.models import Product
from portal.lib.clock import business_date

from .forms import read_breaks
from .models import Contract, Promotion
from .querysets import DEAL_READERS
from .services import end_deal, publish_deal, save_deal

COMMON = ["name_ru", "name_en", "category", "percent", "tax_included", "currency"]


class DealForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail has no types
    """What contracts and promotions have in common. An article is named by its SKU: there may be a million."""

    sku = forms.CharField(label=_("SKU"), required=False)
    first_day = forms.DateField(label=_("first day"), widget=AdminDateInput, initial=business_date)
    last_day = forms.DateField(label=_("last day"), widget=AdminDateInput, required=False)
    publish = forms.BooleanField(
        label=_("publish"),
        required=False,
        help_text=_("what is published never changes; only its end may come earlier"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deal = self.instance
        if deal.pk:
            self.initial |= {"first_day": deal.since, "last_day": deal.last_day}
            self.initial["sku"] = deal.product.sku if deal.product else ""
        if deal.published_at:
            for name in [name for name in self.fields if name != "last_day"]:
                del self.fields[name]
            self.fields["last_day"].required = True

    def clean_sku(self) -> str:
        sku = self.cleaned_data["sku"].strip()
        self.instance.product = Product.objects.by_sku([sku]).first() if sku else None
        if sku and self.instance.product is None:
            raise ValidationError(gettext("There is no article %(sku)s.") % {"sku": sku})
        return cast(str, sku)

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day is before the first."))
        elif first:
            self.instance.validity = DateRange(first, last and _after(last))
        return said


def _after(day: Any) -> Any:
    return type(day).fromordinal(day.toordinal() + 1)


class ContractForm(DealForm):
    prices = forms.CharField(
        label=_("fixed price"),
        required=False,
        help_text=_("one price, or one from each quantity on: 1: 100; 10: 95.50"),
    )

    class Meta:
        model = Contract
        fields: ClassVar = [*COMMON, "dealer", "forbids_discounts"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["prices"] = "; ".join(f"{quantity}: {amount}" for quantity, amount in self.instance.breaks)

    def clean_prices(self) -> str:
        text = cast(str, self.cleaned_data["prices"])
        try:
            breaks: dict[int, Decimal] = read_breaks(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        self.instance.quantities, self.instance.amounts = list(breaks), list(breaks.values())
        return text


class PromotionForm(DealForm):
    class Meta:
        model = Promotion
        fields: ClassVar = [*COMMON, "amount", "audience", "combines"]


class DealIndex(IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", self.model.objects.visible_to(principals.of_request(self.request)))


class DealViewSet(DeskViewSet):
    """Adding keeps a draft or publishes; editing a published one ends it earlier."""

    read, write, actions = DEAL_READERS, (Right.MANAGE_PRICES,), ("add", "change")
    inspect_view_enabled = True
    form: type[DealForm]

    def get_form_class(self, for_update: bool = False) -> type[DealForm]:
        return self.form

    def save(self, form: Any, by: Principal) -> Any:
        if form.instance.published_at:
            return end_deal(deal=form.instance, last_day=form.cleaned_data["last_day"], today=business_date(), by=by)
        deal = save_deal(deal=form.instance, by=by)
        return publish_deal(deal=deal, by=by) if form.cleaned_data["publish"] else deal


def prices_in_words(contract: Contract) -> str:
    """Its fixed prices by quantity, as the form takes them; a dash for a percent."""
    if len(contract.breaks) == 1:
        return str(contract.amounts[0])
    return "; ".join(f"{quantity}: {amount}" for quantity, amount in contract.breaks) or "–"


def target_in_words(promotion: Promotion) -> str:
    return str(promotion.target or gettext("every article"))


class ContractIndex(DealIndex):
    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("dealer", "product", "category")


class ContractViewSet(DealViewSet):
    model = Contract
    form = ContractForm
    index_view_class = ContractIndex
    icon = "doc-full-inverse"
    menu_label = _("Contracts")
    list_display = [
        "__str__",
        "dealer",
        Column("target", label=_("article or category")),
        "percent",
        Column("prices", label=_("fixed price"), accessor=prices_in_words),
        DayColumn("since", label=_("Valid from")),
        DayColumn("last_day", label=_("Valid until")),
        DateColumn("published_at", label=_("Published")),
    ]
    list_filter = ["dealer", "currency", "forbids_discounts"]
    list_export = ["name_ru", "name_en", "dealer.code", "product.sku", "category.code", "currency", "percent", "quantities",
                   "amounts", "tax_included", "forbids_discounts", "since", "last_day", "published_at"]  # fmt: skip
    search_fields = ["name_ru", "name_en", "dealer__name", "dealer__code", "product__sku"]
    export_filename = "contracts"


class PromotionIndex(DealIndex):
    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("audience", "product", "category")


class PromotionViewSet(DealViewSet):
    model = Promotion
    form = PromotionForm
    index_view_class = PromotionIndex
    icon = "pick"
    menu_label = _("Promotions")
    list_display = [
        "__str__",
        "audience",
        Column("target", label=_("article or category"), accessor=target_in_words),
        "percent",
        "amount",
        DayColumn("since", label=_("Valid from")),
        DayColumn("last_day", label=_("Valid until")),
        DateColumn("published_at", label=_("Published")),
    ]
    list_filter = ["audience", "currency", "combines"]
    list_export = ["name_ru", "name_en", "audience", "product.sku", "category.code", "currency", "percent", "amount",
                   "tax_included", "combines", "since", "last_day", "published_at"]  # fmt: skip
    search_fields = ["name_ru", "name_en", "product__sku"]
    export_filename = "promotions"
