"""Shared reads of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.enums import Right

from .enums import Measure
from .periods import Period

if TYPE_CHECKING:
    from accounts.principals import Principal

    from .models import DailyTotal, LedgerEntry  # noqa: F401 (named in strings)


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, principal: Principal) -> LedgerQuerySet:
        """The own dealer's entries; a seller's are those of the clients the seller works with; analysts read everything."""
        if principal.may(Right.READ_FIGURES):
            return self
        if not principal.dealer_id or not principal.may(Right.VIEW_SALES):
            return self.none()
        own = self.filter(dealer=principal.dealer_id)
        if principal.may(Right.VIEW_ALL_DEALER_ORDERS):
            return own
        return own.filter(client__seller=principal.membership_id)

    def counted_by(self, measure: Measure, currency: str) -> LedgerQuerySet:
        """The entries that add up to a measure. Two currencies never add up."""
        return self.filter(kind__in=measure.kinds, currency=currency)

    def within(self, period: Period) -> LedgerQuerySet:
        return self.filter(date__gte=period.start, date__lt=period.end)

    def counting_in(self, period: Period) -> LedgerQuerySet:
        """What a programme counts in a period: a late entry stands where it counts, not where it is dated."""
        return self.filter(counts_on__gte=period.start, counts_on__lt=period.end)


class DailyTotalQuerySet(models.QuerySet["DailyTotal"]):
    def counted(self, period: Period, currency: str, kinds: tuple[str, ...]) -> DailyTotalQuerySet:
        """Those of a period that add up to a measure in one currency."""
        return self.filter(currency=currency, kind__in=kinds, date__gte=period.start, date__lt=period.end)
