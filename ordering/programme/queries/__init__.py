"""What programmes say of dealers: the tier held, and where a dealer stands."""

from .held import HeldTier, tier_on, tiers_on
from .standing import (
    EarnedPremium,
    Outlook,
    Standing,
    WhatIf,
    counted_entries,
    premiums_for,
    programme_of,
    standing,
    standing_for,
    what_if,
)

__all__ = [
    "EarnedPremium",
    "HeldTier",
    "Outlook",
    "Standing",
    "WhatIf",
    "counted_entries",
    "premiums_for",
    "programme_of",
    "standing",
    "standing_for",
    "tier_on",
    "tiers_on",
    "what_if",
]
