"""A draft made of a programme, and a programme made of a draft: everything is copied, both ways."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from ..models import (
    DraftException,
    DraftPremium,
    DraftSlice,
    DraftTier,
    Premium,
    PremiumSlice,
    Programme,
    ProgrammeDraft,
    Tier,
    TierException,
)
from ..models.terms import Excepted, Level, Rate, Reward, Terms

TIERS: Final = ("exceptions__category", "exceptions__brand")


def said(shape: type[models.Model], by: models.Model) -> dict[str, Any]:
    """What a row says of the shape it shares with its twin: whatever field the shape is given later is copied too."""
    return {field.attname: getattr(by, field.attname) for field in shape._meta.local_fields}  # noqa: SLF001


def draft_of(programme: Programme) -> ProgrammeDraft:
    """A draft that is not kept yet, with all terms of a programme."""
    draft = ProgrammeDraft(**said(Terms, programme))
    take_over(draft, programme)
    return draft


def take_over(draft: ProgrammeDraft, programme: Programme, *, premiums: bool = True) -> None:
    """Fill a draft with a programme's tiers and their exceptions, and its premiums and their slices. Nothing is kept yet."""
    draft.tiers.set([_tier(one) for one in programme.tiers.prefetch_related(*TIERS)])
    if premiums:
        draft.premiums.set([_premium(one) for one in programme.premiums.prefetch_related("slices")])


def _tier(of: Tier) -> DraftTier:
    tier = DraftTier(**said(Level, of))
    tier.exceptions.set([DraftException(**said(Excepted, one)) for one in of.exceptions.all()])
    return tier


def _premium(of: Premium) -> DraftPremium:
    premium = DraftPremium(**said(Reward, of))
    premium.slices.set([DraftSlice(**said(Rate, one)) for one in of.slices.all()])
    return premium


def programme_from(draft: ProgrammeDraft, *, code: str, valid_from: dt.date) -> Programme:
    """Keep the programme that a draft describes, from a day on."""
    programme = Programme.objects.create(code=code, validity=DateRange(valid_from, None), **said(Terms, draft))
    for level in draft.tiers.all():
        tier = Tier.objects.create(programme=programme, **said(Level, level))
        TierException.objects.bulk_create(
            TierException(tier=tier, **said(Excepted, one)) for one in level.exceptions.all()
        )
    for reward in draft.premiums.all():
        premium = Premium.objects.create(programme=programme, **said(Reward, reward))
        PremiumSlice.objects.bulk_create(
            PremiumSlice(premium=premium, **said(Rate, one)) for one in reward.slices.all()
        )
    return programme
