"""Writes of dealers' own codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.models import Dealer
from accounts.principals import Principal
from accounts.services import audit
from portal.lib.errors import Missing, NotAllowed
from search import codes

from .errors import TooManyCodes
from .models import DealerCode

MOST_CODES: Final = 200_000  # of one dealer
LONGEST: Final = 80
_BATCH: Final = 2_000


def own_dealer(by: Principal) -> int:
    """The dealer the actor orders for. Raises NotAllowed for whoever may not order, or acts for none."""
    by.require(Right.PLACE_ORDERS)
    if by.dealer_id is None:
        raise NotAllowed(_("Own codes are a dealer's. Act for a dealer first."))
    return by.dealer_id


def keep_codes(*, by: Principal, meanings: Mapping[str, int]) -> tuple[set[str], set[str]]:
    """Keeps what the dealer calls articles: article ids by code as written. Answers the codes that are new, and those that
    meant another article before (or were written otherwise); the rest stood there already.

    Codes that fold alike are one; the last of them counts. Raises NotAllowed, TooManyCodes; then nothing changed.
    """
    dealer_id = own_dealer(by)
    wanted = {folded: (code, pk) for code, pk in meanings.items() if (folded := codes.folded(code))}
    with transaction.atomic():
        Dealer.objects.select_for_update(no_key=True).get(pk=dealer_id)  # two imports of one dealer take turns
        rows = DealerCode.objects.filter(dealer=dealer_id)
        known = {row.folded: row for row in rows.filter(folded__in=list(wanted))}
        new = [folded for folded in wanted if folded not in known]
        if rows.count() + len(new) > MOST_CODES:
            raise TooManyCodes(_("At most %(limit)s codes are kept for one company.") % {"limit": MOST_CODES})
        changed = [row for row in known.values() if (row.code, row.product_id) != wanted[row.folded]]
        for row in changed:
            row.code, row.product_id = wanted[row.folded]
        made = [
            DealerCode(dealer_id=dealer_id, folded=folded, code=wanted[folded][0], product_id=wanted[folded][1])
            for folded in new
        ]
        DealerCode.objects.bulk_create(made, batch_size=_BATCH)
        DealerCode.objects.bulk_update(changed, ["code", "product"], batch_size=_BATCH)
        if made or changed:
            audit(by=by, verb="own_codes.kept", subject=f"dealer {dealer_id}", added=len(made), changed=len(changed))
    return {row.code for row in made}, {row.code for row in changed}


def forget_code(*, by: Principal, code_id: int) -> DealerCode:
    """Takes one of the dealer's own codes away. Raises Missing for another dealer's; then nothing changed."""
    dealer_id = own_dealer(by)
    with transaction.atomic():
        row: DealerCode | None = DealerCode.objects.visible_to(by).select_for_update().filter(pk=code_id).first()
        if row is None:
            raise Missing(_("There is no such code on your list."))
        row.delete()
        audit(by=by, verb="own_codes.forgotten", subject=f"dealer {dealer_id}", removed=1)
    return row


def forget_all_codes(*, by: Principal) -> int:
    """Takes all of the dealer's own codes away; answers how many there were."""
    dealer_id = own_dealer(by)
    with transaction.atomic():
        removed, _by_model = DealerCode.objects.filter(dealer=dealer_id).delete()
        if removed:
            audit(by=by, verb="own_codes.forgotten", subject=f"dealer {dealer_id}", removed=removed)
    return removed
