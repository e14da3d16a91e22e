"""What the body of a guide or a piece of news is made of. How each block reads is `content.bodies`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from ordering.catalog.models import Product
from portal.lib import skus

from .enums import NoteKind

# No headings (they are blocks, the contents list needs them), no pictures or embeds inside a text.
TEXT = ["bold", "italic", "code", "ol", "ul", "link", "document-link"]
LINE = ["bold", "italic", "code", "link", "document-link"]


class SkuBlock(blocks.CharBlock):
    """The SKU of an article, kept as the catalogue writes it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        product = Product.objects.filter(sku_key=skus.key(text)).only("sku").first()
        if product is None:
            raise ValidationError(
                _("There is no article with this SKU. Copy it from the catalogue."), code="unknown_sku"
            )
        return product.sku


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=200, label=_("Heading"))
    level = blocks.ChoiceBlock(choices=[("2", _("Heading")), ("3", _("Subheading"))], default="2", label=_("Level"))

    class Meta:
        icon = "title"
        label = _("Heading")


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=250, label=_("What to do"))
    text = blocks.RichTextBlock(features=TEXT, required=False, label=_("How, and what happens then"))
    image = ImageChooserBlock(required=False, label=_("Picture"))
    alt = blocks.CharBlock(
        required=False, max_length=250, label=_("What the picture shows, for those who do not see it")
    )


class NoteBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(choices=NoteKind.choices, default=NoteKind.INFO, label=_("Kind"))
    title = blocks.CharBlock(required=False, max_length=200, label=_("First sentence, in bold"))
    text = blocks.RichTextBlock(features=LINE, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Note")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        required=False,
        max_length=250,
        label=_("What it shows, for those who do not see it"),
        help_text=_("Leave empty only for a picture that adds nothing to the text"),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")


class CodeBlock(blocks.StructBlock):
    language = blocks.CharBlock(required=False, max_length=30, label=_("Language"))
    text = blocks.TextBlock(label=_("Text, kept letter by letter"))

    class Meta:
        icon = "code"
        label = _("Code")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Words"))
    source = blocks.CharBlock(required=False, max_length=200, label=_("Whose"))

    class Meta:
        icon = "openquote"
        label = _("Quote")


class TableBlock(blocks.StructBlock):
    """A small table as text, so that it can be pasted, translated and compared like any other text."""

    caption = blocks.CharBlock(required=False, max_length=200, label=_("Caption"))
    rows = blocks.TextBlock(
        label=_("Rows"), help_text=_("One row a line, cells separated by |. The first line is the head of the table")
    )

    class Meta:
        icon = "table"
        label = _("Table")


class BodyBlock(blocks.StreamBlock):
    heading = HeadingBlock()
    paragraph = blocks.RichTextBlock(features=TEXT, icon="pilcrow", label=_("Text"))
    steps = blocks.ListBlock(StepBlock(), min_num=1, icon="list-ol", label=_("Steps"))
    note = NoteBlock()
    image = PictureBlock()
    document = DocumentChooserBlock(icon="doc-full", label=_("Document"))
    article = SkuBlock(
        max_length=60,
        icon="tag",
        label=_("Article"),
        help_text=_("SKU. The reader sees the name, a link and the own price"),
    )
    code = CodeBlock()
    quote = QuoteBlock()
    table = TableBlock()
