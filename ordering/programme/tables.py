"""The tiers as rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .models import Tier


@dataclass(frozen=True, slots=True)
class Level:
    """A tier with where it ends: `below` is the next threshold, which no longer belongs to it."""

    tier: Tier
    threshold: Decimal
    below: Decimal | None
    is_held: bool


def levels(tiers: Sequence[Tier], held: Tier | None) -> list[Level]:
    """The tiers in order, the one held marked."""
    following = [tier.threshold for tier in tiers[1:]]
    return [
        Level(tier, tier.threshold, below, tier == held) for tier, below in zip(tiers, [*following, None], strict=False)
    ]
