"""Writers write, an index is rebuilt, and everything is killed in turn, for real: nothing is lost.

PostgreSQL and Elasticsearch are this test's own, with folders of their own.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.running import postgres
from portal.running.cluster import Cluster
from search import analysis
from tests.services import elasticsearch

from . import yard
from .yard import Yard


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        yield Path(name) / "var"
        postgres.stop(Path(name) / "var")


def test_nothing_is_lost_whatever_is_killed(elasticsearch_url: str, var: Path, django_db_blocker: object) -> None:
    """(`elasticsearch_url` skips the test where there can be no Elasticsearch.)"""
    with ThreadPoolExecutor(1) as meanwhile:
        database = meanwhile.submit(postgres.ensure_running, var)
        node = elasticsearch.start(brief=True)
    place = Yard(database.result(), node.url)
    analysis.document_terms("Вещь")  # what it reads from the disk, every process then has
    try:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            place.ask(yard.furnish)
            writers = [place.spawn(lambda seed=seed: yard.write(seed)) for seed in (1, 2)]
            worker = place.spawn(yard.work)
            rebuilding = place.spawn(yard.rebuild_whatever_happens)
            assert place.ask(lambda: yard.waited_for(yard.is_rebuilding, 20))
            place.kill(worker)
            worker = place.spawn(yard.work)
            place.kill(rebuilding)
            assert place.ask(yard.is_rebuilding), "it was cut short"
            rebuilding = place.spawn(yard.rebuild_whatever_happens)
            time.sleep(0.5)

            os.killpg(node.pid, signal.SIGKILL)
            time.sleep(0.5)
            node = elasticsearch.revive(node, brief=True)
            time.sleep(0.5)

            os.kill(Cluster.under(var).postmaster() or 0, signal.SIGKILL)
            time.sleep(0.3)
            postgres.ensure_running(var)
            assert place.ended(rebuilding) == 0
            for writer in writers:
                place.kill(writer)
            assert place.ask(lambda: yard.waited_for(yard.is_calm, 30)), "the worker goes on by itself"
            assert place.ask(yard.lost) == {"postgresql": [], "elasticsearch": []}

            the_harm_without_the_guard(place, worker)
    finally:
        place.clear()
        node.stop()


def the_harm_without_the_guard(place: Yard, worker: int) -> None:
    """The negative control, on the same servers: a worker that forgets the row before it has written loses changes."""
    place.kill(worker)
    writer = place.spawn(lambda: yard.write(3))
    for _ in range(4):
        careless = place.spawn(yard.careless_work)
        time.sleep(0.4)
        place.kill(careless)
    place.kill(writer)
    worker = place.spawn(yard.work)
    assert place.ask(lambda: yard.waited_for(yard.is_calm, 30))
    assert any(place.ask(yard.lost).values())
