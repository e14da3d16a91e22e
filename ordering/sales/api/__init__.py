"""Sales history over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.paging import PortalPagination, envelope
from portal.lib.text import in_language

from ..enums import GroupBy, Measure
from ..forms import read_period
from ..periods import Period
from ..queries import History, history, last_entry_date
from ..serializers import SalesHistorySerializer, SalesParametersSerializer

FROM = OpenApiParameter("from", str, description="first day, YYYY-MM-DD; the first of January by default")
TO = OpenApiParameter("to", str, description="last day, counted; today by default")


class SalesView(ApiView):
    access = Right.VIEW_SALES

    @extend_schema(
        operation_id="sales_history", parameters=[FROM, TO, SalesParametersSerializer], responses=SalesHistorySerializer
    )
    def get(self, request: Request) -> Response:
        """What was shipped (or ordered, or paid) in a period, by month, category, article or client, beside a year before.

        A seller sees the sales of the clients they work with. Amounts are without tax, in one currency.
        """
        asked = SalesParametersSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        words = asked.validated_data
        period = read_period(
            request.query_params.get("from", ""), request.query_params.get("to", ""), today=business_date()
        )
        measure = Measure(words["measure"])
        found = history(
            self.principal,
            period.start,
            period.end,
            GroupBy(words["group_by"]),
            currency=words.get("currency"),
            measure=measure,
        )
        page, size = words["page"], min(words["page_size"], PortalPagination.max_page_size)
        return Response(
            {
                **history_json(found),
                "up_to": last_entry_date(self.principal, measure),
                **envelope(request, count=len(found.rows), page=page, size=size),
                "results": [
                    {
                        "key": row.key,
                        "name": in_language(row.name_ru, row.name_en, self.principal.language),
                        "net": str(row.net),
                        "quantity": str(row.quantity),
                        "compared_net": str(row.compared_net),
                    }
                    for row in found.rows[(page - 1) * size : page * size]
                ],
            }
        )


def history_json(found: History) -> dict[str, Any]:
    """Everything of a history but its rows."""
    return {
        "period": period_json(found.period),
        "compared": period_json(found.compared),
        "currency": found.currency,
        "measure": found.measure.value,
        "group_by": found.group_by.value,
        "totals": {
            "net": str(found.totals.net),
            "quantity": str(found.totals.quantity),
            "articles": found.totals.articles,
            "documents": found.totals.documents,
            "compared_net": str(found.compared_totals.net),
        },
    }


def period_json(period: Period) -> dict[str, str]:
    """A period as people say it: both days count."""
    return {"first": period.start.isoformat(), "last": period.last_day.isoformat()}
