"""Price lists in dated versions. Prices are resolved when read: nothing of a dealer's price is stored per dealer."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer, Region
from ordering.catalog.models import Product
from ordering.clients.models import point
from portal.lib.text import named

from ..enums import DealState, Scope
from ..querysets import PriceListVersionQuerySet
from .noting import NOTES

REFUSED = "USING ERRCODE = 'restrict_violation'"

# Scope, its region or dealer, and currency as one number: core PostgreSQL excludes on ranges of numbers, not on words.
# 2 bits scope, 45 bits id, 15 bits currency (three letters in base 26).
SCOPE_KEY = """
SELECT (CASE l.scope WHEN 'base' THEN 0 WHEN 'region' THEN 1 ELSE 2 END::bigint << 60)
     + (coalesce(l.region_id, l.dealer_id, 0) << 15)
     + (ascii(l.currency) - 65) * 676 + (ascii(substr(l.currency, 2, 1)) - 65) * 26 + ascii(substr(l.currency, 3, 1)) - 65
INTO NEW.scope_key FROM pricing_pricelist l WHERE l.id = NEW.price_list_id;
RETURN NEW;
"""
# What a published version said stays said: its end may come earlier (a new version supersedes it), and, while that end is
# still to come, later again (the new version is taken back before its day). Nothing else.
KEEP_PUBLISHED = f"""
IF OLD.published_at IS NOT NULL AND (
    (NEW.price_list_id, NEW.number, NEW.published_at) IS DISTINCT FROM (OLD.price_list_id, OLD.number, OLD.published_at)
    OR (NOT NEW.validity <@ OLD.validity
        AND (isempty(OLD.validity) OR upper_inf(OLD.validity) OR upper(OLD.validity) <= current_date))
    OR (NOT isempty(NEW.validity) AND lower(NEW.validity) <> lower(OLD.validity))
) THEN
    RAISE EXCEPTION 'Version % of this price list is published and never changes: publish a new one.', OLD.number {REFUSED};
END IF;
RETURN NEW;
"""
KEEP_FROM_DELETION = f"""
IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'Version % of this price list is published and never goes: publish a new one.', OLD.number {REFUSED};
END IF;
RETURN OLD;
"""
KEEP_SCOPE = f"""
IF (NEW.scope, NEW.region_id, NEW.dealer_id, NEW.currency, NEW.tax_included)
    IS DISTINCT FROM (OLD.scope, OLD.region_id, OLD.dealer_id, OLD.currency, OLD.tax_included)
    AND EXISTS (SELECT FROM pricing_pricelistversion v WHERE v.price_list_id = OLD.id AND v.published_at IS NOT NULL)
THEN
    RAISE EXCEPTION 'This price list has published versions: its scope, currency and tax never change.' {REFUSED};
END IF;
RETURN NEW;
"""


def keep_prices(name: str, operation: pgtrigger.Operation, **tables: str) -> pgtrigger.Trigger:
    """Refuses a statement that touches a price of a published version. One look per statement, whatever its rows."""
    touched = " UNION ALL ".join(f"SELECT version_id FROM {table}" for table in tables.values())  # noqa: S608
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        func=f"""
            IF EXISTS (
                SELECT FROM (SELECT DISTINCT version_id FROM ({touched}) t) touched
                JOIN pricing_pricelistversion v ON v.id = touched.version_id WHERE v.published_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'Prices of a published version never change: publish a new one.' {REFUSED};
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (names of our own)
    )


@pghistory.track(*EVERY_CHANGE)
class PriceList(models.Model):
    """Prices for everyone, a region or a dealer, in one currency, with or without tax. What it says when is its versions."""

    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    scope = models.CharField(_("for"), max_length=10, choices=Scope.choices, default=Scope.BASE)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="price_lists", verbose_name=_("region")
    )
    dealer = models.ForeignKey(
        Dealer, models.PROTECT, null=True, blank=True, related_name="price_lists", verbose_name=_("dealer")
    )
    currency = models.CharField(_("currency"), max_length=3, default="RUB", help_text=_("ISO 4217"))
    tax_included = models.BooleanField(_("prices include tax"), default=False)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["currency", "scope", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="price_list_currency_is_iso_4217"),
            models.CheckConstraint(
                name="price_list_scope_is_whole",
                condition=Q(scope="base", region=None, dealer=None)
                | Q(scope="region", region__isnull=False, dealer=None)
                | Q(scope="dealer", region=None, dealer__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="keep_scope", when=pgtrigger.Before, operation=pgtrigger.Update, func=KEEP_SCOPE),
        ]

    def __str__(self) -> str:
        return named(self)


@pghistory.track(*EVERY_CHANGE)
class PriceListVersion(models.Model):
    """All prices of a list from a day until a day. A draft until published; then it never changes."""

    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="versions", verbose_name=_("price list"))
    number = models.PositiveIntegerField(_("number"))
    validity = DateRangeField(_("valid"), null=True, blank=True, help_text=_("first day, and the first day no longer"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    source = models.CharField(_("made from"), max_length=200, blank=True, help_text=_("file name, or how it was made"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    scope_key = models.BigIntegerField(
        default=0, editable=False, help_text="whose list in which currency; filled by a trigger"
    )

    objects = PriceListVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list version")
        verbose_name_plural = _("price list versions")
        ordering = ["price_list", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "number"], name="price_list_version_number_once"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(validity__isnull=False), name="price_list_version_published_is_dated"
            ),
            ExclusionConstraint(
                name="published_lists_no_overlap",
                expressions=[(point("scope_key"), RangeOperators.OVERLAPS), ("validity", RangeOperators.OVERLAPS)],
                condition=Q(published_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fill_scope_key",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SCOPE_KEY,
            ),
            pgtrigger.Trigger(
                name="keep_published", when=pgtrigger.Before, operation=pgtrigger.Update, func=KEEP_PUBLISHED
            ),
            pgtrigger.Trigger(
                name="keep_from_deletion", when=pgtrigger.Before, operation=pgtrigger.Delete, func=KEEP_FROM_DELETION
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} · {self.number}"

    @property
    def since(self) -> dt.date | None:
        return self.validity.lower if self.validity else None

    @property
    def until(self) -> dt.date | None:
        """The first day on which the version no longer holds; None while no end is known."""
        return self.validity.upper if self.validity else None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which the version holds, as people say it."""
        return self.until - dt.timedelta(days=1) if self.until else None

    def state_on(self, day: dt.date) -> DealState:
        """Where it stands on the day. One taken back before its first day is over."""
        if not self.published_at or self.validity is None:
            return DealState.DRAFT
        if self.validity.isempty or (self.until is not None and self.until <= day):
            return DealState.PAST
        return DealState.COMING if self.since is not None and self.since > day else DealState.CURRENT


class Price(models.Model):
    """What one unit of an article costs from a quantity on, in the list's currency, to four digits."""

    version = models.ForeignKey(
        PriceListVersion, models.CASCADE, related_name="prices", db_index=False, verbose_name=_("version")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False, verbose_name=_("article"))
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    amount = models.DecimalField(_("price"), max_digits=16, decimal_places=4)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["version", "product", "min_quantity"], name="price_break_once"),
            models.CheckConstraint(condition=Q(min_quantity__gt=0), name="price_quantity_is_positive"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="price_is_positive"),
        ]
        triggers = [
            keep_prices("keep_published_insert", pgtrigger.Insert, new="added"),
            keep_prices("keep_published_update", pgtrigger.Update, old="former", new="changed"),
            keep_prices("keep_published_delete", pgtrigger.Delete, old="removed"),
            *NOTES,
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.amount}"
