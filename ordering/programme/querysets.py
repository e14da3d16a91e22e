"""Shared reads of programmes and awards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models

from accounts.enums import Right

if TYPE_CHECKING:
    from accounts.principals import Principal

    from .models import AwardProposal, PremiumAccrual, Programme, TierAward  # noqa: F401 (named in strings)
    from .models.terms import Terms


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def running_on(self, day: dt.date) -> ProgrammeQuerySet:
        return self.filter(validity__contains=day)

    def visible_to(self, principal: Principal) -> ProgrammeQuerySet:
        """Those that the own dealer takes or took part in; every one for those who manage the programme or read figures."""
        if principal.may(Right.MANAGE_PROGRAMME) or principal.may(Right.READ_FIGURES):
            return self
        if principal.dealer_id and principal.may(Right.VIEW_SALES):
            return self.filter(participations__dealer=principal.dealer_id).distinct()
        return self.none()

    def of_kind(self, terms: Terms) -> ProgrammeQuerySet:
        """Those that share out the same articles in the same currency among regions, whichever these are."""
        return self.filter(currency=terms.currency, brand=terms.brand_id)


class TierAwardQuerySet(models.QuerySet["TierAward"]):
    def visible_to(self, principal: Principal) -> TierAwardQuerySet:
        """The own dealer's awards; everybody's for those who manage the programme or read figures."""
        if principal.may(Right.MANAGE_PROGRAMME) or principal.may(Right.READ_FIGURES):
            return self
        if principal.dealer_id and principal.may(Right.VIEW_SALES):
            return self.filter(dealer=principal.dealer_id)
        return self.none()


class AwardProposalQuerySet(models.QuerySet["AwardProposal"]):
    def visible_to(self, principal: Principal) -> AwardProposalQuerySet:
        """The head office's own: a dealer sees the award once it is given."""
        return self if principal.may(Right.MANAGE_PROGRAMME) or principal.may(Right.READ_FIGURES) else self.none()

    def waiting(self) -> AwardProposalQuerySet:
        """Those nobody has decided on."""
        return self.filter(decided_by=None)


class PremiumAccrualQuerySet(models.QuerySet["PremiumAccrual"]):
    def visible_to(self, principal: Principal) -> PremiumAccrualQuerySet:
        """The own dealer's for whoever sees all its sales; everybody's for those who manage the programme or read figures."""
        if principal.may(Right.MANAGE_PROGRAMME) or principal.may(Right.READ_FIGURES):
            return self
        if principal.dealer_id and principal.may(Right.VIEW_ALL_DEALER_ORDERS):
            return self.filter(dealer=principal.dealer_id)
        return self.none()
