"""Deciding tiers by volume, and telling accounts about them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from accounts.models import Dealer, DealerTier
from accounts.services import audit, set_tiers
from ordering.sales.enums import Measure
from ordering.sales.periods import add_months
from ordering.sales.services import close_period

from ..enums import AwardReason
from ..models import Participation, Programme, Tier, TierAward
from ..queries import covered_by, covering, tiers_on, volumes_of
from ..rules import closes_window, decided, evaluation_day, last_closed_window, reaches, tier_for, window_before
from .premiums import accrue_due

if TYPE_CHECKING:
    from accounts.principals import Principal


NONE: Final = Decimal(0)
DECIDING: Final = 0x7E1E5


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
    """Decide the tiers of the dealers whom a programme covers on a day, from the ledger's volume in the window before it.

    A higher tier holds from the day itself; a lower one after the programme's grace, and not while a calendar window is
    half passed. Tiers given by hand are not touched: one hides a lower tier decided here. What is dated
    before the day is closed by this: a document that comes late counts for the next decision, so the same day again
    changes nothing. Audiences follow for today's tiers (`announce_tiers`).
    """
    with _deciding(by, "programme evaluated"):
        programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        close_period(currency=programme.currency, kinds=Measure(programme.measure).kinds, before=on)
        outcome = _decide(programme, covered_by(programme, covering(on)), day=on, begins=on)
        programme.evaluated_on = on
        programme.save(update_fields=["evaluated_on"])
        _audit(programme, outcome, by)
    return outcome


def decide_movers(*, on: dt.date, by: Principal) -> int:
    """Decide for the dealers who came to another programme since it last decided; answers for how many it did.

    Who moved to another region, took another currency, is new, or whose programme ended: the programme that covers them on
    the day decides by its last decision's window, from the day on. Whom none covers any more holds nothing.
    """
    with _deciding(by, "dealers moved"):
        covers = covering(on)
        rows = Participation.objects.filter(validity__contains=on)
        known: dict[tuple[int, int | None], int] = {
            (dealer, brand): programme for dealer, brand, programme in rows.values_list("dealer", "brand", "programme")
        }
        came: dict[int, list[int]] = defaultdict(list)
        for (dealer_id, brand_id), programme_id in covers.items():
            if known.get((dealer_id, brand_id)) != programme_id:
                came[programme_id].append(dealer_id)
        decided_for = 0
        # A programme that has not decided yet decides for everybody at once (`evaluate_due`).
        for programme in Programme.objects.filter(pk__in=came, evaluated_on__isnull=False).order_by("pk"):
            outcome = _decide(programme, came[programme.pk], day=programme.evaluated_on or on, begins=on)
            _audit(programme, outcome, by)
            decided_for += len(came[programme.pk])
        left = known.keys() - covers.keys()
        theirs = Dealer.objects.filter(is_active=True, pk__in={dealer_id for dealer_id, _brand in left})
        active = set(theirs.values_list("pk", flat=True))
        leavers: dict[int | None, list[int]] = defaultdict(list)
        for dealer_id, brand_id in left:
            if dealer_id in active:
                leavers[brand_id].append(dealer_id)
        for brand_id, dealer_ids in leavers.items():
            _leave(dealer_ids, brand_id, on)
    return decided_for + sum(map(len, leavers.values()))


@contextmanager
def _deciding(by: Principal, reason: str) -> Iterator[None]:
    """One decision at a time: it takes dealers from other programmes, which must not decide for them meanwhile."""
    with transaction.atomic(), pghistory.context(**by.as_context(), reason=reason):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])
        yield


def _audit(programme: Programme, outcome: Evaluation, by: Principal) -> None:
    audit(
        by=by,
        verb="programme.evaluated",
        subject=programme.code,
        day=outcome.day.isoformat(),
        raised=outcome.raised,
        lowered=outcome.lowered,
    )


def _decide(programme: Programme, dealer_ids: list[int], *, day: dt.date, begins: dt.date) -> Evaluation:
    """Decide for these dealers by the window before `day`: what it gives holds from `begins` on."""
    tiers = list(programme.tiers.order_by("threshold"))
    sums = volumes_of(programme, window_before(programme, day))
    final = closes_window(programme, day)
    newcomers = _newcomers(programme, dealer_ids)
    # Who comes while a window is half passed is no worse off than who was there: the last whole one counts too.
    whole = volumes_of(programme, last_closed_window(programme, day)) if newcomers and not final else {}
    awards = _awards_from(programme, begins)
    outcome, changes = Evaluation(day), _Changes()
    for dealer_id in dealer_ids:
        held, later = _split(awards[dealer_id], begins)
        volume = sums.get(dealer_id, NONE)
        if dealer_id in newcomers:
            volume = max(volume, whole.get(dealer_id, volume))
        present = held.tier if held else None
        tier = decided(tier_for(volume, tiers), present, final=final)
        fresh = TierAward(dealer_id=dealer_id, volume=volume)
        if tier == present:
            _keep(held, later, changes)
            outcome.kept += 1
        elif reaches(tier, present):
            _replace(fresh, tier, held, later, begins, changes)
            outcome.raised += 1
        else:
            if not later:
                _replace(fresh, tier, held, later, max(begins, add_months(day, programme.grace_months)), changes)
            outcome.lowered += 1
    _take_part(programme, newcomers, begins)
    changes.write()
    return outcome


def _newcomers(programme: Programme, dealer_ids: list[int]) -> set[int]:
    """Those of the dealers who do not take part yet."""
    here = Participation.objects.filter(programme=programme, validity__endswith=None, dealer__in=dealer_ids)
    return set(dealer_ids) - set(here.values_list("dealer", flat=True))


def _take_part(programme: Programme, newcomers: set[int], begins: dt.date) -> None:
    """From a day on these dealers' tiers are the programme's; what others gave them by volume ends."""
    dealer_ids = sorted(newcomers)
    _leave(dealer_ids, programme.brand_id, begins, to=programme)
    validity = DateRange(begins, None)
    Participation.objects.bulk_create(
        (Participation(dealer_id=dealer_id, programme=programme, validity=validity) for dealer_id in dealer_ids),
        batch_size=1000,
    )


def _leave(dealer_ids: list[int], brand_id: int | None, day: dt.date, to: Programme | None = None) -> None:
    """Participation in whichever programme for these articles ends, and so do its awards by volume, but for those of the one
    gone to: who comes back is decided anew. Those by hand stay: they hold whenever their programme is the dealer's.
    """
    until_day = Func(
        Func(F("validity"), function="lower"), Value(day), function="daterange", output_field=DateRangeField()
    )
    for rows in (
        Participation.objects.filter(dealer__in=dealer_ids, brand=brand_id),
        TierAward.objects.filter(dealer__in=dealer_ids, programme__brand=brand_id, reason=AwardReason.VOLUME).exclude(
            programme=to
        ),
    ):
        rows.filter(validity__startswith__gte=day).delete()
        rows.filter(validity__contains=day).update(validity=until_day)


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
    decide_movers(on=on, by=by)
    # Also of programmes that ended with the period.
    for programme in Programme.objects.exclude(premiums=None).distinct():
        accrue_due(programme=programme, on=on, by=by)
    announce_tiers(on=on)
    return done


def announce_tiers(*, on: dt.date) -> int:
    """Tell accounts the tiers that hold on a day, for dealers where that is news; returns how many. Audiences follow.

    Of the programmes for all articles only: a brand's “gold” opens nothing that is meant for gold dealers.
    """
    held = {dealer_id: {tiers.all_articles.code} for dealer_id, tiers in tiers_on(on).items() if tiers.all_articles}
    known: dict[int, set[str]] = defaultdict(set)
    for dealer_id, code in DealerTier.objects.values_list("dealer", "code"):
        known[dealer_id].add(code)
    wanted = {dealer_id: held.get(dealer_id, set()) for dealer_id in sorted(held.keys() | known.keys())}
    news = {dealer_id: codes for dealer_id, codes in wanted.items() if known[dealer_id] != codes}
    set_tiers(news)
    return len(news)
