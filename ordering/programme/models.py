"""Programmes, their tiers by volume, and which dealer holds which tier when."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Ord, Substr
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer
from ordering.clients.models import point
from ordering.sales.enums import Measure
from portal.lib.text import named

from .enums import AwardReason, EvaluationMoment, WindowKind
from .querysets import ProgrammeQuerySet, TierAwardQuerySet


def currency_point(column: str) -> Func:
    """A currency code as a range of one number: core PostgreSQL excludes on ranges only."""
    letters = [Ord(Substr(F(column), place, 1)) for place in (1, 2, 3)]
    number = Cast(letters[0] * 65536 + letters[1] * 256 + letters[2], models.BigIntegerField())
    return Func(number, number, Value("[]"), function="int8range")


@pghistory.track(*EVERY_CHANGE)
class Programme(models.Model):
    """How volume in one currency makes tiers, from a day until a day. Two of one currency never run at once."""

    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="RUB",
        help_text=_("ISO 4217; dealers of other currencies do not take part"),
    )
    validity = DateRangeField(_("runs"), help_text=_("first day, and the first day no longer"))
    measure = models.CharField(_("what counts"), max_length=10, choices=Measure.choices, default=Measure.SHIPPED)
    window = models.CharField(_("window"), max_length=10, choices=WindowKind.choices, default=WindowKind.ROLLING)
    window_months = models.PositiveSmallIntegerField(
        _("months of a rolling window"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    evaluation = models.CharField(
        _("decided on"), max_length=10, choices=EvaluationMoment.choices, default=EvaluationMoment.MONTHLY
    )
    grace_months = models.PositiveSmallIntegerField(
        _("grace, months"), default=0, help_text=_("how long a tier is kept after its volume is lost")
    )
    evaluated_on = models.DateField(_("last decided on"), null=True, blank=True, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["currency", "-validity"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="programme_currency_is_iso_4217"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="programme_measure_is_known"),
            models.CheckConstraint(condition=Q(window__in=WindowKind.values), name="programme_window_is_known"),
            models.CheckConstraint(condition=Q(window_months__gt=0), name="programme_window_is_positive"),
            models.CheckConstraint(
                condition=Q(evaluation__in=EvaluationMoment.values), name="programme_evaluation_is_known"
            ),
            ExclusionConstraint(
                name="programme_no_overlap",
                expressions=[
                    (currency_point("currency"), RangeOperators.OVERLAPS),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Another programme of this currency runs then. End it first, or begin later."
                ),
            ),
        ]

    def __str__(self) -> str:
        return named(self)


@pghistory.track(*EVERY_CHANGE)
class Tier(models.Model):
    """A level of a programme: volume from `threshold` up to, but not including, the next tier's."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tiers", verbose_name=_("programme"))
    code = models.SlugField(_("code"))
    name_ru = models.CharField(_("name in Russian"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    threshold = models.DecimalField(_("volume from"), max_digits=16, decimal_places=2, help_text=_("without tax"))
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2)
    benefits_ru = models.TextField(_("benefits in Russian"), blank=True)
    benefits_en = models.TextField(_("benefits in English"), blank=True)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["programme", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="tier_code_once"),
            models.UniqueConstraint(fields=["programme", "threshold"], name="tier_threshold_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="tier_threshold_is_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lt=100), name="tier_discount_is_percent"),
        ]

    def __str__(self) -> str:
        return named(self)


@pghistory.track(*EVERY_CHANGE)
class TierAward(models.Model):
    """A dealer holds a tier from a day until a day. Two of one programme never overlap: the database refuses."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="awards", verbose_name=_("dealer"))
    # Always the tier's own programme: a trigger fills it, so that the exclusion below has it in the row.
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="awards", editable=False, verbose_name=_("programme")
    )
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="awards", verbose_name=_("tier"))
    validity = DateRangeField(_("held"), help_text=_("first day, and the first day no longer"))
    volume = models.DecimalField(_("volume it was decided by"), max_digits=16, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=AwardReason.choices, default=AwardReason.VOLUME)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TierAwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("tier award")
        verbose_name_plural = _("tier awards")
        ordering = ["dealer", "-validity"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=AwardReason.values), name="award_reason_is_known"),
            ExclusionConstraint(
                name="award_no_overlap",
                expressions=[
                    (point("dealer_id"), RangeOperators.OVERLAPS),
                    (point("programme_id"), RangeOperators.OVERLAPS),
                    ("validity", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="programme_of_tier",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="SELECT programme_id INTO NEW.programme_id FROM programme_tier WHERE id = NEW.tier_id; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dealer} · {self.tier}"

    @property
    def since(self) -> dt.date:
        lower: dt.date = self.validity.lower
        return lower

    @property
    def until(self) -> dt.date | None:
        """The first day on which the tier is no longer held; None while no end is known."""
        upper: dt.date | None = self.validity.upper
        return upper

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which the tier is held, as people say it."""
        return self.until - dt.timedelta(days=1) if self.until else None
