"""The tiers as rows of a page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from ordering.sales.periods import Period, month_of
from ordering.sales.tables import MonthColumn, month_label

from .models import Programme, Tier
from .queries import Standing


def volume_columns(where: Standing, today: dt.date) -> list[MonthColumn]:
    """The months of the window as columns of a chart; none for whoever may not see the figures."""
    sums: dict[dt.date, Decimal] = defaultdict(Decimal)
    for day, net in where.daily.items():
        sums[month_of(day)] += net
    months = Period(where.window_start, where.window_end).months()
    return [
        MonthColumn(month_label(month), sums[month] if month <= today else None, None, month == month_of(today))
        for month in (months if where.volume is not None else [])
    ]


def programme_views(programmes: Sequence[Programme], chosen: Programme | None) -> list[tuple[str, str, bool]]:
    """The programmes to switch between, as (name, address, whether it is shown); none where there is no choice."""
    page = reverse("programme:programme")
    return [
        (one.brand.name if one.brand else _("All articles"), f"{page}?programme={one.code}", one == chosen)
        for one in (programmes if len(programmes) > 1 else ())
    ]


@dataclass(frozen=True, slots=True)
class Level:
    """A tier with where it ends: `below` is the next threshold, which no longer belongs to it."""

    tier: Tier
    threshold: Decimal
    below: Decimal | None
    is_held: bool


def levels(tiers: Sequence[Tier], held: Tier | None) -> list[Level]:
    """The tiers in order, the one held marked."""
    following = [tier.threshold for tier in tiers[1:]]
    return [
        Level(tier, tier.threshold, below, tier == held) for tier, below in zip(tiers, [*following, None], strict=False)
    ]
