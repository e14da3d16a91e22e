"""Text as every engine sees it: the same terms in PostgreSQL, in Elasticsearch and in the highlighter.

Engines are handed finished terms and split, fold and stem nothing themselves. That is why they find the
same things, and why a snippet marks exactly what was found.

Stems are Snowball's (https://snowballstem.org): Russian for Cyrillic words, English for Latin ones. Russian
words are kept under their lemmas too (pymorphy3): Snowball joins 4 of 13 pairs like скидка/скидок, together
they join 11.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pymorphy3
import snowballstemmer  # type: ignore[import-untyped]

LONGEST_TERM = 64  # characters; longer runs are no words, and PostgreSQL refuses lexemes above 2 kB

# Letters drawn alike in both alphabets, small: "pс" with a Cyrillic с is how names and part numbers really
# arrive.
_CYRILLIC_TWINS = "авекмнорстухіё"
_LATIN_TWINS = "abekmhopctyxie"
TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS[:12], _CYRILLIC_TWINS[:12])

_CYRILLIC = re.compile(r"[а-яё]")
_LATIN = re.compile(r"[a-z]")
_DIGIT = re.compile(r"\d")
_BY = re.compile(r"(?<=\d)[хx×*](?=\d)")  # 28х140 with a Cyrillic х, 28×140: one way to write a size

# "18 В", "18V" and "18 v" are one term, 18v. Longer spellings stand first: the expression takes the first
# that fits.
_UNITS = {
    "ah": ("а·ч", "а*ч", "ач", "ah"),
    "nm": ("н·м", "н*м", "нм", "nm"),
    "kw": ("квт", "kw"),
    "v": ("вольт", "в", "v"),
    "w": ("ватт", "вт", "w"),
    "hz": ("гц", "hz"),
    "mm": ("мм", "mm"),
    "cm": ("см", "cm"),
    "kg": ("кг", "kg"),
    "ml": ("мл", "ml"),
    "l": ("л", "l"),
    "m": ("м", "m"),
}
_UNIT = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_SPELLINGS = "|".join(re.escape(s) for s in sorted(_UNIT, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<size>\d+(?:[.,]\d+)?)[\s-]?(?P<unit>{_SPELLINGS})(?![^\W_])"
    r"|\d+[.,]\d+(?![.,]?\w)|\d+[×*]\d+|[^\W_]+",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"[^\W_]+(?:[-./][^\W_]+)+")

# Left out of questions, kept in documents: "как оформить заказ" must not ask for every "как".
_SMALL_WORDS = """
    а без бы в во где для до если же за и из или к как ко ли мне на над не но о об от по под при про с со так
    то у через что чтобы это я
    a an and are as at be by can do for from how i in is it my of on or the to what where with
"""


Forms = tuple[str, ...]  # the terms one word is found by, any of them: its stem first, then the stems of its lemmas


class Word(NamedTuple):
    """A word's forms and where in the (composed) text it stands."""

    start: int
    end: int
    forms: Forms


def composed(text: str) -> str:
    """The text with letters and their accents joined (й typed as и + ˘), without characters no database
    keeps.
    """
    return unicodedata.normalize("NFC", text).replace("\x00", " ")


def tokens(text: str) -> Iterator[str]:
    """The words of a text in their one spelling, not stemmed."""
    return (surface(match) for match in _TOKEN.finditer(composed(text)))


def words(text: str) -> Iterator[Word]:
    """The words of a composed text, in order, with their places."""
    for match in _TOKEN.finditer(text):
        token = surface(match)
        if token:
            yield Word(match.start(), match.end(), forms(token))


def document_terms(text: str) -> list[Forms]:
    """The words of a document's text in order, each by its forms; then, joined, what is written with
    hyphens, dots or slashes.

    So "AK-1850" is found as "ak 1850" and as "ak1850".
    """
    text = composed(text)
    found = [word.forms for word in words(text)]
    found += [(folded(re.sub(r"[-./]", "", match.group())),) for match in _COMPOUND.finditer(text)]
    return [word for word in found if len(word[0]) <= LONGEST_TERM]


def question_terms(text: str) -> list[Forms]:
    """What a question asks for: its words once each, without those that say nothing (unless there are only
    such).
    """
    found = [word.forms for word in words(composed(text)) if len(word.forms[0]) <= LONGEST_TERM]
    telling = [word for word in found if word[0] not in SAY_NOTHING]
    return list({word[0]: word for word in telling or found}.values())


def is_size(text: str) -> bool:
    """Whether the text is nothing but a measure: "18 В", "5,0 Ач". "12V", Latin and in one, may as well begin a code."""
    match = _TOKEN.fullmatch(composed(text).strip())
    return bool(match and match.group("unit") and (not text.strip().isascii() or set(text.strip()) & set(" ,")))


def last_word(text: str) -> str:
    """The word being typed, folded but not stemmed: "дрел" of "ударная дрел"; empty after a space."""
    text = composed(text)
    tokens = list(_TOKEN.finditer(text))
    return surface(tokens[-1]) if tokens and tokens[-1].end() == len(text) else ""


def surface(match: re.Match[str]) -> str:
    """A token in its one spelling, not stemmed."""
    if match.group("unit"):
        number = match.group("size").replace(",", ".")
        return (number.rstrip("0").rstrip(".") if "." in number else number) + _UNIT[match.group("unit").casefold()]
    return folded(match.group())


def folded(token: str) -> str:
    """One spelling of a token: no case, ё as е, one alphabet, sizes with x."""
    token = unicodedata.normalize("NFKC", token).casefold().replace("ё", "е").replace(",", ".")
    token = _BY.sub("x", token)
    if _DIGIT.search(token) or (_CYRILLIC.search(token) and _LATIN.search(token)):
        return one_alphabet(token)
    return token


def one_alphabet(token: str) -> str:
    """The token in Latin letters if its Cyrillic ones all have a twin, else in Cyrillic likewise, else as
    it is.
    """
    latin = token.translate(TO_LATIN)
    if not _CYRILLIC.search(latin):
        return latin
    cyrillic = token.translate(_TO_CYRILLIC)
    return token if _LATIN.search(cyrillic) else cyrillic


class _Stemmers(threading.local):
    """One pair a thread: a stemmer keeps the word it works on in itself."""

    def __init__(self) -> None:
        self.russian = snowballstemmer.stemmer("russian")
        self.english = snowballstemmer.stemmer("english")


_stemmers = _Stemmers()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word's stem; codes, sizes and numbers stay as they are."""
    if not word.isalpha():
        return word
    stemmer = _stemmers.russian if _CYRILLIC.search(word) else _stemmers.english
    return str(stemmer.stemWord(word))


@lru_cache(maxsize=200_000)
def forms(word: str) -> Forms:
    """The terms the word is kept and asked under, its stem first.

    The lemma goes through the stemmer too: for most words that is the same stem, and nothing is kept twice.
    """
    if not word.isalpha() or not _CYRILLIC.search(word):
        return (stem(word),)
    return tuple(dict.fromkeys((stem(word), *map(stem, lemmas(word)))))


def lemmas(word: str) -> list[str]:
    """The dictionary forms of a Russian word: the likeliest, and the likeliest noun.

    Names of things are what is looked for: "стали" is "стать" in books, "сталь" in a catalogue.
    """
    parses = _morphology().parse(word)
    noun = next((parse for parse in parses if parse.is_known and parse.tag.POS == "NOUN"), None)
    likeliest = [parse.normal_form.replace("ё", "е") for parse in (*parses[:1], noun) if parse]
    return list(dict.fromkeys(likeliest))


@lru_cache(maxsize=1)
def _morphology() -> pymorphy3.MorphAnalyzer:
    """The dictionary: 40 MB, read when the first Russian word comes."""
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)  # it reports every step of loading
    return pymorphy3.MorphAnalyzer(lang="ru")


SMALL_WORDS = frozenset(_SMALL_WORDS.split())
SAY_NOTHING = frozenset(stem(word) for word in SMALL_WORDS)
