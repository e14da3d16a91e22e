"""Search over the API: everything a person may see by section, and suggestions for an unfinished text."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.principals import Principal
from content.models import PortalPage
from ordering.catalog.models import Category
from ordering.clients.models import DealerClient
from ordering.orders.models import Order
from portal import questions
from portal.lib.text import named
from portal.queries.search import PageRow, Pinned, Section, everything, suggestions
from portal.queries.tasks import Action
from search.asked import Place

from .products import ASKED, SIMILAR_HELP, ProductSerializer, product_json

KINDS = ("pinned-article", "pinned-page", "product", "category", "guide", "news", "order", "client")


class SearchParameters(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=200, help_text="a code, a barcode, words or a question")
    exactly = serializers.BooleanField(required=False, default=False, help_text="never read in another keyboard layout")
    limit = serializers.IntegerField(
        required=False, default=10, min_value=1, max_value=50, help_text="rows of each section"
    )


class SuggestParameters(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=200, allow_blank=True, required=False, default="", help_text="the beginning")


class FoundCategorySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="the page on the portal")


class FoundPageSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    language = serializers.CharField()
    url = serializers.CharField(help_text="the page on the portal")


class FoundTextSerializer(FoundPageSerializer):
    highlight = serializers.CharField(help_text="a stretch of the text as HTML, what was found in <mark>")


class FoundTaskSerializer(FoundPageSerializer):
    task = serializers.CharField(help_text="what it is about, in a few words")


class FoundClientSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    town = serializers.CharField(allow_blank=True)
    tax_id = serializers.CharField(allow_blank=True)
    url = serializers.CharField(help_text="the page on the portal")


class FoundOrderSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    stage = serializers.CharField()
    placed_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField(help_text="the page on the portal")


class FoundActionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    url = serializers.CharField(help_text="the page on the portal where it is done")


class SuggestSerializer(serializers.Serializer[Any]):
    action = FoundActionSerializer(allow_null=True, help_text="what the person seems to want to do, if they may")
    past = serializers.ListField(
        child=serializers.CharField(), help_text="the caller's own past questions that begin so; the latest for no text"
    )
    products = ProductSerializer(many=True)
    categories = FoundCategorySerializer(many=True)
    guides = FoundPageSerializer(many=True)
    clients = FoundClientSerializer(many=True)
    engine = serializers.CharField(allow_blank=True, help_text="who answered: elasticsearch or postgresql")
    asked = serializers.CharField(allow_null=True, help_text=ASKED)


class ProductsFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = ProductSerializer(many=True)


class CategoriesFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = FoundCategorySerializer(many=True)


class TextsFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = FoundTextSerializer(many=True)


class OrdersFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = FoundOrderSerializer(many=True)


class ClientsFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = FoundClientSerializer(many=True)


class PinnedSerializer(serializers.Serializer[Any]):
    """An article or a page, the other is null."""

    product = ProductSerializer(allow_null=True)
    page = FoundPageSerializer(allow_null=True)


class PinsFoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = PinnedSerializer(many=True)


class SearchSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="of all sections")
    pinned = PinsFoundSerializer(help_text="what editors put first for this question")
    task = FoundTaskSerializer(allow_null=True, help_text="the guide to what the person seems to want to do")
    action = FoundActionSerializer(allow_null=True, help_text="what the person seems to want to do, if they may")
    guides = TextsFoundSerializer()
    products = ProductsFoundSerializer()
    similar = ProductSerializer(many=True, help_text=SIMILAR_HELP)
    categories = CategoriesFoundSerializer()
    orders = OrdersFoundSerializer()
    news = TextsFoundSerializer()
    clients = ClientsFoundSerializer()
    interpreted_as = serializers.CharField(allow_null=True, help_text="the corrected query that was searched for")
    engine = serializers.CharField(help_text="who answered: elasticsearch or postgresql")
    asked = serializers.CharField(allow_null=True, help_text=ASKED)


class ClickSerializer(serializers.Serializer[Any]):
    """What a person opened out of an answer."""

    asked = serializers.CharField(max_length=2000, help_text="of the answer, as it was given")
    kind = serializers.ChoiceField(
        choices=["pinned-article", "pinned-page", "product", "category", "guide", "news", "order", "client"]
    )
    key = serializers.CharField(max_length=200, help_text="SKU, code, id or number, as the answer gives it")
    position = serializers.IntegerField(min_value=1, max_value=10_000, help_text="within its section, from 1")


class ClickNotedSerializer(serializers.Serializer[Any]):
    noted = serializers.BooleanField(help_text="false: not this caller's question, or one of long ago")


class SearchView(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(parameters=[SearchParameters], responses=SearchSerializer)
    def get(self, request: Request) -> Response:
        """Everything the caller may see that answers the text, by section; a section they may not see is
        empty.
        """
        asked = SearchParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        how = asked.validated_data
        found = everything(self.principal, how["q"].strip(), exactly=how["exactly"], limit=how["limit"])
        task = found.task
        ways = questions.asked_everywhere(self.principal, found, place=Place.API)
        return Response(
            {
                "count": found.total,
                "task": {**page_json(task), "task": task.task} if task else None,
                "action": action_json(found.action),
                "pinned": section_json(found.pinned, lambda row: pinned_json(row, self.principal)),
                "guides": section_json(found.guides, text_json),
                "products": section_json(found.articles, lambda row: product_json(row, self.principal)),
                "similar": [product_json(row, self.principal) for row in found.similar],
                "categories": section_json(found.categories, lambda row: category_json(row, self.principal)),
                "orders": section_json(found.orders, order_json),
                "news": section_json(found.news, text_json),
                "clients": section_json(found.clients, client_json),
                "interpreted_as": found.interpreted_as,
                "engine": found.engine,
                "asked": ways.signed,
            }
        )


class ClicksView(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(request=ClickSerializer, responses={200: ClickNotedSerializer})
    def post(self, request: Request) -> Response:
        """Report that a person opened something out of an answer of `search/`, `products/` or `suggest/`.

        It teaches the search and the editors what answers are worth; nothing depends on it.
        """
        click = ClickSerializer(data=request.data)
        click.is_valid(raise_exception=True)
        told = click.validated_data
        noted = questions.reported(
            self.principal, ticket=told["asked"], kind=told["kind"], key=told["key"], position=told["position"]
        )
        return Response({"noted": noted})


class SuggestView(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(parameters=[SuggestParameters], responses=SuggestSerializer)
    def get(self, request: Request) -> Response:
        """What the caller may mean by the beginning of a text: at most eight rows altogether."""
        asked = SuggestParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = suggestions(self.principal, asked.validated_data["q"].strip())
        return Response(
            {
                "action": action_json(found.action),
                "past": list(found.past),
                "products": [product_json(row, self.principal) for row in found.articles],
                "categories": [category_json(row, self.principal) for row in found.categories],
                "guides": [page_json(row) for row in found.guides],
                "clients": [client_json(row) for row in found.clients],
                "engine": found.engine,
                "asked": questions.suggested(self.principal, found).signed,
            }
        )


class ForgetParameters(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=200, required=False, default="", help_text="the question to forget; all of them without"
    )


class PastQuestionsView(ApiView):
    access = Right.READ_CONTENT

    @extend_schema(parameters=[ForgetParameters], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Offer the caller's own past questions no longer: one of them, or all."""
        told = ForgetParameters(data=request.query_params)
        told.is_valid(raise_exception=True)
        questions.forget_past(self.principal, told.validated_data["q"].strip())
        return Response(status=204)


def action_json(action: Action | None) -> dict[str, str] | None:
    return {"title": str(action.title), "url": reverse(action.route)} if action else None


def section_json(section: Section[Any], row_json: Any) -> dict[str, Any]:
    return {"count": section.total, "results": [row_json(row) for row in section.rows]}


def pinned_json(row: Pinned, principal: Principal) -> dict[str, Any]:
    return {
        "product": product_json(row.article, principal) if row.article else None,
        "page": page_json(row.page) if row.page else None,
    }


def page_json(page: PortalPage) -> dict[str, Any]:
    return {"id": page.pk, "title": page.title, "language": page.language, "url": page.address}


def text_json(row: PageRow) -> dict[str, Any]:
    return {**page_json(row.page), "highlight": row.snippet}


def category_json(category: Category, principal: Principal) -> dict[str, Any]:
    address = f"{reverse('portal:catalogue')}?category={category.code}"
    return {"code": category.code, "name": named(category, principal.language), "url": address}


def order_json(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "stage": order.stage,  # annotated by with_progress
        "placed_at": order.placed_at,
        "url": reverse("orders:detail", args=[order.number]),
    }


def client_json(row: DealerClient) -> dict[str, Any]:
    address = f"{reverse('clients:list')}?q={row.tax_id or row.name}"
    return {"id": row.pk, "name": row.name, "town": row.town, "tax_id": row.tax_id, "url": address}
