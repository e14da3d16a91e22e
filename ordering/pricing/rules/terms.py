"""What lists, contracts, the tier and promotions say of one article. No reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ordering.programme.queries import HeldTier
from portal.lib.money import round_unit

from ..enums import StepKind
from .amounts import in_mode, less


@dataclass(frozen=True, slots=True)
class Break:
    """The price of a unit from a quantity on."""

    price_id: int
    min_quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A published version of a list that may price for a dealer. `rank`: 0 is asked first. `until` is the first day no longer."""

    version_id: int
    rank: int
    kind: StepKind
    name_ru: str
    name_en: str
    tax_included: bool
    since: dt.date
    until: dt.date | None
    percent: Decimal | None = None  # off the list before it: a contract's


@dataclass(frozen=True, slots=True)
class Offer:
    """What one list version (or a contract in its place) says of one article: its breaks, lowest quantity first."""

    version: ListVersion
    breaks: tuple[Break, ...]

    def at(self, quantity: int) -> Break | None:
        """The highest break not above the quantity; None where the list begins above it."""
        return next((step for step in reversed(self.breaks) if step.min_quantity <= quantity), None)

    def after(self, quantity: int) -> Break | None:
        """The next break above the quantity."""
        return next((step for step in self.breaks if step.min_quantity > quantity), None)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a contract says of an article: `breaks` for a fixed price, else `percent` off whichever list wins.

    `nearness` is higher the nearer to the article: a deeper category, then the article itself. `until` is the first day
    no longer.
    """

    contract_id: int
    nearness: int
    name_ru: str
    name_en: str
    percent: Decimal | None
    breaks: tuple[Break, ...]
    tax_included: bool
    forbids_discounts: bool
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class PromotionTerms:
    """What a promotion says of an article: `percent` off, or a fixed price `amount`. `until` is the first day no longer."""

    promotion_id: int
    name_ru: str
    name_en: str
    percent: Decimal | None
    amount: Decimal | None
    tax_included: bool
    combines: bool
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Discounts:
    """What is taken off the price of a list or contract: the tier (with `percent` for this article) and promotions.

    Both are empty where a contract forbids them. `gross`: whether the prices they are taken off include tax.
    """

    tier: HeldTier | None
    percent: Decimal
    promotions: tuple[PromotionTerms, ...]
    tax_rate: Decimal
    gross: bool

    def apply(self, amount: Decimal) -> Unit:
        """The price of a unit whose list or contract price is `amount`: the better of the tier and one promotion.

        A promotion that combines adds to the tier's discount. Of promotions the cheapest for the dealer counts, then the
        earliest made.
        """
        listed = round_unit(amount)
        with_tier = less(listed, self.percent)
        best = Unit(listed, with_tier if self.percent else None, with_tier, None)
        for promotion in self.promotions:
            price = self._promoted(promotion, listed, with_tier)
            if price < best.price:
                kept = with_tier if promotion.combines and self.percent else None
                best = Unit(listed, kept, price, promotion)
        return best

    def _promoted(self, promotion: PromotionTerms, listed: Decimal, with_tier: Decimal) -> Decimal:
        if promotion.percent is not None:
            return less(with_tier if promotion.combines else listed, promotion.percent)
        fixed = in_mode(promotion.amount or listed, self.tax_rate, said=promotion.tax_included, wanted=self.gross)
        return less(fixed, self.percent) if promotion.combines else fixed


@dataclass(frozen=True, slots=True)
class Unit:
    """The price of a unit and what made it: `with_tier` is None where the tier takes no part."""

    listed: Decimal
    with_tier: Decimal | None
    price: Decimal
    promotion: PromotionTerms | None


def nearest(contracts: Iterable[ContractTerms]) -> ContractTerms | None:
    """The contract that counts for an article: the nearest to it."""
    return max(contracts, key=lambda one: one.nearness, default=None)


def with_contract(offers: Sequence[Offer], contract: ContractTerms | None) -> tuple[Offer, ...]:
    """The offers, the contract's first: a fixed price as it is, a percent as the winning list less so much."""
    if contract is None or (contract.percent is not None and not offers):
        return tuple(offers)
    version = ListVersion(
        version_id=contract.contract_id,
        rank=-1,
        kind=StepKind.CONTRACT,
        name_ru=contract.name_ru,
        name_en=contract.name_en,
        tax_included=contract.tax_included,
        since=contract.since,
        until=contract.until,
    )
    if contract.percent is None:
        return (Offer(version, contract.breaks), *offers)
    won = offers[0]
    version = replace(
        version,
        tax_included=won.version.tax_included,
        until=min(filter(None, (contract.until, won.version.until)), default=None),
        percent=contract.percent,
    )
    breaks = tuple(replace(step, amount=less(step.amount, contract.percent)) for step in won.breaks)
    return (Offer(version, breaks), *offers)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that makes the price of one article on a day: no reads from here on.

    `lists` are the offers of the lists that price it, narrowest first. `list_changes_on` is the day on which a list begins
    that would be asked before the winner, or in its place; `coming` are contracts and promotions known to begin later.
    """

    tax_rate: Decimal
    lists: tuple[Offer, ...]
    contract: ContractTerms | None = None
    tier: HeldTier | None = None
    tier_percent: Decimal = Decimal(0)
    promotions: tuple[PromotionTerms, ...] = ()
    list_changes_on: dt.date | None = None
    coming_contracts: tuple[ContractTerms, ...] = ()
    coming_promotions: tuple[PromotionTerms, ...] = ()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is asked, in order: the contract where there is one, then the lists."""
        return with_contract(self.lists, self.contract)

    def discounts(self, winner: Offer) -> Discounts:
        closed = self.contract is not None and self.contract.forbids_discounts
        return Discounts(
            tier=None if closed else self.tier,
            percent=Decimal(0) if closed or self.tier is None else self.tier_percent,
            promotions=() if closed else self.promotions,
            tax_rate=self.tax_rate,
            gross=winner.version.tax_included,
        )

    def changes_on(self, winner: Offer, amount: Decimal, now: Unit) -> list[dt.date | None]:
        """The days on which the price of a unit may become another one."""
        discounts = self.discounts(winner)
        fixed = winner.version.kind is StepKind.CONTRACT and winner.version.percent is None
        better = [
            one.since
            for one in self.coming_promotions
            if not (self.contract and self.contract.forbids_discounts)
            and replace(discounts, promotions=(one,)).apply(amount).price < now.price
        ]
        nearer = [
            one.since
            for one in self.coming_contracts
            if self.contract is None or one.nearness >= self.contract.nearness
        ]
        return [
            winner.version.until,
            self.contract.until if self.contract else None,
            None if fixed else self.list_changes_on,
            discounts.tier.until if discounts.tier else None,
            now.promotion.until if now.promotion else None,
            *better,
            *nearer,
        ]
