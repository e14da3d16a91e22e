"""What readers leave behind: opened, confirmed, helped or not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from portal.lib.errors import Invalid, Missing

from ..enums import Reason
from ..models import Acknowledgement, Feedback, PageRead, PortalPage, Publication

LONGEST_WORDS = 2000


def _current(by: Principal, page: PortalPage) -> Publication:
    """The version that is live. Raises Missing when the page is out of the principal's sight."""
    visible = PortalPage.objects.visible_to(by).filter(pk=page.pk).order_by().values("pk")
    publication = Publication.objects.filter(page__in=visible).order_by("-number").first()
    if publication is None:
        raise Missing(_("There is nothing here."))
    return publication


def reader_of(by: Principal) -> int:
    """The person who reads. Nobody sees a page, so a principal who does has a person behind it."""
    if by.user_id is None:
        raise Missing(_("There is nothing here."))
    return by.user_id


def mark_read(*, by: Principal, page: PortalPage, at: datetime) -> None:
    """Keeps that the person opened the present version; again changes nothing."""
    publication, reader = _current(by, page), reader_of(by)
    PageRead.objects.bulk_create([PageRead(publication=publication, user_id=reader, read_at=at)], ignore_conflicts=True)


@transaction.atomic
def acknowledge(*, by: Principal, page: PortalPage, at: datetime) -> Acknowledgement:
    """The person confirms having read the present version. Again: the first confirmation stays.

    Raises Missing when the page is out of sight; then nothing changed.
    """
    made, _is_new = Acknowledgement.objects.get_or_create(
        publication=_current(by, page), user_id=reader_of(by), defaults={"acknowledged_at": at}
    )
    return made


@transaction.atomic
def give_feedback(
    *, by: Principal, page: PortalPage, helpful: bool, reason: str = "", text: str = "", at: datetime
) -> Feedback:
    """The person's answer to "Did this help?" for the present version; a later answer replaces it.

    Raises Missing when the page is out of sight, Invalid for an unknown reason or too many words; then nothing changed.
    """
    if reason and reason not in Reason.values:
        raise Invalid(_("Choose one of: %(values)s.") % {"values": ", ".join(Reason.values)}, field="reason")
    if len(text) > LONGEST_WORDS:
        raise Invalid(_("At most %(n)d characters. Shorten the text.") % {"n": LONGEST_WORDS}, field="text")
    answer = {"helpful": helpful, "reason": reason, "text": text.strip(), "given_at": at}
    given, _is_new = Feedback.objects.update_or_create(
        publication=_current(by, page), user_id=reader_of(by), defaults=answer
    )
    return given
