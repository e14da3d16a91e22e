"""What a whole price list is made of, by ids: enough to name it, to keep it, and to make the same prices again later."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db import connection
from django.utils import timezone

from ordering.programme.queries import HeldTiers

from ..rules import ListVersion
from .contexts import PriceContext
from .discounts import TierTerms, tier_terms, tier_values
from .offers import list_versions

# Deals, lists and tiers (of programmes that the dealer takes part in, or did) with a day on which they begin or end; those long
# over make no day anybody asks about.
LOOKED_BACK: Final = dt.timedelta(days=400)
LOOKED_AHEAD: Final = dt.timedelta(days=366)
STAMP_LENGTH: Final = 16
DATED: Final = """
    SELECT 'contract', id, name_ru, name_en, lower(validity), upper(validity) FROM pricing_contract
    WHERE dealer_id = %(dealer)s AND currency = %(currency)s AND published_at IS NOT NULL
        AND validity && daterange(%(begin)s, NULL)
    UNION ALL
    SELECT 'promotion', id, name_ru, name_en, lower(validity), upper(validity) FROM pricing_promotion
    WHERE published_at IS NOT NULL AND (currency = '' OR currency = %(currency)s)
        AND (audience_id IS NULL OR audience_id = ANY(%(audiences)s)) AND validity && daterange(%(begin)s, NULL)
    UNION ALL
    SELECT 'list', v.id, l.name_ru, l.name_en, lower(v.validity), upper(v.validity)
    FROM pricing_pricelistversion v JOIN pricing_pricelist l ON l.id = v.price_list_id
    WHERE v.published_at IS NOT NULL AND l.currency = %(currency)s AND v.validity && daterange(%(begin)s, NULL) AND (
        l.scope = 'base' OR l.region_id = ANY(%(regions)s) OR l.dealer_id = %(dealer)s)
    UNION ALL
    SELECT 'tier', t.id, t.name_ru, t.name_en, lower(w.validity), upper(w.validity)
    FROM programme_tieraward w JOIN programme_tier t ON t.id = w.tier_id
    WHERE w.dealer_id = %(dealer)s AND w.validity && daterange(%(begin)s, NULL) AND (EXISTS (
        SELECT FROM programme_participation s
        WHERE s.dealer_id = w.dealer_id AND s.programme_id = w.programme_id AND s.validity && w.validity
    ) OR NOT EXISTS (SELECT FROM programme_participation s WHERE s.dealer_id = w.dealer_id))
    ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Basis:
    """Every rule that a dealer's prices follow on a day, and no day: days with the same rules have the same basis.

    `versions` are (id, rank, with tax) of the lists. Published lists and deals never change what they say, so with the
    catalogue as it was the same prices come out at any time.
    """

    dealer_id: int
    currency: str
    versions: tuple[tuple[int, int, bool], ...]
    contracts: tuple[int, ...]
    promotions: tuple[int, ...]
    tiers: tuple[TierTerms, ...]

    def as_json(self) -> dict[str, Any]:
        said = {name: getattr(self, name) for name in self.__slots__}
        return said | {"tiers": [one.as_json() for one in self.tiers]}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        """A basis that was kept."""
        return cls(
            dealer_id=said["dealer_id"],
            currency=said["currency"],
            versions=tuple(tuple(one) for one in said["versions"]),
            contracts=tuple(said["contracts"]),
            promotions=tuple(said["promotions"]),
            tiers=tuple(TierTerms.from_json(one) for one in said["tiers"]),
        )

    def values(self) -> dict[str, Any]:
        """The parameters of `resolved.PRICED` with its deals named by id."""
        versions, ranks, gross = zip(*self.versions, strict=True) if self.versions else ((), (), ())
        return {
            "versions": list(versions),
            "ranks": list(ranks),
            "gross": list(gross),
            "contracts": list(self.contracts),
            "promotions": list(self.promotions),
            **tier_values(self.tiers),
        }


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something that begins, or with `ends` is over, on a day: a list, a contract, a promotion, a tier."""

    name_ru: str
    name_en: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A basis with what a person is told of it.

    `since` is the first of the days in a row on which it is the basis (None: as far as we look back), `until` the last day of
    which that is known. `days` are the later days on which prices may become others, as published by now.
    """

    on: dt.date
    basis: Basis
    stamp: str
    catalogue: Catalogue
    read_at: dt.datetime
    tiers: HeldTiers
    lists: tuple[ListVersion, ...]
    since: dt.date | None
    until: dt.date | None
    days: dict[dt.date, tuple[Beginning, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as it is read: `state` grows with every change of what price lists say of articles, `snapshot` names
    the transactions that are seen.
    """

    state: int
    snapshot: str


def catalogue_now() -> Catalogue:
    """Both in one statement, so that they are of one moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(changes), 0)::bigint, pg_current_snapshot()::text FROM catalog_cataloguechange"
        )
        return Catalogue(*cursor.fetchone())


def made_of(context: PriceContext) -> Made:
    """What the context's prices are made of. Three queries."""
    if context.dealer_id is None:
        raise ValueError("a price list is a dealer's")
    read_at, catalogue = timezone.now(), catalogue_now()
    rows = _dated(context)
    on = context.on
    lists = tuple(version for version in list_versions(context) if version.since <= on)
    basis = _basis(context, lists, [row for row in rows if _holds(row, on)])
    days = _days(rows)
    for tier in context.tiers:
        if tier.until and tier.until not in days:  # its programme ends, or another one begins
            days[tier.until].append(Beginning(tier.name_ru, tier.name_en, ends=True))
    past = [day for day in days if day <= on]
    coming = {day: tuple(what) for day, what in sorted(days.items()) if on < day <= on + LOOKED_AHEAD}
    return Made(
        on=on,
        basis=basis,
        stamp=_stamp(basis, catalogue.state),
        catalogue=catalogue,
        read_at=read_at,
        tiers=context.tiers,
        lists=lists,
        since=max(past, default=None),
        until=min(coming) - dt.timedelta(days=1) if coming else None,
        days=coming,
    )


def _dated(context: PriceContext) -> list[tuple[Any, ...]]:
    values = {
        "dealer": context.dealer_id,
        "currency": context.currency,
        "audiences": list(context.audience_ids),
        "regions": list(context.region_ids),
        "begin": context.on - LOOKED_BACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(DATED, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _holds(row: tuple[Any, ...], on: dt.date) -> bool:
    since, until = row[4], row[5]
    return (since is None or since <= on) and (until is None or until > on)


def _basis(context: PriceContext, lists: tuple[ListVersion, ...], holding: list[tuple[Any, ...]]) -> Basis:
    return Basis(
        dealer_id=context.dealer_id or 0,
        currency=context.currency,
        versions=tuple((version.version_id, version.rank, version.tax_included) for version in lists),
        contracts=tuple(row[1] for row in holding if row[0] == "contract"),
        promotions=tuple(row[1] for row in holding if row[0] == "promotion"),
        tiers=tier_terms(context.tiers),
    )


def _days(rows: list[tuple[Any, ...]]) -> defaultdict[dt.date, list[Beginning]]:
    """The days on which something begins or ends, each with what. A list that another version follows does not end."""
    days: defaultdict[dt.date, list[Beginning]] = defaultdict(list)
    begun = {(row[2], row[3], row[4]) for row in rows}
    for _kind, _id, ru, en, since, until in rows:
        if since:
            days[since].append(Beginning(ru, en, ends=False))
        if until and (ru, en, until) not in begun:
            days[until].append(Beginning(ru, en, ends=True))
    return days


def _stamp(basis: Basis, catalogue: int) -> str:
    """The name of the prices: the same for the same rules and the same catalogue, whatever the day and the kind of file."""
    said = json.dumps([basis.as_json(), catalogue])
    return hashlib.sha256(said.encode()).hexdigest()[:STAMP_LENGTH]
