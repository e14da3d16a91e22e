"""What a room says about one searchable thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the portal's two languages; either may be empty. Both are searched whatever the reader's
    language is.
    """

    ru: str = ""
    en: str = ""

    def __str__(self) -> str:
        return f"{self.ru}\n{self.en}"

    def in_language(self, language: str) -> str:
        """The text in that language, else in the other one."""
        return (self.en or self.ru) if language == "en" else (self.ru or self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing that can be found.

    `title` outweighs `keywords` (brand, category, attributes), which outweigh `body`. `codes` are found
    as typed, folded, by their beginning and middle; `barcodes` whole only. `readers` are names of
    `search.access`: none means head office only. `facets` are ids or words to filter and count by, with
    the ancestors of a place in a tree; the name of one whose values are in groups ends with a slash, see
    `search.query.Query`. `numbers` are for ranges. `weight` 0…1 breaks ties between equally
    good answers and orders an empty question. `moment` is for "newest".
    """

    kind: str
    key: str
    title: Words
    keywords: Words = Words()
    body: Words = Words()
    codes: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    readers: frozenset[str] = frozenset()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    weight: float = 0.0
    moment: datetime | None = None
