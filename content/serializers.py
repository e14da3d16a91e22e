"""The fixed shapes of pages in the API. Nothing nests by request, so nothing can be asked for that was not checked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.lib.text import named

from .enums import Reason, Topic
from .models import PortalPage
from .queries import type_of
from .reading import Reading

TYPES = ("guide", "news", "section")


class PageLinkSerializer(serializers.Serializer[PortalPage]):
    """A page somebody may open."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    language = serializers.CharField()
    address = serializers.CharField(help_text=_("the page on the portal"))


class PageRowSerializer(PageLinkSerializer):
    """A row of a list of pages."""

    type = serializers.SerializerMethodField()
    lede = serializers.CharField()
    date = serializers.SerializerMethodField()
    topic = serializers.SerializerMethodField()
    mandatory = serializers.BooleanField()
    published_at = serializers.DateTimeField(source="last_published_at")

    @extend_schema_field(serializers.ChoiceField(choices=TYPES))
    def get_type(self, page: PortalPage) -> str:
        return type_of(page)

    @extend_schema_field(serializers.DateField(allow_null=True, help_text=_("of news")))
    def get_date(self, page: Any) -> str | None:
        date = getattr(page, "news_date", None) or getattr(page, "date", None)
        return date.isoformat() if date else None

    @extend_schema_field(serializers.ChoiceField(choices=Topic.choices, allow_null=True, help_text=_("of news")))
    def get_topic(self, page: Any) -> str | None:
        return getattr(page, "news_topic", None) or getattr(page, "topic", None)


class BlockSerializer(serializers.Serializer[Any]):
    """One block of a body; the shape of `value` follows from `type`."""

    type = serializers.ChoiceField(
        choices=["heading", "paragraph", "steps", "note", "image", "document", "article", "code", "quote", "table"]
    )
    value = serializers.JSONField(
        help_text=_("paragraph: HTML; the others: an object or a list, see the documentation")
    )
    id = serializers.CharField()


class VersionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    significance = serializers.CharField()
    published_at = serializers.DateTimeField()


class LinkedArticleSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_name(self, product: Any) -> str:
        return named(product)


class GivenFeedbackSerializer(serializers.Serializer[Any]):
    helpful = serializers.BooleanField()
    reason = serializers.CharField()
    text = serializers.CharField()


class AcknowledgementSerializer(serializers.Serializer[Any]):
    """Whether the reader is asked to confirm reading, until when, and when they did."""

    asked = serializers.BooleanField(source="must_acknowledge")
    until = serializers.DateField(source="page.read_by", allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class PageSerializer(serializers.Serializer[Reading]):
    """A page as this reader gets it."""

    id = serializers.IntegerField(source="page.pk")
    type = serializers.ChoiceField(choices=[*TYPES, "home"])
    title = serializers.CharField(source="page.title")
    lede = serializers.CharField(source="page.lede")
    language = serializers.CharField(source="page.language")
    address = serializers.CharField(source="page.address")
    date = serializers.DateField(source="page.date", default=None, allow_null=True)
    topic = serializers.CharField(source="page.topic", default=None, allow_null=True)
    mandatory = serializers.BooleanField(source="page.mandatory")
    minutes = serializers.IntegerField(help_text=_("to read"))
    body = BlockSerializer(source="blocks", many=True)
    version = VersionSerializer(allow_null=True)
    section = PageLinkSerializer(allow_null=True)
    translations = PageLinkSerializer(many=True)
    related = PageLinkSerializer(source="neighbours", many=True)
    articles = LinkedArticleSerializer(source="products", many=True)
    changed = serializers.SerializerMethodField(
        help_text=_("ids of blocks and steps that changed since the last reading")
    )
    acknowledgement = AcknowledgementSerializer(source="*")
    feedback = GivenFeedbackSerializer(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changed(self, reading: Reading) -> list[str]:
        return sorted({key for block in reading.changes for key in {block.id, *block.changed_items}})


class FeedbackSerializer(serializers.Serializer[Any]):
    """An answer to "Did this help?"."""

    helpful = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=Reason.choices, required=False, allow_blank=True, default="")
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class AcknowledgedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="publication.number")
    acknowledged_at = serializers.DateTimeField()
