"""Articles over the API: the list with facets, and one article with its descriptions and guides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.principals import Principal
from ordering.catalog.models import Product
from ordering.pricing.api.files import FILE_ANSWERS
from ordering.pricing.downloads import price_list_answer
from ordering.pricing.enums import FileFormat
from ordering.pricing.forms import read_format
from ordering.pricing.queries import Wanted
from portal import questions
from portal.lib.errors import NotAllowed
from portal.lib.paging import PageSerializer, PortalPagination, envelope
from portal.lib.text import in_language, named
from portal.queries.articles import ArticleRow, article_page
from portal.queries.catalogue import Found, catalogue, found_articles
from portal.queries.facets import FacetValue
from portal.queries.narrowing import price_context
from portal.queries.question import MOST_ATTRIBUTES_ASKED, STATES, Order, Question, attributes_of
from search.asked import Place

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


class AttributeFacetSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="asked for as `attribute=code:value`")
    name = serializers.CharField()
    unit = serializers.CharField(help_text="said in the values' names already")
    values = FacetValueSerializer(many=True)


class PriceFacetSerializer(serializers.Serializer[Any]):
    min = serializers.CharField(
        allow_null=True, help_text="lowest own price, without tax; null where it was not worked out"
    )
    max = serializers.CharField(allow_null=True)
    currency = serializers.CharField(help_text="ISO 4217")
    approximate = serializers.BooleanField(
        help_text="the range or the order was answered from list prices and the discount: more than 5,000 articles"
    )


class FacetsSerializer(serializers.Serializer[Any]):
    """What the list can be narrowed by. Each facet is counted under the conditions of all others."""

    category = FacetValueSerializer(many=True)
    brand = FacetValueSerializer(many=True)
    availability = FacetValueSerializer(many=True)
    attributes = AttributeFacetSerializer(many=True, help_text="the few that tell these articles apart, at most 8")
    price = PriceFacetSerializer(allow_null=True, help_text="null for whoever sees no prices")
    approximate = serializers.ListField(
        child=serializers.CharField(), help_text="the facets whose counts are approximate, for the same reason"
    )


class ProductListSerializer(PageSerializer):
    results = ProductSerializer(many=True)
    facets = FacetsSerializer()
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
    category = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        default=list,
        help_text="codes or names; with their subtrees",
    )
    brand = serializers.ListField(
        child=serializers.CharField(allow_blank=True), required=False, default=list, help_text="codes or names"
    )
    availability = serializers.ListField(
        child=serializers.ChoiceField(choices=STATES),
        required=False,
        default=list,
        help_text="states, or `here`: free to order from a warehouse of the caller's region",
    )
    in_stock = serializers.BooleanField(required=False, default=False, help_text="the states in_stock and low")
    price_min = serializers.DecimalField(
        required=False,
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        help_text="the caller's own price of a unit, without tax, from",
    )
    price_max = serializers.DecimalField(
        required=False, max_digits=16, decimal_places=4, min_value=Decimal(0), help_text="up to, inclusive"
    )
    attribute = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        default=list,
        max_length=100,
        help_text="`code:value` as `facets.attributes` name them, or a range of numbers: `torque:41..60`, `torque:100..`",
    )
    sort = serializers.ChoiceField(
        choices=[order.value for order in Order],
        required=False,
        default=Order.RELEVANCE.value,
        help_text="`price` and `-price` by the caller's own price, cheapest or dearest first",
    )
    exactly = serializers.BooleanField(required=False, default=False, help_text="never read in another keyboard layout")
    page = serializers.IntegerField(required=False, default=1, min_value=1)
    page_size = serializers.IntegerField(required=False, default=PortalPagination.page_size, min_value=1)

    def validate_attribute(self, said: list[str]) -> list[str]:
        wrong = [one for one in said if not all(one.partition(":"))]
        if wrong:
            raise serializers.ValidationError(
                _("“%(said)s” is not code:value. Take both from facets.attributes, e.g. voltage:18 or torque:41..60.")
                % {"said": wrong[0]}
            )
        if len(attributes_of(said)) < len({one.partition(":")[0] for one in said}):
            raise serializers.ValidationError(
                _("At most %(most)s attributes at once. Ask for fewer.") % {"most": MOST_ATTRIBUTES_ASKED}
            )
        return said

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        low, high = data.get("price_min"), data.get("price_max")
        if low is not None and high is not None and low > high:
            raise serializers.ValidationError(
                {"price_min": _("price_min is above price_max. Give the lower price first.")}
            )
        return data


class ProductListView(ApiView):
    access = Right.VIEW_ARTICLES

    @extend_schema(operation_id="products_list", parameters=[ProductParameters], responses=ProductListSerializer)
    def get(self, request: Request) -> Response:
        """Articles that answer the words and conditions, with this caller's prices and the counts to narrow by."""
        question = read_question(request)
        if question.asks_for_prices and price_context(self.principal) is None:
            raise NotAllowed(
                _(
                    "You see no prices here, so price_min, price_max and sort by price cannot be answered. Leave them out."
                )
            )
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


class FoundPriceListView(ApiView):
    access = Right.VIEW_PRICES

    @extend_schema(
        operation_id="price_list_found",
        parameters=[
            ProductParameters,
            OpenApiParameter("format", str, enum=[one.value for one in FileFormat], description="json by default"),
        ],
        responses=FILE_ANSWERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The price list of the articles that `GET products/` finds under the same conditions, up to 10,000 of them."""
        wanted = Wanted(
            read_format(request.query_params.get("format", "")),
            product_ids=found_articles(self.principal, read_question(request)),
        )
        return price_list_answer(self.principal, wanted, request)


def read_question(request: Request) -> Question:
    """What is asked of the catalogue. Raises ValidationError."""
    data = request.query_params
    lists = {name: data.getlist(name) for name in ("category", "brand", "availability", "attribute")}
    parameters = ProductParameters(data={**data.dict(), **lists})
    parameters.is_valid(raise_exception=True)
    return question_of(parameters.validated_data)


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
        categories=tuple(filter(None, asked["category"])),
        brands=tuple(filter(None, asked["brand"])),
        availability=tuple(asked["availability"]),
        in_stock=asked["in_stock"],
        price_min=asked.get("price_min"),
        price_max=asked.get("price_max"),
        attributes=attributes_of(asked["attribute"]),
        sort=Order(asked["sort"]),
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


def facets_json(found: Found) -> dict[str, Any]:
    """The counts to narrow by, with the values that the list's parameters take."""
    prices = found.prices
    return {
        **{name: [value_json(value) for value in values] for name, values in found.facets.items()},
        "attributes": [
            {
                "code": facet.code,
                "name": facet.name,
                "unit": facet.unit,
                "values": [value_json(value) for value in facet.values],
            }
            for facet in found.attributes
        ],
        "price": prices
        and {
            "min": None if prices.lowest is None else str(prices.lowest),
            "max": None if prices.highest is None else str(prices.highest),
            "currency": prices.currency,
            "approximate": prices.is_approximate,
        },
        "approximate": sorted(name.removeprefix("attribute/") for name in found.approximate),
    }


def value_json(value: FacetValue) -> dict[str, Any]:
    return {"value": value.value, "name": value.name, "count": value.count, "selected": value.selected}


def picture_address(product: Product) -> str:
    return reverse("portal:picture", args=[product.sku])
