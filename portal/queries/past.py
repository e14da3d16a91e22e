"""What a person asked before, offered to them again: theirs alone, in the role they asked it in."""

from __future__ import annotations

from typing import Final

from accounts.principals import Principal
from search.queries import past_questions
from search.questions import Asker
from search.wording import normalised

AMONG_OTHERS: Final = 2  # rows beside what the beginning of a text finds
BY_THEMSELVES: Final = 5  # where nothing is typed yet


def asker_of(principal: Principal) -> Asker:
    """The person, and as the seat their membership: what they ask at one dealer is not offered at another."""
    return Asker(person=str(principal.user_id or ""), seat=str(principal.membership_id or ""))


def past_of(principal: Principal, text: str) -> list[str]:
    """Their own latest questions that begin so, as they wrote them; all of the latest where nothing is typed."""
    asker, most = asker_of(principal), AMONG_OTHERS if text else BY_THEMSELVES
    found = past_questions(person=asker.person, seat=asker.seat, beginning=text, limit=most + 1)
    return [written for written in found if normalised(written) != normalised(text)][:most]
