"""The dealer's own price list over the API: as it is asked for, as a file to be made, and which version it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from portal.lib.sheets import XLSX
from portal.lib.text import in_language

from .. import services
from ..downloads import price_list_answer, ready_answer
from ..enums import FileFormat
from ..forms import read_wanted
from ..models import PriceFile
from ..queries import Beginning, PriceContext, made_of, own_file, taken_lists
from ..serializers.files import (
    SINCE_HELP,
    PriceFileAskedSerializer,
    PriceFileSerializer,
    PriceListSerializer,
    PriceVersionSerializer,
)
from ..tasks import wake_files

FILE_ANSWERS: dict[Any, Any] = {
    (status, kind): shape
    for status in (200, 206)
    for kind, shape in (
        ("application/json", PriceListSerializer),
        ("text/csv", OpenApiTypes.BINARY),
        (XLSX, OpenApiTypes.BINARY),
    )
} | {304: None}


class PriceListView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(
        operation_id="price_list",
        parameters=[
            OpenApiParameter("format", str, enum=[one.value for one in FileFormat], description="json by default"),
            OpenApiParameter("on", OpenApiTypes.DATE, description="a day to come; today by default"),
            OpenApiParameter("category", str, description="code or name, with all below it"),
            OpenApiParameter(
                "sku", str, many=True, description="only these articles; for many `POST price-list/files/`"
            ),
            OpenApiParameter("since", str, description=SINCE_HELP),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="304 where nothing changed"),
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="one range, to go on with a file"),
        ],
        responses=FILE_ANSWERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The dealer's own price list: every article with a price, a row for each quantity break; or what changed in it.

        A list of up to 100,000 articles is a finished file with a strong ETag, `Range` and `If-Range`; a longer one flows as
        it is made, and is a finished file from then on. 429 with Retry-After after 120 files of a company in an hour.
        """
        said = request.query_params
        wanted = read_wanted(
            self.principal,
            file_format=said.get("format", ""),
            on=said.get("on", ""),
            category=said.get("category", ""),
            skus=said.getlist("sku"),
            since=said.get("since", ""),
        )
        return price_list_answer(self.principal, wanted, request)


class PriceVersionView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(operation_id="price_version", responses=PriceVersionSerializer)
    def get(self, request: Request) -> Response:
        """Which version the dealer's prices are, on which days they may change, and which versions were taken along."""
        made = made_of(PriceContext.of(self.principal))
        language = self.principal.language
        return Response(
            {
                "stamp": made.stamp,
                "valid_from": made.since,
                "valid_until": made.until,
                "days": [day_json(day, what, language) for day, what in made.days.items()],
                "taken": [
                    {"stamp": one.stamp, "taken_at": one.taken_at, "on": one.on, "format": one.file_format}
                    for one in taken_lists(self.principal, made)
                ],
            }
        )


class PriceFilesView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(
        operation_id="price_file_ask",
        request=PriceFileAskedSerializer,
        responses={201: PriceFileSerializer, 202: PriceFileSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for a file: 201 where it is ready, 202 where a worker makes it; then look at it until its state is `ready`."""
        asked = PriceFileAskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        wanted = read_wanted(
            self.principal,
            file_format=said["format"],
            on=said["on"].isoformat() if said["on"] else "",
            category=said["category"],
            skus=said["skus"],
            since=said["since"],
        )
        row = services.ask_file(by=self.principal, wanted=wanted, at=timezone.now())
        wake_files()
        return Response(file_json(row), status=201 if row.is_made else 202)


class PriceFileView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(operation_id="price_file", responses=PriceFileSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How far the file is."""
        return Response(file_json(own_file(self.principal, pk)))

    @extend_schema(operation_id="price_file_cancel", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Stop making the file, or forget it."""
        services.cancel_file(by=self.principal, row=own_file(self.principal, pk))
        return Response(status=204)


class PriceFileContentView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(operation_id="price_file_content", responses=FILE_ANSWERS)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The file's bytes, whole or a range. 409 while it is being made."""
        return ready_answer(self.principal, own_file(self.principal, pk), request)


def day_json(day: dt.date, what: Sequence[Beginning], language: str) -> dict[str, Any]:
    names = [(in_language(one.name_ru, one.name_en, language), one.ends) for one in what]
    return {
        "day": day,
        "begins": [name for name, ends in names if not ends],
        "ends": [name for name, ends in names if ends],
    }


def file_json(row: PriceFile) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "percent": row.percent,
        "format": row.file_format,
        "stamp": row.stamp,
        "size": row.size if row.is_made else None,
        "error": row.job.error if row.job and not row.is_made else "",
        "content": reverse("api:price-list-file-content", args=[row.pk]),
    }
