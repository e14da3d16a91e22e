"""The client base over the API."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from portal.lib.api import problem_handler
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING
from portal.lib.clock import business_date
from portal.lib.errors import Conflict
from portal.lib.paging import PortalPagination

from . import serializers as shapes
from . import services
from .models import DealerClient
from .queries import checks_left, clients_of


class ClientsView(ApiView):
    access = Right.VIEW_CLIENTS

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="a part of the name or town, a tax id, a phone"),
            *PAGING,
        ],
        responses=shapes.ClientListSerializer,
    )
    def get(self, request: Request) -> Response:
        """The dealer's own list, by name."""
        rows = clients_of(self.principal, words=request.query_params.get("q", "")[:100], on=business_date())
        pages = PortalPagination()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([client_json(row) for row in page or []])


class ClientCheckView(ApiView):
    access = Right.VIEW_CLIENTS

    @extend_schema(
        request=shapes.ClientQuestionSerializer, responses=shapes.ClientAnswerSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """The blind check: free, yours until a day, protected or under review; never who holds the client. 429 after 30 a day."""
        asked = shapes.ClientQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        check = services.check_client(by=self.principal, question=asked.validated_data["query"], at=timezone.now())
        return Response(
            {
                "number": check.number,
                "checked_at": check.at,
                "query": check.question,
                "answer": check.answer,
                "until": check.until,
                "matched_by": check.told_evidence or None,
                "checks_left": checks_left(self.principal, business_date(check.at)),
            }
        )


class RegistrationsView(ApiView):
    access = Right.EDIT_CLIENTS

    @extend_schema(
        request=shapes.NewRegistrationSerializer,
        responses={201: shapes.RegistrationSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Claims a client. The first complete submission wins; 409 `client_taken` never says who was first.

        Every try counts as a blind check: 429 when the day's are used up.
        """
        asked = shapes.NewRegistrationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        days, line = said.pop("days"), said.pop("product_line")
        facts = services.ClientFacts(**said).mended()
        try:
            claim = services.register_client(
                by=self.principal, facts=facts, at=timezone.now(), days=days, product_line=line
            )
        except Conflict as refusal:
            # An answer, not an error: under an Idempotency-Key an error would roll back the check that it cost.
            return cast(Response, problem_handler(refusal, {"request": request}))
        body = {
            "id": claim.pk,
            "state": claim.state,
            "client": facts.name,
            "tax_id": facts.tax_id,
            "product_line": claim.product_line,
            "since": claim.validity.lower,
            "until": claim.validity.upper - dt.timedelta(days=1),
            "submitted_at": claim.submitted_at,
        }
        return Response(body, status=status.HTTP_201_CREATED)


def client_json(row: DealerClient) -> dict[str, Any]:
    """A row of the list."""
    claim = {"state": row.claim_state, "until": row.claim_until} if row.claim_state else None
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in services.FACTS},
        "note": row.note,
        "since": row.since,
        "claim": claim,
    }
