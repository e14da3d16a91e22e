"""Prices over the API: the receipt of an article, and the dealer's own price list as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right

from ..downloads import price_list_answer
from ..enums import FileFormat
from ..forms import read_format, read_quantity
from ..queries import PriceContext, priced_article, quote
from ..serializers import PriceListSerializer, PriceReceiptSerializer

NO_PRICE: dict[str, Any] = {
    **dict.fromkeys(("unit_price", "net", "tax", "total", "tax_rate", "tax_included", "valid_until", "next_break")),
    "steps": [],
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ProductPriceView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(
        operation_id="product_price",
        parameters=[
            OpenApiParameter("sku", str, OpenApiParameter.PATH, description="`/` is written as `~1`, `~` as `~0`"),
            OpenApiParameter("quantity", int, description="units, 1 by default"),
        ],
        responses=PriceReceiptSerializer,
    )
    def get(self, request: Request, sku: str) -> Response:
        """What a quantity of the article costs this dealer now, and why: every rule with its name, id and amount."""
        quantity = read_quantity(request.query_params.get("quantity", ""))
        product = priced_article(self.principal, sku)
        context = PriceContext.of(self.principal)
        receipt = quote(context, [(product.pk, quantity)]).get(product.pk)
        said = receipt.in_words(self.principal.language) if receipt else NO_PRICE
        return Response({"sku": product.sku, "quantity": quantity, "currency": context.currency, **said})


class PriceListView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(
        operation_id="price_list",
        parameters=[
            OpenApiParameter("format", str, enum=[one.value for one in FileFormat], description="json by default")
        ],
        responses={
            (200, "application/json"): PriceListSerializer,
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, XLSX): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The dealer's own price list of today: every article with a price, a row for each quantity break."""
        return price_list_answer(self.principal, read_format(request.query_params.get("format", "")))
