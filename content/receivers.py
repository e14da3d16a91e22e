"""What listens: Wagtail says what became of a page, in the transaction that did it (see `PortalPage.publish`),
and an audience that it has changed."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished, post_page_move

from accounts.models import Audience

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


def audience_changed(instance: Audience, **_: Any) -> None:
    # Whether everyone may read a page decides which of its words others are corrected to.
    services.mark_audience_changed(audience=instance)


def connect() -> None:
    post_save.connect(audience_changed, sender=Audience, dispatch_uid="content.audience_changed")
    page_published.connect(published, dispatch_uid="content.published")
    page_unpublished.connect(changed, dispatch_uid="content.unpublished")
    post_page_move.connect(changed, dispatch_uid="content.moved")
    post_delete.connect(deleted, sender=PortalPage, dispatch_uid="content.deleted")
