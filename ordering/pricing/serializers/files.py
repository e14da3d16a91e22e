"""The shapes of price-list files over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ..enums import ChangeKind, FileFormat

SINCE_HELP = "only what changed since the prices of this version, or `last`: those taken along last"


class PriceListRowSerializer(serializers.Serializer[Any]):
    """`list_price` is of whole lists; `former_sku`, `change`, `old_price…` and `percent` are of changes."""

    sku = serializers.CharField()
    former_sku = serializers.CharField(required=False, allow_null=True, help_text="where the SKU is another one now")
    mpn = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField()
    category = serializers.CharField()
    unit = serializers.CharField()
    pack = serializers.IntegerField()
    min_quantity = serializers.IntegerField()
    list_price = serializers.CharField(required=False)
    change = serializers.ChoiceField(required=False, choices=[one.value for one in ChangeKind])
    old_price = serializers.CharField(required=False, allow_null=True, help_text="null: there was none")
    price = serializers.CharField(
        allow_null=True, help_text="the dealer's own, without tax; null: there is none any more"
    )
    percent = serializers.CharField(required=False, allow_null=True, help_text="of the old price")
    old_price_with_tax = serializers.CharField(required=False, allow_null=True)
    price_with_tax = serializers.CharField(allow_null=True)
    tax_rate = serializers.CharField()


class BrandTierSerializer(serializers.Serializer[Any]):
    """A tier by the programme of one brand; for an article of it the better of this and the other tier counts."""

    brand = serializers.CharField()
    tier = serializers.CharField(help_text="code")
    discount = serializers.CharField(help_text="percent")


class PriceListSerializer(serializers.Serializer[Any]):
    stamp = serializers.CharField(help_text="the version of these prices: the same for the same prices on any day")
    changes_since = serializers.CharField(allow_null=True, help_text="the version compared with; null: a whole list")
    valid_from = serializers.DateField(allow_null=True, help_text="null: for more than a year")
    valid_until = serializers.DateField(
        allow_null=True, help_text="last day, as far as is published; null: no end known"
    )
    currency = serializers.CharField()
    tier = serializers.CharField(allow_null=True)
    discount = serializers.CharField()
    brand_tiers = BrandTierSerializer(many=True)
    versions = serializers.ListField(child=serializers.IntegerField(), help_text="of the lists, narrowest first")
    results = PriceListRowSerializer(many=True)


class PriceFileAskedSerializer(serializers.Serializer[Any]):
    """What to make."""

    format = serializers.ChoiceField(choices=[one.value for one in FileFormat], default=FileFormat.XLSX.value)
    on = serializers.DateField(required=False, allow_null=True, default=None, help_text="today by default")
    category = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="code or name, with all below"
    )
    skus = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=10_000,
        help_text="only these articles",
    )  # fmt: skip
    since = serializers.CharField(required=False, allow_blank=True, default="", max_length=20, help_text=SINCE_HELP)


class PriceFileSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["ready", "queued", "running", "failed", "cancelled"])
    percent = serializers.IntegerField(help_text="made so far")
    format = serializers.CharField()
    stamp = serializers.CharField()
    size = serializers.IntegerField(allow_null=True, help_text="bytes, when it is ready")
    error = serializers.CharField(allow_blank=True)
    content = serializers.CharField(help_text="address of the bytes; they may be resumed")


class PriceDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    begins = serializers.ListField(child=serializers.CharField())
    ends = serializers.ListField(child=serializers.CharField())


class TakenSerializer(serializers.Serializer[Any]):
    stamp = serializers.CharField()
    taken_at = serializers.DateTimeField()
    on = serializers.DateField()
    format = serializers.CharField()


class PriceVersionSerializer(serializers.Serializer[Any]):
    stamp = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    days = PriceDaySerializer(many=True, help_text="days to come on which something of the prices begins or ends")
    taken = TakenSerializer(many=True, help_text="what the company took along whole, the latest first")
