"""Drafts that were thrown away: what they were, and who did it when, out of the history of versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from portal.lib.formats import moment

from ..errors import DraftGone
from ..models import DraftEdit, PriceList, PriceListVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

# pghistory's model of every version as it was inserted, changed and deleted; triggers write it.
HISTORY = cast(Any, PriceListVersion).pgh_event_model


@dataclass(frozen=True, slots=True)
class Discarded:
    """A draft that is no more. `version` is it as it was, not to be saved; `by` None when nobody of the portal did it."""

    version: PriceListVersion
    by: User | None
    at: dt.datetime

    @property
    def told(self) -> str:
        return _("Draft %(number)d (%(list)s) was thrown away: %(person)s, %(at)s.") % {
            "number": self.version.number,
            "list": self.version.price_list,
            "person": self.by or "–",
            "at": moment(self.at),
        }


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes with a draft: its prices (one for each quantity), and the saves, rules and undoings that made them so."""

    prices: int
    edits: int


def loss_of(version: PriceListVersion) -> Loss:
    """What would go if the draft were thrown away now. Two queries."""
    return Loss(version.prices.count(), DraftEdit.objects.filter(version=version).count())


def discarded(version_id: int) -> Discarded | None:
    """The draft that was thrown away; None for one that is there, or never was. Three queries at most."""
    return _read(HISTORY.objects.filter(pgh_obj=version_id))


def discarded_number(code: str, number: int) -> Discarded | None:
    """The same by a list's code and the version's number, of which each list has every one once."""
    return _read(HISTORY.objects.filter(price_list__in=PriceList.objects.filter(code=code), number=number))


def _read(events: QuerySet[Any]) -> Discarded | None:
    event = events.filter(pgh_label="delete").select_related("pgh_context").order_by("-pgh_id").first()
    price_list = PriceList.objects.filter(pk=event.price_list_id).first() if event else None
    if event is None or price_list is None:
        return None
    version = PriceListVersion(pk=event.pgh_obj_id, price_list=price_list, number=event.number, source=event.source)
    said = event.pgh_context.metadata if event.pgh_context else {}
    person = User.objects.filter(pk=said["user"]).first() if said.get("user") else None
    return Discarded(version, person, event.pgh_created_at)


def gone(version_id: int) -> DraftGone:
    """What to tell whoever asks for a version that is no more."""
    found = discarded(version_id)
    return DraftGone(found.told if found else _("There is no such version."), version_id=version_id)


def last_number(price_list: PriceList) -> int:
    """The highest number that a version of the list ever had: that of a draft thrown away comes never again, for
    somebody may still hold it. 0 where there was none."""
    ever = HISTORY.objects.filter(price_list=price_list).aggregate(last=Max("number"))["last"] or 0
    return max(ever, price_list.versions.aggregate(last=Max("number"))["last"] or 0)
