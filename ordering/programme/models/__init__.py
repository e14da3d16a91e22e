"""Programmes, their tiers by volume, and which dealer holds which tier when."""

from .awards import AwardProposal, Participation, TierAward
from .drafts import DraftException, DraftPremium, DraftSlice, DraftTier, ProgrammeDraft, Simulation
from .notices import TierNotice
from .premiums import Premium, PremiumAccrual, PremiumSlice
from .programmes import Programme, Tier, TierException
from .terms import currency_point

__all__ = [
    "AwardProposal",
    "DraftException",
    "DraftPremium",
    "DraftSlice",
    "DraftTier",
    "Participation",
    "Premium",
    "PremiumAccrual",
    "PremiumSlice",
    "Programme",
    "ProgrammeDraft",
    "Simulation",
    "Tier",
    "TierAward",
    "TierException",
    "TierNotice",
    "currency_point",
]
