"""The question and the answer, the same for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from .access import NOTHING, Access

if TYPE_CHECKING:
    from .reading import Reading


MOST_FACET_VALUES = 1_000  # of one facet, the most frequent; a tree's upper branches are always among them


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NAME = "name"
    NEWEST = "newest"
    LOWEST = "lowest"  # of `Query.sort_numbers`; who has none of them comes last
    HIGHEST = "highest"


class Rung(IntEnum):
    """How a document was found. A higher rung always stands before a lower one, whatever the words say."""

    WORDS = 0
    PART = 1  # one word of several is the whole code
    INFIX = 2
    PREFIX = 3
    FOLDED = 4
    BARCODE = 5
    TYPED = 6
    OWN = 7  # what whoever asks calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question about one kind.

    `selected` keeps documents that have any of the values within a facet, for every facet named. `facets`
    are counted: each under all other facets' selections, so that more values of it can be chosen. A facet
    whose values are of many sorts ("voltage=18", "motor=brushless") has a name that ends with a slash, and is
    chosen and counted by its groups as well: `attribute/voltage` has the value "18" where `attribute/` has "voltage=18".

    `ranges` are inclusive bounds of `numbers`; of several names the first that a document has is asked, and one that
    has none is left out. `only`: among the documents with these keys. `as_you_type`: the last word may be unfinished;
    nobody reads the total then, and it may be too small. `as_typed`: never read in another keyboard layout. `loose`:
    with most of the words instead of all (None: where all find nothing). `similar`: how many codes one edit away to
    name where the code itself is not found. `own`: keys of what the person who asks calls so, and how well: found
    like any other, within the access. Without `access` nothing is found.
    """

    kind: str
    text: str = ""
    access: Access = NOTHING
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[tuple[str, ...], tuple[float | None, float | None]] = field(default_factory=dict)
    only: tuple[str, ...] | None = None
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    sort_numbers: tuple[str, ...] = ()
    language: str = "ru"
    offset: int = 0
    limit: int = 24
    as_you_type: bool = False
    as_typed: bool = False
    prose: bool = False
    similar: int = 0
    loose: bool | None = None
    own: Mapping[str, Rung] = field(default_factory=dict)

    def own_by_rung(self) -> dict[Rung, list[str]]:
        """The keys of `own` by how well."""
        return {rung: [key for key, at in self.own.items() if at == rung] for rung in set(self.own.values())}

    def with_access(self, access: Access) -> "Query":
        return replace(self, access=access)


def facet_of(name: str) -> tuple[str, str]:
    """The facet behind a name in `Query.facets`, and how the values of its group begin (nothing without a group)."""
    facet, _slash, group = name.partition("/")
    return facet, f"{group}=" if group else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, best first: its key, how it was found, and the engine's own score within that
    rung.
    """

    key: str
    rung: Rung = Rung.WORDS
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Results:
    """The answer: a page of hits, the number of all, counts by facet value (most frequent first).

    `interpreted_as` is the text that was searched for instead of the one typed, else None. `engine` is who
    answered.
    """

    engine: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    interpreted_as: str | None = None
    reading: "Reading | None" = None  # how the text was understood, to mark in texts what answers it
    is_loose: bool = False  # found by some of the words only, for want of anything with all of them
    similar: tuple[str, ...] = ()  # keys of what has a code one edit away: other things, to be labelled so

    @property
    def keys(self) -> list[str]:
        return [hit.key for hit in self.hits]
