"""What terms would have done for one dealer, month by month: no reads."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Protocol

from ordering.sales.enums import Measure
from ordering.sales.periods import Period, add_months, month_of
from portal.lib.money import round_minor

from ..enums import PremiumKind
from ..models import Programme, ProgrammeDraft
from ..rules import (
    PREMIUMS,
    DiscountException,
    Slice,
    article_percent,
    closes_window,
    decided,
    evaluation_day,
    premium_period,
    reaches,
    tier_for,
    window_before,
)

HUNDRED: Final = Decimal(100)
NOTHING: Final = Decimal(0)


class Windows(Protocol):
    """What a simulation needs of a programme or of a draft."""

    window: str
    window_months: int
    evaluation: str
    grace_months: int


@dataclass(frozen=True, slots=True)
class Level:
    """A tier, a draft's or a real one's; percents."""

    code: str
    threshold: Decimal
    discount: Decimal
    exceptions: tuple[DiscountException, ...] = ()


@dataclass(frozen=True, slots=True)
class Reward:
    """A premium, a draft's or a real one's."""

    kind: str
    period: str
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a programme or a draft says; `brand_id` None: of all articles."""

    windows: Windows
    kinds: tuple[str, ...]
    brand_id: int | None
    tiers: tuple[Level, ...]
    premiums: tuple[Reward, ...] = ()

    @property
    def counts(self) -> tuple[tuple[str, ...], int | None]:
        """Which sales make its volume: kinds of entries, of a brand or of all."""
        return self.kinds, self.brand_id


def terms_of(of: Programme | ProgrammeDraft) -> Terms:
    """Terms of a programme or draft with all that is below it (prefetch it: `BELOW`)."""
    tiers = tuple(
        Level(tier.code, tier.threshold, tier.discount, tuple(
            DiscountException(one.category_id, one.brand_id, one.discount) for one in tier.exceptions.all()
        ))
        for tier in of.tiers.all()
    )  # fmt: skip
    premiums = tuple(
        Reward(one.kind, one.period, tuple(Slice(part.threshold, part.percent) for part in one.slices.all()))
        for one in of.premiums.all()
    )
    return Terms(of, Measure(of.measure).kinds, of.brand_id, tiers, premiums)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Articles that any terms treat alike: their nearest category that an exception names, and their brand where one is named."""

    category_path: str = ""
    brand_id: int | None = None


# Net shipped by bucket, of each month in which there was any.
Sold = Mapping[dt.date, Sequence[tuple[Bucket, Decimal]]]


@dataclass(frozen=True, slots=True)
class DealerOutcome:
    """A dealer under both terms, over the articles that the draft is for.

    `volume` is the net shipped in the months; costs are discounts off the list price. `gain` is what the dealer would have
    paid less, or been paid more, under the draft (negative: worse off).
    """

    dealer_id: int
    volume: Decimal
    tier_now: str
    tier_draft: str
    cost_now: Decimal
    cost_draft: Decimal
    premium_now: Decimal
    premium_draft: Decimal

    @property
    def gain(self) -> Decimal:
        return self.cost_draft + self.premium_draft - self.cost_now - self.premium_now


def tiers_by_month(
    terms: Terms, months: Sequence[dt.date], window_sum: Callable[[Period], Decimal]
) -> Iterator[Level | None]:
    """The tier held in each month, as `evaluate` would have decided it month after month from the first on.

    A dealer begins with what the last decision before merits; a lower tier comes after the grace, and not at all when the
    volume is back by then.
    """
    windows = terms.windows
    begins = evaluation_day(windows, months[0])
    held = tier_for(window_sum(window_before(windows, begins)), terms.tiers)
    falls: tuple[dt.date, Level | None] | None = None
    for month in months:
        if falls and falls[0] <= month:
            held, falls = falls[1], None
        if evaluation_day(windows, month) == month and month != begins:
            volume = window_sum(window_before(windows, month))
            merited = decided(tier_for(volume, terms.tiers), held, final=closes_window(windows, month))
            if reaches(merited, held):
                held, falls = merited, None
            elif not windows.grace_months:
                held = merited
            elif falls is None:
                falls = (add_months(month, windows.grace_months), merited)
        yield held


@dataclass(slots=True)
class Percents:
    """The percent that several tiers held together give a bucket: the better one. Kept, for dealers are alike."""

    known: dict[tuple[tuple[int, ...], Bucket], Decimal] = field(default_factory=dict)

    def best(self, held: Sequence[tuple[int | None, Level | None]], bucket: Bucket) -> Decimal:
        """`held`: brand or None for all articles, and the tier of its programme."""
        key = (tuple(id(level) for _brand, level in held), bucket)
        found = self.known.get(key)
        if found is None:
            found = max(
                (
                    article_percent(level.discount, level.exceptions, bucket.category_path, bucket.brand_id)
                    for brand_id, level in held
                    if level and brand_id in {None, bucket.brand_id}
                ),
                default=NOTHING,
            )
            self.known[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """For each dealer the terms that ran, and those with the draft in the place of the one of its own scope."""

    draft: Terms
    months: Sequence[dt.date]
    currency: str
    percents: Percents = field(default_factory=Percents)

    def outcome(
        self, dealer_id: int, now: Sequence[Terms], sold: Sold,
        volume_in: Callable[[Terms, Period], Decimal],
    ) -> DealerOutcome:  # fmt: skip
        """`sold`: month → net shipped by bucket, bought at the discount of the terms that ran; `volume_in` counts for tiers."""
        scope = self.draft.brand_id
        then = [*(terms for terms in now if terms.brand_id != scope), self.draft]
        held = {
            id(terms): list(tiers_by_month(terms, self.months, lambda w, of=terms: volume_in(of, w)))  # type: ignore[misc]
            for terms in [*now, self.draft]
        }
        costs = [
            self._costs(bought, *([(one.brand_id, held[id(one)][place]) for one in side] for side in (now, then)))
            for place, month in enumerate(self.months)
            if (bought := sold.get(month))
        ]
        ran = next((held[id(terms)][-1] for terms in now if terms.brand_id == scope), None)
        would = held[id(self.draft)][-1]
        return DealerOutcome(
            dealer_id,
            sum((net for bought in sold.values() for _bucket, net in bought), NOTHING),
            ran.code if ran else "",
            would.code if would else "",
            sum((now for now, _then in costs), NOTHING),
            sum((then for _now, then in costs), NOTHING),
            self._premiums(now, volume_in),
            self._premiums(then, volume_in),
        )

    def _costs(
        self, bought: Sequence[tuple[Bucket, Decimal]], now: Sequence[tuple[int | None, Level | None]],
        then: Sequence[tuple[int | None, Level | None]],
    ) -> tuple[Decimal, Decimal]:  # fmt: skip
        """Discounts of a month off the list price (net / (1 - the percent that held)), rounded percent by percent."""
        by_percents: dict[tuple[Decimal, Decimal], Decimal] = defaultdict(Decimal)
        by_percent: dict[Decimal, Decimal] = defaultdict(Decimal)
        for bucket, net in bought:
            percent = self.percents.best(now, bucket)
            by_percent[percent] += net
            by_percents[percent, self.percents.best(then, bucket)] += net
        given = (round_minor(net * one / (HUNDRED - one), self.currency) for one, net in by_percent.items())
        would = (round_minor(net * other / (HUNDRED - one), self.currency) for (one, other), net in by_percents.items())
        return sum(given, NOTHING), sum(would, NOTHING)

    def _premiums(self, side: Sequence[Terms], volume_in: Callable[[Terms, Period], Decimal]) -> Decimal:
        """Of the calendar periods that lie wholly within the months, of programmes whose articles the draft is for."""
        total = NOTHING
        for terms in side:
            if self.draft.brand_id not in {None, terms.brand_id}:
                continue
            for premium in terms.premiums:
                reckon = PREMIUMS[PremiumKind(premium.kind)]
                for period in whole_periods(premium.period, self.months):
                    total += reckon(volume_in(terms, period), premium.slices, self.currency)
        return total


def whole_periods(kind: str, months: Sequence[dt.date]) -> Iterator[Period]:
    """The quarters or years that lie wholly within the months."""
    day, end = months[0], add_months(month_of(months[-1]), 1)
    while (period := premium_period(kind, day)).end <= end:
        if period.start >= months[0]:
            yield period
        day = period.end
