"""Programmes that run, or ran: their tiers and exceptions."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE

from ..querysets import ProgrammeQuerySet
from .terms import Excepted, Level, Terms, is_percent, names_one_thing, page_is_ours, scope, terms_hold

# What it decided was decided in this currency and of this brand: another one is another programme.
KEEP_SCOPE = """
IF OLD.evaluated_on IS NOT NULL AND (NEW.currency, NEW.brand_id) IS DISTINCT FROM (OLD.currency, OLD.brand_id) THEN
    RAISE EXCEPTION 'Programme % has decided tiers: its currency and brand never change.', OLD.code
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


@pghistory.track(*EVERY_CHANGE)
class Programme(Terms):
    """How volume in one currency makes tiers, from a day until a day. Two for the same dealers and articles never run at once."""

    code = models.SlugField(_("code"), unique=True)
    validity = DateRangeField(_("runs"), help_text=_("first day, and the first day no longer"))
    evaluated_on = models.DateField(_("last decided on"), null=True, blank=True, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["currency", "-validity"]
        constraints = [
            *terms_hold("programme"),
            ExclusionConstraint(
                name="programme_no_overlap",
                expressions=[*scope(), ("validity", RangeOperators.OVERLAPS)],
                violation_error_message=_(
                    "Another programme of this currency, region and brand runs then. End it first, or begin later."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="keep_scope", when=pgtrigger.Before, operation=pgtrigger.Update, func=KEEP_SCOPE)
        ]


@pghistory.track(*EVERY_CHANGE)
class Tier(Level):
    """A level of a programme."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tiers", verbose_name=_("programme"))

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["programme", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="tier_code_once"),
            models.UniqueConstraint(fields=["programme", "threshold"], name="tier_threshold_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="tier_threshold_is_not_negative"),
            is_percent("discount", "tier_discount_is_percent"),
            page_is_ours("tier_page_is_of_this_portal"),
        ]


@pghistory.track(*EVERY_CHANGE)
class TierException(Excepted):
    """Another discount than the tier's own."""

    tier = models.ForeignKey(Tier, models.CASCADE, related_name="exceptions", verbose_name=_("tier"))

    class Meta:
        verbose_name = _("exception of a tier")
        verbose_name_plural = _("exceptions of tiers")
        ordering = ["tier", "brand", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "category", "brand"], nulls_distinct=False, name="tier_exception_once"
            ),
            names_one_thing("tier_exception_names_one_thing"),
            is_percent("discount", "tier_exception_discount_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} · {self.category or self.brand}"
