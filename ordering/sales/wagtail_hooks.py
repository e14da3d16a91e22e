"""The ledger on the head office's desk: it shows, filters and exports, and changes nothing."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import IndexView

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right

from .models import LedgerEntry


class LedgerIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[LedgerEntry]:
        return cast("QuerySet[LedgerEntry]", super().get_base_queryset().select_related("dealer", "product", "client"))


class LedgerViewSet(DeskViewSet):
    model = LedgerEntry
    index_view_class = LedgerIndex
    icon = "table"
    menu_label = _("Sales ledger")
    menu_order = 340
    add_to_admin_menu = True
    read = (Right.READ_FIGURES,)
    form_fields = [
        "dealer",
        "date",
        "document",
        "line",
        "kind",
        "product",
        "client",
        "quantity",
        "net",
        "currency",
        "source",
    ]
    list_display = [
        "document",
        "line",
        DayColumn("date", label=_("Date")),
        "dealer",
        "kind",
        "product",
        "quantity",
        "net",
        "currency",
        "source",
    ]
    list_filter = {"date": ["gte", "lte"], "kind": ["exact"], "source": ["exact"], "currency": ["exact"]}
    list_export = [
        "date", "dealer.code", "dealer.name", "document", "line", "kind",
        "sku", "client_name", "quantity", "net", "currency", "source",
    ]  # fmt: skip
    search_fields = ["document", "dealer__code", "dealer__name", "product__sku"]
    export_filename = "sales-ledger"
    inspect_view_enabled = True


@hooks.register("register_admin_viewset")
def ledger_desk() -> LedgerViewSet:
    return LedgerViewSet()
