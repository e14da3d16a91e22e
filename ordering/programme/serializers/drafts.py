"""The shapes of drafts and simulations over the API; no rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ordering.sales.enums import Measure
from portal.jobs.models import JobState
from portal.lib.paging import PageSerializer

from ..enums import EvaluationMoment, PremiumKind, PremiumPeriod, WindowKind


class DraftExceptionSerializer(serializers.Serializer[Any]):
    """Another percent than the tier's own: for a category with all below it, or for a brand."""

    category = serializers.CharField(required=False, allow_null=True, help_text="code; null where a brand is named")
    brand = serializers.CharField(required=False, allow_null=True, help_text="code; null where a category is named")
    discount = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="percent")


class DraftTierSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField(max_length=50)
    name_ru = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60)
    threshold = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="net volume; half-open")
    discount = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="percent")
    benefits_ru = serializers.CharField(required=False, allow_blank=True)
    benefits_en = serializers.CharField(required=False, allow_blank=True)
    benefits_page = serializers.RegexField(
        "^/[^/]", max_length=200, required=False, allow_blank=True, help_text="an address in this portal: /ru/guides/…"
    )
    exceptions = DraftExceptionSerializer(many=True, required=False, help_text="all of the tier's")


class DraftSliceSerializer(serializers.Serializer[Any]):
    threshold = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="net volume; half-open")
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class DraftPremiumSerializer(serializers.Serializer[Any]):
    name_ru = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(
        choices=PremiumKind.choices,
        help_text="retrospective: the whole volume at one rate; stepped: each slice at its own",
    )
    period = serializers.ChoiceField(choices=PremiumPeriod.choices, required=False)
    slices = DraftSliceSerializer(many=True, required=False, help_text="all of the premium's")


class DraftTermsSerializer(serializers.Serializer[Any]):
    """Terms of a programme that nobody has yet."""

    name_ru = serializers.CharField(max_length=120, required=False)
    name_en = serializers.CharField(max_length=120, required=False)
    currency = serializers.RegexField("^[A-Z]{3}$", required=False, help_text="ISO 4217; RUB by default")
    region = serializers.CharField(required=False, allow_null=True, help_text="code; null: everywhere")
    brand = serializers.CharField(required=False, allow_null=True, help_text="code; null: all articles")
    measure = serializers.ChoiceField(choices=Measure.choices, required=False)
    window = serializers.ChoiceField(choices=WindowKind.choices, required=False)
    window_months = serializers.IntegerField(min_value=1, max_value=60, required=False, help_text="of a rolling window")
    evaluation = serializers.ChoiceField(choices=EvaluationMoment.choices, required=False)
    grace_months = serializers.IntegerField(min_value=0, max_value=60, required=False)
    tiers = DraftTierSerializer(
        many=True,
        required=False,
        help_text="all of them; a new draft without any begins with those that run in its scope or in the nearest region above",
    )
    premiums = DraftPremiumSerializer(many=True, required=False, help_text="all of them")


class NewDraftSerializer(DraftTermsSerializer):
    """A new draft: terms of its own, or those of a programme with what is said otherwise."""

    from_programme = serializers.CharField(
        required=False, help_text="code; begins with all of its terms, tiers, exceptions and premiums"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Only another programme's names may be left out."""
        missing = [name for name in ("name_ru", "name_en") if name not in attrs]
        if missing and "from_programme" not in attrs:
            said = self.fields[missing[0]].error_messages["required"]
            raise serializers.ValidationError(dict.fromkeys(missing, said), code="required")
        return attrs


class DraftSerializer(DraftTermsSerializer):
    id = serializers.IntegerField()
    published_as = serializers.CharField(allow_null=True, help_text="code of the programme; null for a draft")


class DraftPageSerializer(PageSerializer):
    results = DraftSerializer(many=True)


class PublishDraftSerializer(serializers.Serializer[Any]):
    valid_from = serializers.DateField(help_text="a day to come; the programme that runs ends the day before")


class NewSimulationSerializer(serializers.Serializer[Any]):
    draft = serializers.IntegerField(help_text="id")
    first_month = serializers.DateField(help_text="any day of the month")
    last_month = serializers.DateField(help_text="any day of the month")
    region = serializers.CharField(required=False, allow_null=True, help_text="code; with all below it")


class SimulationReportSerializer(serializers.Serializer[Any]):
    """Of all dealers whom the draft reaches, over the articles it is for; amounts in the draft's currency.

    `now` is by the programmes that covered the dealers at the end of the months, `draft` with it in the place of the one of its
    own region and brand. Sales are taken as they were.
    """

    dealers = serializers.IntegerField(required=False)
    volume = serializers.CharField(required=False, help_text="net, shipped")
    cost_now = serializers.CharField(required=False, help_text="discounts off the list price")
    cost_draft = serializers.CharField(required=False, help_text="discounts off the same list price")
    premium_now = serializers.CharField(
        required=False, help_text="premiums of the quarters and years that lie wholly within the months"
    )
    premium_draft = serializers.CharField(required=False)
    gain = serializers.IntegerField(required=False, help_text="dealers who are better off, premiums included")
    lose = serializers.IntegerField(required=False, help_text="dealers who are worse off")
    moves = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="“tier → tier”: how many dealers"
    )


class SimulationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    draft = serializers.IntegerField(help_text="id")
    first_month = serializers.DateField()
    last_month = serializers.DateField()
    region = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=JobState.choices)
    percent = serializers.IntegerField(help_text="how much is done")
    error = serializers.CharField(help_text="why it failed; else empty")
    report = SimulationReportSerializer(help_text="empty until it is done")
    result = serializers.CharField(
        allow_null=True, help_text="address of the workbook with every dealer; null until then"
    )


class SimulationPageSerializer(PageSerializer):
    results = SimulationSerializer(many=True)
