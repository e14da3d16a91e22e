"""The shapes of programmes, of tiers held and of proposed awards over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lib.paging import PageSerializer

from ..enums import ProposalState
from .drafts import DraftTermsSerializer


class WholeProgrammeSerializer(DraftTermsSerializer):
    code = serializers.CharField()
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True, help_text="counts; null: no end is set")
    evaluated_on = serializers.DateField(allow_null=True, help_text="the day tiers were decided last")


class ProgrammePageSerializer(PageSerializer):
    results = WholeProgrammeSerializer(many=True)


class TierHeldSerializer(serializers.Serializer[Any]):
    """The tier that counts: the higher of volume and decision."""

    brand = serializers.CharField(
        allow_null=True, help_text="code; null: for all articles. Of two for an article the better counts"
    )
    code = serializers.CharField()
    name = serializers.CharField()
    discount = serializers.CharField(help_text="percent")
    since = serializers.DateField()
    last_day = serializers.DateField(allow_null=True, help_text="until which it is certain; null: no end is known")


class DealerTiersSerializer(serializers.Serializer[Any]):
    dealer = serializers.CharField(help_text="code")
    tiers = TierHeldSerializer(many=True)


class DealerTiersPageSerializer(PageSerializer):
    results = DealerTiersSerializer(many=True)


class NewProposalSerializer(serializers.Serializer[Any]):
    """A tier asked for by hand: another person of the head office decides."""

    dealer = serializers.CharField(help_text="code")
    programme = serializers.CharField(help_text="code; one that covers the dealer on the first day")
    tier = serializers.CharField(help_text="code, within the programme")
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text="counts")
    reason = serializers.CharField(max_length=300)


class ProposalSerializer(NewProposalSerializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ProposalState.choices)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ProposalPageSerializer(PageSerializer):
    results = ProposalSerializer(many=True)
