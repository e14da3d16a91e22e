"""Places, and the companies that sell there."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.lib.text import named

from ..enums import StaffRole
from ..querysets import DealerQuerySet, RegionQuerySet
from .history import EVERY_CHANGE


class Region(models.Model):
    """A place in the tree that price lists, territories, audiences and statistics hang on."""

    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    path = models.CharField(max_length=200, unique=True, editable=False, help_text="/1/7/: ids from the root down")
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Moscow")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        constraints = [models.CheckConstraint(condition=~Q(parent=models.F("id")), name="region_not_its_own_parent")]

    def __str__(self) -> str:
        return named(self)

    @property
    def ancestor_ids(self) -> list[int]:
        """The ids from the root down to this region itself."""
        return [int(part) for part in self.path.split("/") if part]


@pghistory.track(*EVERY_CHANGE)
class Dealer(models.Model):
    """A company that buys and resells."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    town = models.CharField(_("town"), max_length=100, blank=True)
    home_region = models.ForeignKey(Region, models.PROTECT, related_name="dealers", verbose_name=_("home region"))
    served_regions = models.ManyToManyField(
        Region, blank=True, related_name="serving_dealers", verbose_name=_("served regions")
    )
    currency = models.CharField(_("currency"), max_length=3, default="RUB", help_text=_("ISO 4217"))
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="managed_dealers",
        limit_choices_to={"staff_role": StaffRole.MANAGER}, verbose_name=_("manager at the head office"),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DealerQuerySet.as_manager()

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="dealer_currency_is_iso_4217")
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(*EVERY_CHANGE)
class LegalEntity(models.Model):
    """A company in law through which a dealer buys."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="legal_entities", verbose_name=_("dealer"))
    name = models.CharField(_("name"), max_length=200)
    tax_id = models.CharField(_("tax id"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("legal entity")
        verbose_name_plural = _("legal entities")

    def __str__(self) -> str:
        return self.name


class DealerTier(models.Model):
    """A tier code a dealer has now; the programme writes it through `accounts.services.set_dealer_tiers`."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="tiers")
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "code"], name="dealer_tier_once")]

    def __str__(self) -> str:
        return self.code


class DealerBrand(models.Model):
    """A brand, by its code, that the dealer is authorised for."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="brands")
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "code"], name="dealer_brand_once")]

    def __str__(self) -> str:
        return self.code
