"""The client base on the head office's desk: read, filter, export; claims are decided here."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSetGroup

from accounts.admin import DayColumn, DeskViewSet
from accounts.enums import Right

from .models import Client, ClientCheck, DealerClient, Registration

READERS = (Right.MANAGE_CLIENTS, Right.READ_FIGURES)


class ClientIndex(IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        clients: QuerySet[Any] = super().get_base_queryset().annotate(dealers_count=Count("dealers"))
        return clients


class JoinedIndex(IndexView):
    """A list of rows that name a dealer and a client."""

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_base_queryset().select_related("dealer", "client")
        return rows


class ClientViewSet(DeskViewSet):
    model = Client
    icon = "group"
    menu_label = _("All clients")
    read = READERS
    index_view_class = ClientIndex
    inspect_view_enabled = True
    list_display = ["name", "tax_id", "town", "phone", Column("dealers_count", label=_("Dealers"))]
    list_filter = ["town"]
    search_fields = ["name", "tax_id", "town", "phone", "domain"]
    list_export = ["name", "tax_id", "town", "phone", "email", "domain", "dealers_count", "created_at"]
    export_filename = "clients"


class DealerClientViewSet(DeskViewSet):
    model = DealerClient
    icon = "list-ul"
    menu_label = _("By dealer")
    read = READERS
    index_view_class = JoinedIndex
    inspect_view_enabled = True
    list_display = [
        "name",
        "dealer",
        "tax_id",
        "town",
        Column("client", label=_("client"), accessor="client"),
        DayColumn("since", label=_("since")),
    ]
    list_filter = ["dealer"]
    search_fields = ["name", "tax_id", "town", "dealer__name"]
    list_export = ["dealer", "name", "tax_id", "town", "phone", "email", "domain", "client", "since", "note"]
    export_filename = "dealers-clients"


class RegistrationViewSet(DeskViewSet):
    model = Registration
    icon = "lock"
    menu_label = _("Registrations")
    read = READERS
    index_view_class = JoinedIndex
    inspect_view_enabled = True
    list_display = ["client", "dealer", "product_line", "state", "validity", "submitted_at"]
    list_filter = ["state", "dealer"]
    search_fields = ["client__name", "client__tax_id", "dealer__name"]
    list_export = ["client", "dealer", "product_line", "state", "validity", "submitted_at"]
    export_filename = "registrations"


class CheckViewSet(DeskViewSet):
    model = ClientCheck
    icon = "search"
    menu_label = _("Client checks")
    read = READERS
    index_view_class = JoinedIndex
    inspect_view_enabled = True
    list_display = ["number", "at", "dealer", "question", "client", "evidence", "answer"]
    list_filter = ["dealer", "answer"]
    search_fields = ["question", "client__name", "dealer__name"]
    list_export = ["number", "at", "dealer", "question", "client", "evidence", "answer", "until"]
    export_filename = "client-checks"


class ClientsGroup(ModelViewSetGroup):
    menu_label = _("Clients")
    menu_icon = "group"
    menu_order = 305
    items = (ClientViewSet, DealerClientViewSet, RegistrationViewSet, CheckViewSet)


@hooks.register("register_admin_viewset")
def clients_desk() -> ClientsGroup:
    return ClientsGroup()
