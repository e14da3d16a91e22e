"""The shapes of price lists and their versions over the API; no rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from portal.lib.paging import PageSerializer

from ..enums import Scope, Suspicion

MOST_ROWS = 5000


class PriceListVersionSerializer(serializers.Serializer[Any]):
    price_list = serializers.CharField(help_text="code")
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="null: a draft")
    valid_from = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True, help_text="null while no end is known")
    made_from = serializers.CharField(help_text="file name, or how it was made")
    prices = serializers.IntegerField(help_text="rows: an article has one for each quantity break")


class PriceListFactsSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="in the caller's language")
    name_ru = serializers.CharField()
    name_en = serializers.CharField()
    scope = serializers.ChoiceField(choices=Scope.values)
    region = serializers.CharField(allow_null=True, help_text="code")
    dealer = serializers.CharField(allow_null=True, help_text="code")
    currency = serializers.CharField(help_text="ISO 4217")
    tax_included = serializers.BooleanField()
    versions = PriceListVersionSerializer(many=True, help_text="the latest first")


class PriceListPageSerializer(PageSerializer):
    results = PriceListFactsSerializer(many=True)


class NewPriceListSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField(max_length=50)
    name_ru = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    scope = serializers.ChoiceField(choices=Scope.values, default=Scope.BASE.value)
    region = serializers.CharField(required=False, allow_null=True, help_text="code, for a region's list")
    dealer = serializers.CharField(required=False, allow_null=True, help_text="code, for a dealer's list")
    currency = serializers.RegexField("^[A-Z]{3}$", default="RUB")
    tax_included = serializers.BooleanField(default=False)


class NewPriceSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    price = serializers.DecimalField(max_digits=16, decimal_places=4)
    min_quantity = serializers.IntegerField(default=1, min_value=1, max_value=999_999_999)


class NewVersionSerializer(serializers.Serializer[Any]):
    prices = NewPriceSerializer(many=True, required=False, help_text=f"at most {MOST_ROWS}: a file for more")
    file = serializers.FileField(required=False, help_text="CSV, XLSX or JSON lines, instead of `prices`: any number")
    minor_units = serializers.BooleanField(default=False, help_text="the file's prices are in kopecks or cents")
    valid_from = serializers.DateField(required=False, help_text="today by default")
    publish = serializers.BooleanField(default=False, help_text="at once; else a draft is kept")

    def validate_prices(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(rows) > MOST_ROWS:
            raise serializers.ValidationError(
                _("Send at most %(most)s prices so; a file for more.") % {"most": MOST_ROWS}
            )
        return rows


class ValidFromSerializer(serializers.Serializer[Any]):
    valid_from = serializers.DateField(required=False, help_text="today by default")


class PriceChangeSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    name_ru = serializers.CharField()
    name_en = serializers.CharField()
    min_quantity = serializers.IntegerField()
    former = serializers.CharField(allow_null=True)
    coming = serializers.CharField(allow_null=True)
    percent = serializers.CharField(allow_null=True)
    suspicion = serializers.ChoiceField(choices=Suspicion.values, allow_null=True, help_text="why it may be a mistake")


class VersionChangesSerializer(serializers.Serializer[Any]):
    """Counts are of prices: an article has one for each quantity break."""

    compared_with = serializers.IntegerField(allow_null=True, help_text="number of the version that holds on the day")
    raised = serializers.IntegerField()
    lowered = serializers.IntegerField()
    new = serializers.IntegerField()
    gone = serializers.IntegerField()
    same = serializers.IntegerField()
    suspicious = serializers.IntegerField()
    rows = PriceChangeSerializer(many=True)


class UnknownRowSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    sku = serializers.CharField()


class ImportReportSerializer(serializers.Serializer[Any]):
    version = PriceListVersionSerializer(allow_null=True, help_text="null: the list says all of it already")
    rows = serializers.IntegerField()
    articles = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="articles priced otherwise than before")
    unknown_count = serializers.IntegerField(help_text="rows left out: the catalogue knows no such SKU")
    unknown = UnknownRowSerializer(many=True, help_text="the first thousand of them")
    changes = VersionChangesSerializer(allow_null=True, help_text="of a draft")
