"""Drafts of programmes: tables of their own, so that no price, page or decision can read them."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from accounts.models import EVERY_CHANGE, Region
from portal.jobs.models import Job
from portal.lib.text import named

from ..enums import PremiumKind, PremiumPeriod
from .programmes import Programme
from .terms import Excepted, Level, Rate, Reward, Terms, is_percent, names_one_thing, page_is_ours, terms_hold


@pghistory.track(*EVERY_CHANGE)
class ProgrammeDraft(Terms, ClusterableModel):  # type: ignore[misc]  # what is below is kept with it, by one form
    """Terms of a programme that nobody has yet: `simulate` runs it over past sales, `publish_draft` makes a programme of it."""

    published = models.ForeignKey(
        Programme, models.SET_NULL, null=True, editable=False, related_name="drafts", verbose_name=_("published as")
    )

    class Meta:
        verbose_name = _("draft of a programme")
        verbose_name_plural = _("drafts of programmes")
        ordering = ["-pk"]
        constraints = terms_hold("draft")


def below(name: str, to: type[models.Model] | str) -> dict[str, Any]:
    """The parental key of a history: pghistory would copy the model's, which may not be nameless; its own is a plain one."""
    key = models.ForeignKey(to, models.DO_NOTHING, db_constraint=False, related_name="+", related_query_name="+")
    return {name: key}


@pghistory.track(*EVERY_CHANGE, attrs=below("draft", ProgrammeDraft))
class DraftTier(Level, ClusterableModel):  # type: ignore[misc]
    """A tier of a draft."""

    draft = ParentalKey(ProgrammeDraft, on_delete=models.CASCADE, related_name="tiers", verbose_name=_("draft"))

    class Meta:
        verbose_name = _("tier of a draft")
        verbose_name_plural = _("tiers of drafts")
        ordering = ["draft", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "code"], name="draft_tier_code_once"),
            models.UniqueConstraint(fields=["draft", "threshold"], name="draft_tier_threshold_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="draft_tier_threshold_is_not_negative"),
            is_percent("discount", "draft_tier_is_percent"),
            page_is_ours("draft_tier_page_is_of_this_portal"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} · {named(self)}"


@pghistory.track(*EVERY_CHANGE, attrs=below("tier", DraftTier))
class DraftException(Excepted):
    """Another discount than the draft tier's own."""

    tier = ParentalKey(DraftTier, on_delete=models.CASCADE, related_name="exceptions", verbose_name=_("tier"))

    class Meta:
        verbose_name = _("exception of a draft's tier")
        verbose_name_plural = _("exceptions of drafts' tiers")
        ordering = ["tier", "brand", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "category", "brand"], nulls_distinct=False, name="draft_exception_once"
            ),
            names_one_thing("draft_exception_names_one_thing"),
            is_percent("discount", "draft_exception_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} · {self.category or self.brand}"


@pghistory.track(*EVERY_CHANGE, attrs=below("draft", ProgrammeDraft))
class DraftPremium(Reward, ClusterableModel):  # type: ignore[misc]
    """A premium of a draft."""

    draft = ParentalKey(ProgrammeDraft, on_delete=models.CASCADE, related_name="premiums", verbose_name=_("draft"))

    class Meta:
        verbose_name = _("premium of a draft")
        verbose_name_plural = _("premiums of drafts")
        ordering = ["draft", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PremiumKind.values), name="draft_premium_kind_is_known"),
            models.CheckConstraint(condition=Q(period__in=PremiumPeriod.values), name="draft_premium_period_is_known"),
        ]


@pghistory.track(*EVERY_CHANGE, attrs=below("premium", DraftPremium))
class DraftSlice(Rate):
    """A slice of a draft's premium."""

    premium = ParentalKey(DraftPremium, on_delete=models.CASCADE, related_name="slices", verbose_name=_("premium"))

    class Meta:
        verbose_name = _("slice of a draft's premium")
        verbose_name_plural = _("slices of drafts' premiums")
        ordering = ["premium", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["premium", "threshold"], name="draft_slice_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="draft_slice_is_not_negative"),
            is_percent("percent", "draft_slice_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.premium} {self.threshold} {self.percent}"


class Simulation(models.Model):
    """A draft beside the programme that ran, over past months of the ledger. What came of it is in the job."""

    draft = models.ForeignKey(ProgrammeDraft, models.CASCADE, related_name="simulations", verbose_name=_("draft"))
    first_month = models.DateField(_("from the month of"))
    last_month = models.DateField(_("to the month of"))
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("region"),
        help_text=_("with all below it; everyone where empty"),
    )  # fmt: skip
    job = models.OneToOneField(Job, models.PROTECT, editable=False, related_name="simulation", verbose_name=_("job"))

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.draft} {self.first_month:%Y-%m} – {self.last_month:%Y-%m}"
