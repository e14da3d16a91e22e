"""The first page: what waits for this person, and how their dealer stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Sum

from accounts.enums import Right
from accounts.models import Dealer
from accounts.principals import Principal
from content.models import NewsPage, PortalPage
from content.queries import latest_news, unread_mandatory
from ordering.orders.enums import STAGES_OVER, OrderStatus, Stage
from ordering.orders.models import Order, OrderLine
from ordering.orders.querysets import OrderQuerySet
from ordering.programme.queries import Standing, standing_for
from portal.lib.clock import business_date
from portal.lib.money import Money

NEWS = 4
WEEK = dt.timedelta(days=6)
MOST_PROMISES = 12


@dataclass(frozen=True, slots=True)
class StageSum:
    """How many orders are at a stage, and what they come to without tax."""

    stage: str
    count: int
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Promise:
    """Goods promised for a day."""

    line: OrderLine
    day: dt.date
    waiting: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the first page holds; a part that this person may not see is empty."""

    today: dt.date
    unread: Sequence[PortalPage]
    approvals: Sequence[Order]
    late: Sequence[Order]
    stages: Sequence[StageSum]
    promises: Sequence[Promise]
    news: Sequence[NewsPage]
    standing: Standing | None
    dealers: int | None = None

    @property
    def waiting(self) -> int:
        """How many things wait for the person."""
        return len(self.unread) + len(self.approvals) + len(self.late)


def dashboard(principal: Principal, *, moment: dt.datetime | None = None) -> Dashboard:
    """The first page of this person: a fixed number of queries whatever the dealer has."""
    today = business_date(moment)
    sees_orders = principal.may(Right.VIEW_ORDERS) or principal.may(Right.MANAGE_ORDERS)
    running = list(_running(principal, today)) if sees_orders else []
    return Dashboard(
        today=today,
        unread=unread_mandatory(principal),
        approvals=_approvals(principal),
        late=_late(principal, today) if sees_orders else [],
        stages=running,
        promises=_promises(principal, today) if sees_orders else [],
        news=latest_news(principal, NEWS),
        standing=standing_for(principal, today),
        dealers=Dealer.objects.visible_to(principal).filter(is_active=True).count()
        if principal.is_head_office
        else None,
    )


def _running(principal: Principal, today: dt.date) -> list[StageSum]:
    """Orders in work by stage, in the order of the stages; one currency's sum where there is only one."""
    open_orders: Any = _open(principal).with_progress(today)  # annotates `stage`
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for row in open_orders.order_by().values("stage", "currency").annotate(count=Count("pk"), amount=Sum("net")):
        by_stage.setdefault(row["stage"], []).append(row)
    sums = []
    for stage in Stage:
        if stage in STAGES_OVER or not (found := by_stage.get(stage.value)):
            continue
        amount = Money(found[0]["amount"], found[0]["currency"]) if len(found) == 1 else None
        sums.append(StageSum(stage.value, sum(row["count"] for row in found), amount))
    return sums


def _open(principal: Principal) -> OrderQuerySet:
    """Orders that are neither done nor cancelled."""
    return Order.objects.visible_to(principal).exclude(status__in=[OrderStatus.COMPLETED, OrderStatus.CANCELLED])


def _approvals(principal: Principal) -> Sequence[Order]:
    """Orders that wait for this person's word."""
    if not principal.may(Right.APPROVE_ORDERS):
        return []
    waiting = Order.objects.visible_to(principal).filter(status=OrderStatus.AWAITING_APPROVAL)
    return list(waiting.select_related("placed_by").order_by("placed_at")[:5])


def _late(principal: Principal, today: dt.date) -> Sequence[Order]:
    open_orders: Any = _open(principal).with_progress(today)
    return list(open_orders.filter(stage=Stage.LATE.value).order_by("next_promise")[:5])


def _promises(principal: Principal, today: dt.date) -> list[Promise]:
    """What is promised from today to the end of the week ahead, day by day."""
    lines = (
        OrderLine.objects.filter(
            order__in=_open(principal),
            promised_on__range=(today, today + WEEK),
            shipped__lt=F("ordered") - F("cancelled"),
        )
        .select_related("order")
        .order_by("promised_on", "order__number", "position")[:MOST_PROMISES]
    )
    return [Promise(line, line.promised_on, line.to_ship) for line in lines if line.promised_on]
