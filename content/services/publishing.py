"""What happens when a page is published, moved or taken down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Left, Length
from wagtail.models import Revision

from accounts.models import Audience
from search import feed

from ..models import PortalPage, Publication
from ..rules import digests
from ..search import KIND

log = logging.getLogger(__name__)


def mark_changed(pages: Iterable[PortalPage]) -> None:
    """Tells search, in this transaction, that these pages and what lies below them changed.

    Below as well: a section's audience, address and life reach whatever stands on it.
    """
    pages = list(pages)
    feed.mark(KIND, [page.translation_key for page in pages])
    for page in pages:
        below = PortalPage.objects.filter(path__startswith=page.path).exclude(pk=page.pk)
        feed.mark_found(KIND, below.values_list("translation_key"))


def mark_audience_changed(*, audience: Audience) -> None:
    """Tells search, in this transaction, that the pages for this audience and what lies below them changed."""
    above = PortalPage.objects.filter(audience=audience, path=Left(OuterRef("path"), Length("path"))).order_by()
    reached = PortalPage.objects.filter(Exists(above))
    feed.mark_found(KIND, reached.values_list("translation_key"))


@transaction.atomic
def record_publication(*, page: PortalPage, revision: Revision | None, at: datetime) -> Publication:
    """Keeps that the page was published, as its next version. The page's row is locked, so numbers have no twins."""
    PortalPage.objects.select_for_update(of=("self",)).order_by().get(pk=page.pk)
    last = Publication.objects.filter(page=page).aggregate(number=Max("number"))["number"] or 0
    body = getattr(page, "body", None)
    return Publication.objects.create(
        page_id=page.pk,
        number=last + 1,
        significance=page.significance,
        published_at=at,
        published_by_id=revision.user_id if revision else None,
        digests=digests(body.get_prep_value()) if body else {},
    )


def publish_due(*, at: datetime) -> int:
    """Publishes what was scheduled and takes down what has expired; how many pages it was.

    Each page in a transaction of its own: one that fails is logged and does not hold up the others.
    """
    expired = PortalPage.objects.filter(live=True, expire_at__lt=at).order_by("expire_at")
    scheduled = Revision.page_revisions.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at")
    steps: list[Callable[[], Any]] = [
        partial(page.specific.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled") for page in expired
    ]
    steps += [partial(revision.publish, log_action="wagtail.publish.scheduled") for revision in scheduled]
    return sum(_done(step) for step in steps)


def _done(step: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            step()
    except Exception:
        log.exception("A scheduled page was not published or taken down")
        return False
    return True
