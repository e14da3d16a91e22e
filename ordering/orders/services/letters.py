"""The e-mails that orders owe, sent by the worker."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import F

from ..emails import order_placed
from ..models import Letter

MOST_ATTEMPTS: Final = 5


def send_letter(*, at: dt.datetime) -> bool:
    """Sends one e-mail that is due, and says whether there was one.

    The row is held while it is sent, so two workers never send one letter; a worker killed between the sending and the commit
    sends it again, never not at all. A letter that keeps failing waits longer each time and is given up after five tries.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(sent_at=None, due_at__lte=at, attempts__lt=MOST_ATTEMPTS)
            .select_related("order", "to")
            .order_by("due_at", "pk")
            .first()
        )
        if letter is None:
            return False
        try:
            order_placed(letter.order, letter.to).send()
        except OSError:
            later = at + dt.timedelta(minutes=4**letter.attempts)
            Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1, due_at=later)
            return True
        letter.sent_at = at
        letter.save(update_fields=["sent_at"])
    return True
