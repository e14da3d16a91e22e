"""Which tier a dealer holds on a day: what prices take their discount from, so it is read with every price."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from accounts.enums import Right
from accounts.models import Dealer

from ..rules import DiscountException, article_percent
from .covering import GOES_ON

if TYPE_CHECKING:
    from accounts.principals import Principal
    from accounts.querysets import DealerQuerySet

NONE: Final = Decimal(0)

# Of a dealer's awards the highest of the programme it takes part in, for all articles and for each brand that has its own.
# Under another programme nothing is held until it has decided: until then the awards of the one before it go on.
# `until`: the end of the award, of its programme, or the day on which a higher tier or the programme of a nearer region
# begins; of what only goes on, the next day.
# Asked with every price: what few rows need is looked up, because each table more to join costs more to plan than to read.
HELD: Final = f"""
    SELECT DISTINCT ON (w.dealer_id, p.brand_id) w.dealer_id, w.id, t.id, t.code, t.name_ru, t.name_en, t.discount,
        lower(w.validity),
        CASE WHEN p.validity @> %(on)s::date THEN least(upper(w.validity), upper(p.validity), (
            SELECT min(lower(r.validity)) FROM programme_tieraward r JOIN programme_tier higher ON higher.id = r.tier_id
            WHERE r.dealer_id = w.dealer_id AND r.programme_id = w.programme_id AND lower(r.validity) > %(on)s
                AND higher.threshold > t.threshold
        ), (
            SELECT min(lower(n.validity)) FROM programme_programme n
            WHERE n.currency = p.currency AND n.brand_id IS NOT DISTINCT FROM p.brand_id AND lower(n.validity) > %(on)s
                AND (SELECT strpos(path, '/' || n.region_id || '/') > greatest(strpos(path, '/' || p.region_id || '/'), 0)
                     FROM accounts_region WHERE id = d.home_region_id)
        )) ELSE %(on)s::date + 1 END,
        p.brand_id, coalesce((SELECT name FROM catalog_brand WHERE id = p.brand_id), ''),
        ARRAY(SELECT json_build_array(e.category_id, e.brand_id, e.discount::text)
              FROM programme_tierexception e WHERE e.tier_id = t.id ORDER BY e.id)
    FROM programme_tieraward w
    JOIN programme_tier t ON t.id = w.tier_id
    JOIN programme_programme p ON p.id = w.programme_id
    JOIN accounts_dealer d ON d.id = w.dealer_id
    WHERE w.validity @> %(on)s::date {{one}} AND coalesce((
        SELECT s.programme_id = p.id AND s.validity @> %(on)s::date FROM programme_participation s
        WHERE s.dealer_id = w.dealer_id AND s.brand_id IS NOT DISTINCT FROM p.brand_id AND lower(s.validity) <= %(on)s
        ORDER BY s.validity DESC LIMIT 1
    ), true) AND {GOES_ON.format(p="p")}
    ORDER BY w.dealer_id, p.brand_id, p.validity @> %(on)s::date DESC, t.threshold DESC
"""  # noqa: S608 (parts of our own)
ONE: Final = "AND w.dealer_id = %(dealer)s"
SOME: Final = "AND w.dealer_id = ANY(%(dealers)s)"


@dataclass(frozen=True, slots=True)
class HeldTier:
    """A tier a dealer holds on a day: what pricing takes its discount (in percent) from.

    `until` is the first day on which it is no longer certain. `brand_id` and `brand` (its name) are those of its programme,
    whose articles alone it is for; None and empty: all. `exceptions` are other percents for a category or brand: `percent` is
    what an article gets.
    """

    award_id: int
    tier_id: int
    code: str
    name_ru: str
    name_en: str
    discount: Decimal
    since: dt.date
    until: dt.date | None
    brand_id: int | None = None
    brand: str = ""
    exceptions: tuple[DiscountException, ...] = ()

    def percent(self, category_path: str, brand_id: int | None) -> Decimal:
        """The percent for an article with this `Category.path` (empty: none) and brand."""
        if self.brand_id is not None and self.brand_id != brand_id:
            return NONE
        return article_percent(self.discount, self.exceptions, category_path, brand_id)

    @property
    def cache_key(self) -> str:
        """Everything of the tier that a price depends on, in words."""
        others = ",".join(f"{one.category_id or ''}/{one.brand_id or ''}={one.discount}" for one in self.exceptions)
        return f"{self.award_id}:{self.tier_id}:{self.discount}:{self.brand_id or ''}:{others}"


@dataclass(frozen=True, slots=True)
class HeldTiers:
    """All tiers a dealer holds on a day: that for all articles, and one for each brand that has a programme of its own."""

    all_articles: HeldTier | None = None
    of_brands: tuple[HeldTier, ...] = ()

    def __iter__(self) -> Iterator[HeldTier]:
        yield from filter(None, (self.all_articles, *self.of_brands))

    def best(self, category_path: str, brand_id: int | None) -> tuple[HeldTier | None, Decimal]:
        """The tier that gives an article the most, and its percent; of equal ones that for all articles.

        Its `until` is the first day on which either may change, whichever wins now.
        """
        if not self.of_brands:
            only = self.all_articles
            return only, only.percent(category_path, brand_id) if only else NONE
        fitting = [one for one in self if one.brand_id in {None, brand_id}]
        if not fitting:
            return None, NONE
        percents = [one.percent(category_path, brand_id) for one in fitting]
        percent = max(percents)
        until = min((one.until for one in fitting if one.until), default=None)
        return replace(fitting[percents.index(percent)], until=until), percent

    @property
    def cache_key(self) -> str:
        return ";".join(one.cache_key for one in self) or "-"


def tier_holders(principal: Principal) -> DealerQuerySet:
    """The active dealers whose tiers the principal may see: all for programme managers and analysts, else the own one."""
    dealers = Dealer.objects.visible_to(principal).filter(is_active=True)
    may = (Right.VIEW_SALES,) if principal.dealer_id else (Right.MANAGE_PROGRAMME, Right.READ_FIGURES)
    return dealers if any(map(principal.may, may)) else dealers.none()


def held_on(dealer_id: int, on: dt.date) -> HeldTiers:
    """The tiers that a dealer holds on a day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(one=ONE), {"on": on, "dealer": dealer_id})
        return _together([_held(row) for row in cursor.fetchall()])


def tiers_on(on: dt.date, dealer_ids: Sequence[int] | None = None) -> dict[int, HeldTiers]:
    """Dealer id → the tiers held on a day, for each of these dealers (by default of all) that holds one. One query."""
    found: dict[int, list[HeldTier]] = defaultdict(list)
    some = "" if dealer_ids is None else SOME
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(one=some), {"on": on, "dealers": list(dealer_ids or ())})
        for row in cursor.fetchall():
            found[row[0]].append(_held(row))
    return {dealer_id: _together(tiers) for dealer_id, tiers in found.items()}


def _together(tiers: Sequence[HeldTier]) -> HeldTiers:
    """Of one dealer; a tier without a brand is that for all articles."""
    whole = next((one for one in tiers if one.brand_id is None), None)
    return HeldTiers(whole, tuple(one for one in tiers if one.brand_id is not None))


def _held(row: Sequence[Any]) -> HeldTier:
    said = tuple(DiscountException(category, brand, Decimal(percent)) for category, brand, percent in row[-1])
    values: list[Any] = [*row[1:-1], said]
    return HeldTier(*values)
