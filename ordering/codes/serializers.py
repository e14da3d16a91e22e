"""Shapes of dealers' own codes over the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from .services import LONGEST


class OwnCodeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()


class OwnCodeListSerializer(PageSerializer):
    results = OwnCodeSerializer(many=True)


class NewOwnCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=LONGEST)
    article = serializers.CharField(max_length=LONGEST, help_text="SKU, barcode or part number")


class OwnCodesSentSerializer(serializers.Serializer[Any]):
    codes = NewOwnCodeSerializer(many=True, required=False)
    file = serializers.FileField(required=False, help_text="CSV or XLSX, instead of the list")


class OwnCodeNoteSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    code = serializers.CharField()
    outcome = serializers.CharField(help_text="created, updated, unchanged or rejected")
    message = serializers.CharField(help_text="what to mend where it was rejected")


class OwnCodesReportSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    problems = OwnCodeNoteSerializer(many=True)
