"""Articles over the API: the list with facets, and one article with its descriptions and guides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.principals import Principal
from ordering.catalog.models import Product
from portal import questions
from portal.lib.paging import PortalPagination, envelope
from portal.lib.text import in_language, named
from portal.queries.articles import ArticleRow, article_page
from portal.queries.catalogue import Found, Question, catalogue
from search.asked import Place
from search.query import Sort

ASKED = "what `POST search/clicks/` wants to hear when something of this answer is opened; null: nothing to open"
SIMILAR_HELP = (
    "other articles: the code asked for is not there, theirs are one sign away from it. Never take one unasked"
)


class PriceSerializer(serializers.Serializer[Any]):
    amount = serializers.CharField(help_text="of one unit, without tax")
    currency = serializers.CharField(help_text="ISO 4217")


class AvailabilitySerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="in_stock, low, to_order, out or discontinued")
    quantity = serializers.IntegerField(required=False, help_text="free units in all warehouses")


class ProductSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    mpn = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField(allow_null=True, help_text="name")
    brand_code = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True, help_text="name")
    category_code = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    pack = serializers.IntegerField(help_text="orderable multiple")
    state = serializers.CharField()
    price = PriceSerializer(allow_null=True)
    availability = AvailabilitySerializer()
    own_codes = serializers.ListField(child=serializers.CharField(), help_text="what the caller's company calls it")


class FacetValueSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class ProductListSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ProductSerializer(many=True)
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    similar = ProductSerializer(many=True, help_text=SIMILAR_HELP)
    interpreted_as = serializers.CharField(allow_null=True, help_text="the corrected query that was searched for")
    engine = serializers.CharField(help_text="who answered: elasticsearch or postgresql")
    asked = serializers.CharField(allow_null=True, help_text=ASKED)


class GuideSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()


class ProductPageSerializer(ProductSerializer):
    description = serializers.CharField()
    successor = serializers.CharField(allow_null=True, help_text="SKU")
    barcodes = serializers.ListField(child=serializers.CharField())
    attributes = serializers.ListField(
        child=inline_serializer("ProductAttribute", {"name": serializers.CharField(), "value": serializers.CharField()})
    )
    stock = serializers.ListField(
        child=inline_serializer(
            "ProductStock", {"warehouse": serializers.CharField(), "quantity": serializers.IntegerField()}
        )
    )
    guides = GuideSerializer(many=True)
    picture = serializers.CharField(allow_null=True)


class ProductParameters(serializers.Serializer[Any]):
    """What may be asked of the list."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    category = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="code or name; with its subtree"
    )
    brand = serializers.ListField(
        child=serializers.CharField(), required=False, default=list, help_text="codes or names"
    )
    in_stock = serializers.BooleanField(required=False, default=False)
    sort = serializers.ChoiceField(choices=[sort.value for sort in Sort], required=False, default=Sort.RELEVANCE.value)
    exactly = serializers.BooleanField(required=False, default=False, help_text="never read in another keyboard layout")
    page = serializers.IntegerField(required=False, default=1, min_value=1)
    page_size = serializers.IntegerField(required=False, default=PortalPagination.page_size, min_value=1)


class ProductListView(ApiView):
    access = Right.VIEW_ARTICLES

    @extend_schema(operation_id="products_list", parameters=[ProductParameters], responses=ProductListSerializer)
    def get(self, request: Request) -> Response:
        """Articles that answer the words and conditions, with this caller's prices and the counts to narrow by."""
        data = request.query_params.dict()
        parameters = ProductParameters(data={**data, "brand": request.query_params.getlist("brand")})
        parameters.is_valid(raise_exception=True)
        question = question_of(parameters.validated_data)
        found = catalogue(self.principal, question)
        return Response(
            {
                **envelope(request, count=found.total, page=question.page, size=question.page_size),
                "results": [product_json(row, self.principal) for row in found.rows],
                "facets": facets_json(found),
                "similar": [product_json(row, self.principal) for row in found.similar],
                "interpreted_as": found.interpreted_as,
                "engine": found.engine,
                "asked": questions.asked_in_catalogue(self.principal, question, found, place=Place.API).signed,
            }
        )


class ProductView(ApiView):
    access = Right.VIEW_ARTICLES

    @extend_schema(
        responses=ProductPageSerializer,
        parameters=[OpenApiParameter("sku", str, "path", description="`/` as `~1`, `~` as `~0`")],
    )
    def get(self, request: Request, sku: str) -> Response:
        """One article with its descriptions, stock and guides."""
        page = article_page(self.principal, sku)
        product = page.row.product
        body = product_json(page.row, self.principal)
        body |= {
            "description": in_language(product.description_ru, product.description_en, self.principal.language),
            "successor": product.successor.sku if product.successor else None,
            "barcodes": list(page.barcodes),
            "attributes": [{"name": name, "value": value} for name, value in page.specification],
            "stock": [{"warehouse": row.name, "quantity": row.free} for row in page.warehouses],
            "guides": [{"id": guide.id, "title": guide.title, "url": guide.address} for guide in page.guides],
            "picture": request.build_absolute_uri(picture_address(product)) if product.picture else None,
        }
        return Response(body)


def question_of(asked: dict[str, Any]) -> Question:
    """The question in a list's parameters."""
    return Question(
        text=asked["q"].strip(),
        category=asked["category"],
        brands=tuple(asked["brand"]),
        in_stock=asked["in_stock"],
        sort=Sort(asked["sort"]),
        exactly=asked["exactly"],
        page=asked["page"],
        page_size=min(asked["page_size"], PortalPagination.max_page_size),
    )


def product_json(row: ArticleRow, principal: Principal) -> dict[str, Any]:
    """A row of a list, the same wherever the API names an article."""
    product, price = row.product, row.price
    language = principal.language
    return {
        "sku": product.sku,
        "mpn": product.mpn,
        "name": named(product, language),
        "brand": product.brand.name if product.brand else None,
        "brand_code": product.brand.code if product.brand else None,
        "category": named(product.category, language) if product.category else None,
        "category_code": product.category.code if product.category else None,
        "unit": product.unit,
        "pack": product.pack,
        "state": product.state,
        "price": {"amount": str(price.unit_price), "currency": price.currency} if price else None,
        "availability": row.availability.as_json(),
        "own_codes": list(row.own_codes),
    }


def facets_json(found: Found) -> dict[str, list[dict[str, Any]]]:
    """The counts to narrow by, with the codes that the list's parameters take."""
    return {
        name: [
            {"value": value.value, "name": value.name, "count": value.count, "selected": value.selected}
            for value in values
        ]
        for name, values in found.facets.items()
    }


def picture_address(product: Product) -> str:
    return reverse("portal:picture", args=[product.sku])
