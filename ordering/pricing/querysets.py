"""Shared reads of price lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from accounts.enums import Right

from .enums import DealState

if TYPE_CHECKING:
    from accounts.principals import Principal

    from .models import PriceFile, PriceListVersion, TakenList  # noqa: F401 (named in strings)

# Whom of the head office deals concern: who makes them, who reads figures, who answers the dealer.
DEAL_READERS: Final = (Right.MANAGE_PRICES, Right.READ_FIGURES, Right.MANAGE_DEALERS)


class PriceListVersionQuerySet(models.QuerySet["PriceListVersion"]):
    def published(self) -> PriceListVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def in_force(self, day: dt.date) -> PriceListVersionQuerySet:
        """Published, and valid on the day."""
        return self.published().filter(validity__contains=day)


class DealQuerySet(models.QuerySet[Any]):
    """Contracts and promotions alike."""

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def in_force(self, day: dt.date) -> Self:
        return self.published().filter(validity__contains=day)

    def in_state(self, state: DealState, day: dt.date) -> Self:
        """Those that stand so on the day."""
        if state is DealState.DRAFT:
            return self.filter(published_at=None)
        if state is DealState.CURRENT:
            return self.in_force(day)
        if state is DealState.COMING:
            return self.published().filter(validity__startswith__gt=day)
        return self.published().exclude(validity__overlap=DateRange(day, None))


class ContractQuerySet(DealQuerySet):
    def visible_to(self, principal: Principal) -> Self:
        """Published ones of the own dealer, for whoever sees its prices; all to the head office's people for prices."""
        if principal.is_head_office:
            return self if any(principal.may(right) for right in DEAL_READERS) else self.none()
        if principal.dealer_id is None or not principal.may(Right.VIEW_PRICES):
            return self.none()
        return self.published().filter(dealer=principal.dealer_id)


class PromotionQuerySet(DealQuerySet):
    def open_to(self, *, audience_ids: Iterable[int], currency: str) -> Self:
        """Those for everybody or one of the audiences, in the currency or in any."""
        return self.filter(Q(audience=None) | Q(audience__in=list(audience_ids)), Q(currency="") | Q(currency=currency))

    def visible_to(self, principal: Principal) -> Self:
        """Published ones for an audience of the person's; all to the head office's people for prices."""
        if principal.is_head_office:
            return self if any(principal.may(right) for right in DEAL_READERS) else self.none()
        if principal.dealer_id is None or not principal.may(Right.VIEW_PRICES):
            return self.none()
        return self.published().open_to(audience_ids=principal.audience_ids, currency=principal.currency)


class PriceFileQuerySet(models.QuerySet["PriceFile"]):
    def visible_to(self, principal: Principal) -> Self:
        """The own dealer's, for whoever sees its prices; nobody else's."""
        if principal.dealer_id is None or not principal.may(Right.VIEW_PRICES):
            return self.none()
        return self.filter(dealer=principal.dealer_id)

    def made(self) -> Self:
        return self.filter(made_at__isnull=False)


class TakenListQuerySet(models.QuerySet["TakenList"]):
    def visible_to(self, principal: Principal) -> Self:
        """The own dealer's, for whoever sees its prices; nobody else's."""
        if principal.dealer_id is None or not principal.may(Right.VIEW_PRICES):
            return self.none()
        return self.filter(dealer=principal.dealer_id)

    def covering(self, selection: str) -> Self:
        """Those that told of every article of the selection (`Selection.key`)."""
        return self.filter(selection__in={"", selection})
