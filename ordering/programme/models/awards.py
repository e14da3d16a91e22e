"""Which programme decides a dealer's tiers, and which tier it holds when."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer, User
from ordering.catalog.models import Brand
from ordering.clients.models import point

from ..enums import AwardReason, ProposalState
from ..querysets import AwardProposalQuerySet, TierAwardQuerySet
from .programmes import Programme, Tier
from .terms import point_or_none


class Participation(models.Model):
    """The programme that decides a dealer's tiers on some days: one for all articles, one for each brand that has its own.

    Written by decisions, and never taken away: what was held, and who is owed a premium, is read from it later. Until another
    programme has decided, the tiers of this one go on: at midnight of a new programme's first day, and for a dealer who moved
    to another region, nobody is without one.
    """

    dealer = models.ForeignKey(
        Dealer, models.CASCADE, related_name="participations", db_index=False, verbose_name=_("dealer")
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="participations", verbose_name=_("programme"))
    # Always the programme's own: a trigger fills it, so that the constraint below has it in the row.
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    validity = DateRangeField(_("takes part"), help_text=_("first day, and the first day no longer"))

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            ExclusionConstraint(
                name="participation_no_overlap",
                expressions=[
                    (point("dealer_id"), RangeOperators.OVERLAPS),
                    (point_or_none("brand_id"), RangeOperators.OVERLAPS),
                    ("validity", RangeOperators.OVERLAPS),
                ],
            )
        ]
        # Read with every price, by dealer.
        indexes = [models.Index(fields=["dealer"], name="participation_of_dealer")]
        triggers = [
            pgtrigger.Trigger(
                name="brand_of_programme",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="SELECT brand_id INTO NEW.brand_id FROM programme_programme WHERE id = NEW.programme_id; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dealer} · {self.programme}"


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
