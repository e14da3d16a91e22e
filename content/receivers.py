"""The one listener: Wagtail says what became of a page, in the transaction that did it (see `PortalPage.publish`)."""

from typing import Any

from django.db.models.signals import post_delete
from django.utils import timezone
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished, post_page_move

from . import services
from .models import PortalPage


def published(instance: Any, revision: Revision | None = None, **_: Any) -> None:
    # Wagtail says "published" of a page that is only scheduled, too.
    if instance.live and isinstance(instance, PortalPage):
        services.record_publication(page=instance, revision=revision, at=timezone.now())
    changed(instance)


def changed(instance: Any, **_: Any) -> None:
    # Some signals bring the bare wagtailcore.Page: ask the database which of ours it is.
    services.mark_changed(PortalPage.objects.filter(pk=instance.pk))


def deleted(instance: PortalPage, **_: Any) -> None:
    services.mark_changed([instance])


def connect() -> None:
    page_published.connect(published, dispatch_uid="content.published")
    page_unpublished.connect(changed, dispatch_uid="content.unpublished")
    post_page_move.connect(changed, dispatch_uid="content.moved")
    post_delete.connect(deleted, sender=PortalPage, dispatch_uid="content.deleted")
