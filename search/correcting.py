"""What a text was meant to be: typed in the other layout, spelt in the other alphabet, or with a slip.

Only words nobody here uses are touched, never a code, a number or a known word; what is done is said to the
reader and can be undone (`Query.as_typed`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from . import analysis, layouts, spelling, vocabulary

_CHUNK = re.compile(r"\S+")
_RUN = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 12  # in which slips are looked for
_MOST_LAYOUT_WORDS = 40
_ENOUGH = 0.4  # of the letters of a text in the other layout are known words, else that is chance
_SHORTEST_SOUND = 3  # letters: fewer sound like anything, and are something in any layout
_SURE = 5  # letters from which a word may have begun with another one
_RARE, _FREQUENT = 2, 40  # documents that have a word which may be misspelt itself, and the word it is taken for


def corrected(text: str, kinds: Collection[str], *, known_in: Collection[str] = ()) -> str | None:
    """The likeliest meaning of the text by the words that everyone's documents of these kinds have; None if it is
    as typed. Words of the kinds `known_in` are left alone too.

    Some small queries, and only where a word is not known.
    """
    guesses = _guesses(text, kinds, known_in)
    if not guesses:
        return None
    typed, *swapped = guesses
    best = max(guesses, key=lambda guess: guess.letters)  # of equals the first
    if len(_words(text)) > _MOST_WORDS:
        meant = best.text
    elif best is not typed or typed.letters:
        meant = _mended(best, kinds)
    else:
        meant = _likeliest(typed, swapped, kinds) or _mended(typed, kinds)
    return meant if meant != text else None


def in_other_layout(text: str, kinds: Collection[str], *, known_in: Collection[str] = ()) -> str | None:
    """The text in the other layout, where far more of it is known words then than as typed. One small query where all is
    known as typed.
    """
    typed, *swapped = _guesses(text, kinds, known_in) or (_Guess(text, (), 1),)
    best = max(swapped, key=lambda guess: guess.letters, default=typed)
    return best.text if best.letters > 2 * typed.letters else None


def doubted(text: str, kinds: Collection[str]) -> str | None:
    """The text with words that hardly anything says made frequent ones a slip away: documents have misspelt words as well.
    None if there are none. For where nothing has all the words; some small queries.
    """
    words = _words(text)
    if not kinds or not 1 < len(words) <= _MOST_WORDS:
        return None
    rare = {word: _one_slip(word, kinds, least=_FREQUENT) for word in vocabulary.rare(kinds, words, most=_RARE)}

    def mend(match: re.Match[str]) -> str:
        return rare.get(next(iter(_words(match.group())), "")) or match.group()

    meant = _RUN.sub(mend, text)
    return meant if meant != text else None


@dataclass(frozen=True, slots=True)
class _Guess:
    """The text as it may be meant, which words of it count as known, and how many of its letters those make up."""

    text: str
    known: Collection[str]
    letters: int


def _guesses(text: str, kinds: Collection[str], known_in: Collection[str]) -> list[_Guess]:
    """The text as it is typed, then in other layouts; empty where all its words are known, or none may be corrected."""
    here = _words(text)
    if not kinds or not here or len(here) > _MOST_LAYOUT_WORDS:
        return []
    known = vocabulary.known({*kinds, *known_in}, {*here} - analysis.SMALL_WORDS) | analysis.SMALL_WORDS
    if all(word in known for word in here):
        return []
    return [_Guess(text, known, _letters(here, known)), *_in_other_layouts(text, kinds, known)]


def _in_other_layouts(text: str, kinds: Collection[str], known: Collection[str]) -> list[_Guess]:
    """The text with what is typed in either alphabet, or in one, as the other layout would have typed it.

    All of it: who typed the words in the wrong layout typed the sizes and the codes between them so too.
    """
    chunks = _CHUNK.findall(text)
    ways = {wrong: [layouts.chunk_ways(chunk, wrong) for chunk in chunks] for wrong in layouts.suspects(text)}
    words = {word for some in ways.values() for way in chain.from_iterable(some) for word in _words(way)}
    meant = vocabulary.open_words(kinds, words - analysis.SMALL_WORDS) | analysis.SMALL_WORDS | {*known}
    guesses = []
    for some in ways.values():
        said = {chunk: _best_way(all_ways, meant) for chunk, all_ways in zip(chunks, some, strict=True)}
        guess = " ".join(said[chunk] for chunk in chunks)
        there = _words(guess)
        letters = _letters(there, meant)
        is_chance = letters < _ENOUGH * sum(map(len, there))
        guesses.append(_Guess(guess, meant, 0 if is_chance else letters))
    return guesses


def _best_way(ways: list[str], meant: Collection[str]) -> str:
    """The first of those with known words only, else of those that are mostly known; else all keys as letters."""

    def doubt(way: str) -> tuple[bool, bool]:
        words = _words(way)
        unknown = sum(len(word) for word in words if word not in meant)
        return unknown > 0, _letters(words, meant) <= unknown

    return min(ways, key=doubt)


def _likeliest(typed: _Guess, swapped: Iterable[_Guess], kinds: Collection[str]) -> str | None:
    """Of texts with no known word the one whose slips can be mended best: as it is typed, or in another layout."""
    best, most = None, 0
    for guess in (typed, *swapped):
        mended = _mended(guess, kinds, slips_only=True, surely=guess is not typed)
        there, before = _words(mended), {*_words(guess.text)}
        letters = sum(len(word) for word in there if word in guess.known or word not in before)
        if letters > most and letters >= _ENOUGH * sum(map(len, there)):
            best, most = mended, letters
    return best


def _words(text: str) -> list[str]:
    return [token for token in analysis.tokens(text) if spelling.is_word(token)]


def _letters(words: Iterable[str], known: Collection[str]) -> int:
    """How many letters of the text are known words."""
    return sum(len(word) for word in words if word in known)


def _mended(guess: _Guess, kinds: Collection[str], *, slips_only: bool = False, surely: bool = False) -> str:
    """The text with its unknown words made known ones, where one is near: in the other layout as well, unless
    `slips_only`; by one slip in longer words alone if `surely`.
    """

    def mend(match: re.Match[str]) -> str:
        chunk = match.group()
        unknown = [word for word in _words(chunk) if word not in guess.known and not _is_short_for(chunk, guess.text)]
        if not unknown or any(sign.isdigit() for sign in chunk):
            return chunk
        meant = None if slips_only else _swapped(chunk, kinds)
        meant = meant or _RUN.sub(lambda run: _mended_run(run.group(), unknown, near), chunk)
        return meant if meant != chunk or slips_only else _swapped_slipped(chunk, kinds) or chunk

    def near(word: str) -> str | None:
        return _one_slip(word, kinds) if surely else _nearest(word, kinds)

    return _CHUNK.sub(mend, guess.text)


def _is_short_for(chunk: str, text: str) -> bool:
    """Whether it stands in capitals among words that do not: the letters of a code or a name, no misspelt word."""
    return len(chunk) <= _SURE and chunk.isupper() and chunk.isascii() and not text.isupper()


def _mended_run(run: str, unknown: Collection[str], near: Callable[[str], str | None]) -> str:
    word = next(iter(_words(run)), "")
    return (near(word) if word in unknown else None) or run


def _swapped(chunk: str, kinds: Collection[str]) -> str | None:
    """The chunk in the other layout, if that makes all of its words known ones."""
    words = {way: {*_words(way)} for wrong in layouts.suspects(chunk) for way in layouts.chunk_ways(chunk, wrong)}
    meant = vocabulary.open_words(kinds, set().union(*words.values())) if words else set()
    fitting = (way for way, some in words.items() if some and some <= meant)
    return next((way for way in fitting if sum(map(len, words[way])) >= _SHORTEST_SOUND), None)


def _swapped_slipped(chunk: str, kinds: Collection[str]) -> str | None:
    """The one word of the chunk in the other layout with a slip mended."""
    ways = (way for wrong in layouts.suspects(chunk) for way in layouts.chunk_ways(chunk, wrong))
    words = (words[0] for way in ways if len(words := _words(way)) == 1 and len(words[0]) >= len(way) - 1)
    return next(filter(None, (_one_slip(word, kinds) for word in words)), None)


def _nearest(word: str, kinds: Collection[str]) -> str | None:
    """The known word that is meant: one of the other alphabet that sounds just so, else the one fewest letters away,
    with the same first letter rather than another. The letters of a code mean no word.
    """
    limit = 0 if len(word) < _SURE else 2
    spoken = spelling.spoken(word)
    ways = [
        (slips + 0.5 * (slips > 0), -count, other)
        for other, count in vocabulary.sounding(kinds, word)
        if (len(spoken) >= _SHORTEST_SOUND or len(word) == len(other))
        and (slips := spelling.distance(spoken, spelling.spoken(other), 2)) <= limit
    ]
    if min(ways, default=(1,))[0] > 0 and not vocabulary.is_in_a_code(kinds, word):
        ways += [
            (spelling.distance(word, other, 2) + (word[0] != other[0]), -count, other)
            for other, count in vocabulary.alike(kinds, word)
            if len(word) >= _SURE or word[0] == other[0]
        ]
    return min(ways)[2] if ways else None


def _one_slip(word: str, kinds: Collection[str], *, least: int = 1) -> str | None:
    """The most frequent word a single slip away that at least so many documents have."""
    if len(word) < _SURE - 1:
        return None
    near = [
        (-count, other)
        for other, count in vocabulary.alike(kinds, word)
        if count >= least and other[0] == word[0] and spelling.distance(word, other, 1) == 1
    ]
    return min(near)[1] if near else None
