"""The ledger over the API: an ERP states what was sold, line by line; a dealer traces every figure to its documents."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Open, Right
from accounts.models import Dealer
from portal.lib import skus
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of
from portal.lib.clock import business_date
from portal.lib.paging import PortalPagination
from portal.lib.spreadsheets import Row

from ..enums import Source
from ..forms import read_period
from ..importing import Named, SalesFile, import_rows
from ..models import LedgerEntry
from ..querysets import LedgerQuerySet
from ..serializers import entries as shapes
from . import FROM, TO

ASKED = [
    FROM,
    TO,
    OpenApiParameter("document", str, description="number of a document; then of all days unless days are asked for"),
    OpenApiParameter("dealer", str, description="code; for the head office"),
    *PAGING,
]


def entry_json(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "dealer": entry.dealer.code,
        **{name: getattr(entry, name) for name in ("date", "counts_on", "document", "line", "kind", "source", "sku")},
        "client": entry.client_name,
        "quantity": str(entry.quantity),
        "net": str(entry.net),
        "currency": entry.currency,
    }


class EntriesView(ApiView):
    access = {"GET": Open.SIGNED_IN, "*": Right.MANAGE_DEALERS}

    def asked(self, request: Request) -> LedgerQuerySet:
        said = request.query_params
        found = LedgerEntry.objects.visible_to(self.principal)
        if document := said.get("document", ""):
            found = found.filter(document=document)
        if dealer := said.get("dealer", ""):
            found = found.filter(dealer__in=Dealer.objects.visible_to(self.principal).filter(code=dealer))
        if document and not said.get("from") and not said.get("to"):
            return found
        return found.within(read_period(said.get("from", ""), said.get("to", ""), today=business_date()))

    @extend_schema(operation_id="ledger_entries", parameters=ASKED, responses=shapes.EntryPageSerializer)
    def get(self, request: Request) -> Response:
        """Lines of documents, the latest first; this year's by default. A seller sees the own clients', an analyst all."""
        pages = PortalPagination()
        found = self.asked(request).select_related("dealer", "product", "client").order_by("-date", "-pk")
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([entry_json(entry) for entry in page or []])

    @extend_schema(
        request=shapes.NewEntriesSerializer, responses={201: shapes.PostedSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """States up to 5,000 lines: all of them or, with the refused ones named, none. The same again is not doubled."""
        said = body_of(request, shapes.NewEntriesSerializer)["entries"]
        rows = [Row(number, values) for number, values in enumerate(said, start=1)]
        named = Named({one["dealer"] for one in said}, {skus.key(one["sku"]) for one in said if one.get("sku")})
        report = import_rows(rows=rows, asked=SalesFile(source=Source.ERP), by=self.principal, name="API", named=named)
        return Response({"entries": report.rows, "added": report.added}, status=status.HTTP_201_CREATED)
