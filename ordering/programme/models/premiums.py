"""Premiums, their slices, and what dealers have earned."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer

from ..enums import PremiumKind, PremiumPeriod
from ..querysets import PremiumAccrualQuerySet
from .programmes import Programme
from .terms import Rate, Reward, is_percent


@pghistory.track(*EVERY_CHANGE)
class Premium(Reward):
    """A premium of a programme."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="premiums", verbose_name=_("programme"))
    accrued_before = models.DateField(_("accrued before"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("premium")
        verbose_name_plural = _("premiums")
        ordering = ["programme", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PremiumKind.values), name="premium_kind_is_known"),
            models.CheckConstraint(condition=Q(period__in=PremiumPeriod.values), name="premium_period_is_known"),
        ]


@pghistory.track(*EVERY_CHANGE)
class PremiumSlice(Rate):
    """A slice of a premium."""

    premium = models.ForeignKey(Premium, models.CASCADE, related_name="slices", verbose_name=_("premium"))

    class Meta:
        verbose_name = _("slice of a premium")
        verbose_name_plural = _("slices of premiums")
        ordering = ["premium", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["premium", "threshold"], name="premium_slice_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="premium_slice_is_not_negative"),
            is_percent("percent", "premium_slice_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.premium} {self.threshold} {self.percent}"


class PremiumAccrual(models.Model):
    """What a dealer earned in a closed period: written once, never changed. What comes late counts in the next period."""

    premium = models.ForeignKey(Premium, models.PROTECT, related_name="accruals", verbose_name=_("premium"))
    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="premiums", verbose_name=_("dealer"))
    period = DateRangeField(_("period"))
    volume = models.DecimalField(_("volume"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("premium"), max_digits=16, decimal_places=2)
    accrued_at = models.DateTimeField(_("accrued"), db_default=Now(), editable=False)

    objects = PremiumAccrualQuerySet.as_manager()

    class Meta:
        verbose_name = _("accrued premium")
        verbose_name_plural = _("accrued premiums")
        ordering = ["-period", "dealer"]
        constraints = [models.UniqueConstraint(fields=["premium", "dealer", "period"], name="premium_accrued_once")]
        triggers = [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.dealer} {self.period} {self.amount}"

    @property
    def last_day(self) -> dt.date:
        """The last day of the period."""
        upper: dt.date = self.period.upper
        return upper - dt.timedelta(days=1)
