"""Deciding tiers by volume, and telling accounts about them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pghistory
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Dealer, DealerTier
from accounts.services import audit, set_dealer_tiers
from ordering.sales.enums import Measure
from ordering.sales.periods import add_months
from ordering.sales.queries import volumes
from ordering.sales.services import close_period

from ..enums import AwardReason
from ..models import Programme, Tier, TierAward
from ..queries import tiers_on
from ..rules import closes_window, decided, evaluation_day, reaches, tier_for, window_before
from .premiums import accrue_due

if TYPE_CHECKING:
    from accounts.principals import Principal


@dataclass(slots=True)
class Evaluation:
    """What an evaluation decided: how many dealers rose, will fall (on the day, or after the grace), or stay."""

    day: dt.date
    raised: int = 0
    lowered: int = 0
    kept: int = 0


@dataclass(slots=True)
class _Changes:
    """Rows to delete, to cut or reopen, and to add: in this order, so that no two awards ever overlap."""

    gone: list[int] = field(default_factory=list)
    moved: list[TierAward] = field(default_factory=list)
    new: list[TierAward] = field(default_factory=list)

    def write(self) -> None:
        TierAward.objects.filter(pk__in=self.gone).delete()
        TierAward.objects.bulk_update(self.moved, ["validity"], batch_size=1000)
        TierAward.objects.bulk_create(self.new, batch_size=1000)


def evaluate(*, programme: Programme, on: dt.date, by: Principal) -> Evaluation:
    """Decide the tiers of all dealers of a programme on a day, from the ledger's volume in the window before it.

    A higher tier holds from the day itself; a lower one after the programme's grace, and not while a calendar window is
    half passed. Tiers given by hand are not touched: one hides a lower tier decided here. What is dated
    before the day is closed by this: a document that comes late counts for the next decision, so the same day again
    changes nothing. Audiences follow for today's tiers (`announce_tiers`).
    """
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="programme evaluated"):
        programme = Programme.objects.select_for_update().get(pk=programme.pk)
        close_period(currency=programme.currency, kinds=Measure(programme.measure).kinds, before=on)
        outcome, changes = _decide(programme, on)
        changes.write()
        programme.evaluated_on = on
        programme.save(update_fields=["evaluated_on"])
        audit(
            by=by,
            verb="programme.evaluated",
            subject=programme.code,
            day=on.isoformat(),
            raised=outcome.raised,
            lowered=outcome.lowered,
        )
    return outcome


def _decide(programme: Programme, day: dt.date) -> tuple[Evaluation, _Changes]:
    tiers = list(programme.tiers.order_by("threshold"))
    window = window_before(programme, day)
    sums = volumes(window.start, window.end, programme.currency, Measure(programme.measure).kinds)
    final = closes_window(programme, day)
    awards = _awards_from(programme, day)
    outcome, changes = Evaluation(day), _Changes()
    for dealer_id in (
        Dealer.objects.filter(is_active=True, currency=programme.currency).order_by("pk").values_list("pk", flat=True)
    ):
        held, later = _split(awards[dealer_id], day)
        volume = sums.get(dealer_id, Decimal(0))
        present = held.tier if held else None
        tier = decided(tier_for(volume, tiers), present, final=final)
        if tier == present:
            _keep(held, later, changes)
            outcome.kept += 1
        elif reaches(tier, present):
            _replace(TierAward(dealer_id=dealer_id, volume=volume), tier, held, later, day, changes)
            outcome.raised += 1
        else:
            if not later:
                _replace(
                    TierAward(dealer_id=dealer_id, volume=volume),
                    tier,
                    held,
                    later,
                    add_months(day, programme.grace_months),
                    changes,
                )
            outcome.lowered += 1
    return outcome, changes


def _awards_from(programme: Programme, day: dt.date) -> dict[int, list[TierAward]]:
    """Dealer id → the awards by volume that hold on the day or begin later."""
    awards: dict[int, list[TierAward]] = defaultdict(list)
    rows = TierAward.objects.filter(programme=programme, reason=AwardReason.VOLUME).exclude(
        validity__fully_lt=DateRange(day, None)
    )
    for award in rows.select_related("tier").order_by("validity"):
        awards[award.dealer_id].append(award)
    return awards


def _split(awards: Iterable[TierAward], day: dt.date) -> tuple[TierAward | None, list[TierAward]]:
    held = next((award for award in awards if award.since <= day), None)
    return held, [award for award in awards if award.since > day]


def _keep(held: TierAward | None, later: list[TierAward], changes: _Changes) -> None:
    """The volume is back (or never went): what was announced for the end of the grace does not happen."""
    changes.gone += [award.pk for award in later]
    if held and held.until:
        held.validity = DateRange(held.since, None)
        changes.moved.append(held)


def _replace(
    fresh: TierAward,
    tier: Tier | None,
    held: TierAward | None,
    later: list[TierAward],
    start: dt.date,
    changes: _Changes,
) -> None:
    """The award held ends where the new one starts."""
    changes.gone += [award.pk for award in later]
    if held and held.since < start:
        held.validity = DateRange(held.since, start)
        changes.moved.append(held)
    elif held:
        changes.gone.append(held.pk)
    if tier:
        fresh.tier, fresh.programme_id, fresh.validity = tier, tier.programme_id, DateRange(start, None)
        changes.new.append(fresh)


def evaluate_due(*, on: dt.date, by: Principal) -> list[Evaluation]:
    """Evaluate every programme whose latest decision day up to `on` is still owed, accrue premiums, announce the tiers of `on`.

    A night that was missed is made good with the date it should have had.
    """
    done = []
    for programme in Programme.objects.running_on(on):
        day = evaluation_day(programme, on)
        if programme.validity.lower and day < programme.validity.lower:
            day = programme.validity.lower
        if programme.evaluated_on is None or programme.evaluated_on < day:
            done.append(evaluate(programme=programme, on=day, by=by))
        accrue_due(programme=programme, on=on, by=by)
    announce_tiers(on=on)
    return done


def announce_tiers(*, on: dt.date) -> int:
    """Tell accounts the tiers that hold on a day, for dealers where that is news; returns how many. Audiences follow."""
    held = {dealer_id: tier.code for dealer_id, tier in tiers_on(on).items()}
    known: dict[int, set[str]] = defaultdict(set)
    for dealer_id, code in DealerTier.objects.values_list("dealer", "code"):
        known[dealer_id].add(code)
    news = [
        dealer
        for dealer in sorted(held.keys() | known.keys())
        if known[dealer] != {code for code in [held.get(dealer)] if code}
    ]
    for dealer_id in news:
        set_dealer_tiers(dealer_id=dealer_id, codes=[held[dealer_id]] if dealer_id in held else [])
    return len(news)
