"""Both engines, each empty and of its own test."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from search import engines, names
from search.access import EVERYONE, Access
from search.documents import Document
from search.engines import climb
from search.engines.base import Engine
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine, client
from search.engines.postgresql import PostgresEngine
from search.models import Index
from search.query import Query, Results
from search.rebuilding import rebuild

from .shelves import Shelf

READER = Access.of(EVERYONE)


@pytest.fixture(autouse=True)
def _closed_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test hears of another's outage."""
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch", pause=60))


@pytest.fixture
def elastic(request: pytest.FixtureRequest, settings: Any, db: None, elasticsearch_url: str) -> Iterator[ElasticEngine]:
    """A real Elasticsearch with a name space of this test's own."""
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.SEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(4)}"
    patient = client(elasticsearch_url, 30.0)  # what is tested here is what it answers, not how soon
    engine = ElasticEngine(patient, patient)
    yield engine
    for name in Index.objects.values_list("name", flat=True):
        engine.drop(name)


@pytest.fixture(params=["postgresql", "elasticsearch"])
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    """The contract's engine: every test that uses it runs on both."""
    if request.param == "elasticsearch":
        return request.getfixturevalue("elastic")
    return PostgresEngine()


Ask = Callable[..., Results]


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """`ask(text, …)` of the engine, as a signed-in person unless `access` says otherwise."""

    def ask(text: str = "", **conditions: Any) -> Results:
        return climb(engine, [Query(**{"kind": "thing", "text": text, "access": READER, **conditions})])[0]

    return ask


@pytest.fixture
def fill(engine: Engine) -> Callable[..., Shelf]:
    """`fill(*documents)`: the engine holds these and nothing else."""

    def fill(*documents: Document) -> Shelf:
        shelf = Shelf(*documents)
        if engine.name != names.POSTGRESQL:  # which keeps every document besides
            rebuild(shelf.searchable, names.POSTGRESQL)
        assert rebuild(shelf.searchable, engine.name) == len(documents)
        return shelf

    return fill
