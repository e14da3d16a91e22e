"""Elasticsearch stopped, hung, lost or empty: search goes on, within a second, and says who answered."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator

import pytest

from search import engines
from search.engines.breaker import Breaker
from search.query import Query
from search.rebuilding import rebuild
from tests.services import elasticsearch
from tests.services.elasticsearch import Node

from .conftest import READER
from .shelves import Shelf, thing


@pytest.fixture
def node(elasticsearch_url: str) -> Iterator[Node]:
    """A node of this test's own: it will not survive. (`elasticsearch_url` skips the test where there can
    be none.)
    """
    node = elasticsearch.start()
    yield node
    os.killpg(node.pid, signal.SIGCONT)
    node.stop()


@pytest.fixture
def shelf(db) -> Shelf:
    shelf = Shelf(thing("1", "Дрель"))
    rebuild(shelf.searchable, "postgresql")
    return shelf


def ask() -> tuple[str, list[str], float]:
    began = time.monotonic()
    results = engines.search(Query(kind="thing", text="дрель", access=READER))
    return results.engine, results.keys, time.monotonic() - began


def test_without_an_address_postgresql_answers(shelf):
    assert ask()[:2] == ("postgresql", ["1"])
    assert engines.answering() == "postgresql"


def test_an_address_where_nobody_is(shelf, settings, caplog):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with caplog.at_level(logging.WARNING, "search"):
        assert [ask()[:2] for _ in range(3)] == [("postgresql", ["1"])] * 3
    assert len([record for record in caplog.records if record.name == "search"]) == 1
    assert engines.answering() == "postgresql"


def test_before_the_first_rebuild(shelf, settings, elasticsearch_url):
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.SEARCH_INDEX_PREFIX = "test-never-built"
    assert ask()[:2] == ("postgresql", ["1"])


def test_a_hung_and_then_a_killed_node(shelf, settings, node, caplog, monkeypatch):
    settings.ELASTICSEARCH_URL = node.url
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch", pause=1.5))
    rebuild(shelf.searchable, "elasticsearch")
    caplog.set_level(logging.WARNING, "search")
    answered_by("elasticsearch", within=20)  # a cold node may need a few tries
    caplog.clear()

    os.killpg(node.pid, signal.SIGSTOP)
    engine, keys, seconds = ask()
    assert (engine, keys) == ("postgresql", ["1"])
    assert seconds <= 1.0
    engine, keys, seconds = ask()  # nobody waits a second time
    assert (engine, keys) == ("postgresql", ["1"])
    assert seconds <= 0.3
    assert engines.answering() == "postgresql"

    os.killpg(node.pid, signal.SIGCONT)
    answered_by("elasticsearch", within=20)
    assert engines.answering() == "elasticsearch"
    states = [record.getMessage() for record in caplog.records if record.name == "search"]
    assert ["answers again" in message for message in states] == [False, True]

    os.killpg(node.pid, signal.SIGKILL)
    assert ask()[:2] == ("postgresql", ["1"])


def answered_by(engine: str, *, within: float) -> None:
    """Ask now and then until this engine answers."""
    deadline = time.monotonic() + within
    while ask()[0] != engine:
        assert time.monotonic() < deadline, f"{engine} did not answer within {within} s"
        time.sleep(0.3)
