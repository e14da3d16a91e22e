"""The shapes of the API's questions and answers about clients; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from .enums import CheckAnswer, Evidence, RegistrationState
from .rules import LONGEST_CLAIM


class ClaimSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=RegistrationState.choices)
    until = serializers.DateField(allow_null=True, help_text="the last day")


class ClientSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    tax_id = serializers.CharField(allow_blank=True)
    town = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    domain = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    since = serializers.DateField()
    claim = ClaimSerializer(allow_null=True, help_text="the dealer's own registration that holds today")


class ClientListSerializer(PageSerializer):
    results = ClientSerializer(many=True)


class ClientQuestionSerializer(serializers.Serializer[Any]):
    query = serializers.CharField(max_length=200, help_text='tax id, web site or e-mail, phone, or "name, town"')


class ClientAnswerSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="of the record that is kept of this check")
    checked_at = serializers.DateTimeField()
    query = serializers.CharField()
    answer = serializers.ChoiceField(choices=CheckAnswer.choices)
    until = serializers.DateField(allow_null=True, help_text="the last day of the dealer's own claim")
    matched_by = serializers.ChoiceField(choices=Evidence.choices, allow_null=True)
    checks_left = serializers.IntegerField(help_text="for this dealer today")


class NewRegistrationSerializer(serializers.Serializer[Any]):
    tax_id = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=200)
    town = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="")
    domain = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    product_line = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_CLAIM, required=False, default=LONGEST_CLAIM)


class RegistrationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RegistrationState.choices)
    client = serializers.CharField()
    tax_id = serializers.CharField()
    product_line = serializers.CharField(allow_blank=True)
    since = serializers.DateField()
    until = serializers.DateField(help_text="the last day")
    submitted_at = serializers.DateTimeField()
