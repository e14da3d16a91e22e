"""Servers of a test's own, and processes that live with them and may be killed: writers, a worker, a rebuild."""

from __future__ import annotations

import os
import pickle
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from search import feed, indexing
from search.access import EVERYONE, Access
from search.digests import digest
from search.documents import Document, Words
from search.models import Change, Index
from search.rebuilding import rebuild
from search.searchable import Searchable

THINGS = 1_200


def sql(statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else []


def documents(keys: Sequence[str]) -> Iterator[Document]:
    for key, title in sql("SELECT key, title FROM yard_thing WHERE key = ANY(%s)", [list(keys)]):
        yield Document(kind="thing", key=key, title=Words(ru=title), readers=frozenset({EVERYONE}))


def keys() -> Iterator[str]:
    return (key for (key,) in sql("SELECT key FROM yard_thing ORDER BY key"))


SEARCHABLE: Searchable[Access] = Searchable(
    kind="thing", documents=documents, keys=keys, access=lambda actor: actor, permitted=lambda actor, keys: set(keys)
)
SEARCHABLES = {"thing": SEARCHABLE}


class Yard:
    """What runs against one PostgreSQL and one Elasticsearch, each task in a process of its own."""

    def __init__(self, database: str, elasticsearch: str) -> None:
        self.database = database
        self.elasticsearch = elasticsearch
        self.pids: set[int] = set()

    def spawn(self, work: Callable[[], object]) -> int:
        """Start it; answers the process. It ends with 0, or with 2 for whatever is raised."""
        child = os.fork()
        if child == 0:
            try:
                self._move_in()
                work()
                os._exit(0)
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(2)
        self.pids.add(child)
        return child

    def _move_in(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        connections.databases["default"].update(environ.Env.db_url_config(self.database))
        for alias in connections:
            if hasattr(connections._connections, alias):
                del connections[alias]  # the parent's: not closed, forgotten
        settings.ELASTICSEARCH_URL = self.elasticsearch
        settings.SEARCH_INDEX_PREFIX = "yard"

    def ask(self, work: Callable[[], Any]) -> Any:
        """Do it in a process of the yard and answer what it answers."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder, "told")
            assert self.ended(self.spawn(lambda: told.write_bytes(pickle.dumps(work())))) == 0
            return pickle.loads(told.read_bytes())

    def ended(self, pid: int) -> int:
        """Wait for it; answers its exit status."""
        self.pids.discard(pid)
        return os.waitpid(pid, 0)[1]

    def kill(self, pid: int) -> None:
        """kill -9"""
        os.kill(pid, signal.SIGKILL)
        self.ended(pid)

    def clear(self) -> None:
        for pid in list(self.pids):
            with suppress(ProcessLookupError, ChildProcessError):
                self.kill(pid)


def furnish() -> None:
    """The tables of search alone, and things to be found."""
    executor = MigrationExecutor(connection)
    executor.migrate([target for target in executor.loader.graph.leaf_nodes() if target[0] == "search"])
    sql("CREATE TABLE yard_thing (key text PRIMARY KEY, title text)")
    sql("INSERT INTO yard_thing SELECT n::text, 'Вещь ' || n FROM generate_series(1, %s) n", [THINGS])
    for engine in ("postgresql", "elasticsearch"):
        rebuild(SEARCHABLE, engine)


def write(seed: int) -> None:
    """Change one thing after the other, for ever."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        with outliving_servers():
            change(str(chance.randint(1, THINGS)), f"Вещь {seed}n{number}" if chance.random() > 0.1 else None)
        time.sleep(0.02)


@transaction.atomic
def change(key: str, title: str | None) -> None:
    if title is None:
        sql("DELETE FROM yard_thing WHERE key = %s", [key])
    else:
        sql(
            "INSERT INTO yard_thing VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET title = excluded.title",
            [key, title],
        )
    feed.mark("thing", [key])


def work() -> None:
    """The worker, for ever."""
    while True:
        with outliving_servers():
            indexing.process(SEARCHABLES)
        time.sleep(0.02)


def careless_work() -> None:
    """The worker without its guard: the row goes first, then the engine is written to."""
    while True:
        with outliving_servers():
            for engine in indexing.engines_in_use():
                with transaction.atomic():
                    taken = feed.take(engine.name, 100)
                    feed.done(taken)
                time.sleep(0.05)
                engine.write(indexing.present(SEARCHABLE, [row.key for row in taken]), feed.version())


def rebuild_whatever_happens() -> None:
    """Rebuild Elasticsearch's index until one rebuild has come to its end."""
    before = set(Index.objects.filter(state="live").values_list("name", flat=True))
    while True:
        with outliving_servers():
            rebuild(SEARCHABLE, "elasticsearch", progress=lambda _: time.sleep(0.4))
        with outliving_servers():
            if set(Index.objects.filter(state="live").values_list("name", flat=True)) != before:
                return
        time.sleep(0.2)


class outliving_servers:  # noqa: N801 - reads as a word of the language
    """Whatever a dead server makes of the work: try again, on a new connection."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        from django.db import Error

        from search.errors import AlreadyRunningError, EngineDownError

        if isinstance(error, Error | EngineDownError | AlreadyRunningError):
            connection.close()
            connection.in_atomic_block = False
            connection.needs_rollback = False
            time.sleep(0.1)
            return True
        return False


def waited_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def is_rebuilding() -> bool:
    return Index.objects.filter(state="building").exists()


def is_calm() -> bool:
    """Whether the worker has done everything."""
    return not Change.objects.exists()


def lost() -> dict[str, list[str]]:
    """By engine, the keys of which it holds something else than the database says; read one by one."""
    truth = {document.key: digest(document) for document in documents(list(keys()))}
    found = {}
    for engine in indexing.engines_in_use():
        everything = sorted({*truth, *map(str, range(1, THINGS + 1))})
        kept = {key: line[1] for key, line in engine.kept("thing", keys=everything).items()}
        found[engine.name] = [key for key in everything if truth.get(key) != kept.get(key)]
    return found
