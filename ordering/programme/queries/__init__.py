"""What programmes say of dealers: the tier held, and where a dealer stands."""

from .covering import covered_by, covering, programme_of, programmes_of, took_part
from .held import HeldTier, HeldTiers, held_on, tier_holders, tiers_on
from .premiums import EarnedPremium, premiums_for
from .standing import (
    Outlook,
    Standing,
    WhatIf,
    counted_entries,
    programmes_for,
    standing,
    standing_for,
    what_if,
)
from .volumes import volumes_of

__all__ = [
    "EarnedPremium",
    "HeldTier",
    "HeldTiers",
    "Outlook",
    "Standing",
    "WhatIf",
    "counted_entries",
    "covered_by",
    "covering",
    "held_on",
    "premiums_for",
    "programme_of",
    "programmes_for",
    "programmes_of",
    "standing",
    "standing_for",
    "tier_holders",
    "tiers_on",
    "took_part",
    "volumes_of",
    "what_if",
]
