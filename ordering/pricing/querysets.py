"""Shared reads of price lists."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .models import PriceListVersion  # noqa: F401 (named in strings)


class PriceListVersionQuerySet(models.QuerySet["PriceListVersion"]):
    def published(self) -> PriceListVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def open_to(self, *, dealer_id: int | None, region_ids: tuple[int, ...], currency: str) -> PriceListVersionQuerySet:
        """Versions of the lists that may price for this dealer: the own list, those of the regions given, and the base."""
        scopes = Q(price_list__scope="base") | Q(price_list__scope="region", price_list__region__in=region_ids)
        if dealer_id:
            scopes |= Q(price_list__scope="dealer", price_list__dealer=dealer_id)
        return self.filter(scopes, price_list__currency=currency)

    def in_force(self, day: dt.date) -> PriceListVersionQuerySet:
        """Published, and valid on the day."""
        return self.published().filter(validity__contains=day)

    def from_day(self, day: dt.date) -> PriceListVersionQuerySet:
        """Published, and valid on the day or beginning later."""
        return self.published().filter(Q(validity__contains=day) | Q(validity__startswith__gt=day))
