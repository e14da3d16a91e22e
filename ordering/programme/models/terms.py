"""What programmes and their drafts have in common: a draft says the very same things, of a day to come."""

from __future__ import annotations

from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import BaseConstraint, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce, Ord, Substr
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from ordering.catalog.models import Brand, Category
from ordering.sales.enums import Measure
from portal.lib.text import named

from ..enums import EvaluationMoment, PremiumKind, PremiumPeriod, WindowKind


def currency_point(column: str) -> Func:
    """A currency code as a range of one number: core PostgreSQL excludes on ranges only."""
    letters = [Ord(Substr(F(column), place, 1)) for place in (1, 2, 3)]
    number = Cast(letters[0] * 65536 + letters[1] * 256 + letters[2], models.BigIntegerField())
    return Func(number, number, Value("[]"), function="int8range")


def point_or_none(column: str) -> Func:
    """A key that may be null as a range of one number: no key is a key of its own, so that two without one overlap."""
    key = Coalesce(F(column), 0, output_field=models.BigIntegerField())
    return Func(key, key, Value("[]"), function="int8range")


def scope() -> list[tuple[Func, str]]:
    """Whom and what a programme is for, as an exclusion says it."""
    parts = (currency_point("currency"), point_or_none("region_id"), point_or_none("brand_id"))
    return [(part, RangeOperators.OVERLAPS) for part in parts]


class Terms(models.Model):
    """For whom, and how volume makes tiers.

    Of the programmes for all articles a dealer takes part in one: that of the nearest region, else that for every region. A
    programme of a brand counts and discounts this brand alone, beside the other.
    """

    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="RUB",
        help_text=_("ISO 4217; dealers of other currencies do not take part"),
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country or region"),
        help_text=_("with all below it; a dealer takes part in the programme of the nearest. Everywhere where empty"),
    )  # fmt: skip
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand"),
        help_text=_("counts and discounts this brand alone, beside the programme for all articles. All where empty"),
    )  # fmt: skip
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

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return named(self)


def terms_hold(prefix: str) -> list[BaseConstraint]:
    """The checks of terms, with names of their own in each table."""
    return [
        models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name=f"{prefix}_currency_is_iso_4217"),
        models.CheckConstraint(condition=Q(measure__in=Measure.values), name=f"{prefix}_measure_is_known"),
        models.CheckConstraint(condition=Q(window__in=WindowKind.values), name=f"{prefix}_window_is_known"),
        models.CheckConstraint(condition=Q(window_months__gt=0), name=f"{prefix}_window_is_positive"),
        models.CheckConstraint(
            condition=Q(evaluation__in=EvaluationMoment.values), name=f"{prefix}_evaluation_is_known"
        ),
    ]


class Level(models.Model):
    """Volume from `threshold` up to, but not including, the next tier's, and what it gives."""

    code = models.SlugField(_("code"))
    name_ru = models.CharField(_("name in Russian"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    threshold = models.DecimalField(_("volume from"), max_digits=16, decimal_places=2, help_text=_("without tax"))
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2)
    benefits_ru = models.TextField(_("benefits in Russian"), blank=True)
    benefits_en = models.TextField(_("benefits in English"), blank=True)
    benefits_page = models.CharField(
        _("page about the benefits"),
        max_length=200,
        blank=True,
        help_text=_("its address in this portal: /ru/guides/…"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return named(self)


def page_is_ours(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(benefits_page="") | Q(benefits_page__regex="^/[^/]"),
        name=name,
        violation_error_message=_("Write an address of this portal, beginning with /."),
    )


class Excepted(models.Model):
    """Another discount than the tier's own for a branch of the catalogue, or for a brand (`rules.article_percent`)."""

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand"))
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2)

    class Meta:
        abstract = True


def names_one_thing(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(category=None, brand__isnull=False) | Q(category__isnull=False, brand=None),
        name=name,
        violation_error_message=_("Name a category or a brand, not both."),
    )


def is_percent(column: str, name: str) -> models.CheckConstraint:
    """At least nothing, below everything."""
    return models.CheckConstraint(condition=Q(**{f"{column}__gte": 0, f"{column}__lt": 100}), name=name)


class Reward(models.Model):
    """Money back for the volume of a calendar period, by the programme's measure, besides the tier's discount."""

    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("how it is reckoned"), max_length=14, choices=PremiumKind.choices)
    period = models.CharField(_("period"), max_length=10, choices=PremiumPeriod.choices, default=PremiumPeriod.QUARTER)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return named(self)


class Rate(models.Model):
    """The percent from a volume up to, but not including, the next slice's."""

    threshold = models.DecimalField(_("volume from"), max_digits=16, decimal_places=2, help_text=_("without tax"))
    percent = models.DecimalField(_("premium, %"), max_digits=5, decimal_places=2)

    class Meta:
        abstract = True
