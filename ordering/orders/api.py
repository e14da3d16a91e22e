"""The cart, the quick order and the orders over the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.principals import Principal
from portal.lib.asked import IDEMPOTENCY_KEY, PAGING, body_of
from portal.lib.clock import business_date
from portal.lib.errors import Invalid
from portal.lib.paging import PortalPagination
from portal.lib.text import named

from . import serializers as shapes
from . import services
from .forms import day_or_none, text_of_file
from .models import Order
from .queries import LineView, OrderView, answer_lines, cart_view, order_view, orders_of, own_line
from .queries.orders import Repeated
from .rules import Position, Shown
from .tasks import wake_letters

NUMBER = OpenApiParameter("number", str, "path", description="for example 26-10418")


class CartView(ApiView):
    access = Right.USE_CART

    @extend_schema(responses=shapes.CartSerializer)
    def get(self, request: Request) -> Response:
        """The cart at today's prices and stock, with everything that stands in the way of ordering it."""
        view = cart_view(self.principal, business_date())
        sums = view.totals
        return Response(
            {
                "lines": [cart_line_json(position, self.principal) for position in view.positions],
                "net": str(sums.net),
                "tax": str(sums.tax),
                "total": str(sums.total),
                "currency": sums.currency,
                "problems": [problem.as_json() for problem in view.problems],
            }
        )


class CartLinesView(ApiView):
    access = Right.USE_CART

    @extend_schema(
        request=shapes.NewCartLineSerializer, responses={201: shapes.CartLineSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Puts so many more units of an article into the cart. 422 with both neighbours when it is no multiple of the pack."""
        asked = body_of(request, shapes.NewCartLineSerializer)
        line = services.add_to_cart(by=self.principal, sku=asked["sku"], quantity=asked["quantity"])
        return Response(one_line_json(line.pk, self.principal), status=status.HTTP_201_CREATED)


class CartLineView(ApiView):
    access = Right.USE_CART

    @extend_schema(
        request=shapes.CartLineChangeSerializer, responses=shapes.CartLineSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    def patch(self, request: Request, line_id: int) -> Response:
        """Sets a line's quantity."""
        own_line(self.principal, line_id)
        asked = body_of(request, shapes.CartLineChangeSerializer)
        services.set_line(by=self.principal, line_id=line_id, quantity=asked["quantity"])
        return Response(one_line_json(line_id, self.principal))

    @extend_schema(responses={204: None}, parameters=[IDEMPOTENCY_KEY])
    def delete(self, request: Request, line_id: int) -> Response:
        """Takes a line out of the cart."""
        services.remove_line(by=self.principal, line_id=line_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class QuickOrderView(ApiView):
    access = Right.USE_CART

    @extend_schema(
        request={
            "application/json": shapes.QuickOrderSerializer,
            "multipart/form-data": shapes.QuickOrderSerializer,
        },
        responses=shapes.QuickAnswerSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """One answer for each line of a text or a file: what it means, or what to do about it. Nothing is rounded or swapped."""
        asked = body_of(request, shapes.QuickOrderSerializer)
        file, text = asked.get("file"), asked.get("text")
        if file is None and text is None:
            raise Invalid(_("Send `text`, or a `file`."), field="text")
        answer = answer_lines(
            self.principal, text_of_file(file, file.name or "") if file else str(text), business_date()
        )
        added = services.add_lines(by=self.principal, lines=answer.to_add) if asked["add"] and answer.to_add else 0
        return Response(
            {"lines": [line.as_json() for line in answer.lines], "ready": len(answer.ready), "added": added}
        )


class OrdersView(ApiView):
    access = {"GET": Right.VIEW_ORDERS, "POST": Right.PLACE_ORDERS}

    @extend_schema(
        operation_id="orders_list",
        parameters=[shapes.OrderQuerySerializer, *(
            OpenApiParameter(name, OpenApiTypes.DATE, description=said)
            for name, said in (("from", "placed on this day or later"), ("to", "placed on this day or earlier"))
        ), *PAGING],
        responses=shapes.OrderListSerializer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The dealer's orders, newest first; a seller's own clients'."""
        asked = shapes.OrderQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = orders_of(
            self.principal,
            words=asked.validated_data["q"],
            stage=asked.validated_data["status"],
            since=self._day("from"),
            until=self._day("to"),
        )
        pages = PortalPagination()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([order_json(order) for order in page or []])

    def _day(self, name: str) -> Any:
        text = self.request.query_params.get(name, "")
        day = day_or_none(text)
        if text and day is None:
            raise serializers.ValidationError({name: [_("Give a day as YYYY-MM-DD.")]})
        return day

    @extend_schema(
        request=shapes.NewOrderSerializer, responses={201: shapes.OrderSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request) -> Response:
        """Places the cart as an order: exactly once per Idempotency-Key, all or nothing.

        409 `prices_changed` when it costs something else than `expected_total` or `shown` say, with the changes line by line;
        409 `not_enough_stock`; 422 `cannot_order` with every problem. Then nothing was placed and the cart is as it was.
        """
        asked = body_of(request, shapes.NewOrderSerializer)
        shown = asked.get("shown")
        order = services.place_order(
            by=self.principal,
            key=request.headers.get("Idempotency-Key") or str(uuid4()),
            placed_at=timezone.now(),
            expected_total=asked.get("expected_total"),
            shown=None
            if shown is None
            else {line["sku"]: Shown(line["quantity"], line["unit_price"]) for line in shown},
            details=services.OrderDetails(
                comment=asked["comment"],
                reference=asked["reference"],
                client_id=asked["client"],
                legal_entity_id=asked["legal_entity"],
            ),
        )
        wake_letters()
        return Response(
            detail_json(order_view(self.principal, order.number), self.principal), status=status.HTTP_201_CREATED
        )


class OrderDetailView(ApiView):
    access = Right.VIEW_ORDERS

    @extend_schema(responses=shapes.OrderSerializer, parameters=[NUMBER])
    def get(self, request: Request, number: str) -> Response:
        """One order with its lines, receipts and what happened."""
        return Response(detail_json(order_view(self.principal, number), self.principal))


class CancelView(ApiView):
    access = Right.VIEW_ORDERS

    @extend_schema(
        request=shapes.OrderCancelSerializer, responses=shapes.OrderSerializer, parameters=[NUMBER, IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancels the whole order while nothing is being picked; again: the same answer. 409 `wrong_stage` afterwards."""
        asked = body_of(request, shapes.OrderCancelSerializer)
        services.cancel_order(by=self.principal, number=number, at=timezone.now(), reason=asked["reason"])
        return Response(detail_json(order_view(self.principal, number), self.principal))


class RepeatView(ApiView):
    access = Right.USE_CART

    @extend_schema(request=None, responses=shapes.RepeatAnswerSerializer, parameters=[NUMBER, IDEMPOTENCY_KEY])
    def post(self, request: Request, number: str) -> Response:
        """Puts the lines of an order into the cart again and says what is different: price, availability, successor."""
        repeated = services.repeat_order(by=self.principal, number=number)
        lines = [repeated_json(one, self.principal) for one in repeated]
        return Response({"added": sum(bool(one.added) for one in repeated), "lines": lines})


def one_line_json(line_id: int, principal: Principal) -> dict[str, Any]:
    """One line of the cart as it stands now."""
    view = cart_view(principal, business_date())
    return next(cart_line_json(position, principal) for position in view.positions if position.line_id == line_id)


def cart_line_json(position: Position, principal: Principal) -> dict[str, Any]:
    product, receipt = position.product, position.receipt
    return {
        "id": position.line_id,
        "sku": product.sku,
        "name": named(product, principal.language),
        "unit": product.unit,
        "pack": product.pack,
        "quantity": position.quantity,
        "price": position.price.as_json() if position.price else None,
        "price_before": position.price_before.as_json() if position.price_before else None,
        "net": str(receipt.net) if receipt else None,
        "tax": str(receipt.tax) if receipt else None,
        "total": str(receipt.total) if receipt else None,
        "availability": position.availability.as_json(),
    }


def order_json(order: Order) -> dict[str, Any]:
    """A row of the list."""
    return {
        "number": order.number,
        "status": order.stage,
        "payment": order.payment,
        "placed_at": order.placed_at,
        "placed_by": str(order.placed_by) if order.placed_by else None,
        "reference": order.reference,
        "client": order.client.name if order.client else None,
        "lines_count": order.lines_count,
        "units_ordered": order.units_ordered,
        "units_shipped": order.units_shipped,
        "next_promise": order.next_promise,
        **amounts_json(order),
        "currency": order.currency,
    }


def amounts_json(thing: Any) -> dict[str, str]:
    """Sums to the kopeck: they are kept with room for currencies of three digits."""
    return {name: f"{getattr(thing, name):.2f}" for name in ("net", "tax", "total")}


def detail_json(view: OrderView, principal: Principal) -> dict[str, Any]:
    order = view.order
    return {
        **order_json(order),
        "comment": order.comment,
        "legal_entity": order.legal_entity.name if order.legal_entity else None,
        "may_cancel": principal.may(Right.PLACE_ORDERS) and view.is_cancellable,
        "lines": [order_line_json(one, principal) for one in view.lines],
        "events": [
            {"at": event.at, "kind": event.kind, "by": str(event.by) if event.by else None, "facts": event.facts}
            for event in view.events
        ],
    }


def order_line_json(view: LineView, principal: Principal) -> dict[str, Any]:
    line = view.line
    return {
        "position": line.position,
        "sku": line.sku,
        "name": named(line, principal.language),
        "unit": line.unit,
        "state": view.state,
        "ordered": line.ordered,
        "confirmed": line.confirmed,
        "shipped": line.shipped,
        "backordered": line.backordered,
        "cancelled": line.cancelled,
        "promised_on": line.promised_on,
        "unit_price": str(line.unit_price),
        **amounts_json(line),
        "tax_rate": str(line.tax_rate),
        "receipt": line.receipt,
    }


def repeated_json(one: Repeated, principal: Principal) -> dict[str, Any]:
    return {
        "sku": one.line.sku,
        "name": named(one.line, principal.language),
        "ordered": one.line.ordered,
        "added": one.added,
        "price_was": str(one.price_was),
        "price_now": None if one.price_now is None else str(one.price_now),
        "availability": one.availability.as_json(),
        "successor": one.successor.sku if one.successor else None,
        "is_different": one.is_different,
    }
