"""Contracts and promotions over the API: a dealer reads its own, an ERP of the head office keeps, publishes and ends them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Open, Right
from accounts.models import Audience, Dealer
from ordering.catalog.models import Category, Product
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of, by_code
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, Missing
from portal.lib.paging import PortalPagination
from portal.lib.text import named

from ..enums import DealState
from ..models import Contract, Promotion
from ..querysets import DealQuerySet
from ..serializers import deals as shapes
from ..services import end_deal, publish_deal, save_deal

ASKED = [
    OpenApiParameter("state", str, enum=DealState.values, description="all by default"),
    OpenApiParameter("sku", str, description="those of this very article"),
    *PAGING,
]
DAY = dt.timedelta(days=1)


class DealsView(ApiView):
    """What contracts and promotions have in common."""

    access = {"GET": Open.SIGNED_IN, "*": Right.MANAGE_PRICES}
    model: ClassVar[type[Contract | Promotion]]
    written: ClassVar[type[serializers.Serializer[Any]]]
    related: ClassVar[tuple[str, ...]] = ("product", "category")

    def visible(self) -> DealQuerySet:
        found = self.model._default_manager.visible_to(self.principal)  # noqa: SLF001
        return cast(DealQuerySet, found.select_related(*self.related))

    def one(self, pk: int) -> Contract | Promotion:
        """The deal with this id. Raises Missing where there is none that this person may see."""
        found = self.visible().filter(pk=pk).first()
        if found is None:
            raise Missing(_("There is no such contract or promotion."))
        return cast("Contract | Promotion", found)

    def listed(self, request: Request) -> Response:
        found, today = self.visible(), business_date()
        if state := request.query_params.get("state", ""):
            if state not in DealState.values:
                raise Invalid(
                    _("A state is one of: %(states)s.") % {"states": ", ".join(DealState.values)}, field="state"
                )
            found = found.in_state(DealState(state), today)
        if sku := request.query_params.get("sku", ""):
            found = found.filter(product__in=Product.objects.by_sku([sku]))
        if dealer := request.query_params.get("dealer", ""):
            found = found.filter(**self.of_dealer(dealer))
        pages = PortalPagination()
        page = pages.paginate_queryset(found.order_by("-pk"), request, view=self)
        return pages.get_paginated_response([self.as_json(deal, today) for deal in page or []])

    def of_dealer(self, code: str) -> dict[str, Any]:
        raise NotImplementedError

    def kept(self, request: Request, deal: Contract | Promotion) -> Contract | Promotion:
        """Keep what the body says of the deal, and publish it where it says so."""
        said = body_of(request, self.written, partial=bool(deal.pk))
        publish = said.pop("publish", False)
        self.fill(deal, said)
        with transaction.atomic():
            save_deal(deal=deal, by=self.principal)
            return publish_deal(deal=deal, by=self.principal) if publish else deal

    def fill(self, deal: Contract | Promotion, said: dict[str, Any]) -> None:
        """Put the fields of a body into the deal. Raises Invalid, naming the field, for what is not there."""
        if "sku" in said:
            deal.product = product_by_sku(said.pop("sku"))
        if "category" in said:
            deal.category = by_code(Category, said.pop("category"), "category")
        if "valid_from" in said or "last_day" in said or not deal.pk:
            former = deal.validity
            first = said.pop("valid_from", former.lower if former else business_date())
            last = said.pop("last_day", former.upper - DAY if former and former.upper else None)
            if last is not None and last < first:
                raise Invalid(_("The last day is before the first."), field="last_day")
            deal.validity = DateRange(first, last + DAY if last else None)
        for name, value in said.items():
            setattr(deal, name, value)

    def as_json(self, deal: Contract | Promotion, today: dt.date) -> dict[str, Any]:
        return {
            "id": deal.pk,
            "name": named(deal, self.principal.language),
            "name_ru": deal.name_ru,
            "name_en": deal.name_en,
            "sku": deal.product.sku if deal.product else None,
            "category": deal.category.code if deal.category else None,
            "percent": None if deal.percent is None else str(deal.percent),
            "tax_included": deal.tax_included,
            "currency": deal.currency,
            "valid_from": deal.since,
            "last_day": deal.last_day,
            "state": deal.state_on(today).value,
        }

    def answer(self, deal: Contract | Promotion, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.as_json(deal, business_date()), status=code)

    def change(self, request: Request, pk: int) -> Response:
        return self.answer(self.kept(request, self.one(pk)))

    def publish(self, pk: int) -> Response:
        return self.answer(publish_deal(deal=self.one(pk), by=self.principal))

    def end(self, request: Request, pk: int) -> Response:
        last_day = body_of(request, shapes.LastDaySerializer)["last_day"]
        end_deal(deal=self.one(pk), last_day=last_day, today=business_date(), by=self.principal)
        return self.answer(self.one(pk))


class OfContracts(DealsView):
    model, written = Contract, shapes.NewContractSerializer
    related = ("product", "category", "dealer")

    def of_dealer(self, code: str) -> dict[str, Any]:
        return {"dealer__code": code}

    def fill(self, deal: Contract | Promotion, said: dict[str, Any]) -> None:
        assert isinstance(deal, Contract)  # noqa: S101  (what `model` says)
        if "dealer" in said:
            deal.dealer = by_code(Dealer, said.pop("dealer"), "dealer")
        if "breaks" in said:
            breaks = said.pop("breaks")
            deal.quantities = [one["min_quantity"] for one in breaks]
            deal.amounts = [one["amount"] for one in breaks]
        super().fill(deal, said)

    def as_json(self, deal: Contract | Promotion, today: dt.date) -> dict[str, Any]:
        assert isinstance(deal, Contract)  # noqa: S101
        return super().as_json(deal, today) | {
            "dealer": deal.dealer.code,
            "breaks": [{"min_quantity": quantity, "amount": str(amount)} for quantity, amount in deal.breaks],
            "forbids_discounts": deal.forbids_discounts,
        }


class OfPromotions(DealsView):
    model, written = Promotion, shapes.NewPromotionSerializer
    related = ("product", "category", "audience")

    def of_dealer(self, code: str) -> dict[str, Any]:
        return {"audience__dealers__code": code}

    def fill(self, deal: Contract | Promotion, said: dict[str, Any]) -> None:
        assert isinstance(deal, Promotion)  # noqa: S101
        if "audience" in said:
            name = said.pop("audience")
            deal.audience = Audience.objects.filter(name=name).first() if name else None
            if name and deal.audience is None:
                raise Invalid(_("There is no audience “%(name)s”.") % {"name": name}, field="audience")
        super().fill(deal, said)

    def as_json(self, deal: Contract | Promotion, today: dt.date) -> dict[str, Any]:
        assert isinstance(deal, Promotion)  # noqa: S101
        # Whom else a promotion is for is no dealer's business.
        audience = {"audience": deal.audience.name if deal.audience else None} if self.principal.is_head_office else {}
        return (
            super().as_json(deal, today)
            | {"amount": None if deal.amount is None else str(deal.amount), "combines": deal.combines}
            | audience
        )


def product_by_sku(sku: str | None) -> Product | None:
    if not sku:
        return None
    found: Product | None = Product.objects.by_sku([sku]).first()
    if found is None:
        raise Invalid(_("There is no article %(sku)s.") % {"sku": sku}, field="sku")
    return found


class ContractListView(OfContracts):
    @extend_schema(
        operation_id="contracts_list",
        parameters=[*ASKED, OpenApiParameter("dealer", str, description="code; for the head office")],
        responses=shapes.ContractListSerializer,
    )
    def get(self, request: Request) -> Response:
        """Contracts, the latest first: the published ones of the own dealer; of every dealer for the head office, drafts too."""
        return self.listed(request)

    @extend_schema(
        request=shapes.NewContractSerializer, responses={201: shapes.ContractSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Keeps a contract: a draft without effect, or published at once."""
        return self.answer(self.kept(request, Contract()), status.HTTP_201_CREATED)


class ContractView(OfContracts):
    @extend_schema(operation_id="contract", responses=shapes.ContractSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One contract."""
        return self.answer(self.one(pk))

    @extend_schema(
        request=shapes.NewContractSerializer, responses=shapes.ContractSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Changes a draft. What is published never changes."""
        return self.change(request, pk)


class ContractPublishView(OfContracts):
    @extend_schema(request=None, responses=shapes.ContractSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Publishes a draft: it makes prices from its first day on."""
        return self.publish(pk)


class ContractEndView(OfContracts):
    @extend_schema(request=shapes.LastDaySerializer, responses=shapes.ContractSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Ends a published contract earlier, today at the earliest."""
        return self.end(request, pk)


class PromotionListView(OfPromotions):
    @extend_schema(operation_id="promotions_list", parameters=ASKED, responses=shapes.PromotionListSerializer)
    def get(self, request: Request) -> Response:
        """Promotions, the latest first: the published ones that are for the caller; all for the head office, drafts too."""
        return self.listed(request)

    @extend_schema(
        request=shapes.NewPromotionSerializer, responses={201: shapes.PromotionSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Keeps a promotion: a draft without effect, or published at once."""
        return self.answer(self.kept(request, Promotion()), status.HTTP_201_CREATED)


class PromotionView(OfPromotions):
    @extend_schema(operation_id="promotion", responses=shapes.PromotionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One promotion."""
        return self.answer(self.one(pk))

    @extend_schema(
        request=shapes.NewPromotionSerializer, responses=shapes.PromotionSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Changes a draft. What is published never changes."""
        return self.change(request, pk)


class PromotionPublishView(OfPromotions):
    @extend_schema(request=None, responses=shapes.PromotionSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Publishes a draft: it makes prices from its first day on."""
        return self.publish(pk)


class PromotionEndView(OfPromotions):
    @extend_schema(request=shapes.LastDaySerializer, responses=shapes.PromotionSerializer, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: int) -> Response:
        """Ends a published promotion earlier, today at the earliest."""
        return self.end(request, pk)
