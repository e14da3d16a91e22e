"""Who may read a document, in a form every engine can filter by.

A document names its readers, a question names who asks; they meet when one name is in both. A document
without readers is read by nobody but those who read everything, and a question without names finds
nothing: both fail closed.
"""

from dataclasses import dataclass

EVERYONE = "everyone"  # who is signed in
OPEN = "open"  # says of a document with other readers that these are all who are signed in; it grants nothing by itself


def audience(audience_id: int) -> str:
    """The name of an audience among readers."""
    return f"audience:{audience_id}"


def dealer(dealer_id: int) -> str:
    """The name of a dealer among readers."""
    return f"dealer:{dealer_id}"


@dataclass(frozen=True, slots=True)
class Access:
    """What whoever asks may find of one kind."""

    names: frozenset[str] = frozenset()
    all: bool = False
    open: bool = False  # may find what is `OPEN`, by other names: its words may be what was meant

    @classmethod
    def nothing(cls) -> "Access":
        return NOTHING

    @classmethod
    def everything(cls) -> "Access":
        return cls(all=True)

    @classmethod
    def of(cls, *names: str) -> "Access":
        return cls(names=frozenset(names))

    @property
    def finds_open(self) -> bool:
        """Whether everything that all who are signed in may read is among what may be found."""
        return self.all or self.open or EVERYONE in self.names

    @property
    def is_nothing(self) -> bool:
        return not self.all and not self.names


NOTHING = Access()
