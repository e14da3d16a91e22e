"""Who sees what is written. Pages, API, search, links and files all ask here; without a yes it is no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast, Left
from django.utils import timezone
from wagtail.documents.models import DocumentQuerySet
from wagtail.images.models import ImageQuerySet
from wagtail.models import Page, PageQuerySet, ReferenceIndex

from accounts.enums import Right

if TYPE_CHECKING:
    from accounts.principals import Principal


DEEPEST = 9  # levels of the tree; what lies deeper is nobody's


def open_to(principal: Principal) -> Q:
    """Live, not expired, and meant for this principal: of one page, whatever lies above it."""
    now = timezone.now()
    live = Q(live=True) & (Q(expire_at=None) | Q(expire_at__gt=now))
    if principal.may(Right.READ_EVERY_AUDIENCE):
        return live
    return live & Q(audience_id__in=principal.audience_ids)


class PortalPageQuerySet(PageQuerySet):
    def visible_to(self, principal: Principal) -> Self:
        """What the principal may read: the page and everything above it is live, not expired and meant for them.

        Drafts are nobody's: an editor sees them in the Wagtail admin and its previews. One query, whatever the
        number of pages and sections.
        """
        if not principal.may(Right.READ_CONTENT):
            return self.none()
        allowed = open_to(principal)
        # The tree paths of everything above, found by their index. Not by `numchild`: saving a stale page resets it.
        above = [Left(OuterRef("path"), Page.steplen * depth) for depth in range(1, DEEPEST)]
        closed_above = every_page().filter(path__in=above, depth__lt=OuterRef("depth")).exclude(allowed)
        return self.filter(allowed, depth__lte=DEEPEST).filter(~Exists(closed_above))

    def in_language(self, language: str, principal: Principal) -> Self:
        """One page for each translation: the one in this language, or another where the reader has none in it."""
        translated = (
            every_page()
            .visible_to(principal)
            .filter(translation_key=OuterRef("translation_key"), locale__language_code=language)
        )
        return self.filter(Q(locale__language_code=language) | ~Exists(translated))


def every_page() -> PortalPageQuerySet:
    """Pages of all types, unfiltered and unordered. By name, for the model is made from this queryset."""
    pages: PortalPageQuerySet = apps.get_model("content", "PortalPage").objects.order_by()
    return pages


def used_on(pages: PortalPageQuerySet, model: type[Any]) -> Exists:
    """True of a file that one of these pages shows or links to, as published."""
    keys = pages.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return Exists(
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            to_content_type=ContentType.objects.get_for_model(model),
            to_object_id=Cast(OuterRef("pk"), CharField()),
            object_id__in=keys,
        )
    )


class PageFileMixin:
    """A picture or document has no readers of its own: it follows the pages that use it."""

    def visible_to(self, principal: Principal) -> Self:
        """Used by a page that the principal may read; everything for those who edit."""
        if principal.may(Right.EDIT_CONTENT):
            return self
        return self.filter(used_on(every_page().visible_to(principal), self.model))  # type: ignore[attr-defined]


class PortalImageQuerySet(PageFileMixin, ImageQuerySet):
    """Pictures."""


class PortalDocumentQuerySet(PageFileMixin, DocumentQuerySet):
    """Documents."""
