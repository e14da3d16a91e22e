"""Drift between an engine and the database: seen, named, mended; and a sound index is left alone."""

from __future__ import annotations

from search import checking, feed, indexing
from search.digests import BUCKETS, bucket, digest, tally
from search.engines.base import Write
from search.models import Change

from .shelves import thing
from .test_indexing import bring_up_to_date, refresh


def damage(engine, shelf):
    """What a restored backup or a hand in the index leaves: one gone, one old, one that never was."""
    engine.write([Write("thing", "3", None)], feed.version())
    engine.write([Write("thing", "4", thing("4", "Как было"))], feed.version())
    engine.write([Write("thing", "ghost", thing("ghost", "Призрак"))], feed.version())
    refresh(engine)


def test_a_sound_index_shows_no_drift(engine, fill):
    """The negative control, and cheap: each document is read once, and no key is asked of the engine."""
    shelf = fill(*(thing(str(n), "Дрель") for n in range(40)))
    shelf.reads.clear()
    drift = checking.check(shelf.searchable, engine)
    assert (bool(drift), drift.expected) == (False, 40)
    assert len(shelf.reads) == 1


def test_damage_is_found_and_mended(engine, fill, ask):
    shelf = fill(*(thing(str(n), "Дрель") for n in range(40)))
    damage(engine, shelf)
    drift = checking.check(shelf.searchable, engine)
    assert (drift.missing, drift.stale, drift.extra) == (("3",), ("4",), ("ghost",))
    assert "1 missing, 1 stale, 1 too many of 40" in str(drift)
    checking.repair(drift)
    bring_up_to_date(engine, shelf)
    assert not checking.check(shelf.searchable, engine)
    assert (ask("дрель").total, ask("призрак").total, ask("как было").total) == (40, 0, 0)


def test_what_the_feed_tells_of_is_no_drift(engine, fill):
    shelf = fill(thing("1"), thing("2"))
    shelf.rename("1", "Новая")
    feed.mark("thing", ["1"])
    assert not checking.check(shelf.searchable, engine)
    Change.objects.all().delete()  # the control: without the row nobody would ever write it
    assert checking.check(shelf.searchable, engine).stale == ("1",)


def test_repair_writes_to_the_engine_that_drifted_and_to_no_other(elastic):
    from search.models import Index

    assert Index.objects.count() == 0
    checking.repair(checking.Drift("elasticsearch", "thing", 1, missing=("1",)))
    assert [(row.engine, row.key) for row in Change.objects.all()] == [("elasticsearch", "1")]


def test_documents_of_another_hand_are_found_too(elastic):
    from search.rebuilding import rebuild

    from .shelves import Shelf

    shelf = Shelf(thing("1"))
    rebuild(shelf.searchable, elastic.name)
    (index,) = elastic.holders("thing")
    elastic.writing.index(index=index, id="stray", document={"key": "stray"}, refresh=True)
    assert checking.check(shelf.searchable, elastic).extra == ("stray",)
    checking.repair(checking.check(shelf.searchable, elastic))
    indexing.process(shelf.searchables)
    assert not checking.check(shelf.searchable, elastic)


def test_a_digest_is_of_everything_a_document_says():
    one = thing("1", "Дрель", numbers={"price": 1.0}, facets={"brand": ("2",)})
    assert digest(one) == digest(thing("1", "Дрель", numbers={"price": 1.0}, facets={"brand": ("2",)}))
    others = [
        thing("1", "Пила", numbers={"price": 1.0}, facets={"brand": ("2",)}),
        thing("1", "Дрель", numbers={"price": 1.5}, facets={"brand": ("2",)}),
        thing("1", "Дрель", numbers={"price": 1.0}, facets={"brand": ("3",)}),
        thing("1", "Дрель", numbers={"price": 1.0}, facets={"brand": ("2",)}, readers={"dealer:1"}),
    ]
    assert len({digest(document) for document in [one, *others]}) == 5
    many = {bucket(str(n)) for n in range(20_000)}
    assert many == set(range(BUCKETS))
    assert tally([("1", 5), ("1", 7)]) == {bucket("1"): (2, 12)}
