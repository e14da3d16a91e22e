"""The shapes of contracts and promotions over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from ..enums import DealState

AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 4}


class ContractBreakSerializer(serializers.Serializer[Any]):
    min_quantity = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    amount = serializers.DecimalField(**AMOUNT, help_text="of a unit, from this quantity on")


class DealSerializer(serializers.Serializer[Any]):
    """What contracts and promotions have in common."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="in the caller's language")
    name_ru = serializers.CharField()
    name_en = serializers.CharField()
    sku = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True, help_text="code; with all below it")
    percent = serializers.CharField(allow_null=True, help_text="off; null where the price is fixed")
    tax_included = serializers.BooleanField(help_text="whether the fixed price includes tax")
    currency = serializers.CharField(help_text="ISO 4217; empty: any")
    valid_from = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True, help_text="null while no end is known")
    state = serializers.ChoiceField(choices=DealState.choices)


class ContractSerializer(DealSerializer):
    dealer = serializers.CharField(help_text="code")
    breaks = ContractBreakSerializer(many=True, help_text="the fixed price, lowest quantity first; empty for a percent")
    forbids_discounts = serializers.BooleanField(help_text="neither the tier's nor promotions are taken off")


class PromotionSerializer(DealSerializer):
    amount = serializers.CharField(allow_null=True, help_text="the fixed price of a unit")
    combines = serializers.BooleanField(help_text="with the tier's discount; else the better of the two counts")
    audience = serializers.CharField(
        required=False, allow_null=True, help_text="for the head office only; null: everyone"
    )


class ContractListSerializer(PageSerializer):
    results = ContractSerializer(many=True)


class PromotionListSerializer(PageSerializer):
    results = PromotionSerializer(many=True)


class NewDealSerializer(serializers.Serializer[Any]):
    """What is written of both. Of an article and a category at most one is named, of a percent and a fixed price one."""

    name_ru = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    sku = serializers.CharField(required=False, allow_null=True, max_length=100)
    category = serializers.CharField(required=False, allow_null=True, max_length=50, help_text="code")
    percent = serializers.DecimalField(required=False, allow_null=True, max_digits=5, decimal_places=2)
    tax_included = serializers.BooleanField(required=False)
    valid_from = serializers.DateField(required=False, help_text="today by default")
    last_day = serializers.DateField(required=False, allow_null=True)
    publish = serializers.BooleanField(required=False, help_text="at once; else a draft is kept")


class NewContractSerializer(NewDealSerializer):
    dealer = serializers.CharField(max_length=50, help_text="code")
    currency = serializers.RegexField("^[A-Z]{3}$", required=False)
    breaks = ContractBreakSerializer(many=True, required=False)
    forbids_discounts = serializers.BooleanField(required=False)


class NewPromotionSerializer(NewDealSerializer):
    currency = serializers.RegexField("^([A-Z]{3})?$", required=False, allow_blank=True)
    amount = serializers.DecimalField(**AMOUNT, required=False, allow_null=True)
    combines = serializers.BooleanField(required=False)
    audience = serializers.CharField(
        required=False, allow_null=True, max_length=120, help_text="its name; null: everyone"
    )


class LastDaySerializer(serializers.Serializer[Any]):
    last_day = serializers.DateField(help_text="the last day on which it holds, today at the earliest")
