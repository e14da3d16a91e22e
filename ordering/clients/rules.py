"""How a client is recognised, and what may be said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.ru import inn

from portal.lib.text import sort_key

from .errors import BadTaxId

CHECKS_A_DAY: Final = 30  # of one dealer
MOST_UNDER_REVIEW: Final = 50  # claims of one dealer
LONGEST_CLAIM: Final = 180  # days
# What names of companies have in common says nothing about which company it is.
_FORMS: Final = re.compile(r"\b(?:ооо|ао|пао|зао|оао|ип|тд|llc|ltd|inc|gmbh)\b|[«»\"'“”.,]", re.IGNORECASE)


def tax_id(text: str) -> str:
    """The tax id in its own digits. Raises BadTaxId naming what is wrong; empty stays empty."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    try:
        return str(inn.validate(digits))
    except InvalidLength as error:
        words = {"n": len(digits)}
        raise BadTaxId(
            _("%(n)s digits: a company's tax id has 10, an entrepreneur's 12.") % words, field="tax_id"
        ) from error
    except ValidationError as error:
        raise BadTaxId(_("This tax id has a wrong digit: check it against a document."), field="tax_id") from error


def phone_key(text: str) -> str:
    """A phone as it is kept and compared: `+79180000000`; a number of another country keeps its digits."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    if len(digits) == 10:
        return f"+7{digits}"
    return f"+{digits}" if digits else ""


def domain_key(text: str) -> str:
    """The domain of an address of the web or of e-mail: `kamnegrad.ru`."""
    text = text.strip().casefold().removeprefix("https://").removeprefix("http://")
    return text.rpartition("@")[2].partition("/")[0].removeprefix("www.")


def name_key(name: str) -> str:
    """A company's name without its legal form and quotes, as it is compared."""
    return sort_key(_FORMS.sub(" ", name)).strip()


@dataclass(frozen=True, slots=True)
class Clues:
    """What a question may mean, read in every way: empty where it cannot be that."""

    tax_id: str = ""
    domain: str = ""
    phone: str = ""
    name: str = ""
    town: str = ""

    @property
    def are_enough(self) -> bool:
        """Whether a client could be recognised at all: a name alone is no clue, a wrong tax id is none either."""
        return bool(self.tax_id or self.domain or self.phone or (self.name and self.town))


def clues(question: str) -> Clues:
    """Reads a question: tax id, web domain or e-mail, phone, or "name, town"."""
    text = question.strip()
    digits = re.sub(r"[\s()+-]", "", text)
    name, _comma, town = text.rpartition(",")
    return Clues(
        tax_id=digits if digits.isdigit() and inn.is_valid(digits) else "",
        domain=domain_key(text) if "." in text and " " not in text else "",
        phone=phone_key(text) if digits.isdigit() and len(digits) in range(10, 16) else "",
        name=name_key(name or text),
        town=sort_key(town) if name else "",
    )
