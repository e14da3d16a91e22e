"""What new prices would do to carts that nobody has ordered yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ordering.pricing.models import PriceListVersion
from ordering.pricing.queries import OpenLine, ReachedLines, reached_lines

from ..models import CartLine

if TYPE_CHECKING:
    from accounts.principals import Principal


def carts_reached(
    principal: Principal, version: PriceListVersion, before: PriceListVersion | None, on: dt.date
) -> ReachedLines:
    """How many carts at how many dealers the version would touch, in figures alone. Two queries, however many carts.

    Nothing for whoever neither manages prices nor reads figures.
    """
    lines = CartLine.objects.for_figures(principal).open_at(version.price_list.currency)
    told = lines.values_list("cart", "cart__membership__dealer", "product", "quantity")
    return reached_lines(version, before, on, [OpenLine(*line) for line in told])
