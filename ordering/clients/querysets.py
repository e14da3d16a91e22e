"""Shared reads of the client base. A dealer sees its own list; who else works with a client is never told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.enums import Right
from accounts.principals import Principal

if TYPE_CHECKING:
    from .models import DealerClient, Registration  # noqa: F401 (named in strings)


class DealerClientQuerySet(models.QuerySet["DealerClient"]):
    def visible_to(self, principal: Principal) -> DealerClientQuerySet:
        """The dealer's own list for its people; every list for the head office's client managers."""
        if principal.may(Right.MANAGE_CLIENTS):
            return self.all()
        if principal.may(Right.VIEW_CLIENTS) and principal.dealer_id:
            return self.filter(dealer=principal.dealer_id)
        return self.none()


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, principal: Principal) -> RegistrationQuerySet:
        """The dealer's own claims; all of them for the head office's client managers."""
        if principal.may(Right.MANAGE_CLIENTS):
            return self.all()
        if principal.may(Right.VIEW_CLIENTS) and principal.dealer_id:
            return self.filter(dealer=principal.dealer_id)
        return self.none()
