"""How a question is understood, before any engine is asked: what it asks for, the codes it may be, and what
to try in turn.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from . import analysis, asides, codes, layouts, synonyms
from .synonyms import Slot, Synonyms

SAME = 0.9  # what a synonym is worth beside what was asked
_MOST_WORDS_WITH_CODES = 12
_LONGEST_RUN = 3  # words that together may be one code
_SHORT_WORD = 4  # letters: a longer word without a digit is no part of a code
_LONGEST_MEASURE = 4  # digits: a longer bare number is no measure


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read as words and as a code."""

    text: str
    slots: tuple[Slot, ...] = ()  # a document is sought for each of them
    beginning: str = ""  # of the word being typed: the last word of the last slot, as asked
    typed: str = ""
    gtin: str | None = None
    folded: str = ""
    parts: tuple[str, ...] = ()  # words, alone or with their neighbours, that may be whole codes among others
    is_size: bool = False  # "18 В" is first of all a size, and only then the middle of some code
    may_be_letters: bool = False  # letters alone, which no words know, as a piece of a code

    @property
    def is_empty(self) -> bool:
        return not self.slots and not self.folded

    @property
    def piece(self) -> str | None:
        """The beginning or middle of a code, if the text may be one."""
        if self.may_be_letters:
            return self.folded if len(self.folded) >= codes.SHORTEST_PIECE else None
        return self.folded if codes.is_code_like(self.folded) and not self.is_size else None

    @property
    def whole_codes(self) -> list[str]:
        """The forms under which a code is kept that the whole text may be."""
        forms = (codes.as_typed(self.text), codes.as_folded(self.text), codes.as_gtin(self.text))
        return [form for form in forms if form and len(form) > 1]

    @property
    def part_codes(self) -> list[str]:
        """The forms of codes that some of the words may be."""
        gtins = (codes.as_gtin(part) for part in self.parts)
        return [*(f"~{part}" for part in self.parts), *(gtin for gtin in gtins if gtin)]

    @property
    def may_be_misspelt(self) -> list[str]:
        """The folded codes that the text may have meant, with a sign wrong."""
        meant = (self.folded, *self.parts)
        return [code for code in meant if len(code) >= codes.SHORTEST_SIMILAR and codes.is_code_like(code)]

    @property
    def terms(self) -> tuple[str, ...]:
        """The stems of the words asked for, in order."""
        return tuple(word[0] for slot in self.slots for word in slot.asked)

    @property
    def names_an_aside(self) -> bool:
        return asides.names_one(word for slot in self.slots for word in slot.asked)

    @property
    def marks(self) -> frozenset[str]:
        """The terms that answer the question in a text, synonyms among them."""
        return frozenset(form for slot in self.slots for way in slot.ways for word in way for form in word)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to ask: a reading, and how many of its slots a document must fill."""

    reading: Reading
    needed: int
    is_correction: bool = False
    is_likely: bool = False  # words that are known here speak for it, whether or not anything has all of them


def read(text: str, *, as_you_type: bool = False, rules: Synonyms = synonyms.NONE) -> Reading:
    """Read the text as it is typed."""
    beginning = analysis.last_word(text) if as_you_type else ""
    words = analysis.question_terms(text)
    last = analysis.forms(beginning) if beginning else ()
    if last and last not in words:
        words.append(last)  # a stop word that may become a word: "на" of "насадка"
    elif last and words[-1] != last:
        words.append(words.pop(words.index(last)))
    return Reading(
        text=text.strip(),
        slots=rules.slots(words),
        beginning=beginning,
        typed=codes.typed(text),
        gtin=codes.gtin(text),
        folded=codes.folded(text),
        parts=_parts(text.split()),
        is_size=analysis.is_size(text),
    )


def _parts(spaced: list[str]) -> tuple[str, ...]:
    """The words among others that may be a whole code, and two or three in a row that may: "DHP 484" of "Makita DHP 484".

    A short bare number or a size is a measure far more often than a code: "дрель 500 Вт" asks for no article 500.
    """
    if not 2 <= len(spaced) <= _MOST_WORDS_WITH_CODES:
        return ()
    runs = (
        spaced[at : at + count]
        for count in range(1, min(_LONGEST_RUN, len(spaced) - 1) + 1)
        for at in range(len(spaced) - count + 1)
    )
    found = ((run, codes.folded("".join(run))) for run in runs if not analysis.is_size(" ".join(run)))
    return tuple(dict.fromkeys(folded for run, folded in found if _is_telling(run, folded)))


def _is_telling(run: list[str], folded: str) -> bool:
    if not codes.is_code_like(folded):
        return False
    if len(run) > 1 and not all(any(sign.isdigit() for sign in word) or len(word) <= _SHORT_WORD for word in run):
        return False
    return not folded.isdigit() or len(folded) > _LONGEST_MEASURE


def _not_at_all(_: str) -> None:
    """For whom nothing is corrected."""


def readings(
    text: str,
    *,
    as_you_type: bool = False,
    as_typed: bool = False,
    rules: Synonyms = synonyms.NONE,
    correct: Callable[[str], str | None] = _not_at_all,
    doubt: Callable[[str], str | None] = _not_at_all,
) -> Iterator[Attempt]:
    """How the text may be meant, all that it asks for needed: as it is typed, then as `correct` says that it
    was meant, which is asked only then; where that says nothing, as the other layout would have typed it, then as `doubt`
    says that it may be meant though its words are known. Unfinished words are not corrected.
    """
    reading = read(text, as_you_type=as_you_type, rules=rules)
    yield Attempt(reading, needed=len(reading.slots))
    if reading.is_size:
        yield Attempt(replace(reading, is_size=False), needed=len(reading.slots))
    meant = None if as_typed or as_you_type else correct(text)
    swapped = None if as_typed else layouts.swapped(text)
    if meant or swapped:
        other = read(meant or swapped or "", as_you_type=as_you_type, rules=rules)
        yield Attempt(other, needed=len(other.slots), is_correction=True, is_likely=bool(meant))
    if text.strip().isalpha():
        yield Attempt(replace(reading, may_be_letters=True), needed=len(reading.slots))
    if swapped and not meant and swapped.strip().isalpha():
        letters = replace(read(swapped, as_you_type=as_you_type, rules=rules), may_be_letters=True)
        yield Attempt(letters, needed=len(letters.slots), is_correction=True)
    doubted = None if as_typed or as_you_type or meant else doubt(text)
    if doubted:
        other = read(doubted, rules=rules)
        yield Attempt(other, needed=len(other.slots), is_correction=True)


def loosened(attempt: Attempt, *, prose: bool = False) -> Attempt | None:
    """The same reading with most of what it asks for, half of it in long texts; None if that is but one thing."""
    count = len(attempt.reading.slots)
    needed = count // 2 if prose else _most_of(count)
    return replace(attempt, needed=needed) if count > 1 else None


def _most_of(count: int) -> int:
    return 1 if count == 2 else math.ceil(count * 0.6)
