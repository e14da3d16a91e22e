"""Programmes and the tiers that dealers hold over the API: what an ERP reads to reckon the same discounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Open
from ordering.catalog.models import Brand
from ordering.sales.forms import bounded, read_day
from portal.lib.asked import PAGING
from portal.lib.clock import business_date
from portal.lib.paging import PortalPagination
from portal.lib.text import named

from ..models import Programme
from ..queries import HeldTier, tier_holders, tiers_on
from ..querysets import ProgrammeQuerySet
from ..rules import DAY
from ..serializers import programmes as shapes
from .drafts import BELOW, terms_json

ON: Final = OpenApiParameter("on", str, description="YYYY-MM-DD; today by default")


def asked_day(request: Request) -> dt.date:
    """The day of a question. Raises PeriodNotUnderstood."""
    text = request.query_params.get("on", "")
    return bounded(read_day(text, field="on"), field="on") if text else business_date()


def programme_json(programme: Programme) -> dict[str, Any]:
    runs = programme.validity
    return {
        "code": programme.code,
        **terms_json(programme),
        "first_day": runs.lower,
        "last_day": runs.upper - DAY if runs.upper else None,
        "evaluated_on": programme.evaluated_on,
    }


def tier_json(tier: HeldTier, brands: Mapping[int, str], language: str) -> dict[str, Any]:
    return {
        "brand": brands[tier.brand_id] if tier.brand_id else None,
        "code": tier.code,
        "name": named(tier, language),
        "discount": str(tier.discount),
        "since": tier.since,
        "last_day": tier.until - DAY if tier.until else None,
    }


class ProgrammesView(ApiView):
    access = Open.SIGNED_IN

    def visible(self) -> ProgrammeQuerySet:
        found = Programme.objects.visible_to(self.principal)
        return found.select_related("region", "brand").prefetch_related(*BELOW)

    @extend_schema(operation_id="programmes", parameters=[ON, *PAGING], responses=shapes.ProgrammePageSerializer)
    def get(self, request: Request) -> Response:
        """Programmes that run on a day, whole: every one for the head office, for a dealer those it takes part in."""
        pages = PortalPagination()
        found = self.visible().running_on(asked_day(request)).order_by("currency", "code")
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([programme_json(one) for one in page or []])


class TiersHeldView(ApiView):
    access = Open.SIGNED_IN

    @extend_schema(
        operation_id="tiers_held",
        parameters=[ON, OpenApiParameter("dealer", str, description="code"), *PAGING],
        responses=shapes.DealerTiersPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """The tiers that dealers hold on a day, by dealer code: of every dealer for the head office, else one's own."""
        day, language, pages = asked_day(request), self.principal.language, PortalPagination()
        dealers = tier_holders(self.principal)
        if code := request.query_params.get("dealer", ""):
            dealers = dealers.filter(code=code)
        page = pages.paginate_queryset(dealers.order_by("code"), request, view=self) or []
        held = tiers_on(day, [dealer.pk for dealer in page])
        of = [one.brand_id or 0 for tiers in held.values() for one in tiers.of_brands]
        brands = dict(Brand.objects.filter(pk__in=of).values_list("pk", "code"))
        return pages.get_paginated_response(
            [
                {"dealer": dealer.code, "tiers": [tier_json(one, brands, language) for one in held.get(dealer.pk, ())]}
                for dealer in page
            ]
        )
