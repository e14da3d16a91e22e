"""Elasticsearch stopped, hung, lost or empty: search goes on, within a second, and says who answered."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from accounts.enums import Role
from search import engines
from search.engines import breaker
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine
from search.models import Index
from search.query import Query
from search.rebuilding import rebuild
from tests.factories import make_member
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


def test_an_address_that_takes_no_connection(shelf, settings, monkeypatch, client_of):
    """As behind a firewall that answers nothing: connecting itself hangs."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{full.getsockname()[1]}"
        engine, keys, seconds = ask()
        pages_wait_no_longer(client_of(make_member(Role.OWNER)), monkeypatch)
        for one in waiting:
            one.close()
    assert (engine, keys) == ("postgresql", ["1"])
    assert 0.6 <= seconds <= 1.0  # it did hang, and no longer than that


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


@pytest.fixture
def half_dead(elasticsearch_url: str) -> Iterator[tuple[str, dict[str, float]]]:
    """A node behind a wire that waits `seconds` before each answer, and counts what came through."""
    state = {"seconds": 0.0, "asked": 0.0}
    target = urlsplit(elasticsearch_url)

    class Wire(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state["asked"] += 1
            time.sleep(state["seconds"])
            node = HTTPConnection(target.hostname or "", target.port)
            node.request(self.command, self.path, body, dict(self.headers))
            answer = node.getresponse()
            content = answer.read()
            with contextlib.suppress(OSError):  # who asked may have gone
                self.send_response(answer.status)
                for name in ("Content-Type", "X-Elastic-Product"):
                    self.send_header(name, answer.headers.get(name, ""))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = forward  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", state
    server.shutdown()


def test_a_node_that_answers_slowly_does_not_slow_everybody(shelf, settings, half_dead, monkeypatch, caplog):
    """Slow again and again is as good as hung; and the time is for all steps of a question together."""
    settings.ELASTICSEARCH_URL, wire = half_dead
    settings.SEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(4)}"
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch", pause=60))
    monkeypatch.setattr(breaker, "SLOW", 0.1)
    rebuild(shelf.searchable, "elasticsearch")
    answered_by("elasticsearch", within=20)
    settings.ELASTICSEARCH_SECONDS, wire["seconds"] = 5.0, 0.12
    assert [ask()[0] for _ in range(breaker.STRIKES)] == ["elasticsearch"] * breaker.STRIKES
    wire["asked"] = 0
    assert [ask()[0] for _ in range(3)] == ["postgresql"] * 3
    assert wire["asked"] == 0
    assert "is slow" in caplog.text

    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch", pause=60))
    settings.ELASTICSEARCH_SECONDS, wire["seconds"] = 0.7, 0.4  # each step in time, both together not
    began = time.monotonic()
    results = engines.search(
        Query(kind="thing", text="ghbdtn lheu", access=READER)
    )  # read twice: as typed, then swapped
    assert (results.engine, results.total) == ("postgresql", 0)
    assert time.monotonic() - began <= 1.0
    for name in Index.objects.values_list("name", flat=True):
        ElasticEngine.installed().drop(name)


def test_health_looks_for_itself_and_says_what_it_saw(shelf, settings, elasticsearch_url, client, monkeypatch):
    settings.ELASTICSEARCH_URL = elasticsearch_url
    facts = {line["engine"]: line for line in client.get("/health/").json()["search_engines"]}
    assert (facts["elasticsearch"]["answers"], facts["elasticsearch"]["breaker"]) == (True, "closed")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    answer = client.get("/health/")
    facts = {line["engine"]: line for line in answer.json()["search_engines"]}
    assert (facts["elasticsearch"]["answers"], facts["elasticsearch"]["breaker"]) == (False, "open")
    assert (answer.status_code, answer.json()["search"]) == (200, "postgresql")


def pages_wait_no_longer(person, monkeypatch):
    """A page and the API of a process that does not know yet, beside the same once it does."""
    for path in ("/search/?q=дрель", "/api/v1/search/?q=дрель"):
        person.get(path)  # templates are read from the disk once
        monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch", pause=60))
        spent = []
        for _ in range(2):
            began = time.monotonic()
            assert person.get(path).status_code == 200
            spent.append(time.monotonic() - began)
        assert spent[0] - spent[1] <= 1.0
    assert person.get(path).json()["engine"] == "postgresql"
    facts = {line["engine"]: line for line in person.get("/health/").json()["search_engines"]}
    assert not facts["elasticsearch"]["answers"]


def answered_by(engine: str, *, within: float) -> None:
    """Ask now and then until this engine answers."""
    deadline = time.monotonic() + within
    while ask()[0] != engine:
        assert time.monotonic() < deadline, f"{engine} did not answer within {within} s"
        time.sleep(0.3)
