"""Who belongs to what."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import Role
from ..querysets import AudienceQuerySet
from .dealers import Dealer, Region
from .history import EVERY_CHANGE


def codes(verbose: Any, help_text: Any = "") -> Any:
    """A dimension kept as a list of codes; empty does not limit."""
    return ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=verbose, help_text=help_text
    )


@pghistory.track(*EVERY_CHANGE)
class Audience(models.Model):
    """A named rule over dealers and roles that decides who sees a piece of content.

    Any within a dimension, all across them, minus exclusions; an empty dimension does not limit.
    Head-office people read every audience.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    roles = codes(_("roles"))
    tiers = codes(_("tiers"))
    brands = codes(_("brands"))
    regions = models.ManyToManyField(
        Region, blank=True, related_name="+", verbose_name=_("regions, each with its subtree")
    )
    dealers = models.ManyToManyField(Dealer, blank=True, related_name="+", verbose_name=_("dealers"))
    excluded_roles = codes(_("except roles"))
    excluded_regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("except regions"))
    excluded_dealers = models.ManyToManyField(Dealer, blank=True, related_name="+", verbose_name=_("except dealers"))
    head_office_only = models.BooleanField(_("head office only"), default=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AudienceSet(models.Model):
    """Which audiences a role at a dealer belongs to: resolved at a change, read at every request."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="audience_sets")
    role = models.CharField(max_length=10, choices=Role.choices)
    audience_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "role"], name="audience_set_once")]
        indexes = [GinIndex(fields=["audience_ids"], name="audience_set_ids")]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.role}"
