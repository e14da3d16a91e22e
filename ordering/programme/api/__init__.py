"""The discount over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import ApiView
from accounts.enums import Right
from accounts.principals import Principal
from portal.lib.clock import business_date
from portal.lib.text import named

from ..models import Tier
from ..queries import EarnedPremium, Standing, premiums_for, programmes_for, standing_for
from ..serializers import DiscountSerializer


class DiscountView(ApiView):
    access = Right.VIEW_SALES

    @extend_schema(operation_id="discount", responses=DiscountSerializer)
    def get(self, request: Request) -> Response:
        """The dealer's tier and discount now, the volume so far, and how far the next tier is; the same of single brands."""
        principal, today = self.principal, business_date()
        programmes = programmes_for(principal, today)
        standings = [standing_for(principal, today, one) for one in programmes]
        whole = next((one for one in standings if one and one.programme.brand is None), None)
        return Response(
            standing_json(whole, principal)
            | {
                "brands": [brand_json(one, principal) for one in standings if one and one.programme.brand],
                "premiums": [premium_json(earned, principal) for earned in premiums_for(principal, today, programmes)],
            }
        )


def brand_json(where: Standing, principal: Principal) -> dict[str, Any]:
    """A standing in the programme of a brand."""
    brand = where.programme.brand
    return {"brand": {"code": brand.code, "name": brand.name} if brand else None, **standing_json(where, principal)}


def standing_json(where: Standing | None, principal: Principal) -> dict[str, Any]:
    """A standing as the API says it; without a programme everything that follows from one is null."""
    if where is None:
        return {
            "programme": None,
            "tier": None,
            "discount": "0",
            "currency": principal.currency,
            "volume": None,
            "window": None,
            "next_tier": None,
            "lost_on": None,
            "outlook": [],
            "tiers": [],
        }
    ahead = where.next_tier
    return {
        "programme": {"code": where.programme.code, "name": named(where.programme, principal.language)},
        "tier": tier_json(where.tier, principal.language) if where.tier else None,
        "discount": str(where.discount),
        "currency": where.currency,
        "volume": None if where.volume is None else str(where.volume),
        "window": {"first": where.window_start, "last": where.window_last_day},
        "next_tier": tier_json(ahead, principal.language) | {"distance": str(where.distance)} if ahead else None,
        "lost_on": where.lost_on,
        "outlook": [
            {"day": row.day, "volume": str(row.volume), "tier": row.tier.code if row.tier else None, "keeps": row.keeps}
            for row in where.outlook
        ],
        "tiers": [tier_json(tier, principal.language) for tier in where.tiers],
    }


def premium_json(earned: EarnedPremium, principal: Principal) -> dict[str, Any]:
    """A premium: what it comes to so far, and the periods accrued."""
    return {
        "programme": earned.programme.code,
        "name": named(earned.premium, principal.language),
        "kind": earned.premium.kind,
        "period": {"first": earned.period.start, "last": earned.period.last_day},
        "volume": str(earned.volume),
        "amount": str(earned.amount),
        "accrued": [
            {
                "period": {"first": one.period.lower, "last": one.last_day},
                "volume": str(one.volume),
                "amount": str(one.amount),
            }
            for one in earned.accrued
        ],
    }


def tier_json(tier: Tier, language: str) -> dict[str, str]:
    return {
        "code": tier.code,
        "name": named(tier, language),
        "threshold": str(tier.threshold),
        "discount": str(tier.discount),
        "benefits": named(tier, language, field="benefits"),
    }
