"""What a text was meant to be: typed in the other layout, spelt in the other alphabet, or with a slip.

Only words nobody here uses are touched, never a code, a number or a known word; what is done is said to the
reader and can be undone (`Query.as_typed`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from . import analysis, layouts, spelling, vocabulary

_CHUNK = re.compile(r"\S+")
_MOST_WORDS = 12


def corrected(text: str, kinds: Collection[str], *, known_in: Collection[str] = ()) -> str | None:
    """The likeliest meaning of the text by the words that everyone's documents of these kinds have; None if it is
    as typed. Words of the kinds `known_in` are left alone too.

    Some small queries, and only where a word is not known.
    """
    if not kinds:
        return None
    other = layouts.swapped(text)
    here, there = _words(text), _words(other or "")
    if not here or len(here) > _MOST_WORDS:
        return None
    known = vocabulary.known({*kinds, *known_in}, {*here} - analysis.SMALL_WORDS) | analysis.SMALL_WORDS
    if all(word in known for word in here):
        return None
    meant = vocabulary.open_words(kinds, {*there} - analysis.SMALL_WORDS) | analysis.SMALL_WORDS
    if other and _letters(there, meant) > _letters(here, known):
        return other if all(word in meant for word in there) else _mended(other, kinds, meant)
    mended = _mended(text, kinds, known)
    return mended if mended != text else None


def _words(text: str) -> list[str]:
    return [token for token in analysis.tokens(text) if spelling.is_word(token)]


def _letters(words: Iterable[str], known: Collection[str]) -> int:
    """How many letters of the text are known words."""
    return sum(len(word) for word in words if word in known)


def _mended(text: str, kinds: Collection[str], known: Collection[str]) -> str:
    """The text with its unknown words made known ones, where one is near."""

    def mend(match: re.Match[str]) -> str:
        chunk = match.group()
        tokens = list(analysis.tokens(chunk))
        if len(tokens) != 1 or not spelling.is_word(tokens[0]) or tokens[0] in known:
            return chunk
        return _nearest(chunk, tokens[0], kinds) or chunk

    return _CHUNK.sub(mend, text)


def _nearest(chunk: str, word: str, kinds: Collection[str]) -> str | None:
    swapped = layouts.swapped(chunk)
    swapped_words = _words(swapped or "")
    if swapped_words and set(swapped_words) <= vocabulary.open_words(kinds, swapped_words):
        return swapped
    ways = [
        (spelling.distance(spelling.spoken(word), spelling.spoken(other), 2), other, count)
        for other, count in vocabulary.sounding(kinds, word)
    ]
    limit = 0 if len(word) < 5 else 2
    ways = [way for way in ways if way[0] <= limit]
    if not ways:
        ways = [
            (spelling.distance(word, other, 2) + (word[0] != other[0]), other, count)
            for other, count in vocabulary.alike(kinds, word)
        ]
    return min(ways, key=lambda way: (way[0], -way[2], way[1]))[1] if ways else None
