"""Who holds which tier, and how far the next one is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from accounts.enums import Right
from ordering.sales.enums import Measure
from ordering.sales.models import LedgerEntry
from ordering.sales.periods import Period, add_months
from ordering.sales.queries import daily_volume

from ..enums import AwardReason
from ..models import Programme, Tier, TierAward
from ..rules import (
    closes_window,
    counting_window,
    decided,
    higher,
    monthly_saving,
    next_evaluation,
    reaches,
    tier_after,
    tier_for,
    window_before,
)
from .covering import programme_of, programmes_of

if TYPE_CHECKING:
    from accounts.principals import Principal
    from ordering.sales.querysets import LedgerQuerySet


NONE: Final = Decimal(0)
DECISIONS_AHEAD: Final = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dealer stands on a day. Amounts are net, in the programme's currency.

    The window `[window_start, window_end)` is that of the next decision, on `window_end`; `volume` is what it holds so
    far. `volume` and what follows from it are None for a person who may not see the whole company's sales. `lost_on` is
    the day the tier would be lost without any further sales. `daily` is the net amount of each day of the window.
    """

    on: dt.date
    programme: Programme
    tier: Tier | None
    since: dt.date | None
    until: dt.date | None
    volume: Decimal | None
    next_tier: Tier | None
    distance: Decimal | None
    window_start: dt.date
    window_end: dt.date
    tiers: tuple[Tier, ...]
    outlook: tuple[Outlook, ...]
    lost_on: dt.date | None
    daily: dict[dt.date, Decimal] = field(default_factory=dict, repr=False)

    @property
    def discount(self) -> Decimal:
        return self.tier.discount if self.tier else NONE

    @property
    def coming_tier(self) -> Tier | None:
        """The tier of the next decision if nothing more is sold; the one held where the figures are not to be seen."""
        return self.outlook[0].tier if self.outlook else self.tier

    @property
    def currency(self) -> str:
        return self.programme.currency

    @property
    def usual_month(self) -> Decimal:
        """Net amount of an average month of the window up to today."""
        passed = Period(self.window_start, self.window_end).until(self.on + dt.timedelta(days=1)).months()
        return (self.volume or NONE) / max(len(passed), 1)

    @property
    def window_last_day(self) -> dt.date:
        return self.window_end - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A coming decision if nothing more is sold: what leaves the window since the one before, what is left, the tier of it."""

    day: dt.date
    leaves: Decimal
    volume: Decimal
    tier: Tier | None
    keeps: bool

    @property
    def change(self) -> Decimal:
        """By how much the volume changes since the decision before: what leaves takes away, a return that leaves adds."""
        return -self.leaves


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a planned net sum would change at the next decision. `saving` is a usual month's, None where nothing changes."""

    amount: Decimal
    volume: Decimal
    tier: Tier | None
    discount: Decimal
    saving: Decimal | None
    next_tier: Tier | None
    distance: Decimal | None


def standing(dealer_id: int, on: dt.date, programme: Programme | None = None) -> Standing | None:
    """Where the dealer stands on a day in a programme of its own, by default that for all articles; None where none runs.

    Four queries.
    """
    programme = programme or programme_of(dealer_id, on)
    if programme is None:
        return None
    tiers = tuple(programme.tiers.order_by("threshold"))
    holdings = _Holdings.of(dealer_id, programme, tiers, on)
    award, held = holdings.award, holdings.tier
    window = counting_window(programme, on)
    kinds = Measure(programme.measure).kinds
    daily = daily_volume(dealer_id, window.start, window.end, programme.currency, kinds, brand_id=programme.brand_id)
    net = sum(daily.values(), NONE)
    ahead = tier_after(net, held, tiers)
    outlook, lost_on = _outlook(programme, on, daily, tiers, holdings)
    return Standing(
        on=on,
        programme=programme,
        tier=held,
        since=award.since if award else None,
        until=award.until if award else None,
        volume=net,
        next_tier=ahead,
        distance=ahead.threshold - net if ahead else None,
        window_start=window.start,
        window_end=window.end,
        tiers=tiers,
        outlook=outlook,
        lost_on=lost_on,
        daily=daily,
    )


def programmes_for(principal: Principal, on: dt.date) -> list[Programme]:
    """The programmes that the principal's own dealer takes part in; none without a dealer or the right."""
    return programmes_of(principal.dealer_id, on) if principal.dealer_id and principal.may(Right.VIEW_SALES) else []


def standing_for(principal: Principal, on: dt.date, programme: Programme | None = None) -> Standing | None:
    """The principal's own dealer's standing in one of `programmes_for`, by default that for all articles.

    Without the company's figures for a seller; None without a dealer or right.
    """
    if not principal.dealer_id or not principal.may(Right.VIEW_SALES):
        return None
    found = standing(principal.dealer_id, on, programme)
    if found is None or principal.may(Right.VIEW_ALL_DEALER_ORDERS):
        return found
    return replace(found, volume=None, next_tier=None, distance=None, outlook=(), lost_on=None, daily={})


@dataclass(frozen=True, slots=True)
class _Holdings:
    """What a dealer holds on a day by volume and by decision; the higher tier counts."""

    earned: Tier | None
    given: Tier | None
    given_until: dt.date | None
    award: TierAward | None

    @classmethod
    def of(cls, dealer_id: int, programme: Programme, tiers: tuple[Tier, ...], on: dt.date) -> _Holdings:
        """One query. The tiers are those of `tiers`, so that nothing more is read."""
        by_id = {tier.pk: tier for tier in tiers}
        rows = TierAward.objects.filter(dealer=dealer_id, programme=programme, validity__contains=on)
        awards = {AwardReason(award.reason): award for award in rows}
        manual, volume = awards.get(AwardReason.MANUAL), awards.get(AwardReason.VOLUME)
        earned = by_id[volume.tier_id] if volume else None
        given = by_id[manual.tier_id] if manual else None
        return cls(earned, given, manual.until if manual else None, volume if reaches(earned, given) else manual)

    @property
    def tier(self) -> Tier | None:
        return higher(self.earned, self.given)

    def given_on(self, day: dt.date) -> Tier | None:
        """What the decision still gives on a later day."""
        return self.given if self.given_until is None or day < self.given_until else None


def _outlook(
    programme: Programme, on: dt.date, daily: dict[dt.date, Decimal], tiers: tuple[Tier, ...], holdings: _Holdings
) -> tuple[tuple[Outlook, ...], dt.date | None]:
    """The coming decisions without further sales, and the day the tier held would be lost."""
    rows: list[Outlook] = []
    lost_on: dt.date | None = None
    before, day, earned = sum(daily.values(), NONE), next_evaluation(programme, on), holdings.earned
    # A window of N months is empty after N months: no later decision can say anything new.
    for _decision in range(programme.window_months + 1):
        window = window_before(programme, day)
        left = sum((net for date, net in daily.items() if window.start <= date < window.end), NONE)
        earned = decided(tier_for(left, tiers), earned, final=closes_window(programme, day))
        tier = higher(earned, holdings.given_on(day))
        rows.append(Outlook(day=day, leaves=before - left, volume=left, tier=tier, keeps=reaches(tier, holdings.tier)))
        if lost_on is None and not reaches(earned, holdings.tier):
            lost_on = _loses_on(programme, day, holdings)
        before, day = left, next_evaluation(programme, day)
    return tuple(rows[:DECISIONS_AHEAD]), lost_on


def _loses_on(programme: Programme, day: dt.date, holdings: _Holdings) -> dt.date | None:
    """The day the tier is lost when the volume no longer gives it from the decision of `day` on.

    What the volume gave ends after the grace; what only a decision gave ends with it, without grace.
    """
    ends = [add_months(day, programme.grace_months)] if reaches(holdings.earned, holdings.tier) else []
    if holdings.given and reaches(holdings.given, holdings.tier):
        if holdings.given_until is None:
            return None
        ends.append(holdings.given_until)
    return max(ends, default=None)


def counted_entries(principal: Principal, period: Period, programme: Programme | None) -> LedgerQuerySet:
    """The ledger's lines that a programme counts in a period, the latest first; without one, what was shipped."""
    measure = Measure(programme.measure) if programme else Measure.SHIPPED
    currency = programme.currency if programme else principal.currency
    entries = LedgerEntry.objects.visible_to(principal).filter(dealer=principal.dealer_id)
    if programme and programme.brand_id:
        entries = entries.filter(product__brand=programme.brand_id)
    return (
        entries.counted_by(measure, currency)
        .counting_in(period)
        .select_related("product")
        .order_by("-counts_on", "-pk")
    )


def what_if(where: Standing, amount: Decimal) -> WhatIf:
    """What a net sum sold before the next decision would change. `where.volume` must be known."""
    if where.volume is None:
        raise ValueError("a standing without figures has no what-if")
    then = where.volume + amount
    tier = decided(tier_for(then, where.tiers), where.tier, final=closes_window(where.programme, where.window_end))
    discount = tier.discount if tier else NONE
    ahead = tier_after(then, tier, where.tiers)
    otherwise = where.coming_tier.discount if where.coming_tier else NONE
    gains = discount > otherwise
    return WhatIf(
        amount=amount,
        volume=then,
        tier=tier,
        discount=discount,
        saving=monthly_saving(where.usual_month, where.discount, otherwise=otherwise, then=discount) if gains else None,
        next_tier=ahead,
        distance=ahead.threshold - then if ahead else None,
    )
