"""Premiums, their slices, and what dealers have earned."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.admin import DeskViewSet
from accounts.enums import Right
from accounts.principals import Principal

from .. import services
from ..models import Premium, PremiumAccrual, PremiumSlice
from . import READERS


class PremiumViewSet(DeskViewSet):
    model = Premium
    icon = "plus-inverse"
    menu_label = _("Premiums")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("programme",)
    form_fields = ["programme", "name_ru", "name_en", "kind", "period"]
    list_display = ["__str__", "programme", "kind", "period", "accrued_before"]
    list_filter = ["programme"]
    list_export = ["name_ru", "name_en", "programme.code", "kind", "period", "accrued_before"]
    search_fields = ["name_ru", "name_en"]
    export_filename = "premiums"

    def save(self, form: Any, by: Principal) -> Premium:
        return services.save_premium(premium=form.instance, by=by)


class PremiumSliceViewSet(DeskViewSet):
    model = PremiumSlice
    icon = "order"
    menu_label = _("Slices of premiums")
    read, write, actions = READERS, (Right.MANAGE_PROGRAMME,), ("add", "change")
    list_select_related = ("premium",)
    form_fields = ["premium", "threshold", "percent"]
    list_display = ["premium", "threshold", "percent"]
    list_filter = ["premium"]
    list_export = ["premium", "threshold", "percent"]
    export_filename = "premium-slices"

    def save(self, form: Any, by: Principal) -> PremiumSlice:
        return services.save_slice(slice_=form.instance, by=by)


class PremiumAccrualViewSet(DeskViewSet):
    model = PremiumAccrual
    icon = "success"
    menu_label = _("Accrued premiums")
    read = (*READERS, Right.MANAGE_PROGRAMME)
    list_select_related = ("premium", "dealer")
    form_fields = ["premium", "dealer", "period", "volume", "amount"]
    list_display = ["dealer", "premium", "period", "volume", "amount"]
    list_filter = ["premium"]
    list_export = ["dealer.code", "dealer.name", "premium", "period", "volume", "amount"]
    search_fields = ["dealer__code", "dealer__name"]
    export_filename = "accrued-premiums"
    inspect_view_enabled = True
