"""PostgreSQL where a word is too common to rank every row that has it: fewer rows are ranked, none is left out."""

from __future__ import annotations

from typing import Any

import pytest

from search.access import EVERYONE, Access, dealer
from search.engines import climb, postgresql_query
from search.engines.postgresql import PostgresEngine
from search.query import Query, Rung
from search.rebuilding import rebuild

from .conftest import READER
from .shelves import Shelf, thing

SHELF = (
    *(thing(f"title {n:02}", "Болт м8", weight=n / 20, facets={"size": (str(n % 3),)}) for n in range(12)),
    *(thing(f"body {n:02}", "Набор", body="Болт м8", weight=1.0, facets={"size": ("set",)}) for n in range(12)),
    thing("aside", "Чехол для болтов м8", codes=("Q-1",), weight=1.0),
    thing("code", "Гайка", codes=("болт-м8",), weight=0.0),
    thing("theirs", "Болт м8", weight=1.0, readers={dealer(2)}, facets={"size": ("theirs",)}),
)


@pytest.fixture(autouse=True)
def _shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_query, "BROAD", 0)
    rebuild(Shelf(*SHELF).searchable, "postgresql")


def ask(text: str, **conditions: Any) -> Any:
    return climb(PostgresEngine(), [Query(**{"kind": "thing", "text": text, "access": READER, **conditions})])[0]


@pytest.fixture(params=[1, 5, 1_000])
def ranked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rows are ranked."""
    monkeypatch.setattr(postgresql_query, "RANKED", request.param)
    return int(request.param)


def test_every_row_stands_on_one_page_and_all_are_counted(ranked: int) -> None:
    pages = [ask("болт м8", offset=offset, limit=4) for offset in range(0, 32, 4)]
    keys = [key for page in pages for key in page.keys]
    assert sorted(keys) == sorted(document.key for document in SHELF if document.key != "theirs")
    assert {page.total for page in pages} == {26}
    assert pages[0].hits[0].key == "code"
    assert pages[0].hits[0].rung == Rung.FOLDED


def test_what_has_the_words_in_its_title_comes_before_what_is_only_heavier(ranked: int) -> None:
    first = ask("болт м8", limit=1 + min(ranked, 12)).keys[1:]
    assert all(key.startswith("title") for key in first), first


def test_as_many_as_can_be_ranked_stand_as_if_all_were(monkeypatch: pytest.MonkeyPatch) -> None:
    broad = ask("болт м8", limit=50).keys
    monkeypatch.setattr(postgresql_query, "BROAD", 10_000)
    assert broad == ask("болт м8", limit=50).keys


def test_an_aside_is_ranked_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_query, "RANKED", 1)
    assert ask("чехол для болтов", limit=1).keys == ["aside"]


def test_most_of_the_words(ranked: int) -> None:
    found = ask("м8 оцинкованный болт", limit=50)
    assert found.is_loose
    assert len(set(found.keys)) == len(found.keys) == found.total == 25


def test_counts_and_conditions(ranked: int) -> None:
    found = ask("болт м8", facets=("size",), selected={"size": ("1", "set")}, limit=50)
    assert found.total == len(found.keys) == 16
    assert found.facets == {"size": {"set": 12, "0": 4, "1": 4, "2": 4}}


def test_nothing_of_another_dealer(ranked: int) -> None:
    """With the negative control: whoever it is for does find it."""
    for offset in range(0, 40, 10):
        assert "theirs" not in ask("болт м8", offset=offset, limit=10).keys
    theirs = Access.of(EVERYONE, dealer(2))
    assert "theirs" in ask("болт м8", access=theirs, limit=50).keys
    assert ask("болт м8", access=theirs, facets=("size",)).facets["size"]["theirs"] == 1
