"""Deals beside the price lists: what was agreed with one dealer, and what is offered to an audience for a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Audience, Dealer
from ordering.catalog.models import Category, Product
from ordering.clients.models import point
from ordering.programme.models import currency_point
from portal.lib.text import named

from ..enums import DealState
from ..querysets import ContractQuerySet, PromotionQuerySet
from .lists import REFUSED

# What was published stays said: only its end may come earlier. Whatever column comes later is kept as well.
KEEP_PUBLISHED_DEAL = f"""
IF OLD.published_at IS NOT NULL AND (
    to_jsonb(NEW) - 'validity' IS DISTINCT FROM to_jsonb(OLD) - 'validity'
    OR NOT NEW.validity <@ OLD.validity
    OR (NOT isempty(NEW.validity) AND lower(NEW.validity) <> lower(OLD.validity))
) THEN
    RAISE EXCEPTION '"%" is published and never changes: end it, and publish another one.', OLD.name_en {REFUSED};
END IF;
RETURN NEW;
"""
KEEP_DEAL_FROM_DELETION = f"""
IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION '"%" is published and never goes: end it instead.', OLD.name_en {REFUSED};
END IF;
RETURN OLD;
"""
IN_ORDER = f"""
IF NEW.quantities IS DISTINCT FROM (SELECT coalesce(array_agg(DISTINCT q ORDER BY q), '{{}}') FROM unnest(NEW.quantities) q)
    OR EXISTS (SELECT FROM unnest(NEW.amounts) a WHERE a IS NULL OR a <= 0)
THEN
    RAISE EXCEPTION 'Quantities rise and prices are above zero.' {REFUSED};
END IF;
RETURN NEW;
"""  # noqa: S608 (words of our own)


def target_point() -> Func:
    """The article or the category as a range of one number: even numbers are articles, odd ones categories."""
    number = Cast(Coalesce(F("product_id") * 2, F("category_id") * 2 + 1), BigIntegerField())
    return Func(number, number, Value("[]"), function="int8range")


def kept() -> list[pgtrigger.Trigger]:
    """The triggers that keep a published deal."""
    return [
        pgtrigger.Trigger(
            name="keep_published", when=pgtrigger.Before, operation=pgtrigger.Update, func=KEEP_PUBLISHED_DEAL
        ),
        pgtrigger.Trigger(
            name="keep_from_deletion", when=pgtrigger.Before, operation=pgtrigger.Delete, func=KEEP_DEAL_FROM_DELETION
        ),
    ]


class Deal(models.Model):
    """What contracts and promotions have in common. A draft until published; then only its end may come earlier."""

    name_ru = models.CharField(
        _("name in Russian"), max_length=120, help_text=_("dealers read it in the price receipt")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category with all below it")
    )
    percent = models.DecimalField(_("percent off"), max_digits=5, decimal_places=2, null=True, blank=True)
    tax_included = models.BooleanField(_("the fixed price includes tax"), default=False)
    validity = DateRangeField(_("valid"), help_text=_("first day, and the first day no longer"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return named(self)

    @property
    def since(self) -> dt.date | None:
        lower: dt.date | None = self.validity.lower
        return lower

    @property
    def until(self) -> dt.date | None:
        """The first day on which the deal no longer holds; None while no end is known."""
        upper: dt.date | None = self.validity.upper
        return upper

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which the deal holds, as people say it."""
        return self.until - dt.timedelta(days=1) if self.until else None

    def state_on(self, day: dt.date) -> DealState:
        """As `DealQuerySet.in_state` has it. One taken back before its first day is over."""
        if not self.published_at:
            return DealState.DRAFT
        if self.validity.isempty or (self.until is not None and self.until <= day):
            return DealState.PAST
        return DealState.COMING if self.since is not None and self.since > day else DealState.CURRENT

    @property
    def target(self) -> Product | Category | None:
        """The article or the category it is for; None: every article."""
        return self.product or self.category


@pghistory.track(*EVERY_CHANGE)
class Contract(Deal):
    """A price agreed with one dealer for an article, or for a category with all below it.

    Fixed (`amounts` from `quantities` on, lowest first, the first from 1), or `percent` off whichever list wins.
    Two published ones of a dealer for the same thing never overlap; of different things the nearest to the article wins.
    """

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="contracts", verbose_name=_("dealer"))
    currency = models.CharField(_("currency"), max_length=3, default="RUB", help_text=_("ISO 4217"))
    quantities = ArrayField(
        models.PositiveIntegerField(), default=list, blank=True, verbose_name=_("from these quantities")
    )
    amounts = ArrayField(
        models.DecimalField(max_digits=16, decimal_places=4), default=list, blank=True, verbose_name=_("prices")
    )
    forbids_discounts = models.BooleanField(
        _("no further discounts"), default=False, help_text=_("neither the tier's nor promotions")
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["dealer", "-validity"]
        indexes = [
            models.Index(fields=["dealer", "product"], name="contract_by_article"),
            models.Index(fields=["dealer", "category"], name="contract_by_category"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="contract_currency_is_iso_4217"),
            models.CheckConstraint(
                condition=Q(product=None, category__isnull=False) | Q(product__isnull=False, category=None),
                name="contract_names_one_thing",
                violation_error_message=_("Name an article or a category, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, percent__gt=0, percent__lt=100, amounts__len=0, quantities__len=0)
                | Q(percent=None, amounts__len__gt=0, amounts__len=F("quantities__len"), quantities__0=1),
                name="contract_is_fixed_or_percent",
                violation_error_message=_("Give a fixed price or a percent, one of the two."),
            ),
            ExclusionConstraint(
                name="published_contracts_no_overlap",
                expressions=[
                    (point("dealer_id"), RangeOperators.OVERLAPS),
                    (target_point(), RangeOperators.OVERLAPS),
                    (currency_point("currency"), RangeOperators.OVERLAPS),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                condition=Q(published_at__isnull=False),
            ),
        ]
        triggers = [
            *kept(),
            pgtrigger.Trigger(
                name="prices_in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=IN_ORDER,
            ),
        ]

    @property
    def breaks(self) -> list[tuple[int, Decimal]]:
        """(quantity, price of a unit from it on), lowest quantity first; empty for a percent."""
        return list(zip(self.quantities, self.amounts, strict=True))


@pghistory.track(*EVERY_CHANGE)
class Promotion(Deal):
    """A percent off, or a fixed price, for an audience and a time: an article, a category with all below it, or everything.

    Combined with the tier's discount or, where it is not, instead of it if better. Promotions never add up: the best counts.
    """

    audience = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("audience"),
        help_text=_("empty: every dealer; a dealer takes part with any role that sees prices"),
    )  # fmt: skip
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("ISO 4217; empty: any, for a percent only")
    )
    amount = models.DecimalField(_("fixed price"), max_digits=16, decimal_places=4, null=True, blank=True)
    combines = models.BooleanField(
        _("combines with the tier"), default=False, help_text=_("if not, the better of the two counts")
    )

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-validity"]
        indexes = [
            models.Index(fields=["product"], name="promotion_by_article"),
            models.Index(fields=["category"], name="promotion_by_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$") | Q(currency="", percent__isnull=False),
                name="promotion_currency_is_iso_4217",
                violation_error_message=_("A fixed price needs its currency."),
            ),
            models.CheckConstraint(
                condition=Q(product=None) | Q(category=None),
                name="promotion_names_one_thing",
                violation_error_message=_("Name an article or a category, not both."),
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, percent__gt=0, percent__lt=100, amount=None)
                | Q(percent=None, amount__isnull=False, amount__gt=0),
                name="promotion_is_fixed_or_percent",
                violation_error_message=_("Give a fixed price or a percent, one of the two."),
            ),
        ]
        triggers = kept()
