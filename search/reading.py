"""How a question is understood, before any engine is asked: its terms, the codes it may be, and what to
try in turn.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import analysis, codes, layouts


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read as words and as a code."""

    text: str
    terms: tuple[str, ...] = ()
    beginning: str = ""  # of the word being typed; the last of `terms` is its stem
    typed: str = ""
    gtin: str | None = None
    folded: str = ""
    parts: tuple[str, ...] = ()  # single words that may be whole codes among others

    @property
    def is_empty(self) -> bool:
        return not self.terms and not self.folded

    @property
    def piece(self) -> str | None:
        """The beginning or middle of a code, if the text may be one."""
        return self.folded if codes.is_code_like(self.folded) else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to ask: a reading, and how many of its terms a document must have."""

    reading: Reading
    needed: int
    is_correction: bool = False


def read(text: str, *, as_you_type: bool = False) -> Reading:
    """Read the text as it is typed."""
    spaced = text.split()
    beginning = analysis.last_word(text) if as_you_type else ""
    terms = analysis.question_terms(text)
    if beginning and analysis.stem(beginning) not in terms:
        terms.append(analysis.stem(beginning))  # a stop word that may become a word: "на" of "насадка"
    return Reading(
        text=text.strip(),
        terms=tuple(terms),
        beginning=beginning,
        typed=codes.typed(text),
        gtin=codes.gtin(text),
        folded=codes.folded(text),
        parts=tuple(folded for word in spaced if codes.is_code_like(folded := codes.folded(word)))
        if len(spaced) > 1
        else (),
    )


def readings(text: str, *, as_you_type: bool = False, as_typed: bool = False) -> Iterator[Attempt]:
    """How the text may be meant, all of its words needed: as it is typed, then as the other layout would
    have typed it.
    """
    reading = read(text, as_you_type=as_you_type)
    yield Attempt(reading, needed=len(reading.terms))
    swapped = None if as_typed else layouts.swapped(text)
    if swapped:
        other = read(swapped, as_you_type=as_you_type)
        yield Attempt(other, needed=len(other.terms), is_correction=True)


def loosened(attempt: Attempt) -> Attempt | None:
    """The same reading with most of its words; None if it has but one."""
    count = len(attempt.reading.terms)
    return replace(attempt, needed=_most_of(count)) if count > 1 else None


def _most_of(count: int) -> int:
    return 1 if count == 2 else math.ceil(count * 0.6)
