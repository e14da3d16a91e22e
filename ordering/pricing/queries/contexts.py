"""What prices depend on besides the article and the quantity."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from accounts.enums import Right, Role
from accounts.models import Dealer, Region
from accounts.rules import rights_of
from ordering.programme.queries import HeldTier, HeldTiers, held_on
from portal.lib.clock import business_date

if TYPE_CHECKING:
    from accounts.principals import Principal

PRICE_ROLES: Final = tuple(role.value for role in Role if Right.VIEW_PRICES in rights_of(role))
# In SQL as it is, like all that every price reads: composing these few rows in the ORM costs more than reading them.
DEALER: Final = """
    SELECT d.currency, r.path, ARRAY(
        SELECT DISTINCT a FROM accounts_audienceset s, unnest(s.audience_ids) a
        WHERE s.dealer_id = d.id AND s.role = ANY(%s) ORDER BY a
    )
    FROM accounts_dealer d JOIN accounts_region r ON r.id = d.home_region_id WHERE d.id = %s
"""


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Everything a price depends on besides the article and the quantity.

    Two contexts that are equal see the same prices; whatever is cached about prices has `cache_key` in its key.
    `region_ids` are the dealer's home region and those above it, nearest first. `audience_ids`, ascending, are those that
    any role of the dealer with prices belongs to: a price is the company's, so a cart costs the same in whoever's hands.
    """

    dealer_id: int | None
    region_ids: tuple[int, ...]
    currency: str
    tiers: HeldTiers
    on: dt.date
    audience_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, principal: Principal, on: dt.date | None = None) -> PriceContext:
        """The context of a principal on a business date (today by default). Two queries.

        Raises NotAllowed for whoever sees no prices: readers, strangers, head-office people (they have no prices of their own).
        """
        principal.require(Right.VIEW_PRICES)
        if principal.dealer_id is None:
            raise ValueError("prices are a dealer's: this principal acts for none")
        return cls.of_dealer(principal.dealer_id, on)

    @classmethod
    def of_dealer(cls, dealer_id: int, on: dt.date | None = None) -> PriceContext:
        """The context of a dealer, whoever asks: for services that have checked the right already. Two queries."""
        on = on or business_date()
        with connection.cursor() as cursor:
            cursor.execute(DEALER, [list(PRICE_ROLES), dealer_id])
            row = cursor.fetchone()
        if row is None:
            raise Dealer.DoesNotExist(f"there is no dealer {dealer_id}")
        currency, path, audience_ids = row
        return cls(
            dealer_id=dealer_id,
            region_ids=tuple(reversed(Region(path=path).ancestor_ids)),
            currency=currency,
            tiers=held_on(dealer_id, on),
            on=on,
            audience_ids=tuple(audience_ids),
        )

    @property
    def tier(self) -> HeldTier | None:
        """The tier for all articles."""
        return self.tiers.all_articles

    @property
    def cache_key(self) -> str:
        """The whole context in words: a price cached without any of these would be shown to somebody else."""
        regions = "/".join(map(str, self.region_ids))
        audiences = ",".join(map(str, self.audience_ids))
        tiers = self.tiers.cache_key
        return f"{self.dealer_id or '-'}|{regions}|{self.currency}|{tiers}|{audiences}|{self.on.isoformat()}"
