"""Shared reads of dealers' own codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.enums import Right
from accounts.principals import Principal

if TYPE_CHECKING:
    from .models import DealerCode  # noqa: F401 (named in strings)


class DealerCodeQuerySet(models.QuerySet["DealerCode"]):
    def visible_to(self, principal: Principal) -> DealerCodeQuerySet:
        """The codes of the principal's own dealer. Nobody else's, not even for the head office: they are the dealer's words."""
        if principal.dealer_id and principal.may(Right.VIEW_ARTICLES):
            return self.filter(dealer=principal.dealer_id)
        return self.none()
