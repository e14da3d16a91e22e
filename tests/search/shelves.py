"""A room of the tests' own: things on a shelf that can be found, changed and taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from search.access import EVERYONE, Access
from search.documents import Document, Words
from search.searchable import Searchable

# Really committed, for what other connections must see; afterwards the tables of search alone are emptied.
on_disk = pytest.mark.django_db(transaction=True, available_apps=["search"])


def thing(key: str, title: str = "", **fields: Any) -> Document:
    """A thing that everybody may find, unless `readers` say otherwise."""
    keywords = Words(ru=fields.pop("keywords", ""))
    body = Words(ru=fields.pop("body", ""))
    readers = frozenset(fields.pop("readers", {EVERYONE}))
    return Document(
        kind="thing", key=key, title=Words(ru=title or key), keywords=keywords, body=body, readers=readers, **fields
    )


class Shelf:
    """Keeps documents as a room keeps its rows; an actor here is simply what they have access to."""

    def __init__(self, *documents: Document) -> None:
        self.things = {document.key: document for document in documents}
        self.reads: list[list[str]] = []

    def put(self, document: Document) -> None:
        self.things[document.key] = document

    def rename(self, key: str, title: str) -> None:
        self.things[key] = replace(self.things[key], title=Words(ru=title))

    def documents(self, keys: Sequence[str]) -> Iterator[Document]:
        self.reads.append(list(keys))
        return (self.things[key] for key in keys if key in self.things)

    def keys(self) -> Iterator[str]:
        return iter(sorted(self.things))

    @property
    def searchable(self) -> Searchable[Access]:
        return self.of("thing")

    def of(self, kind: str) -> Searchable[Access]:
        """The shelf as a room of this kind."""
        return Searchable(
            kind=kind,
            documents=self.documents,
            keys=self.keys,
            access=lambda actor: actor,
            permitted=lambda actor, keys: set(keys),
        )

    @property
    def searchables(self) -> dict[str, Searchable[Access]]:
        return {"thing": self.searchable}
