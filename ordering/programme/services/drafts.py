"""Drafts of programmes: kept apart from all that is live until they are published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.dispatch import Signal
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit
from portal.lib.clock import business_date

from ..errors import AlreadyDecided, AwardNotDated, TiersRefused
from ..models import DraftTier, Programme, ProgrammeDraft, Tier

if TYPE_CHECKING:
    from accounts.principals import Principal

TIER_FIELDS: Final = ("code", "name_ru", "name_en", "threshold", "discount")
# Sent in the transaction that publishes, with `programme` and `by`: what is told of it belongs to others.
programme_published = Signal()


def save_draft(*, draft: ProgrammeDraft, by: Principal) -> ProgrammeDraft:
    """Keep a draft with its tiers; a new one without any begins with those of the programme that runs. Nothing live reads it.

    Raises AlreadyDecided for a published one, TiersRefused for two tiers of one code or threshold, NotAllowed; then nothing
    changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    is_new = not draft.pk
    with acting(by, "draft saved"):
        if not is_new:
            _refuse_published(ProgrammeDraft.objects.select_for_update().get(pk=draft.pk))
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError as error:
            if "draft_tier_" not in str(error):
                raise
            raise TiersRefused(
                _("Every tier has a code and a threshold of its own, and a discount below 100 %.")
            ) from error
        if is_new and not draft.tiers.exists():
            _take_tiers_over(draft)
        audit(by=by, verb="programme_draft.saved", subject=draft)
    return draft


def _refuse_published(draft: ProgrammeDraft) -> None:
    if draft.published_id:
        raise AlreadyDecided(_("This draft is published already."))


def _take_tiers_over(draft: ProgrammeDraft) -> None:
    running = Programme.objects.running_on(business_date()).filter(currency=draft.currency).first()
    DraftTier.objects.bulk_create(
        DraftTier(draft=draft, **{name: getattr(tier, name) for name in TIER_FIELDS})
        for tier in (running.tiers.order_by("threshold") if running else ())
    )


def publish_draft(*, draft: ProgrammeDraft, valid_from: dt.date, by: Principal) -> Programme:
    """Make a programme of a draft from a day on; the one that runs then ends the day before.

    Tiers that dealers hold end with their programme; the first decision under the new one is due on its first day.
    Raises AlreadyDecided for a published draft, AwardNotDated for a day that is not to come, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft published"):
        draft = ProgrammeDraft.objects.select_for_update().get(pk=draft.pk)
        _refuse_published(draft)
        if valid_from <= business_date():
            raise AwardNotDated(_("Choose a day to come."), field="valid_from")
        for running in Programme.objects.select_for_update().running_on(valid_from).filter(currency=draft.currency):
            running.validity = DateRange(running.validity.lower, valid_from)
            running.save(update_fields=["validity"])
        programme = Programme.objects.create(
            code=f"draft-{draft.pk}-{valid_from:%Y%m%d}",
            name_ru=draft.name_ru,
            name_en=draft.name_en,
            currency=draft.currency,
            validity=DateRange(valid_from, None),
            measure=draft.measure,
            window=draft.window,
            window_months=draft.window_months,
            evaluation=draft.evaluation,
            grace_months=draft.grace_months,
        )
        for tier in draft.tiers.all():
            Tier.objects.create(programme=programme, **{name: getattr(tier, name) for name in TIER_FIELDS})
        draft.published = programme
        draft.save(update_fields=["published"])
        audit(by=by, verb="programme_draft.published", subject=draft, valid_from=valid_from.isoformat())
        programme_published.send(sender=Programme, programme=programme, by=by)
    return programme
