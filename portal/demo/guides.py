"""The 40 guides and pieces of news, read from `texts/`: words from the two languages, the rest from `index.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .assortment.base import Words
from .markdown import Block, blocks

LANGUAGES = ("ru", "en")
_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom texts are for; an empty dimension does not limit."""

    name: str
    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    head_office_only: bool = False


AUDIENCES = {
    "everyone": Audience("Все"),
    "owners": Audience("Владельцы", roles=("owner",)),
    "buying": Audience("Владельцы и закупщики", roles=("owner", "buyer")),
    "selling": Audience("Владельцы и продавцы", roles=("owner", "seller")),
    "trading": Audience("Все, кто видит цены", roles=("owner", "buyer", "seller")),
    "south": Audience("Регион «Юг»", regions=("south",)),
    "south-buying": Audience("Регион «Юг», владельцы и закупщики", roles=("owner", "buyer"), regions=("south",)),
    "urals": Audience("Регион «Урал»", regions=("urals",)),
    "gold": Audience("Уровень «Золото»", tiers=("gold",)),
    "head-office": Audience("Головной офис", head_office_only=True),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in one language. `ask` are the questions by which a newcomer would look for it."""

    title: str
    lede: str
    body: list[Block]
    task: str = ""
    note: str = ""
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: Words
    lede: Words
    audience: str


@dataclass(frozen=True, slots=True)
class Text:
    """A guide, or a piece of news (those have a day and a topic)."""

    slug: str
    section: str
    audience: str
    wordings: Mapping[str, Wording]
    mandatory: bool = False
    significance: str = "notable"
    icon: str = "book-half"
    skus: tuple[str, ...] = ()
    published_on: date | None = None
    topic: str = ""
    read_by: date | None = None

    @property
    def is_news(self) -> bool:
        return self.published_on is not None


@dataclass(frozen=True, slots=True)
class _Source:
    head: dict[str, str] = field(default_factory=dict)
    body: str = ""


def _read(path: Path) -> _Source:
    head_lines, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = (line.partition(": ") for line in head_lines.splitlines())
    return _Source({key: value for key, _, value in pairs}, body)


def _wording(language: str, slug: str) -> Wording:
    source = _read(_TEXTS / language / f"{slug}.md")
    head = source.head
    ask = tuple(question.strip() for question in head.get("ask", "").split("|") if question.strip())
    return Wording(head["title"], head["lede"], blocks(source.body), head.get("task", ""), head.get("note", ""), ask)


def _text(slug: str, facts: Mapping[str, Any], section: str) -> Text:
    return Text(
        slug=slug,
        section=section,
        audience=facts["audience"],
        wordings={language: _wording(language, slug) for language in LANGUAGES},
        mandatory=facts.get("mandatory", False),
        significance=facts.get("significance", "notable"),
        icon=facts.get("icon", "book-half"),
        skus=tuple(facts.get("skus", ())),
        published_on=facts.get("date"),
        topic=facts.get("topic", ""),
        read_by=facts.get("read_by"),
    )


def _index() -> dict[str, Any]:
    return tomllib.loads((_TEXTS / "index.toml").read_text(encoding="utf-8"))


@cache
def sections() -> tuple[Section, ...]:
    """The shelves, in order."""
    return tuple(
        Section(
            slug,
            Words(facts["ru"][0], facts["en"][0]),
            Words(facts["ru"][1], facts["en"][1]),
            facts.get("audience", "everyone"),
        )
        for slug, facts in _index()["sections"].items()
    )


@cache
def texts() -> tuple[Text, ...]:
    """Guides shelf by shelf, then news, newest first."""
    index = _index()
    guides = (_text(slug, facts, facts["section"]) for slug, facts in index["guides"].items())
    return (*guides, *(_text(slug, facts, "news") for slug, facts in index["news"].items()))
