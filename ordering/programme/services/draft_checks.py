"""What a draft may not say, in words that name the row and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from portal.lib.formats import money, percent
from portal.lib.text import named

from ..errors import TiersRefused
from ..models import DraftException, DraftPremium, DraftTier, ProgrammeDraft

Row = TypeVar("Row")
EVERYTHING: Final = Decimal(100)


def check_draft(draft: ProgrammeDraft) -> None:
    """Raises TiersRefused for the first thing that cannot hold: two of one code, threshold or exception; no percent."""
    tiers = sorted(draft.tiers.all(), key=lambda tier: tier.threshold)
    _check_codes(tiers)
    for one, other in _twins(tiers, lambda tier: tier.threshold):
        text = _("The tiers “%(one)s” and “%(other)s” both begin at %(amount)s: raise or lower one of them.")
        amount = money(one.threshold, draft.currency)
        raise TiersRefused(text % {"one": named(one), "other": named(other), "amount": amount}, field="tiers")
    for tier in tiers:
        _check_tier(tier)
    for premium in draft.premiums.all():
        _check_premium(premium, draft.currency)


def _check_codes(tiers: Iterable[DraftTier]) -> None:
    for one, _other in _twins(tiers, lambda tier: tier.code):
        text = _("Two tiers have the code “%(code)s”: give one of them another code, or take it out.")
        raise TiersRefused(text % {"code": one.code}, field="tiers")


def _check_tier(tier: DraftTier) -> None:
    exceptions = list(tier.exceptions.all())
    for exception in exceptions:
        if (exception.category_id is None) == (exception.brand_id is None):
            text = _("An exception of the tier “%(tier)s” names a category or a brand: exactly one of them.")
            raise TiersRefused(text % {"tier": named(tier)}, field="tiers")
    for one, _other in _twins(exceptions, lambda exception: (exception.category_id, exception.brand_id)):
        text = _("The tier “%(tier)s” has two exceptions for “%(what)s”: keep one of them.")
        raise TiersRefused(text % {"tier": named(tier), "what": _what(one)}, field="tiers")
    for value in (tier.discount, *(exception.discount for exception in exceptions)):
        if not 0 <= value < EVERYTHING:
            text = _("The tier “%(tier)s” gives %(percent)s: a discount is at least 0 and below 100 %%.")
            raise TiersRefused(text % {"tier": named(tier), "percent": percent(value)}, field="tiers")
    if tier.threshold < 0:
        text = _("The tier “%(tier)s” begins below nothing: its volume is at least 0.")
        raise TiersRefused(text % {"tier": named(tier)}, field="tiers")


def _check_premium(premium: DraftPremium, currency: str) -> None:
    slices = list(premium.slices.all())
    for one, _other in _twins(slices, lambda slice_: slice_.threshold):
        text = _("The premium “%(premium)s” has two slices from %(amount)s: keep one of them.")
        amount = money(one.threshold, currency)
        raise TiersRefused(text % {"premium": named(premium), "amount": amount}, field="premiums")
    for one in slices:
        if one.threshold < 0 or not 0 <= one.percent < EVERYTHING:
            text = _("A slice of the premium “%(premium)s” is wrong: from 0 or more, at 0 or more and below 100 %%.")
            raise TiersRefused(text % {"premium": named(premium)}, field="premiums")


def _what(exception: DraftException) -> str:
    return str(exception.category or exception.brand)


def _twins(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> Iterable[tuple[Row, Row]]:
    """Two rows of one key, the first two of each."""
    seen: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        seen[key(row)].append(row)
    return ((found[0], found[1]) for found in seen.values() if len(found) > 1)
