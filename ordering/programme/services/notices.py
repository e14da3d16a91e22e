"""E-mails about tiers: owed once for each piece of news, sent by the worker."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F

from accounts.enums import Role
from accounts.models import Membership
from ordering.sales.periods import add_months

from ..emails import tier_notice
from ..enums import NoticeKind
from ..models import Programme, Tier, TierAward, TierNotice
from ..queries import HeldTier, HeldTiers, covered_by, covering, tiers_on, volumes_of
from ..rules import closes_window, counting_window, next_evaluation, reaches, tier_after, tier_for

NEWS_DAYS: Final = 7  # a change that is older is no news any more
WARN_DAYS: Final = 30
NEAR_PERCENT: Final = 10  # of the next threshold
MOST_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class News:
    """What a dealer is to be told; the same `about` is told once."""

    dealer_id: int
    kind: NoticeKind
    about: str
    tier: Tier | HeldTier
    day: dt.date
    amount: Decimal | None = None

    def facts(self, programme: Programme) -> dict[str, str]:
        return {
            "brand": programme.brand.name if programme.brand else "",
            "name_ru": self.tier.name_ru,
            "name_en": self.tier.name_en,
            "discount": str(self.tier.discount),
            "day": self.day.isoformat(),
            "amount": "" if self.amount is None else str(self.amount),
            "currency": programme.currency,
        }


def owe_notices(*, on: dt.date, at: dt.datetime) -> int:
    """Leave the e-mails that the tiers of a day give reason for, to the owners of each dealer; answers how many are new.

    Asked again on the same day, or every day, it owes nothing twice. A fixed number of queries for each programme.
    """
    held, owed, covers = tiers_on(on), 0, covering(on)
    for programme in Programme.objects.running_on(on).select_related("brand"):
        news = list(_news(programme, on, held, covered_by(programme, covers)))
        owners: dict[int, list[int]] = defaultdict(list)
        members = Membership.objects.in_force().filter(
            role=Role.OWNER, dealer__in={one.dealer_id for one in news}, dealer__currency=programme.currency
        )
        for dealer_id, user_id in members.values_list("dealer", "user"):
            owners[dealer_id].append(user_id)
        rows = [
            TierNotice(
                dealer_id=one.dealer_id, to_id=user_id, kind=one.kind, about=one.about, facts=one.facts(programme),
                due_at=at,
            )
            for one in news for user_id in owners[one.dealer_id]
        ]  # fmt: skip
        before = TierNotice.objects.count()
        TierNotice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        owed += TierNotice.objects.count() - before
    return owed


def _news(
    programme: Programme, on: dt.date, held_by: Mapping[int, HeldTiers], covered: Iterable[int]
) -> Iterator[News]:
    """`held_by`: all that each dealer holds; `covered`: whom the programme covers."""
    tiers = {tier.pk: tier for tier in programme.tiers.all()}
    held = {dealer_id: one for dealer_id, every in held_by.items() for one in every if one.tier_id in tiers}
    decision = next_evaluation(programme, on)
    decides = programme.validity.upper is None or decision < programme.validity.upper
    awards = TierAward.objects.in_bulk([tier.award_id for tier in held.values()])
    sums = volumes_of(programme, counting_window(programme, on))
    for dealer_id, tier in held.items():
        mine, volume = tiers[tier.tier_id], sums.get(dealer_id, Decimal(0))
        if on - tier.since < dt.timedelta(days=NEWS_DAYS):
            yield News(dealer_id, NoticeKind.CHANGED, f"award {tier.award_id} {tier.since}", tier, tier.since)
        lost_on = _lost_on(programme, mine, awards[tier.award_id].until, volume, tiers, decision if decides else None)
        if lost_on and lost_on - on <= dt.timedelta(days=WARN_DAYS):
            missing = mine.threshold - volume
            yield News(dealer_id, NoticeKind.ENDING, f"tier {mine.pk} {lost_on}", tier, lost_on, missing)
    for dealer_id in covered if decides else ():
        volume, present = sums.get(dealer_id, Decimal(0)), tiers[held[dealer_id].tier_id] if dealer_id in held else None
        ahead = tier_after(volume, present, tiers.values())
        if ahead and (ahead.threshold - volume) * 100 <= ahead.threshold * NEAR_PERCENT:
            yield News(dealer_id, NoticeKind.NEAR, f"tier {ahead.pk}", ahead, decision, ahead.threshold - volume)


def _lost_on(
    programme: Programme,
    mine: Tier,
    until: dt.date | None,
    volume: Decimal,
    tiers: Mapping[int, Tier],
    decision: dt.date | None,
) -> dt.date | None:
    """The day the tier will be lost: as decided already (`until`), or by the next decision if nothing more is bought."""
    if reaches(tier_for(volume, tiers.values()), mine):
        return None
    if until or not decision:
        return until
    return add_months(decision, programme.grace_months) if closes_window(programme, decision) else None


def send_notice(*, at: dt.datetime) -> bool:
    """Send one e-mail that is due, and say whether there was one.

    The row is held while it is sent, so two workers never send it twice. One that keeps failing waits longer each time and
    is given up after five tries; one to a person who is no owner any more, at once.
    """
    with transaction.atomic():
        notice = (
            TierNotice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(sent_at=None, due_at__lte=at, attempts__lt=MOST_ATTEMPTS)
            .select_related("to", "dealer")
            .order_by("due_at", "pk")
            .first()
        )
        if notice is None:
            return False
        owners = Membership.objects.in_force().filter(role=Role.OWNER, dealer=notice.dealer_id, user=notice.to_id)
        if not owners.exists():
            TierNotice.objects.filter(pk=notice.pk).update(attempts=MOST_ATTEMPTS)
            return True
        try:
            tier_notice(notice).send()
        except OSError:
            later = at + dt.timedelta(minutes=4**notice.attempts)
            TierNotice.objects.filter(pk=notice.pk).update(attempts=F("attempts") + 1, due_at=later)
            return True
        notice.sent_at = at
        notice.save(update_fields=["sent_at"])
    return True
