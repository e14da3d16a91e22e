"""Pictures and documents without a public address: `content.files` gives them out after asking who may."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Image,
    WagtailImageField,
    get_rendition_upload_to,
    get_upload_to,
)

from portal.lib.files import private_storage

from ..querysets import PortalDocumentQuerySet, PortalImageQuerySet


class PortalImage(AbstractImage):
    """A picture of the knowledge; who sees it follows from the pages that use it."""

    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
        storage=private_storage,
    )

    admin_form_fields = Image.admin_form_fields
    objects = PortalImageQuerySet.as_manager()

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]


class PortalRendition(AbstractRendition):
    """A picture in one size. Its address is a view of ours, never the storage's."""

    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        upload_to=get_rendition_upload_to, storage=private_storage, width_field="width", height_field="height"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once_per_filter"
            )
        ]

    @property
    def url(self) -> str:
        return reverse("content:image", args=[self.pk])


class PortalDocument(AbstractDocument):
    """A file to take away; who may follows from the pages that link to it."""

    file = models.FileField(upload_to="documents", verbose_name=_("file"), storage=private_storage)

    admin_form_fields = Document.admin_form_fields
    objects = PortalDocumentQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    @property
    def url(self) -> str:
        return reverse("content:document", args=[self.pk])
