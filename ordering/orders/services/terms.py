"""The terms a dealer buys on."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import audit

from ..models import BuyingTerms


def set_buying_terms(
    *, by: Principal, dealer_id: int, minimum_order: Decimal | None, approval_above: Decimal | None
) -> BuyingTerms:
    """Sets the smallest order and the sum above which the dealer's owner approves; None is no limit."""
    by.require(Right.MANAGE_ORDERS)
    with transaction.atomic():
        terms, _is_new = BuyingTerms.objects.update_or_create(
            dealer_id=dealer_id, defaults={"minimum_order": minimum_order, "approval_above": approval_above}
        )
        audit(
            by=by,
            verb="buying_terms.set",
            subject=terms.dealer.code,
            dealer_id=dealer_id,
            minimum_order=None if minimum_order is None else str(minimum_order),
            approval_above=None if approval_above is None else str(approval_above),
        )
    return terms
