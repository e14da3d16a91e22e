"""Prices over the API: the receipt of an article. Price-list files, contracts and lists are in their own modules."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right

from ..forms import read_quantity
from ..queries import PriceContext, priced_article, quote
from ..serializers import PriceReceiptSerializer

NO_PRICE: dict[str, Any] = {
    **dict.fromkeys(("unit_price", "net", "tax", "total", "tax_rate", "tax_included", "valid_until", "next_break")),
    "steps": [],
}


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
