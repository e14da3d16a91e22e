"""What an engine is: it answers attempts, and it keeps documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from search.digests import Tally
from search.documents import Document
from search.query import Hit, Query
from search.reading import Attempt


@dataclass(frozen=True, slots=True)
class Answer:
    """What one engine says to one attempt."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """A document to be kept, or to be removed where it is None. `key` and `version` as in `feed.version`."""

    kind: str
    key: str
    document: Document | None


class Engine(Protocol):
    """One engine. Every engine passes the same contract tests (tests/search/test_contract.py)."""

    name: str

    def ask(self, questions: Sequence[tuple[Query, Attempt]]) -> list[Answer]:
        """Answer each question, in order. Raises EngineDownError."""

    def write(self, writes: Sequence[Write], version: int) -> dict[tuple[str, str], str]:
        """Keep or remove documents, unless a newer version is there already.

        Answers the error text of each (kind, key) the engine refused. Raises EngineDownError; then any
        part may have been written.
        """

    def tally(self, kind: str, index: str = "") -> Tally:
        """What is kept of the kind, by bucket (of this `index` rather than the one that answers, where an
        engine has several). Raises EngineDownError.
        """

    def kept(
        self, kind: str, *, buckets: Sequence[int] = (), keys: Sequence[str] = (), index: str = ""
    ) -> dict[str, tuple[int, int]]:
        """The version and the digest of each document kept in these buckets or under these keys, by key.
        Raises EngineDownError.
        """
