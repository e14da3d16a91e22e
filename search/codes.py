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
SHORTEST_SIMILAR = 4  # below that any code is close to any other
_LONGEST = 64
_LOOK_ALIKE = str.maketrans("ilosz", "11052")
_SEPARATORS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_NO_SIGNS = re.compile("[™®©℠]")  # nobody types them, and the normal form of the first is "TM"
_DIGITS = re.compile(r"\d")


def typed(code: str) -> str:
    """The code as it looks: without regard to case, repeated spaces, and which alphabet the letters are from that both draw
    alike.
    """
    written = unicodedata.normalize("NFKC", _NO_SIGNS.sub("", code))
    return _SPACES.sub(" ", written).strip().casefold().translate(TO_LATIN)


def folded(code: str) -> str:
    """The code's signs alone: no case, no separators, Cyrillic twins as Latin. "АК-18 50" (Cyrillic) is
    ak1850.
    """
    return _SEPARATORS.sub("", typed(code))[:_LONGEST]


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


def halves(folded_code: str) -> list[str]:
    """Under what a code is kept so that those one edit away from it meet it: one edit spares one half whole.

    `<8:ak18` is the first half of a code of eight signs, `>8:50pq` the second.
    """
    length = len(folded_code)
    return _halves(folded_code, length) if length >= SHORTEST_SIMILAR else []


def halves_around(folded_code: str) -> list[str]:
    """Under what all codes one edit away are kept: one sign more, less, another, or two neighbours swapped."""
    length = len(folded_code)
    near = [n for n in (length - 1, length, length + 1) if n >= SHORTEST_SIMILAR]
    forms = [form for n in near for form in _halves(folded_code, n)]
    middle = length // 2  # signs swapped across the middle spare no half: that one code is asked for by itself
    swapped = f"{folded_code[: middle - 1]}{folded_code[middle]}{folded_code[middle - 1]}{folded_code[middle + 1 :]}"
    return [*forms, f"~{swapped}"] if length >= SHORTEST_SIMILAR else forms


def _halves(folded_code: str, length: int) -> list[str]:
    middle = length // 2
    return [f"<{length}:{folded_code[:middle]}", f">{length}:{folded_code[len(folded_code) - (length - middle) :]}"]


def is_neighbour(one: str, other: str) -> bool:
    """Whether two different codes are one edit apart: a sign more, less, another, or two neighbours swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    shorter, longer = sorted((one, other), key=len)
    at = next((i for i, sign in enumerate(shorter) if sign != longer[i]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    rest = shorter[at + 2 :] == longer[at + 2 :]
    return shorter[at + 1 :] == longer[at + 1 :] or (rest and shorter[at : at + 2] == longer[at : at + 2][::-1])


def are_mistaken(one: str, other: str) -> bool:
    """Whether people and scanners take one for the other: they differ in signs that look alike only."""
    return one.translate(_LOOK_ALIKE) == other.translate(_LOOK_ALIKE)


def marked(codes: Iterable[str], barcodes: Iterable[str]) -> list[str]:
    """All the forms in which a document's codes are found whole."""
    forms = {form for code in codes for form in (as_typed(code), as_folded(code)) if len(form) > 1}
    forms |= {form for barcode in barcodes if (form := as_gtin(barcode))}
    return sorted(forms)
