"""What a dealer's premiums come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.enums import Right
from ordering.sales.enums import Measure
from ordering.sales.periods import Period
from ordering.sales.queries import volume

from ..enums import PremiumKind
from ..models import Premium, PremiumAccrual, Programme
from ..rules import PREMIUMS, Slice, premium_period

if TYPE_CHECKING:
    from accounts.principals import Principal


@dataclass(frozen=True, slots=True)
class EarnedPremium:
    """A premium of the period that runs: the volume so far and what it comes to so far, and what was accrued before."""

    premium: Premium
    programme: Programme
    period: Period
    volume: Decimal
    amount: Decimal
    accrued: tuple[PremiumAccrual, ...]


def premiums_for(principal: Principal, on: dt.date, programmes: Iterable[Programme]) -> list[EarnedPremium]:
    """The own dealer's premiums under some of `programmes_for`. Nothing for whoever may not see the company's sales.

    Two queries more for each premium, of which a programme has a few.
    """
    if not principal.dealer_id or not (principal.may(Right.VIEW_SALES) and principal.may(Right.VIEW_ALL_DEALER_ORDERS)):
        return []
    found = []
    known = {one.pk: one for one in programmes}
    rows = Premium.objects.filter(programme__in=known).prefetch_related("slices")
    for premium in rows.order_by("pk"):
        programme, period = known[premium.programme_id], premium_period(premium.period, on)
        kinds = Measure(programme.measure).kinds
        net = volume(
            principal.dealer_id, period.start, period.end, programme.currency, kinds, brand_id=programme.brand_id
        )
        slices = [Slice(one.threshold, one.percent) for one in premium.slices.all()]
        accrued = PremiumAccrual.objects.visible_to(principal).filter(premium=premium, dealer=principal.dealer_id)
        amount = PREMIUMS[PremiumKind(premium.kind)](net, slices, principal.currency)
        found.append(EarnedPremium(premium, programme, period, net, amount, tuple(accrued.order_by("-period")[:8])))
    return found
