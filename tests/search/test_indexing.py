"""From the feed into the engines: nothing lost, nothing overwritten by something older."""

from __future__ import annotations

import os
import signal

from django.utils import timezone

from search import feed, indexing
from search.engines.base import Write
from search.engines.elasticsearch import ElasticEngine, client
from search.engines.postgresql import PostgresEngine
from search.models import Change, Entry
from search.rebuilding import rebuild
from tests.services.forking import forked

from .shelves import Shelf, on_disk, thing


def refresh(engine):
    if isinstance(engine, ElasticEngine):
        engine.writing.indices.refresh()


def bring_up_to_date(engine, shelf):
    while indexing.process_batch(engine, shelf.searchables):
        pass
    refresh(engine)


def test_changes_reach_the_engine_and_are_forgotten(engine, fill, ask):
    shelf = fill(thing("1", "Дрель"), thing("2", "Пила"))
    shelf.rename("1", "Фен")
    shelf.put(thing("3", "Фен"))
    del shelf.things["2"]
    feed.mark("thing", ["1", "2", "3", "1"])
    bring_up_to_date(engine, shelf)
    assert ask("фен").keys == ["1", "3"]
    assert ask("").total == 2
    assert not Change.objects.filter(engine=engine.name).exists()


def test_a_batch_reads_each_thing_once(engine, fill):
    shelf = fill()
    for _ in range(3):
        feed.mark("thing", ["1", "2"])
    bring_up_to_date(engine, shelf)
    assert shelf.reads == [["1", "2"]]


def test_an_older_write_never_overwrites_a_newer_one(engine, fill, ask):
    fill()
    older, newer = feed.version(), feed.version()
    assert engine.write([Write("thing", "1", thing("1", "Новая"))], newer) == {}
    assert engine.write([Write("thing", "1", thing("1", "Старая"))], older) == {}
    refresh(engine)
    assert (ask("новая").total, ask("старая").total) == (1, 0)


def test_an_older_write_never_brings_back_what_has_gone(engine, fill, ask):
    fill(thing("1", "Дрель"))
    older, newer = feed.version(), feed.version()
    engine.write([Write("thing", "1", None)], newer)
    engine.write([Write("thing", "1", thing("1", "Дрель"))], older)
    refresh(engine)
    assert ask("").total == 0


def test_it_is_the_version_that_holds_it_back(engine, fill, ask):
    """The negative control: the same old state under a newer version does overwrite."""
    fill()
    engine.write([Write("thing", "1", thing("1", "Новая"))], feed.version())
    engine.write([Write("thing", "1", thing("1", "Старая"))], feed.version())
    refresh(engine)
    assert (ask("новая").total, ask("старая").total) == (0, 1)


def test_a_poisoned_thing_holds_up_no_other(engine, fill, ask):
    shelf = fill()
    read = shelf.documents
    shelf.documents = lambda keys: read(keys) if "bad" not in keys else 1 / 0
    shelf.put(thing("1", "Дрель"))
    feed.mark("thing", ["1", "bad"])
    bring_up_to_date(engine, shelf)
    assert ask("дрель").keys == ["1"]
    left = Change.objects.get(engine=engine.name)
    assert (left.key, left.attempts, left.error) == ("bad", 1, "ZeroDivisionError: division by zero")


def test_what_elasticsearch_refuses_is_kept_with_its_reason(elastic):
    shelf = Shelf()
    rebuild(shelf.searchable, elastic.name)
    shelf.put(thing("1", facets={"shelf": ("x" * 40_000,)}))
    shelf.put(thing("2"))
    feed.mark("thing", ["1", "2"])
    bring_up_to_date(elastic, shelf)
    left = Change.objects.get(engine="elasticsearch")
    assert (left.key, left.attempts) == ("1", 1)
    assert "facet.shelf" in left.error
    assert elastic.count("thing") == 1


def test_a_dead_elasticsearch_keeps_its_changes_and_holds_up_nobody(db, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    rebuild_target()
    shelf = Shelf(thing("1", "Дрель"))
    feed.mark("thing", ["1"])
    assert indexing.process(shelf.searchables) == 1
    assert Entry.objects.get().key == "1"
    assert [change.engine for change in Change.objects.all()] == ["elasticsearch"]
    assert Change.objects.get().attempts == 0


def rebuild_target():
    """An index that is known here, whatever has become of it there."""
    from search.models import Index

    Index.objects.create(name="lost", kind="thing", state=Index.State.LIVE, changed_at=timezone.now())


def test_a_lost_index_is_not_made_up_from_changes(elastic):
    rebuild_target()
    feed.mark("thing", ["1"])
    assert indexing.process(Shelf(thing("1")).searchables) == 1  # PostgreSQL's
    assert Change.objects.get().engine == "elasticsearch"
    assert not elastic.writing.indices.exists(index="lost")


def test_tombstones_go_after_a_day(db):
    engine = PostgresEngine()
    engine.write([Write("thing", "1", None), Write("thing", "2", thing("2"))], feed.version())
    assert indexing.forget_tombstones() == 0
    Entry.objects.update(written_at=timezone.now() - timezone.timedelta(days=2))
    assert indexing.forget_tombstones() == 1
    assert Entry.objects.get().key == "2"


class KilledAfterWriting(PostgresEngine):
    """Does its work and is killed at once, before anybody can write down that it is done."""

    def write(self, writes, version):
        super().write(writes, version)
        os.kill(os.getpid(), signal.SIGKILL)


class ElasticKilledAfterWriting(ElasticEngine):
    def write(self, writes, version):
        super().write(writes, version)
        os.kill(os.getpid(), signal.SIGKILL)


def killed_while_processing(make_engine, shelf):
    """Process a batch in a process of its own, which does not survive it."""
    status = forked(lambda: indexing.process_batch(make_engine(), shelf.searchables))
    assert os.WTERMSIG(status) == signal.SIGKILL


@on_disk
def test_a_worker_killed_between_writing_and_forgetting_loses_nothing():
    shelf = Shelf(thing("1", "Дрель"))
    feed.mark("thing", ["1"])
    killed_while_processing(KilledAfterWriting, shelf)
    assert Change.objects.count() == 1
    assert indexing.process(shelf.searchables) == 1
    assert (Entry.objects.get().key, Change.objects.count()) == ("1", 0)


@on_disk
def test_the_same_with_elasticsearch(settings, elasticsearch_url):
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.SEARCH_INDEX_PREFIX = "test-killed"
    shelf = Shelf()
    rebuild(shelf.searchable, "elasticsearch")
    shelf.put(thing("1", "Дрель"))
    feed.mark("thing", ["1"])

    def engine():
        return ElasticKilledAfterWriting(client(elasticsearch_url, 9.0), client(elasticsearch_url, 9.0))

    killed_while_processing(engine, shelf)
    elastic = ElasticEngine.installed()
    assert elastic.count("thing") == 1  # it was written
    assert Change.objects.filter(engine="elasticsearch").count() == 1  # and is not forgotten
    assert indexing.process(shelf.searchables) == 2
    assert (elastic.count("thing"), Change.objects.count()) == (1, 0)
    elastic.drop(elastic.holders("thing")[0])
