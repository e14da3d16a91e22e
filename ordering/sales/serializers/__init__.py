"""The shapes of the sales history over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from ..enums import GroupBy, Measure


class SalesParametersSerializer(serializers.Serializer[Any]):
    """What may be asked. The names are the API's own, so the serializer only documents and checks the words."""

    group_by = serializers.ChoiceField(
        choices=[one.value for one in GroupBy], required=False, default=GroupBy.MONTH.value
    )
    measure = serializers.ChoiceField(
        choices=[one.value for one in Measure], required=False, default=Measure.SHIPPED.value
    )
    currency = serializers.RegexField("^[A-Z]{3}$", required=False, help_text="the dealer's own by default")
    page = serializers.IntegerField(required=False, min_value=1, default=1)
    page_size = serializers.IntegerField(required=False, min_value=1, default=25, help_text="100 at most")


class SalesPeriodSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(help_text="counts")
    last = serializers.DateField(help_text="counts too")


class SalesTotalsSerializer(serializers.Serializer[Any]):
    net = serializers.CharField(help_text="decimal, without tax")
    quantity = serializers.CharField()
    articles = serializers.IntegerField(help_text="different ones")
    documents = serializers.IntegerField()
    compared_net = serializers.CharField(help_text="the same of the period compared")


class SalesRowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(
        help_text="first day of the month, category code, SKU or client id; empty where unknown"
    )
    name = serializers.CharField()
    net = serializers.CharField(help_text="decimal, without tax")
    quantity = serializers.CharField()
    compared_net = serializers.CharField()


class SalesHistorySerializer(PageSerializer):
    period = SalesPeriodSerializer()
    compared = SalesPeriodSerializer()
    currency = serializers.CharField()
    measure = serializers.CharField()
    group_by = serializers.CharField()
    up_to = serializers.DateField(allow_null=True, help_text="the latest day that the figures reach to")
    totals = SalesTotalsSerializer()
    results = SalesRowSerializer(many=True)
