"""Drafts of programmes: kept apart from all that is live until they are published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange
from django.dispatch import Signal
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit
from portal.lib.clock import business_date

from ..errors import AlreadyDecided, AwardNotDated
from ..models import DraftTier, Programme, ProgrammeDraft, Tier

if TYPE_CHECKING:
    from accounts.principals import Principal

# Sent in the transaction that publishes, with `programme` and `by`: what is told of it belongs to others.
programme_published = Signal()


def save_draft(*, draft: ProgrammeDraft | DraftTier, by: Principal) -> ProgrammeDraft | DraftTier:
    """Keep a draft, or a tier of one. Nothing that dealers see reads it. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft saved"):
        draft.save()
        audit(by=by, verb="programme_draft.saved", subject=draft)
    return draft


def publish_draft(*, draft: ProgrammeDraft, valid_from: dt.date, by: Principal) -> Programme:
    """Make a programme of a draft from a day on; the one that runs then ends the day before.

    Tiers that dealers hold end with their programme; the first decision under the new one is due on its first day.
    Raises AlreadyDecided for a published draft, AwardNotDated for a day that is not to come, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "draft published"):
        draft = ProgrammeDraft.objects.select_for_update().get(pk=draft.pk)
        if draft.published_id:
            raise AlreadyDecided(_("This draft is published already."))
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
            Tier.objects.create(
                programme=programme,
                code=tier.code,
                name_ru=tier.name_ru,
                name_en=tier.name_en,
                threshold=tier.threshold,
                discount=tier.discount,
            )
        draft.published = programme
        draft.save(update_fields=["published"])
        audit(by=by, verb="programme_draft.published", subject=draft, valid_from=valid_from.isoformat())
        programme_published.send(sender=Programme, programme=programme, by=by)
    return programme
