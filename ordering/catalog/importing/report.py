"""What an import did, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowNote:
    """What became of one row. `message`: what to mend where it was rejected, else a warning or nothing."""

    row: int
    sku: str
    outcome: Outcome
    message: str = ""


@dataclass(slots=True)
class Report:
    """Counts, and the notes worth reading; every note also goes to `each` as it comes (a file, a progress bar)."""

    each: Callable[[RowNote], None] | None = None
    counts: Counter[Outcome] = field(default_factory=Counter)
    problems: list[RowNote] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()
    most_problems: int = 1000

    def add(self, notes: Iterable[RowNote]) -> None:
        for note in notes:
            self.counts[note.outcome] += 1
            if note.message and len(self.problems) < self.most_problems:
                self.problems.append(note)
            if self.each:
                self.each(note)

    @property
    def total(self) -> int:
        return self.counts.total()
