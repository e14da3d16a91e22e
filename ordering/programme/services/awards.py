"""Tiers given by hand: one head-office person proposes, another decides."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit
from portal.lib.clock import business_date
from portal.lib.text import named

from ..enums import AwardReason
from ..errors import AlreadyDecided, AnotherProgramme, ApproverMustBeAnother, AwardNotDated, AwardsOverlap
from ..models import AwardProposal, Programme, TierAward
from ..queries import covering
from .evaluation import announce_tiers

if TYPE_CHECKING:
    from accounts.principals import Principal


def propose_award(*, proposal: AwardProposal, by: Principal) -> AwardProposal:
    """Ask for a tier by hand. Nothing of it holds before another person has approved.

    Raises AwardNotDated without a reason, a first and a last day, AnotherProgramme for a tier of one that the dealer takes no
    part in then; NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    if not proposal.validity or not proposal.validity.lower or not proposal.validity.upper:
        raise AwardNotDated(_("Give the first and the last day of the award."), field="validity")
    if not proposal.reason.strip():
        raise AwardNotDated(_("Say why the dealer gets this tier."), field="reason")
    _refuse_another(proposal, max(proposal.validity.lower, business_date()))
    with acting(by, "award proposed"):
        proposal.proposed_by_id = by.require_person()
        proposal.save()
        audit(by=by, verb="award.proposed", subject=proposal, dealer_id=proposal.dealer_id, tier=proposal.tier_id)
    return proposal


def approve_award(*, proposal: AwardProposal, by: Principal, at: dt.datetime | None = None) -> TierAward:
    """Give the tier that was asked for, from its first day but not before the day of approval.

    Raises ApproverMustBeAnother for whoever proposed it, AlreadyDecided, AwardsOverlap when the dealer holds a tier by
    decision on some of these days, AwardNotDated when its days have passed, AnotherProgramme where the dealer no longer takes
    part in that of the tier, NotAllowed; then nothing changed.
    """
    at = at or timezone.now()
    today = business_date(at)
    with acting(by, "award approved"):
        proposal = _undecided(proposal, by)
        since, until = max(proposal.validity.lower, today), proposal.validity.upper
        if since >= until:
            raise AwardNotDated(_("All days of this award have passed. Propose it anew."))
        _refuse_another(proposal, since)
        award = TierAward(
            dealer_id=proposal.dealer_id,
            tier_id=proposal.tier_id,
            programme_id=proposal.tier.programme_id,
            validity=DateRange(since, until),
            reason=AwardReason.MANUAL,
            note=proposal.reason,
        )
        _give(award)
        _decide(proposal, by=by, at=at, award=award)
        audit(by=by, verb="award.approved", subject=proposal, dealer_id=proposal.dealer_id, tier=proposal.tier_id)
        announce_tiers(on=today)
    return award


def refuse_award(*, proposal: AwardProposal, by: Principal, at: dt.datetime | None = None) -> AwardProposal:
    """Decide against a proposal. Raises ApproverMustBeAnother, AlreadyDecided, NotAllowed; then nothing changed."""
    with acting(by, "award refused"):
        proposal = _undecided(proposal, by)
        _decide(proposal, by=by, at=at or timezone.now(), award=None)
        audit(by=by, verb="award.refused", subject=proposal, dealer_id=proposal.dealer_id, tier=proposal.tier_id)
    return proposal


def _undecided(proposal: AwardProposal, by: Principal) -> AwardProposal:
    """The proposal, locked, if this person may decide on it now."""
    by.require(Right.MANAGE_PROGRAMME)
    held = AwardProposal.objects.select_for_update(of=("self",)).select_related("tier__programme").get(pk=proposal.pk)
    if held.decided_by_id:
        raise AlreadyDecided(_("This award is decided already."))
    if held.proposed_by_id == by.require_person():
        raise ApproverMustBeAnother(_("You proposed this award: another person of the head office decides on it."))
    return held


def _refuse_another(proposal: AwardProposal, day: dt.date) -> None:
    """A tier of a programme that does not cover the dealer on the first day would never be held."""
    programme = proposal.tier.programme
    covers = covering(day, proposal.dealer_id).get((proposal.dealer_id, programme.brand_id))
    if covers == programme.pk:
        return
    own = Programme.objects.filter(pk=covers).first() if covers else None
    raise AnotherProgramme(
        _("On that day the dealer takes part in “%(programme)s”: choose one of its tiers.") % {"programme": named(own)}
        if own
        else _("No such programme covers the dealer on that day: choose other days."),
        field="tier",
    )


def _give(award: TierAward) -> None:
    try:
        with transaction.atomic():
            award.save()
    except IntegrityError as error:
        if "manual_award_no_overlap" not in str(error):
            raise
        raise AwardsOverlap(
            _("The dealer holds a tier by decision on some of these days. Choose other days.")
        ) from error


def _decide(proposal: AwardProposal, *, by: Principal, at: dt.datetime, award: TierAward | None) -> None:
    proposal.decided_by_id, proposal.decided_at, proposal.award = by.require_person(), at, award
    proposal.save(update_fields=["decided_by", "decided_at", "award"])
