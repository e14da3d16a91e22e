"""Price lists over the API, for systems of the head office: a list takes prices as a new version, which is looked at, published
from a day, or taken back before it. A dealer's own prices are in `products/…/price/` and `price-list/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.models import Dealer, Region
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of, by_code
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, Missing
from portal.lib.paging import PortalPagination
from portal.lib.text import named

from ..errors import DraftGone
from ..models import PriceList, PriceListVersion
from ..price_files import PriceRow, Refusal, read_price_file, read_price_rows
from ..queries import VersionChanges, discarded_number, version_changes
from ..serializers import lists as shapes
from ..services import (
    ImportReport,
    discard_draft,
    import_prices,
    list_by_code,
    publish_version,
    save_price_list,
    withdraw_version,
)

UPLOADS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".gz")
MOST_BYTES = 50 * 1024 * 1024


class PriceListsView(ApiView):
    access = Right.MANAGE_PRICES

    @extend_schema(
        operation_id="price_lists",
        parameters=PAGING,
        responses=shapes.PriceListPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """Every price list, with its versions, the latest first."""
        versions = PriceListVersion.objects.annotate(rows=Count("prices")).order_by("-number")
        found = PriceList.objects.select_related("region", "dealer").prefetch_related(Prefetch("versions", versions))
        pages = PortalPagination()
        page = pages.paginate_queryset(found.order_by("code"), request, view=self)
        language = self.principal.language
        return pages.get_paginated_response([list_json(one, language, list(one.versions.all())) for one in page or []])

    @extend_schema(
        request=shapes.NewPriceListSerializer,
        responses={201: shapes.PriceListFactsSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Makes a list without prices: the base list of a currency, a region's, or a dealer's."""
        facts = body_of(request, shapes.NewPriceListSerializer)
        facts["region"] = by_code(Region, facts.get("region"), "region")
        facts["dealer"] = by_code(Dealer, facts.get("dealer"), "dealer")
        if PriceList.objects.filter(code=facts["code"]).exists():
            raise Invalid(_("There is a list with this code already."), field="code")
        made = save_price_list(price_list=PriceList(**facts), by=self.principal)
        return Response(list_json(made, self.principal.language, []), status=status.HTTP_201_CREATED)


class PriceListVersionsView(ApiView):
    access = Right.MANAGE_PRICES

    @extend_schema(
        operation_id="price_list_version_create",
        request=shapes.NewVersionSerializer,
        responses={200: shapes.ImportReportSerializer, 201: shapes.ImportReportSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, code: str) -> Response:
        """Adds prices to a list as its new version: what holds on the day, with every article named replaced. All rows or none.

        201 with the version and what it changes; 200 without one when the list says all of it already.
        """
        asked = body_of(request, shapes.NewVersionSerializer)
        price_list = list_by_code(code)
        valid_from = asked.get("valid_from") or business_date()
        report = import_prices(
            rows=rows_of(asked, price_list.currency),
            price_list=price_list,
            valid_from=valid_from,
            source=asked["file"].name if asked.get("file") else "API",
            by=self.principal,
            publish=asked["publish"],
        )
        changes = version_changes(report.version, valid_from) if report.version and not asked["publish"] else None
        made = status.HTTP_201_CREATED if report.version else status.HTTP_200_OK
        return Response(report_json(report, changes, self.principal.language), status=made)


class VersionView(ApiView):
    access = Right.MANAGE_PRICES

    def version(self, code: str, number: int) -> PriceListVersion:
        """Raises Missing where the list has no such version, DraftGone where it was thrown away."""
        found = (
            PriceListVersion.objects.select_related("price_list").filter(price_list__code=code, number=number).first()
        )
        if found is None and (lost := discarded_number(code, number)):
            raise DraftGone(lost.told, version_id=lost.version.pk)
        if found is None:
            raise Missing(_("The list has no such version."))
        return found

    def answer(self, version: PriceListVersion) -> Response:
        return Response(version_json(self.version(version.price_list.code, version.number)))


class DraftView(VersionView):
    @extend_schema(operation_id="price_list_draft_discard", responses={204: None}, parameters=[IDEMPOTENCY_KEY])
    def delete(self, request: Request, code: str, number: int) -> Response:
        """Throws a draft away with its prices; its number comes never again. 409 for a version that is published, which is
        taken back before its first day (`withdraw/`) or superseded."""
        discard_draft(version=self.version(code, number), by=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class VersionChangesView(VersionView):
    @extend_schema(
        operation_id="price_list_version_changes",
        parameters=[OpenApiParameter("on", str, description="the day to compare with; today by default")],
        responses=shapes.VersionChangesSerializer,
    )
    def get(self, request: Request, code: str, number: int) -> Response:
        """What a version would change if it held from the day on: counts, and 200 changes, the most suspicious first."""
        day = serializers.DateField(default=business_date).run_validation(
            request.query_params.get("on") or serializers.empty
        )
        return Response(changes_json(version_changes(self.version(code, number), day), self.principal.language))


class VersionPublishView(VersionView):
    @extend_schema(
        request=shapes.ValidFromSerializer, responses=shapes.PriceListVersionSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """Publishes a draft from a day on; the version that holds then ends the day before. Its prices never change again."""
        valid_from = body_of(request, shapes.ValidFromSerializer).get("valid_from") or business_date()
        return self.answer(
            publish_version(version=self.version(code, number), valid_from=valid_from, by=self.principal)
        )


class VersionWithdrawView(VersionView):
    @extend_schema(request=None, responses=shapes.PriceListVersionSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, code: str, number: int) -> Response:
        """Takes a published version back before its first day: the one before it holds on."""
        version = self.version(code, number)
        return self.answer(withdraw_version(version=version, today=business_date(), by=self.principal))


def rows_of(asked: dict[str, Any], currency: str) -> Iterable[PriceRow | Refusal]:
    """The rows of a body: its list, or its file. Raises Invalid for neither or both."""
    rows, file = asked.get("prices"), asked.get("file")
    if rows and not file:
        return read_price_rows(rows, currency=currency)
    if rows or not file:
        raise Invalid(_("Send `prices`, or a `file`."), field="prices")
    if not file.name.lower().endswith(UPLOADS) or file.size > MOST_BYTES:
        raise Invalid(_("Send a CSV, TXT, XLSX or JSON lines file of at most 50 MB."), field="file")
    return read_price_file(file.file, name=file.name, currency=currency, minor_units=asked["minor_units"])


def list_json(price_list: PriceList, language: str, versions: list[PriceListVersion]) -> dict[str, Any]:
    return {
        "code": price_list.code,
        "name": named(price_list, language),
        "name_ru": price_list.name_ru,
        "name_en": price_list.name_en,
        "scope": price_list.scope,
        "region": price_list.region.code if price_list.region else None,
        "dealer": price_list.dealer.code if price_list.dealer else None,
        "currency": price_list.currency,
        "tax_included": price_list.tax_included,
        "versions": [version_json(version) | {"price_list": price_list.code} for version in versions],
    }


def version_json(version: PriceListVersion) -> dict[str, Any]:
    rows = getattr(version, "rows", None)
    return {
        "price_list": version.price_list.code,
        "number": version.number,
        "published_at": version.published_at,
        "valid_from": version.since,
        "last_day": version.last_day,
        "made_from": version.source,
        "prices": version.prices.count() if rows is None else rows,
    }


def report_json(report: ImportReport, changes: VersionChanges | None, language: str) -> dict[str, Any]:
    return {
        "version": version_json(report.version) if report.version else None,
        "rows": report.rows,
        "articles": report.articles,
        "changed": report.changed,
        "unknown_count": report.unknown_count,
        "unknown": [{"row": row, "sku": sku} for row, sku in report.unknown],
        "changes": changes_json(changes, language) if changes else None,
    }


def changes_json(changes: VersionChanges, language: str) -> dict[str, Any]:
    counts = ("raised", "lowered", "new", "gone", "same", "suspicious")
    return {
        "compared_with": changes.before.number if changes.before else None,
        **{name: getattr(changes, name) for name in counts},
        "rows": [
            {
                **{name: value if name == "min_quantity" else text(value) for name, value in asdict(row).items()},
                "name": named(row, language),
                "percent": text(row.percent),
                "suspicion": row.suspicion.value if row.suspicion else None,
            }
            for row in changes.rows
        ],
    }


def text(value: Any) -> str | None:
    return None if value is None else str(value)
