"""What a room declares about the things of one kind that can be found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .access import Access
from .documents import Document

Actor = TypeVar("Actor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable(Generic[Actor]):
    """A kind of things, declared as `SEARCHABLE` in a room's `search.py`.

    `documents(keys)` reads the present state of these things; a key without a document has gone. `keys()`
    goes through all of them. `access(actor)` says what the actor may find, `permitted(actor, keys)` which
    of these the actor may see, asked of the room's own `visible_to`: hits pass it before anyone sees
    them.
    """

    kind: str
    documents: Callable[[Sequence[str]], Iterable[Document]]
    keys: Callable[[], Iterator[str]]
    access: Callable[[Actor], Access]
    permitted: Callable[[Actor, Sequence[str]], set[str]]
