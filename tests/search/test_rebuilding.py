"""Writing a kind anew under readers and writers."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from search import feed, indexing, rebuilding
from search.engines import climb
from search.engines.base import Write
from search.errors import AlreadyRunningError, DiffersError
from search.models import Change, Index, Rebuild
from search.query import Query
from search.rebuilding import rebuild

from .conftest import READER
from .shelves import Shelf, on_disk, thing
from .test_indexing import bring_up_to_date, refresh


class Changing(Shelf):
    """Between a rebuild's reading and its writing a thing is renamed and a worker brings the engine up to
    date.
    """

    def __init__(self, engine, *documents):
        super().__init__(*documents)
        self.engine = engine
        self.is_first = True

    def documents(self, keys):
        state = list(super().documents(keys))
        if self.is_first:
            self.is_first = False
            self.rename("1", "Новая")
            self.put(thing("2", "Появилась"))
            del self.things["3"]
            feed.mark("thing", ["1", "2", "3"])
            indexing.process_batch(self.engine, self.searchables)
        return iter(state)


def test_what_changes_during_a_rebuild_is_not_lost(engine, ask):
    shelf = Changing(engine, thing("1", "Старая"), thing("3", "Ушла"))
    rebuild(shelf.searchable, engine.name)
    assert (ask("новая").total, ask("старая").total) == (1, 0)
    assert ask("появилась").total == 1
    assert ask("ушла").total == 0


def test_what_is_no_longer_there_is_not_found_any_more(engine, fill, ask):
    shelf = fill(thing("1", "Дрель"), thing("2", "Дрель"))
    del shelf.things["2"]
    assert rebuild(shelf.searchable, engine.name) == 1
    assert ask("дрель").keys == ["1"]


def test_search_answers_all_the_time(engine, fill, ask):
    shelf = fill(*(thing(f"{n:04}", "Дрель") for n in range(1_200)))
    seen, told = [], []

    def watch(count):
        told.append(count)
        seen.append(ask("дрель").total)

    assert rebuild(shelf.searchable, engine.name, progress=watch) == 1_200
    assert told == [500, 500, 200]
    assert seen == [1_200] * 3


def test_a_rebuild_that_fails_leaves_what_was(engine, fill, ask):
    shelf = fill(thing("1", "Дрель"))
    broken = Shelf(thing("1", "Пила"))
    broken.documents = lambda keys: 1 / 0
    with pytest.raises(ZeroDivisionError):
        rebuild(broken.searchable, engine.name)
    assert ask("дрель").keys == ["1"]
    shelf.rename("1", "Фен")
    rebuild(shelf.searchable, engine.name)
    assert ask("фен").keys == ["1"]


def test_changes_from_before_are_done_by_it_and_later_ones_are_not(engine, fill):
    shelf = fill(thing("1"), thing("2"))
    Change.objects.create(engine=engine.name, kind="thing", key="1", set_aside=True, attempts=5)
    feed.mark("thing", ["2"])
    feed.mark("other", ["2"])
    rebuild(shelf.searchable, engine.name, progress=lambda _: feed.mark("thing", ["1"]))
    left = Change.objects.filter(engine=engine.name).order_by("pk").values_list("kind", "key", "set_aside")
    assert list(left) == [("other", "2", False), ("thing", "1", False)]


def test_elasticsearch_swaps_one_index_for_another_and_keeps_the_old_a_day(elastic):
    shelf = Shelf(thing("1", "Дрель"))
    rebuild(shelf.searchable, elastic.name)
    (first,) = elastic.holders("thing")
    rebuild(shelf.searchable, elastic.name)
    (second,) = elastic.holders("thing")
    assert first != second
    assert dict(Index.objects.values_list("name", "state")) == {first: "retired", second: "live"}
    Index.objects.filter(name=first).update(changed_at="2026-01-01T00:00Z")
    rebuild(shelf.searchable, elastic.name)
    assert not elastic.writing.indices.exists(index=first)
    assert elastic.writing.indices.exists(index=second)


def test_a_mapping_takes_nothing_it_does_not_know(elastic):
    rebuild(Shelf().searchable, elastic.name)
    (index,) = elastic.holders("thing")
    mapping = elastic.writing.indices.get_mapping(index=index)[index]["mappings"]
    assert mapping["dynamic"] == "strict"
    write = Write("thing", "1", thing("1", "Дрель"))
    elastic.write([write], feed.version())
    refresh(elastic)
    hit = elastic.reading.search(index=index)["hits"]["hits"][0]
    assert hit["_source"] == {"key": "1"}  # no text of anybody in it


class Killed(BaseException):
    """As from outside: nothing catches it."""


@pytest.mark.parametrize("anew", [False, True])
def test_a_rebuild_cut_short_goes_on_where_it_was(engine, ask, anew):
    shelf = Shelf(*(thing(f"{n:04}", "Дрель") for n in range(1_200)))

    def kill(_):
        if len(shelf.reads) == 2:
            raise Killed

    with pytest.raises(Killed):
        rebuild(shelf.searchable, engine.name, progress=kill)
    begun = Rebuild.objects.get()
    shelf.rename("0001", "Пила")  # written already, changed since: the feed must bring it
    shelf.rename("0002", "Пила")
    del shelf.things["0003"]
    feed.mark("thing", ["0001", "0003"])
    bring_up_to_date(engine, shelf)
    feed.mark("thing", ["0002"])  # and this is still to be brought when the rebuild goes on
    written = counted_writes(engine, shelf, anew=anew)
    assert (written == 200, written == 1_199) == (not anew, anew)
    bring_up_to_date(engine, shelf)
    assert (ask("дрель").total, ask("пила").total) == (1_197, 2)
    assert not Rebuild.objects.exists()
    assert Index.objects.filter(name=begun.index, state="live").exists() is (bool(begun.index) and not anew)


def counted_writes(engine, shelf, *, anew):
    """Rebuild, and answer how many documents got the rebuild's own version from this run."""
    before = feed.version()
    run = Rebuild.objects.get()
    own = {key for key, (version, _) in engine.kept("thing", keys=list(shelf.things), index=run.index).items()
           if version == run.version}  # fmt: skip
    rebuild(shelf.searchable, engine.name, anew=anew)
    now = engine.kept("thing", keys=list(shelf.things))
    return sum(version > before or (version == run.version and key not in own) for key, (version, _) in now.items())


def test_other_code_begins_anew(engine, monkeypatch):
    shelf = Shelf(thing("1"))
    with pytest.raises(Killed):
        rebuild(shelf.searchable, engine.name, progress=lambda _: (_ for _ in ()).throw(Killed))
    assert rebuilding.unfinished(shelf.searchable, engine.name)
    monkeypatch.setattr(rebuilding, "code_of", lambda _: "another release")
    assert rebuilding.unfinished(shelf.searchable, engine.name) is None


def test_an_index_that_lacks_something_does_not_take_the_place_of_the_old(elastic):
    shelf = Shelf(thing("1", "Дрель"), thing("2", "Дрель"))
    rebuild(shelf.searchable, elastic.name)
    old = elastic.holders("thing")

    def lose(_):
        building = Index.objects.get(state="building").name
        elastic.writing.delete(index=building, id="2", version=feed.version(), version_type="external")

    with pytest.raises(DiffersError, match="1 missing"):
        rebuild(shelf.searchable, elastic.name, progress=lose)
    assert elastic.holders("thing") == old
    rebuild(shelf.searchable, elastic.name)  # the control
    assert elastic.holders("thing") != old


@on_disk
def test_two_rebuilds_of_one_kind_do_not_run_at_once():
    begun, may_end = threading.Event(), threading.Event()
    slow = Shelf(thing("1", "Дрель"))

    def wait(_):
        begun.set()
        may_end.wait(10)

    def work():
        rebuild(slow.searchable, "postgresql", progress=wait)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(10)
    with pytest.raises(AlreadyRunningError):
        rebuild(slow.searchable, "postgresql")
    may_end.set()
    worker.join()
    assert rebuild(slow.searchable, "postgresql") == 1


def test_without_dual_writes_a_change_would_be_lost(elastic):
    """The negative control: a rebuild whose index is not announced misses what changes while it reads."""
    shelf = Shelf(thing("1", "Старая"))
    rebuild(shelf.searchable, elastic.name)
    elastic.create(silent := "test-silent-" + elastic.holders("thing")[0])
    try:
        version, state = feed.version(), [Write("thing", "1", shelf.things["1"])]
        shelf.rename("1", "Новая")
        feed.mark("thing", ["1"])
        indexing.process_batch(elastic, shelf.searchables)
        elastic.write_into(silent, state, version)
        elastic.swap("thing", silent)
        results = climb(elastic, [Query(kind="thing", text="старая", access=READER)])[0]
        assert results.keys == ["1"]
    finally:
        elastic.drop(silent)
