"""Reads of the client base."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.principals import Principal
from portal.lib.text import sort_key

from .enums import CheckAnswer, Evidence, RegistrationState
from .models import Client, ClientCheck, DealerClient, Registration
from .rules import CHECKS_A_DAY, Clues, name_key, phone_key


@dataclass(frozen=True, slots=True)
class Finding:
    """Which client a question means, and by what it was recognised."""

    client: Client
    evidence: Evidence


def clients_of(principal: Principal, *, words: str = "", on: dt.date) -> QuerySet[DealerClient]:
    """The principal's list by name, each with its own claim on this day: `claim_state`, `claim_end` (the first day without it).

    `words`: a part of the name or town, a tax id or its beginning, a phone.
    """
    found = DealerClient.objects.visible_to(principal).select_related("seller__user", "dealer")
    if words := words.strip():
        known = Q(sort_key__contains=sort_key(words)) | Q(tax_id__startswith=words)
        known |= Q(town__icontains=words) | Q(domain__icontains=words)
        if len(digits := phone_key(words)) > 6:
            known |= Q(phone=digits)
        found = found.filter(known)
    own: Any = _in_force(on).filter(client=OuterRef("client"), dealer=OuterRef("dealer")).order_by("validity")
    rows: Any = found  # the model declares these names
    listed: QuerySet[DealerClient] = rows.annotate(
        claim_state=Subquery(own.values("state")[:1]), claim_end=Subquery(own.values_list("end")[:1])
    ).order_by("sort_key", "pk")
    return listed


def _in_force(on: dt.date) -> QuerySet[Registration]:
    """Claims that hold on this day; `end` is the first day on which they no longer do."""
    claims = Registration.objects.exclude(state=RegistrationState.ENDED).filter(validity__contains=on)
    held: QuerySet[Registration] = claims.annotate(end=RangeEndsWith("validity"))
    return held


def recognise(clues: Clues) -> Finding | None:
    """The network's client that these clues mean: by tax id, then domain, then phone, then name and town."""
    for evidence, value, lookup in (
        (Evidence.TAX_ID, clues.tax_id, "tax_id"),
        (Evidence.DOMAIN, clues.domain, "domain"),
        (Evidence.PHONE, clues.phone, "phone"),
    ):
        if value and (client := Client.objects.filter(**{lookup: value}).order_by("pk").first()):
            return Finding(client, evidence)
    if clues.name and clues.town:
        # Quotes and legal forms stand between the words of a kept name: look by its longest word, compare what is left of both.
        longest = max(clues.name.split(), key=len)
        for client in Client.objects.filter(sort_key__contains=longest).order_by("pk").iterator():
            if name_key(client.name) == clues.name and sort_key(client.town) == clues.town:
                return Finding(client, Evidence.NAME)
    return None


def answer_about(client: Client | None, principal: Principal, on: dt.date) -> tuple[CheckAnswer, dt.date | None]:
    """What a dealer may know of a client: the answer, and the last day of the dealer's own claim. Never who holds it."""
    claim = _in_force(on).filter(client=client).first() if client else None
    if claim is None:
        return CheckAnswer.FREE, None
    if claim.state == RegistrationState.UNDER_REVIEW:
        return CheckAnswer.UNDER_REVIEW, None
    if claim.dealer_id == principal.dealer_id:
        return CheckAnswer.YOURS, claim.validity.upper - dt.timedelta(days=1)
    return CheckAnswer.PROTECTED, None


def checks_left(principal: Principal, on: dt.date) -> int:
    """How often the dealer may still ask today."""
    return max(0, CHECKS_A_DAY - ClientCheck.objects.filter(dealer=principal.dealer_id, at__date=on).count())
