"""How words are misspelt: a slip of the fingers, and a word of one alphabet written in the other."""

import re
from itertools import combinations
from typing import Final

LONGEST: Final = 32
_PREFIX: Final = 8  # letters that deletes are made of: enough to find the rest by
_LONG: Final = 8  # letters from which two slips are believed
_SHORT: Final = 4  # letters below which none is

_WRITTEN: Final = """
    а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=ts ч=ch ш=sh щ=sh
    ъ= ы=i ь= э=e ю=u я=a
"""
LETTERS: Final = dict(pair.split("=") for pair in _WRITTEN.split())
# Spellings of one sound, longest first; what one alphabet writes in two letters the other has in one.
_SOUNDS: Final = (
    ("ja", "a"), ("ya", "a"), ("ju", "u"), ("yu", "u"), ("jo", "e"), ("yo", "e"), ("ij", "i"), ("iy", "i"),
    ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("qu", "kv"), ("zh", "j"),
    ("x", "ks"), ("th", "t"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ch", "4"), ("sh", "5"), ("ts", "6"), ("tz", "6"),
    ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("dj", "j"),
)  # fmt: skip
_VOWELS: Final = re.compile(r"[aeiou]")
_TWICE: Final = re.compile(r"(.)\1+")


def is_word(token: str) -> bool:
    """Whether corrections may touch it: letters of one alphabet, no code and no number."""
    return token.isalpha() and 2 <= len(token) <= LONGEST and (is_latin(token) or is_cyrillic(token))


def is_latin(word: str) -> bool:
    return word.isascii()


def is_cyrillic(word: str) -> bool:
    return all("а" <= sign <= "я" or sign == "ё" for sign in word)


def spoken(word: str) -> str:
    """The word's sounds in Latin letters: "makita" of макита and of Makita."""
    sounds = "".join(LETTERS.get(sign, sign) for sign in word.casefold().replace("ё", "е"))
    for written, sound in _SOUNDS:
        sounds = sounds.replace(written, sound)
    return _TWICE.sub(r"\1", sounds)


def skeleton(word: str) -> str:
    """The consonants of the word's sounds, after its first one: vowels are what the alphabets disagree about."""
    sounds = spoken(word)
    return sounds[:1] + _TWICE.sub(r"\1", _VOWELS.sub("", sounds[1:]))


def most_slips(word: str) -> int:
    """How many slips are believed in a word of this length."""
    return 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2


def deletes(word: str) -> set[str]:
    """The word's beginning with up to so many letters left out: two words within that many slips share one of
    these (the idea of SymSpell, https://github.com/wolfgarbe/SymSpell).
    """
    head = word[:_PREFIX]
    slips = min(most_slips(word) or 1, len(head) - 1)
    return {
        "".join(sign for at, sign in enumerate(head) if at not in gone)
        for count in range(slips + 1)
        for gone in map(set, combinations(range(len(head)), count))
    }


def distance(one: str, other: str, limit: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour (Damerau, restricted); limit + 1 for more than that."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, mark in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != mark))
            if at > 1 and to > 1 and sign == other[to - 2] and mark == one[at - 2]:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
