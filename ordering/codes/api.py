"""A dealer's own codes over the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from ordering.catalog.importing import Outcome, Report, RowNote
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING
from portal.lib.errors import Invalid
from portal.lib.paging import PortalPagination
from portal.lib.spreadsheets import Row
from portal.lib.text import named

from . import serializers as shapes
from . import services
from .forms import rows_of_file
from .importing import import_codes
from .queries import listed_codes


class OwnCodesView(ApiView):
    access = Right.PLACE_ORDERS

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="a part of the code or SKU"),
            *PAGING,
        ],
        responses=shapes.OwnCodeListSerializer,
    )
    def get(self, request: Request) -> Response:
        """What the caller's company calls articles, by code."""
        pages = PortalPagination()
        rows = listed_codes(self.principal, request.query_params.get("q", "")[:100])
        page = pages.paginate_queryset(rows, request, view=self)
        language = self.principal.language
        listed = [
            {"id": row.pk, "code": row.code, "sku": row.product.sku, "name": named(row.product, language)}
            for row in page or []
        ]
        return pages.get_paginated_response(listed)

    @extend_schema(
        request=shapes.OwnCodesSentSerializer, responses=shapes.OwnCodesReportSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Keeps own codes of a list or a file. A row that names no article is reported and left out, the others are kept."""
        asked = shapes.OwnCodesSentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sent, file = asked.validated_data.get("codes"), asked.validated_data.get("file")
        if not sent and file is None:
            raise Invalid("Send `codes`, or a `file`.", field="codes")
        rows: Iterable[Row] = rows_of_file(file) if file else (Row(n, dict(one)) for n, one in enumerate(sent, 1))
        report = import_codes(by=self.principal, rows=rows, report=Report())
        counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
        return Response({**counts, "problems": [note_json(note) for note in report.problems]})

    @extend_schema(operation_id="own_codes_destroy_all", responses={204: None}, parameters=[IDEMPOTENCY_KEY])
    def delete(self, request: Request) -> Response:
        """Forgets all of the company's own codes."""
        services.forget_all_codes(by=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OwnCodeView(ApiView):
    access = Right.PLACE_ORDERS

    @extend_schema(responses={204: None}, parameters=[IDEMPOTENCY_KEY])
    def delete(self, request: Request, code_id: int) -> Response:
        """Forgets one code."""
        services.forget_code(by=self.principal, code_id=code_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def note_json(note: RowNote) -> dict[str, Any]:
    return {"row": note.row, "code": note.sku, "outcome": note.outcome.value, "message": note.message}
