"""The shape of a dealer's standing over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class TierSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    threshold = serializers.CharField(help_text="net volume from which the tier is reached")
    discount = serializers.CharField(help_text="percent")
    benefits = serializers.CharField()


class WindowSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(help_text="counts")
    last = serializers.DateField(help_text="counts too; tiers are decided the day after")


class NextTierSerializer(TierSerializer):
    distance = serializers.CharField(help_text="net volume still missing")


class ProgrammeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class OutlookSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="of a coming decision")
    volume = serializers.CharField(help_text="what the window then holds if nothing more is bought")
    tier = serializers.CharField(allow_null=True, help_text="code of the tier then")
    keeps = serializers.BooleanField(help_text="whether it is not below the present one")


class SpanSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(help_text="counts")
    last = serializers.DateField(help_text="counts too")


class AccruedPremiumSerializer(serializers.Serializer[Any]):
    period = SpanSerializer()
    volume = serializers.CharField(help_text="net")
    amount = serializers.CharField()


class PremiumSerializer(serializers.Serializer[Any]):
    programme = serializers.CharField(help_text="code")
    name = serializers.CharField()
    kind = serializers.CharField(
        help_text="retrospective: the whole volume at one rate; stepped: each slice at its own"
    )
    period = SpanSerializer(help_text="that runs")
    volume = serializers.CharField(help_text="net, so far")
    amount = serializers.CharField(help_text="so far")
    accrued = AccruedPremiumSerializer(many=True, help_text="of former periods, the latest first")


class StandingSerializer(serializers.Serializer[Any]):
    """Where the dealer stands in a programme."""

    programme = ProgrammeSerializer(allow_null=True, help_text="null where none runs for the dealer's currency")
    tier = TierSerializer(allow_null=True)
    discount = serializers.CharField(help_text="percent, now")
    currency = serializers.CharField()
    volume = serializers.CharField(allow_null=True, help_text="net, in the window; null for a seller")
    window = WindowSerializer(allow_null=True)
    next_tier = NextTierSerializer(allow_null=True)
    lost_on = serializers.DateField(
        allow_null=True, help_text="the tier's last day is the one before, if nothing more is bought"
    )
    tiers = TierSerializer(many=True)
    outlook = OutlookSerializer(many=True, help_text="the coming decisions; empty for a seller")


class ProgrammeBrandSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class BrandStandingSerializer(StandingSerializer):
    brand = ProgrammeBrandSerializer()


class DiscountSerializer(StandingSerializer):
    """Where the dealer stands in the programme for all articles, and in those of single brands."""

    brands = BrandStandingSerializer(
        many=True, help_text="programmes of a brand; for an article the better of both discounts counts"
    )
    premiums = PremiumSerializer(many=True, help_text="of all programmes; empty for a seller")
