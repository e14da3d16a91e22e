"""What of a question's wording is kept: one spelling of it, and nothing that names a person or a company."""

from __future__ import annotations

import re
from typing import Final

from .analysis import composed

LONGEST: Final = 200  # characters of a question that are kept
E_MAIL, PHONE, TAX_ID = "‹e-mail›", "‹phone›", "‹tax id›"

_SPACES = re.compile(r"\s+")
_EDGES = " \t.,;:!?…\"'«»“”„()"
_E_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
# +7 861 222-33-44, 8 (861) 222 33 44, 78612223344; other countries with their plus only: a bare run of digits is a
# barcode far more often.
_PHONE = re.compile(r"(?<![\w+])(?:\+\d|[78])(?:[\s()\-–.]{0,2}\d){10}(?!\d)|(?<!\w)\+\d(?:[\s()\-–.]?\d){7,14}(?!\d)")
_DIGITS = re.compile(r"(?<!\w)\d{10}(?:\d\d)?(?!\w)")
_SNILS = re.compile(r"(?<!\w)\d{3}-\d{3}-\d{3}[\s-]?\d\d(?!\w)")
_WEIGHTS: Final = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def normalised(text: str) -> str:
    """The question in one spelling: no case, no ё, single spaces, no marks around it. Empty if nothing is left."""
    spelled = _SPACES.sub(" ", composed(text)).strip(_EDGES).casefold().replace("ё", "е")
    return spelled[:LONGEST].strip()


def masked(text: str) -> str:
    """The text with e-mail addresses, telephone numbers and tax ids taken out, each leaving a word in its place.

    A tax id of 10 or 12 digits is known by its check digits (order ММ-3-6/80 of the tax service), so that an article
    number of the same length mostly stays; one in eleven is masked for nothing.
    """
    text = _E_MAIL.sub(E_MAIL, text)
    text = _SNILS.sub(TAX_ID, text)
    text = _DIGITS.sub(lambda found: TAX_ID if is_tax_id(found.group()) else found.group(), text)
    return _PHONE.sub(PHONE, text)


def names_somebody(text: str) -> bool:
    """Whether masking would take something out."""
    return masked(text) != text


def is_tax_id(digits: str) -> bool:
    """Whether the check digits are those of a Russian tax id (INN) of a company (10) or a person (12)."""
    if len(digits) == 10:
        return _check(digits, 9) == int(digits[9])
    return len(digits) == 12 and _check(digits, 10) == int(digits[10]) and _check(digits, 11) == int(digits[11])


def _check(digits: str, count: int) -> int:
    weights = _WEIGHTS[len(_WEIGHTS) - count :]
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
