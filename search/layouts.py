"""The wrong keyboard layout: "iehegjdthn" is шуруповерт typed with English on, "ьфлшеф" is makita the
other way round.
"""

from __future__ import annotations

import re
from enum import Flag

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё" + "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_LETTERS_TO_CYRILLIC = {ord(sign): ord(other) for sign, other in zip(_LATIN, _CYRILLIC, strict=True) if sign.isalpha()}
_KEYS = "".join(re.escape(sign) for sign in _LATIN if not sign.isalpha())  # х ъ ж э б ю ё sit on these
_EDGES = re.compile(rf"^([{_KEYS}]*)(.*?)([{_KEYS}]*)$", re.DOTALL)
_SIGNS = re.compile(r"(?<=\d)[.,]+(?=\d|$)|(?<=\))[.,:;]+$")  # of numbers and after brackets: never letters


class Typed(Flag):
    """In which alphabets something was typed."""

    LATIN = 1
    CYRILLIC = 2


def alphabets(text: str) -> Typed:
    """The alphabets that the text has letters of."""
    low = text.lower()
    found = Typed(0)
    if any("a" <= sign <= "z" for sign in low):
        found |= Typed.LATIN
    if any("а" <= sign <= "я" or sign == "ё" for sign in low):
        found |= Typed.CYRILLIC
    return found


def swapped(text: str) -> str | None:
    """The whole text as the other layout would have typed it; None if it has letters of both, or none.

    On the raw text, before it is split into words: х ъ ж э б ю sit on punctuation keys.
    """
    typed = alphabets(text)
    if len(typed) != 1:
        return None
    return text.translate(_TO_CYRILLIC if Typed.LATIN in typed else _TO_LATIN)


def is_cyrillic_code(text: str) -> bool:
    """Whether it is one word of Cyrillic letters and digits: "Е140", which T140 is typed as, and looks like E140."""
    return alphabets(text) == Typed.CYRILLIC and len(text.split()) == 1 and any(map(str.isdigit, text))


def suspects(text: str) -> list[Typed]:
    """Which of the alphabets in the text may stand in the wrong layout: of two both, or one of them."""
    typed = alphabets(text)
    return [way for way in (Typed.LATIN | Typed.CYRILLIC, Typed.LATIN, Typed.CYRILLIC) if way in typed]


def chunk_ways(chunk: str, wrong: Typed) -> list[str]:
    """What stands between two spaces as it was meant where these alphabets were typed in the wrong layout.

    The keys of х ж б ю are signs in the other layout, and may be meant as such: "lhtkm," is "дрель," and "uthj,"
    "героб" or "геро,". All as letters comes first, then with the signs at the edges as signs, then with all.
    """
    if not wrong & alphabets(chunk):
        return [chunk]
    if Typed.LATIN not in wrong & alphabets(chunk):
        return [chunk.translate(_TO_LATIN)]
    back = _TO_LATIN if Typed.CYRILLIC in wrong else {}
    edges = _EDGES.fullmatch(chunk)
    before, middle, after = edges.groups() if edges else ("", chunk, "")
    keys = _TO_CYRILLIC | back
    signs = chunk.translate(_LETTERS_TO_CYRILLIC | back)
    return list(dict.fromkeys((_by_keys(chunk, keys), before + _by_keys(middle, keys) + after, signs)))


def _by_keys(text: str, keys: dict[int, int]) -> str:
    """The text by these keys, the point or comma of a number left as it is: "1.5v" is "1.5м"."""
    kept = {at for match in _SIGNS.finditer(text) for at in range(*match.span())}
    return "".join(sign if at in kept else sign.translate(keys) for at, sign in enumerate(text))
