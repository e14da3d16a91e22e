"""What a dealer's tiers take off, as SQL over articles and as figures that can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Self

from ordering.programme.queries import HeldTiers

# As `HeldTiers.best`: of the tiers that are for an article the highest percent; of each the brand's, else the nearest
# category's, else its own. Once for each category and brand there is together, not for each price: a few hundred at most.
SHARES: Final = """, shares AS MATERIALIZED (
    SELECT coalesce(a.category_id, 0) AS category, coalesce(a.brand_id, 0) AS brand, coalesce((
        SELECT max(coalesce(
            (SELECT x.percent FROM unnest(%(excepting)s::int[], %(brands)s::bigint[], %(percents)s::numeric[])
                 x (tier, brand, percent)
             WHERE x.tier = t.tier AND x.brand = a.brand_id LIMIT 1),
            (SELECT x.percent FROM unnest(%(excepting)s::int[], %(branches)s::bigint[], %(percents)s::numeric[])
                 x (tier, category, percent)
             JOIN catalog_category k ON k.id = x.category WHERE x.tier = t.tier AND branch.path LIKE k.path || '%%'
             ORDER BY length(k.path) DESC LIMIT 1),
            t.percent
        ))
        FROM unnest(%(of_brands)s::bigint[], %(discounts)s::numeric[]) WITH ORDINALITY t (brand, percent, tier)
        WHERE t.brand IS NULL OR t.brand = a.brand_id
    ), 0) AS percent
    FROM (SELECT DISTINCT category_id, brand_id FROM catalog_product a WHERE true {articles}) a
    LEFT JOIN catalog_category branch ON branch.id = a.category_id
)"""
# `a` is an article. Each has a share; LEFT only tells the planner that none is lost.
OF_SHARE: Final = """LEFT JOIN shares share
    ON share.category = coalesce(a.category_id, 0) AND share.brand = coalesce(a.brand_id, 0)"""
ONE_FOR_ALL: Final = "%(discount)s::numeric"


@dataclass(frozen=True, slots=True)
class TierTerms:
    """What a tier takes off, in percent: `brand_id` is the brand it is for, `exceptions` are (category, brand, percent)."""

    brand_id: int | None
    discount: Decimal
    exceptions: tuple[tuple[int | None, int | None, Decimal], ...] = ()

    def as_json(self) -> list[Any]:
        return [self.brand_id, str(self.discount), [[*what, str(percent)] for *what, percent in self.exceptions]]

    @classmethod
    def from_json(cls, said: Sequence[Any]) -> Self:
        brand_id, discount, exceptions = said
        others = tuple((category, brand, Decimal(percent)) for category, brand, percent in exceptions)
        return cls(brand_id, Decimal(discount), others)


def tier_terms(tiers: HeldTiers) -> tuple[TierTerms, ...]:
    """What the tiers held take off."""
    return tuple(
        TierTerms(
            tier.brand_id,
            tier.discount,
            tuple((one.category_id, one.brand_id, one.discount) for one in tier.exceptions),
        )
        for tier in tiers
    )


def is_plain(tiers: Iterable[TierTerms]) -> bool:
    """Whether every article gets the same percent."""
    return all(one.brand_id is None and not one.exceptions for one in tiers)


def tier_values(tiers: Sequence[TierTerms]) -> dict[str, Any]:
    """The parameters of SHARES and ONE_FOR_ALL."""
    excepted = [(n, *exception) for n, one in enumerate(tiers, start=1) for exception in one.exceptions]
    return {
        "discount": max((one.discount for one in tiers if one.brand_id is None), default=Decimal(0)),
        "of_brands": [one.brand_id for one in tiers],
        "discounts": [one.discount for one in tiers],
        "excepting": [n for n, _category, _brand, _percent in excepted],
        "branches": [category for _n, category, _brand, _percent in excepted],
        "brands": [brand for _n, _category, brand, _percent in excepted],
        "percents": [percent for _n, _category, _brand, percent in excepted],
    }
