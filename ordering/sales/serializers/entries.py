"""The shapes of ledger entries over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from ..enums import EntryKind, Source

MOST = 5_000


class NewEntrySerializer(serializers.Serializer[Any]):
    """A statement about one line of a document. Returns have a negative quantity and amount."""

    dealer = serializers.CharField(max_length=50, help_text="code")
    date = serializers.DateField(help_text="business date")
    document = serializers.CharField(max_length=64)
    line = serializers.CharField(max_length=32, help_text="key of the line within the document")
    kind = serializers.ChoiceField(
        choices=EntryKind.choices, required=False, help_text="by the signs of quantity and amount where it is not said"
    )
    sku = serializers.CharField(required=False, allow_blank=True, max_length=80)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    net = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="without tax")
    currency = serializers.RegexField("^[A-Z]{3}$", help_text="ISO 4217")


class NewEntriesSerializer(serializers.Serializer[Any]):
    entries = serializers.ListField(child=NewEntrySerializer(), max_length=MOST, allow_empty=False)


class PostedSerializer(serializers.Serializer[Any]):
    entries = serializers.IntegerField(help_text="in the call")
    added = serializers.IntegerField(help_text="that the ledger had not yet")


class EntrySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    dealer = serializers.CharField(help_text="code")
    date = serializers.DateField()
    counts_on = serializers.DateField(help_text="later than the date where its period was closed already")
    document = serializers.CharField()
    line = serializers.CharField()
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # the name of a field's own word
    sku = serializers.CharField(help_text="empty where the document names none")
    client = serializers.CharField(help_text="name on the dealer's own card; empty where it is not known")
    quantity = serializers.CharField()
    net = serializers.CharField()
    currency = serializers.CharField()


class EntryPageSerializer(PageSerializer):
    results = EntrySerializer(many=True)
