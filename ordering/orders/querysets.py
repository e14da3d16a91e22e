"""Shared reads of orders and carts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.enums import Right

from .enums import OrderStatus, Stage

if TYPE_CHECKING:
    from accounts.principals import Principal

    from .models import Cart, CartLine, Order  # noqa: F401 (named in strings)


class CartQuerySet(models.QuerySet["Cart"]):
    def visible_to(self, principal: Principal) -> CartQuerySet:
        """The principal's own cart: one for each membership."""
        if not principal.may(Right.USE_CART) or principal.membership_id is None:
            return self.none()
        return self.filter(membership=principal.membership_id)


class CartLineQuerySet(models.QuerySet["CartLine"]):
    def visible_to(self, principal: Principal) -> CartLineQuerySet:
        """The lines of the principal's own cart."""
        if not principal.may(Right.USE_CART) or principal.membership_id is None:
            return self.none()
        return self.filter(cart__membership=principal.membership_id)

    def for_figures(self, principal: Principal) -> CartLineQuerySet:
        """Every dealer's lines, to be summed up and never shown, for head-office people who manage prices or read figures."""
        may = principal.may(Right.MANAGE_PRICES) or principal.may(Right.READ_FIGURES)
        return self if may and principal.is_head_office else self.none()

    def open_at(self, currency: str) -> CartLineQuerySet:
        """Lines that may still be ordered, at dealers of this currency: person, membership and dealer are all active."""
        return self.filter(
            cart__membership__is_active=True,
            cart__membership__user__is_active=True,
            cart__membership__dealer__is_active=True,
            cart__membership__dealer__currency=currency,
        )

    def in_order(self) -> CartLineQuerySet:
        """As they were put in, with their articles."""
        return self.select_related("product", "product__successor").order_by("pk")


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, principal: Principal) -> OrderQuerySet:
        """Orders of the principal's dealer; a seller's are those for clients, and those the seller's own cart became.

        Every order for head-office people who handle orders or read figures.
        """
        if principal.may(Right.MANAGE_ORDERS) or principal.may(Right.READ_FIGURES):
            return self
        if principal.dealer_id is None or not principal.may(Right.VIEW_ORDERS):
            return self.none()
        own = self.filter(dealer=principal.dealer_id)
        if principal.may(Right.VIEW_ALL_DEALER_ORDERS):
            return own
        return own.filter(Q(client__seller=principal.membership_id) | Q(prepared_by=principal.user_id))

    def with_progress(self, today: dt.date) -> OrderQuerySet:
        """Adds what the lines say: `lines_count, units_ordered, units_shipped, units_cancelled, units_backordered`,
        `next_promise` (the earliest day promised for what has not left yet) and `stage` (of `Stage`, on this business date).

        Subqueries, not a join: they run only for the rows of a page, whatever else the query joins.
        """
        rows: Any = (
            self  # the model declares these names; the type checker would take the annotations for a second time
        )
        found = rows.annotate(
            lines_count=_of_lines(Count("pk")),
            units_ordered=_of_lines(Sum("ordered")),
            units_shipped=_of_lines(Sum("shipped")),
            units_cancelled=_of_lines(Sum("cancelled")),
            units_backordered=_of_lines(Sum("backordered")),
            next_promise=_of_lines(
                Min("promised_on", filter=Q(shipped__lt=F("ordered") - F("cancelled"))), models.DateField()
            ),
        ).annotate(stage=_stage(today))
        return cast("OrderQuerySet", found)

    def at_stage(self, *stages: Stage) -> OrderQuerySet:
        """Those that a person sees at one of these stages. Needs `with_progress`."""
        return self.filter(Q(stage__in=[stage.value for stage in stages]))

    def matching(self, words: str) -> OrderQuerySet:
        """Those whose number, own reference, comment, client or article code holds these words."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(number__icontains=words)
            | Q(reference__icontains=words)
            | Q(comment__icontains=words)
            | Q(client__name__icontains=words)
            | Q(_holds_article(words))
        )


def _of_lines(measure: models.Aggregate, output: models.Field[Any, Any] | None = None) -> Any:
    from .models import OrderLine

    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(measure=measure)
    value = Subquery(lines.values("measure"), output_field=output or models.IntegerField())
    return value if output else Coalesce(value, 0)


def _holds_article(words: str) -> Exists:
    from .models import OrderLine

    found = Q(sku__icontains=words) | Q(name_ru__icontains=words) | Q(name_en__icontains=words)
    return Exists(OrderLine.objects.filter(found, order=OuterRef("pk")))


def _stage(today: dt.date) -> Case:
    """The one place where a stage is derived. Needs the other annotations of `with_progress`."""
    settled = [OrderStatus.AWAITING_APPROVAL, OrderStatus.COMPLETED, OrderStatus.CANCELLED]
    still_wanted = F("units_ordered") - F("units_cancelled")
    return Case(
        When(status__in=[str(status) for status in settled], then=F("status")),
        When(next_promise__lt=today, then=Value(str(Stage.LATE))),
        When(units_shipped__gt=0, units_shipped__gte=still_wanted, then=Value(str(Stage.SHIPPED))),
        When(units_shipped__gt=0, then=Value(str(Stage.PART_SHIPPED))),
        default=F("status"),
        output_field=models.CharField(),
    )
