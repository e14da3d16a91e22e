"""Things that belong to other things: the case of a notebook, the bit of a screwdriver.

Who asks for a notebook wants notebooks, and names of cases are shorter and say "notebook" oftener. So an
article whose title names such a thing stands behind, unless the question names one too. Whole words of two
languages, nothing of any one catalogue.
"""

import re
from collections.abc import Iterable
from typing import Final

from . import analysis
from .documents import Document

MARK: Final = "§aside"  # among the codes of a document, where no code can be: those begin with = ~ #
WORTH: Final = 0.5  # of an aside's words, where the question names none

_WORDS: Final = """
    accessory adapter adaptor arm armature backpack bag battery bearing bit blade bracket briefcase brush cable cap carrier
    cart cartridge
    case charger chuck cleaner cleaning connector converter cord cover cradle dock docking drawer drum enclosure extender
    extension filter foil folio fuser handle holder hood kit lamp lead licence license lock maintenance module mount mounting
    nozzle pad panel part plate pouch protector rail refill remote replacement rest roller screw shelf skin sleeve spare
    splitter stand strap support toner tray warranty wrist
    адаптер аккумулятор бита барабан батарея гарантия держатель диск замок запчасть запасной зарядный зарядка кабель картридж
    кейс кожух крепление кронштейн крышка лампа лезвие лицензия лоток мешок модуль насадка нож оснастка патрон переходник
    подставка принадлежность ремень рукоятка рюкзак сверло сумка тонер удлинитель фильтр футляр цепь чехол шина шнур щетка
    якорь статор корпус редуктор шестерня шпиндель выключатель сальник подшипник
"""
_HEAD: Final = re.compile(r",\s|[;(]|\bwith\b|\bс\b", re.IGNORECASE)
_FOR: Final = re.compile(r"\w\s+(?:for|для)\s", re.IGNORECASE)
_FORMS: Final = frozenset(form for word in _WORDS.split() for form in analysis.forms(word))


def names_one(words: Iterable[analysis.Forms]) -> bool:
    """Whether one of the words is of such a thing."""
    return any(not _FORMS.isdisjoint(forms) for forms in words)


def marks(document: Document) -> list[str]:
    """`[MARK]` of an article, which is what has codes, that is such a thing; else nothing."""
    is_article = bool(document.codes or document.barcodes)
    return [MARK] if is_article and any(map(_is_one, (document.title.ru, document.title.en))) else []


def _is_one(title: str) -> bool:
    """What stands after a comma comes along with the thing ("Дрель ДУ-1050, патрон 13 мм, кейс"); what is for
    something else is not that.
    """
    head = _HEAD.split(analysis.composed(title), maxsplit=1)[0]
    return names_one(analysis.document_terms(head)) or _FOR.search(head) is not None
