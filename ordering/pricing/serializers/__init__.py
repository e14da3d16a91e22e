"""The shapes of prices over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ..enums import StepKind


class PriceStepSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in StepKind])
    name = serializers.CharField()
    id = serializers.IntegerField(allow_null=True, help_text="of the rule: price list version, break, tier")
    amount = serializers.CharField(
        help_text="of a list or break: the price of a unit; of a tier: its change; of the tax: the line's"
    )
    value = serializers.CharField(allow_null=True, help_text="percent of a tier or tax, quantity of a break")
    since = serializers.DateField(allow_null=True)


class NextBreakSerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField()
    more = serializers.IntegerField(help_text="units still missing")
    unit_price = serializers.CharField()
    percent = serializers.CharField(help_text="how much less a unit costs then")


class PriceReceiptSerializer(serializers.Serializer[Any]):
    """All amounts are null where the dealer's lists have no price."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True, help_text="without tax, to four digits")
    net = serializers.CharField(allow_null=True, help_text="of the whole quantity, without tax")
    tax = serializers.CharField(allow_null=True)
    total = serializers.CharField(allow_null=True, help_text="with tax")
    currency = serializers.CharField()
    tax_rate = serializers.CharField(allow_null=True, help_text="percent")
    tax_included = serializers.BooleanField(allow_null=True, help_text="whether the list's own prices include tax")
    valid_until = serializers.DateField(allow_null=True, help_text="last day for which the price is certain")
    next_break = NextBreakSerializer(allow_null=True)
    steps = PriceStepSerializer(many=True)
