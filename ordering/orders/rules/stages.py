"""What may be done with an order where it stands."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from portal.lib.money import round_minor

from ..enums import CANCELLABLE, OrderStatus, Stage
from ..errors import WrongStage
from ..models import Order


def stage(order: Order) -> Stage:
    """What a person sees. The order comes from `Order.objects.with_progress(today)`, where the stage is derived."""
    return Stage(order.stage)


def is_cancellable(order: Order) -> bool:
    """Whether the dealer may still cancel: nothing was shipped, nothing is being picked. Needs `with_progress`."""
    return order.status in CANCELLABLE and order.units_shipped == 0


def require_status(order: Order, *allowed: OrderStatus) -> None:
    """Raises WrongStage, naming where the order is."""
    if order.status not in allowed:
        words = {"number": order.number, "status": OrderStatus(order.status).label}
        raise WrongStage(
            _("Order %(number)s is now: %(status)s. This can no longer be done.") % words, status=order.status
        )


def share_of(amount: Decimal, *, part: int, before: int, whole: int, currency: str) -> Decimal:
    """What `part` of `whole` units costs, after `before` of them: the shares of all parts add up to the amount exactly."""
    after = round_minor(amount * (before + part) / whole, currency)
    return after - round_minor(amount * before / whole, currency)
