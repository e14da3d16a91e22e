"""The query log: what was asked, what it found, what was opened. Writing it never fails a search and costs one INSERT.

A question is tied to a person by a pseudonym that is good for one day (`pseudonym`): enough to count people instead of
keystrokes, and to take a click only from whoever asked. Rows go after a month (`search.keeping`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from .asked import Asked, Opened, PastQuestion, Place, Salt
from .wording import LONGEST, masked, names_somebody, normalised

log = logging.getLogger(__name__)

_signer: Final = signing.Signer(salt="search.questions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whose question it is: the person, and the role they asked in. Texts that mean something to the caller only."""

    person: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that was answered. `found` is the number of results by section; `secret`: its words are the asker's
    own affair (a client's name) and are not kept in the log.
    """

    place: str
    text: str
    language: str
    engine: str
    found: Mapping[str, int]
    interpreted_as: str | None = None
    is_loose: bool = False
    secret: bool = False

    @property
    def total(self) -> int:
        return sum(self.found.values())


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an answer is known by when something in it is opened: a kept question, or one that is kept only then."""

    facts: tuple[Any, ...]

    @classmethod
    def of_suggestions(cls, *, text: str, language: str, engine: str) -> Ticket:
        """For suggestions: what is asked while typing is kept only if one of them is taken."""
        return cls((text[:LONGEST], language, engine))

    def signed(self) -> str:
        """The ticket as a text that only we can have made: for the API."""
        return _signer.sign_object(list(self.facts))

    def opening(self, kind: str, key: str, position: int) -> str:
        """The ticket with what a link opens, as one word of an address."""
        return _signer.sign_object([*self.facts, kind, key, position])


def keep(*, question: Question, asker: Asker, at: dt.datetime) -> Ticket | None:
    """Keep a question; None where there is nothing to keep or the database would not.

    Masked at once; a question that names somebody is not offered again either.
    """
    text = normalised(question.text)
    if not text or not asker.person:
        return None
    try:
        with _harmless():
            return Ticket((_insert(question, text, asker, at),))
    except DatabaseError:
        log.warning("A question was not logged", exc_info=True)
        return None


def again(*, text: str, asker: Asker, at: dt.datetime) -> Ticket | None:
    """The ticket of a question asked before today, for further pages and narrower lists of its answer; else None."""
    kept = Asked.objects.filter(whose=pseudonym(asker.person, _day(at)), text=masked(normalised(text)))
    pk = kept.order_by("-pk").values_list("pk", flat=True).first()
    return Ticket((pk,)) if pk else None


def opened(*, word: str, asker: Asker, at: dt.datetime) -> bool:
    """Keep that a link was followed, given the word that `Ticket.opening` wrote into its address.

    False, and nothing kept, for a word that is not ours or whose question somebody else asked: links get copied.
    """
    facts = _read(word)
    if not asker.person or len(facts) < 4:
        return False
    *ticket, kind, key, position = facts
    return _open(Ticket(tuple(ticket)), str(kind), str(key), int(position), asker, at)


def reported(*, ticket: str, kind: str, key: str, position: int, asker: Asker, at: dt.datetime) -> bool:
    """Keep what a front end of somebody else's says was opened, given a ticket as `Ticket.signed` wrote it."""
    facts = _read(ticket)
    return len(facts) in (1, 3) and _open(Ticket(tuple(facts)), kind, key, position, asker, at)


def forget(*, person: str) -> int:
    """Everything that still leads to a person; how many of their own questions it was.

    The log's rows of today and yesterday lose their pseudonym, older ones have lost their key already.
    """
    days = list(Salt.objects.values_list("day", flat=True))
    Asked.objects.filter(whose__in=[pseudonym(person, day) for day in days]).update(whose="")
    return PastQuestion.objects.filter(person=person).delete()[0]


def forget_past(*, asker: Asker, text: str) -> int:
    """Offer whoever asked a question of theirs no longer, in this role; all of them where there is no text. Answers how
    many it was.
    """
    own = PastQuestion.objects.filter(person=asker.person, seat=asker.seat).exclude(person="")
    return (own.filter(text=normalised(text)) if text else own).delete()[0]


def pseudonym(person: str, day: dt.date) -> str:
    """A person's name for one day, which tells nothing; empty once the day's salt is gone."""
    salt = _salt(day)
    return hmac.new(salt, person.encode(), hashlib.sha256).hexdigest()[:24] if salt else ""


@lru_cache(maxsize=4)
def _salt(day: dt.date) -> bytes:
    if day >= timezone.localdate() - dt.timedelta(days=1):
        Salt.objects.bulk_create([Salt(day=day, value=secrets.token_bytes(16))], ignore_conflicts=True)
    found = Salt.objects.filter(day=day).values_list("value", flat=True).first()
    return bytes(found) if found else b""


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def _harmless() -> AbstractContextManager[Any]:
    """Inside somebody's transaction a failure must not take it along."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


# One statement for both tables. Outside of other people's transactions it does not wait for the disk either: what a
# power cut takes of the last half second nobody will miss.
_ASKED = """
    INSERT INTO search_asked (asked_at, day, place, text, language, engine, found, total, interpreted_as, is_loose, whose)
    SELECT %(at)s, %(day)s, %(place)s, %(text)s, %(language)s, %(engine)s, %(found)s::jsonb, %(total)s,
           %(interpreted_as)s, %(is_loose)s, %(whose)s
      FROM (SELECT CASE WHEN %(alone)s THEN set_config('synchronous_commit', 'off', true) END) AS soon
    RETURNING id
"""
_PAST = """
    INSERT INTO search_pastquestion (person, seat, text, written, asked_at)
    VALUES (%(person)s, %(seat)s, %(as_asked)s, %(written)s, %(at)s)
    ON CONFLICT (person, seat, text) DO UPDATE SET written = excluded.written, asked_at = excluded.asked_at
"""


def _insert(question: Question, text: str, asker: Asker, at: dt.datetime) -> int:
    values: dict[str, Any] = {
        "at": at,
        "day": _day(at),
        "place": question.place,
        "text": "" if question.secret else masked(text),
        "language": question.language,
        "engine": question.engine,
        "found": json.dumps(dict(question.found)),
        "total": question.total,
        "interpreted_as": "" if question.secret else masked(normalised(question.interpreted_as or "")),
        "is_loose": question.is_loose,
        "whose": pseudonym(asker.person, _day(at)),
        "alone": not connection.in_atomic_block,
        "person": asker.person,
        "seat": asker.seat,
        "as_asked": text,
        "written": question.text.strip()[:LONGEST],
    }
    # Only what was answered as it was asked: half an answer is no reason to ask again.
    is_offered_again = question.total > 0 and not question.is_loose and not names_somebody(text)
    statement = f"WITH past AS ({_PAST}) {_ASKED}" if is_offered_again else _ASKED
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def _read(word: str) -> list[Any]:
    try:
        facts = _signer.unsign_object(word)
    except (signing.BadSignature, ValueError):
        return []
    return facts if isinstance(facts, list) else []


def _open(ticket: Ticket, kind: str, key: str, position: int, asker: Asker, at: dt.datetime) -> bool:
    try:
        with _harmless():
            asked_id = _asked_id(ticket, kind, asker, at)
            if asked_id is None:
                return False
            row = Opened(asked_id=asked_id, kind=kind, key=key[:LONGEST], position=position, opened_at=at)
            Opened.objects.bulk_create([row], ignore_conflicts=True)
    except DatabaseError:
        log.warning("A click was not logged", exc_info=True)
        return False
    return True


def _asked_id(ticket: Ticket, kind: str, asker: Asker, at: dt.datetime) -> int | None:
    """The kept question of a ticket, if this person asked it; a suggestion's is kept now."""
    if len(ticket.facts) == 3:
        text, language, engine = ticket.facts
        taken = Question(place=Place.SUGGEST, text=text, language=language, engine=engine, found={kind: 1})
        made = keep(question=taken, asker=asker, at=at)
        return int(made.facts[0]) if made else None
    asked = Asked.objects.filter(pk=ticket.facts[0]).values_list("pk", "day", "whose").first()
    if asked is None or not asked[2] or asked[2] != pseudonym(asker.person, asked[1]):
        return None
    return int(asked[0])
