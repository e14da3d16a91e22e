"""Part numbers, barcodes and other codes: in which forms they are kept and asked for.

A person copies a code from a worn label: the case, the separators and even the alphabet are lost, the
order of signs is not. Folding joins a few codes that differ (3 of 5,023 measured), so a code found as
typed outranks one found folded.
"""

import re
import unicodedata
from collections.abc import Iterable

from .analysis import TO_LATIN

SHORTEST_PIECE = 3  # characters of a code that find it from its middle
_LONGEST = 64
_SEPARATORS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d")


def typed(code: str) -> str:
    """The code as written, but for case and repeated spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", code)).strip().casefold()


def folded(code: str) -> str:
    """The code's signs alone: no case, no separators, Cyrillic twins as Latin. "АК-18 50" (Cyrillic) is
    ak1850.
    """
    return _SEPARATORS.sub("", typed(code)).translate(TO_LATIN)[:_LONGEST]


def gtin(code: str) -> str | None:
    """A barcode of any length (EAN-8, UPC-A, EAN-13, ITF-14, or with zeros a spreadsheet ate) as 14
    digits, else None.
    """
    digits = re.sub(r"[\s-]", "", code)
    return digits.zfill(14) if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 14 else None


def is_code_like(code: str) -> bool:
    """Whether a piece of a code may be meant: it has a digit, and enough signs."""
    return len(code) >= SHORTEST_PIECE and _DIGITS.search(code) is not None


def pieces(folded_code: str) -> list[str]:
    """The runs of three signs of a folded code: a code that has all of them in a row holds the piece."""
    return [folded_code[i : i + SHORTEST_PIECE] for i in range(len(folded_code) - SHORTEST_PIECE + 1)]


# One column of an index holds all forms; the first sign says which it is.
def as_typed(code: str) -> str:
    return "=" + typed(code)


def as_gtin(code: str) -> str | None:
    padded = gtin(code)
    return "#" + padded if padded else None


def as_folded(code: str) -> str:
    return "~" + folded(code)


def marked(codes: Iterable[str], barcodes: Iterable[str]) -> list[str]:
    """All the forms in which a document's codes are found whole."""
    forms = {form for code in codes for form in (as_typed(code), as_folded(code)) if len(form) > 1}
    forms |= {form for barcode in barcodes if (form := as_gtin(barcode))}
    return sorted(forms)
