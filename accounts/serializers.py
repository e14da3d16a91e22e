"""What the API says and hears about people."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class TokenRequest(serializers.Serializer[Any]):
    """Who asks, and for which place: `dealer` is a code; without it, the place used last."""

    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, style={"input_type": "password"})
    otp = serializers.CharField(required=False, allow_blank=True, help_text="A code of the phone, or a recovery code.")
    dealer = serializers.CharField(required=False, allow_blank=True, help_text="The code of the dealer to act for.")
    name = serializers.CharField(
        required=False, max_length=80, help_text="What the token is for, as the profile lists it."
    )


class TokenAnswer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="For `Authorization: Token …`. Shown this once.")
    expiry = serializers.DateTimeField()


class Dealership(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    town = serializers.CharField()


class Me(serializers.Serializer[Any]):
    """The person behind the token, in the role the token acts in."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    role = serializers.CharField(allow_null=True, help_text="owner, buyer, seller, reader, or a head-office role.")
    dealer = Dealership(allow_null=True, help_text="null for the head office.")
    tier = serializers.CharField(allow_null=True, help_text="The dealer's tier code now; null below the first.")
    currency = serializers.CharField()
    language = serializers.ChoiceField(choices=["ru", "en"])
    rights = serializers.ListField(child=serializers.CharField(), help_text="What the role includes.")
