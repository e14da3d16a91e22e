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
from django.db.models.functions import Cast, Now, Ord, Substr
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from accounts.models import EVERY_CHANGE, Dealer, Region, User
from ordering.catalog.models import Brand, Category
from ordering.clients.models import point
from ordering.sales.enums import Measure
from portal.jobs.models import Job
from portal.lib.text import named

from .enums import AwardReason, EvaluationMoment, NoticeKind, PremiumKind, PremiumPeriod, ProposalState, WindowKind
from .querysets import AwardProposalQuerySet, PremiumAccrualQuerySet, ProgrammeQuerySet, TierAwardQuerySet


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
    benefits_page = models.CharField(
        _("page about the benefits"),
        max_length=200,
        blank=True,
        help_text=_("its address in this portal: /ru/guides/…"),
    )

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["programme", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="tier_code_once"),
            models.UniqueConstraint(fields=["programme", "threshold"], name="tier_threshold_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="tier_threshold_is_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lt=100), name="tier_discount_is_percent"),
            models.CheckConstraint(
                condition=Q(benefits_page="") | Q(benefits_page__regex="^/[^/]"),
                name="tier_page_is_of_this_portal",
                violation_error_message=_("Write an address of this portal, beginning with /."),
            ),
        ]

    def __str__(self) -> str:
        return named(self)


@pghistory.track(*EVERY_CHANGE)
class TierException(models.Model):
    """Another discount than the tier's own for a branch of the catalogue, or for a brand (`rules.article_percent`)."""

    tier = models.ForeignKey(Tier, models.CASCADE, related_name="exceptions", verbose_name=_("tier"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand"))
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("exception of a tier")
        verbose_name_plural = _("exceptions of tiers")
        ordering = ["tier", "brand", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "category", "brand"], nulls_distinct=False, name="tier_exception_once"
            ),
            models.CheckConstraint(
                condition=Q(category=None, brand__isnull=False) | Q(category__isnull=False, brand=None),
                name="tier_exception_names_one_thing",
                violation_error_message=_("Name a category or a brand, not both."),
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lt=100), name="tier_exception_discount_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} · {self.category or self.brand}"


@pghistory.track(*EVERY_CHANGE)
class TierAward(models.Model):
    """A dealer holds a tier from a day until a day, by volume or by decision.

    Two of one reason and programme never overlap: the database refuses. Where both hold, the higher tier counts: a
    decision raises a dealer above what the volume gives, and never lowers one.
    """

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
            *(
                ExclusionConstraint(
                    name=name,
                    expressions=[
                        (point("dealer_id"), RangeOperators.OVERLAPS),
                        (point("programme_id"), RangeOperators.OVERLAPS),
                        ("validity", RangeOperators.OVERLAPS),
                    ],
                    condition=Q(reason=reason.value),
                )
                for name, reason in (
                    ("award_no_overlap", AwardReason.VOLUME),
                    ("manual_award_no_overlap", AwardReason.MANUAL),
                )
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


@pghistory.track(*EVERY_CHANGE)
class AwardProposal(models.Model):
    """A tier asked for by hand. It is held only once another head-office person has approved: then `award` is there."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="award_proposals", verbose_name=_("dealer"))
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", verbose_name=_("tier"))
    validity = DateRangeField(_("to be held"), help_text=_("first day, and the first day no longer"))
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    award = models.OneToOneField(
        TierAward, models.PROTECT, null=True, related_name="proposal", editable=False, verbose_name=_("tier award")
    )

    objects = AwardProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed award")
        verbose_name_plural = _("proposed awards")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="award_needs_two_people"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, award=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="award_only_once_decided",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_proposal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(validity__startswith__isnull=False, validity__endswith__isnull=False),
                name="award_proposal_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dealer} · {self.tier}"

    @property
    def state(self) -> ProposalState:
        if self.award_id:
            return ProposalState.APPROVED
        return ProposalState.REFUSED if self.decided_by_id else ProposalState.WAITING


@pghistory.track(*EVERY_CHANGE)
class Premium(models.Model):
    """Money back for the volume of a calendar period, by the programme's measure, besides the tier's discount."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="premiums", verbose_name=_("programme"))
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("how it is reckoned"), max_length=14, choices=PremiumKind.choices)
    period = models.CharField(_("period"), max_length=10, choices=PremiumPeriod.choices, default=PremiumPeriod.QUARTER)
    accrued_before = models.DateField(_("accrued before"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("premium")
        verbose_name_plural = _("premiums")
        ordering = ["programme", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PremiumKind.values), name="premium_kind_is_known"),
            models.CheckConstraint(condition=Q(period__in=PremiumPeriod.values), name="premium_period_is_known"),
        ]

    def __str__(self) -> str:
        return named(self)


@pghistory.track(*EVERY_CHANGE)
class PremiumSlice(models.Model):
    """The percent from a volume up to, but not including, the next slice's."""

    premium = models.ForeignKey(Premium, models.CASCADE, related_name="slices", verbose_name=_("premium"))
    threshold = models.DecimalField(_("volume from"), max_digits=16, decimal_places=2, help_text=_("without tax"))
    percent = models.DecimalField(_("premium, %"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("slice of a premium")
        verbose_name_plural = _("slices of premiums")
        ordering = ["premium", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["premium", "threshold"], name="premium_slice_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="premium_slice_is_not_negative"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lt=100), name="premium_slice_is_percent"),
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


class TierNotice(models.Model):
    """An e-mail owed to an owner about the tier, written by the clock, sent by the worker, kept so that it goes only once.

    `about` says what of: the same news has the same word, whoever asks again. `facts`: names of the tier in both languages,
    its discount, a day and an amount.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="+")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    about = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "to", "kind", "about"], name="tier_notice_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="tier_notice_kind_is_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="tier_notice_unsent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


@pghistory.track(*EVERY_CHANGE)
class ProgrammeDraft(ClusterableModel):  # type: ignore[misc]  # its tiers are kept with it, by one form
    """Terms of a programme that nobody has yet: tables of their own, so that no price, page or decision can read them.

    `simulate` runs it over past sales; `publish_draft` makes a programme of it.
    """

    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    measure = models.CharField(_("what counts"), max_length=10, choices=Measure.choices, default=Measure.SHIPPED)
    window = models.CharField(_("window"), max_length=10, choices=WindowKind.choices, default=WindowKind.ROLLING)
    window_months = models.PositiveSmallIntegerField(
        _("months of a rolling window"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    evaluation = models.CharField(
        _("decided on"), max_length=10, choices=EvaluationMoment.choices, default=EvaluationMoment.MONTHLY
    )
    grace_months = models.PositiveSmallIntegerField(_("grace, months"), default=0)
    published = models.ForeignKey(
        Programme, models.SET_NULL, null=True, editable=False, related_name="drafts", verbose_name=_("published as")
    )

    class Meta:
        verbose_name = _("draft of a programme")
        verbose_name_plural = _("drafts of programmes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="draft_currency_is_iso_4217"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="draft_measure_is_known"),
            models.CheckConstraint(condition=Q(window__in=WindowKind.values), name="draft_window_is_known"),
            models.CheckConstraint(condition=Q(window_months__gt=0), name="draft_window_is_positive"),
            models.CheckConstraint(
                condition=Q(evaluation__in=EvaluationMoment.values), name="draft_evaluation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return named(self)


# pghistory would copy the parental key, which may not be nameless: its history has a plain one.
@pghistory.track(
    *EVERY_CHANGE,
    attrs={
        "draft": models.ForeignKey(
            ProgrammeDraft, models.DO_NOTHING, db_constraint=False, related_name="+", related_query_name="+"
        )
    },
)
class DraftTier(models.Model):
    """A tier of a draft."""

    draft = ParentalKey(ProgrammeDraft, on_delete=models.CASCADE, related_name="tiers", verbose_name=_("draft"))
    code = models.SlugField(_("code"))
    name_ru = models.CharField(_("name in Russian"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    threshold = models.DecimalField(_("volume from"), max_digits=16, decimal_places=2, help_text=_("without tax"))
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("tier of a draft")
        verbose_name_plural = _("tiers of drafts")
        ordering = ["draft", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "code"], name="draft_tier_code_once"),
            models.UniqueConstraint(fields=["draft", "threshold"], name="draft_tier_threshold_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="draft_tier_threshold_is_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lt=100), name="draft_tier_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} · {named(self)}"


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
