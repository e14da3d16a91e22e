"""Keeping a programme's terms: windows, tiers and their exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit

from ..errors import AwardNotDated, HasDecided, ProgrammesOverlap
from ..models import Programme, Tier, TierException
from .premiums import refuse_cut_periods

if TYPE_CHECKING:
    from accounts.principals import Principal


def save_programme(*, programme: Programme, by: Principal) -> Programme:
    """Keep a new or changed programme. Decisions already made stay; the next ones follow the new terms.

    Raises ProgrammesOverlap when another one for the same dealers and articles runs then, HasDecided for another currency or
    brand of one that has decided, AwardNotDated without a first day, PeriodCut where it would end within a period of its
    premiums; NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    before = Programme.objects.filter(pk=programme.pk, evaluated_on__isnull=False).first()
    if before and (before.currency, before.brand_id) != (programme.currency, programme.brand_id):
        raise HasDecided(
            _("This programme has decided tiers by its currency and brand. End it, and begin another one."),
            field="currency" if before.currency != programme.currency else "brand",
        )
    if not programme.validity or programme.validity.lower is None:
        raise AwardNotDated(_("Give the first day of the programme."), field="validity")
    if programme.pk and programme.validity.upper:
        refuse_cut_periods([programme], programme.validity.upper, field="validity")
    try:
        with transaction.atomic(), pghistory.context(**by.as_context(), reason="programme saved"):
            programme.save()
            audit(by=by, verb="programme.saved", subject=programme.code)
    except IntegrityError as error:
        if "programme_no_overlap" not in str(error):
            raise
        raise ProgrammesOverlap(
            _("Another programme of this currency, region and brand runs then. End it first, or begin later."),
            field="validity",
        ) from error
    return programme


def save_tier(*, tier: Tier, by: Principal) -> Tier:
    """Keep a new or changed tier. A changed discount holds at once for every dealer who has the tier.

    Raises NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="tier saved"):
        tier.save()
        audit(
            by=by,
            verb="tier.saved",
            subject=f"{tier.programme.code} {tier.code}",
            threshold=str(tier.threshold),
            discount=str(tier.discount),
        )
    return tier


def save_exception(*, exception: TierException, by: Principal) -> TierException:
    """Keep a new or changed exception of a tier. It holds at once for every dealer who has the tier.

    Raises NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "exception of a tier saved"):
        exception.save()
        audit(
            by=by,
            verb="tier_exception.saved",
            subject=exception,
            tier=exception.tier_id,
            category=exception.category_id,
            brand=exception.brand_id,
            discount=str(exception.discount),
        )
    return exception


def delete_exception(*, exception: TierException, by: Principal) -> None:
    """The tier's own discount holds again there, at once. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "exception of a tier deleted"):
        audit(by=by, verb="tier_exception.deleted", subject=exception, tier=exception.tier_id)
        exception.delete()
