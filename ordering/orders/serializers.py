"""The shapes of the API's questions and answers; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from .enums import Payment, Severity, Stage, Verdict


class MoneySerializer(serializers.Serializer[Any]):
    amount = serializers.CharField(help_text="decimal")
    currency = serializers.CharField(help_text="ISO 4217")


class StockStateSerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="in_stock, low, to_order, out or discontinued")
    quantity = serializers.IntegerField(required=False, help_text="free units in all warehouses")


class CartProblemSerializer(serializers.Serializer[Any]):
    severity = serializers.ChoiceField(choices=[(one.value, one.value) for one in Severity])
    code = serializers.CharField()
    message = serializers.CharField(help_text="what it is and what to do")
    sku = serializers.CharField(allow_blank=True, help_text="empty when it concerns the order as a whole")


class CartLineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    pack = serializers.IntegerField()
    quantity = serializers.IntegerField()
    price = MoneySerializer(allow_null=True, help_text="of one unit, without tax")
    price_before = MoneySerializer(allow_null=True, help_text="when the line was last touched, if it was another one")
    net = serializers.CharField(allow_null=True, help_text="decimal, without tax")
    tax = serializers.CharField(allow_null=True)
    total = serializers.CharField(allow_null=True, help_text="with tax")
    availability = StockStateSerializer()


class CartSerializer(serializers.Serializer[Any]):
    lines = CartLineSerializer(many=True)
    net = serializers.CharField(help_text="decimal, without tax")
    tax = serializers.CharField()
    total = serializers.CharField(help_text="with tax; send it as `expected_total` when ordering")
    currency = serializers.CharField()
    problems = CartProblemSerializer(many=True)


class NewCartLineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=80)
    quantity = serializers.IntegerField(
        min_value=1, max_value=1_000_000, help_text="added to what is there; a multiple of the pack"
    )


class CartLineChangeSerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)


class QuickOrderSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="one article a line"
    )
    file = serializers.FileField(required=False, help_text="CSV or XLSX, instead of the text")
    add = serializers.BooleanField(required=False, default=False, help_text="put the ready lines into the cart")


class CandidateSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)


class QuickLineSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="number in the text sent; blank lines have no answer")
    text = serializers.CharField()
    verdict = serializers.ChoiceField(
        choices=[(one.value, one.value) for one in Verdict], help_text="ok and merged are ready"
    )
    sku = serializers.CharField(allow_null=True)
    quantity = serializers.IntegerField(allow_null=True)
    candidates = CandidateSerializer(many=True)
    message = serializers.CharField(allow_blank=True)


class QuickAnswerSerializer(serializers.Serializer[Any]):
    lines = QuickLineSerializer(many=True)
    ready = serializers.IntegerField(help_text="lines that can go into the cart")
    added = serializers.IntegerField(help_text="lines that were put into the cart")


class ShownLineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=80)
    quantity = serializers.IntegerField(min_value=1)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)


class NewOrderSerializer(serializers.Serializer[Any]):
    expected_total = serializers.DecimalField(
        max_digits=16,
        decimal_places=4,
        required=False,
        allow_null=True,
        help_text="with tax; another total places nothing (409)",
    )
    shown = ShownLineSerializer(
        many=True, required=False, allow_null=True, help_text="the lines as the person saw them"
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    reference = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    client = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="id of `GET clients/`")
    legal_entity = serializers.IntegerField(required=False, allow_null=True, default=None)


class OrderCancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class OrderQuerySerializer(serializers.Serializer[Any]):
    """What may be asked of the list."""

    status = serializers.ChoiceField(
        choices=["open", *Stage.values],
        required=False,
        allow_blank=True,
        default="",
        help_text="a stage, or all that are not over",
    )
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=100, default="", help_text="number, article, client, comment"
    )


class OrderRowSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Stage.choices, help_text="the stage a person sees")
    payment = serializers.ChoiceField(choices=Payment.choices)
    placed_at = serializers.DateTimeField()
    placed_by = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_blank=True)
    client = serializers.CharField(allow_null=True)
    lines_count = serializers.IntegerField()
    units_ordered = serializers.IntegerField()
    units_shipped = serializers.IntegerField()
    next_promise = serializers.DateField(allow_null=True)
    net = serializers.CharField(help_text="decimal, without tax")
    tax = serializers.CharField()
    total = serializers.CharField(help_text="with tax")
    currency = serializers.CharField()


class OrderListSerializer(PageSerializer):
    results = OrderRowSerializer(many=True)


class OrderLineSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    state = serializers.CharField(help_text="placed, confirmed, picking, shipped, backordered or cancelled")
    ordered = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    shipped = serializers.IntegerField()
    backordered = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    promised_on = serializers.DateField(allow_null=True)
    unit_price = serializers.CharField(help_text="decimal, without tax")
    net = serializers.CharField()
    tax = serializers.CharField()
    total = serializers.CharField()
    tax_rate = serializers.CharField(help_text="percent")
    receipt = serializers.DictField(help_text="the price receipt as it was when the order was placed")


class OrderHappeningSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    facts = serializers.DictField()


class OrderSerializer(OrderRowSerializer):
    comment = serializers.CharField(allow_blank=True)
    legal_entity = serializers.CharField(allow_null=True)
    may_cancel = serializers.BooleanField(help_text="nothing is being picked and nothing has left")
    lines = OrderLineSerializer(many=True)
    events = OrderHappeningSerializer(many=True)


class RepeatedLineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    ordered = serializers.IntegerField(help_text="then")
    added = serializers.IntegerField(help_text="to the cart now; 0 where it cannot be taken as it was")
    price_was = serializers.CharField()
    price_now = serializers.CharField(allow_null=True)
    availability = StockStateSerializer()
    successor = serializers.CharField(allow_null=True, help_text="SKU")
    is_different = serializers.BooleanField()


class RepeatAnswerSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField(help_text="lines put into the cart")
    lines = RepeatedLineSerializer(many=True)
