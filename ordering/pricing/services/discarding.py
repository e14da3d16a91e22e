"""Drafts of price lists thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import audit
from portal.lib.clock import business_date

from ..errors import PricesMoved, VersionPublished
from ..models import PriceList, PriceListVersion
from ..queries.discarded import Loss, loss_of
from .lists import locked_version

if TYPE_CHECKING:
    from accounts.principals import Principal

# The version first: its prices then go with it, and no trigger notes each of them as a change.
THROWN_AWAY: Final = (
    "DELETE FROM pricing_pricelistversion WHERE id = %s",
    "DELETE FROM pricing_price WHERE version_id = %s",
)


def discard_draft(*, version: PriceListVersion, by: Principal, seen: Loss | None = None) -> Loss:
    """Throw a draft away with all its prices. Answers what went.

    What was changed in it by hand stays said (`DraftEdit`), its number comes never again, and the history of versions
    tells who did it. `seen`: what the person was told would go; None asks for no such agreement. Whoever changes or
    publishes the draft at the same moment is waited for, or finds it gone.

    Raises VersionPublished for one that is no draft (any more), DraftGone, PricesMoved where the draft is no longer what
    was `seen`, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="price list draft thrown away"):
        # As publishing and importing do: the list's row first, then the version's.
        price_list = PriceList.objects.select_for_update().get(pk=version.price_list_id)
        draft = locked_version(version.pk)
        if draft.published_at:
            raise VersionPublished(refusal(draft))
        loss = loss_of(draft)
        if seen is not None and seen != loss:
            raise PricesMoved(
                _("Somebody has changed this draft since you looked. It is still there: look again what would go.")
            )
        with connection.cursor() as cursor:
            for statement in THROWN_AWAY:
                cursor.execute(statement, [draft.pk])
        audit(
            by=by,
            verb="prices.discarded",
            subject=f"{price_list.code} {draft.number}",
            dealer_id=price_list.dealer_id,
            version=draft.pk,
            source=draft.source,
            prices=loss.prices,
            edits=loss.edits,
        )
    return loss


def refusal(version: PriceListVersion) -> str:
    """Why a published version is not thrown away, and what is done instead."""
    if version.since and version.since > business_date():
        return _(
            "Version %(number)d is published and is no draft any more. Until its first day it can be taken back."
        ) % {"number": version.number}
    return _("Version %(number)d is published and never goes: orders rest on it. Publish a new version instead.") % {
        "number": version.number
    }
