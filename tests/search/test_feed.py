"""The change feed: what is left in a transaction, who takes it, and when it goes."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from search import feed
from search.models import Change, Entry, Lane
from search.queries import health

from .shelves import on_disk


class OopsError(Exception):
    pass


def make_entry(key):
    fields = dict.fromkeys(("title_ru", "title_en", "body_ru", "body_en", "sort_ru", "sort_en", "vector", "folded"), "")
    lists = {"codes": [], "pieces": [], "readers": [], "facets": [], "numbers": {}}
    return Entry(kind="thing", key=key, version=1, written_at=timezone.now(), weight=0, **fields, **lists)


def waiting():
    return [(change.engine, change.kind, change.key) for change in Change.objects.order_by("id")]


@transaction.atomic
def mark_and_fail():
    feed.mark("thing", ["1"])
    raise OopsError


@pytest.mark.django_db
def test_a_mark_is_one_row_for_each_engine_and_thing(settings):
    feed.mark("thing", [2, "1", 2])
    assert waiting() == [("postgresql", "thing", "1"), ("postgresql", "thing", "2")]
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    feed.mark("thing", ["3"])
    assert waiting()[2:] == [("postgresql", "thing", "3"), ("elasticsearch", "thing", "3")]
    feed.mark("thing", [])
    assert len(waiting()) == 4


@on_disk
def test_a_mark_goes_with_its_transaction():
    with feed.watching() as watch:
        with pytest.raises(OopsError):
            mark_and_fail()
        assert not watch.has_changes
    assert waiting() == []


@on_disk
def test_whoever_watches_hears_of_committed_marks_only():
    with feed.watching() as watch:
        with transaction.atomic():
            feed.mark("thing", ["1"])
            assert not watch.has_changes
        assert watch.has_changes
    with feed.watching() as watch:
        assert not watch.has_changes


@pytest.mark.django_db
def test_the_quick_lane_comes_first():
    feed.mark("thing", range(feed.MOST_AT_ONCE + 1))  # nobody looks for so many right after a save
    feed.mark("thing", ["stock"], lane=Lane.SOON)
    feed.mark("thing", ["mine"])
    with transaction.atomic():
        taken = feed.take("postgresql", 3)
    assert [(change.key, change.lane) for change in taken] == [("mine", 0), ("stock", 1), ("0", 2)]


@pytest.mark.django_db
def test_fan_out_is_one_statement_whatever_its_length(django_assert_num_queries):
    Entry.objects.bulk_create(make_entry(str(number)) for number in range(300))
    with django_assert_num_queries(1):
        feed.mark_found("thing", Entry.objects.values_list("key", flat=True))
    assert Change.objects.filter(lane=Lane.LATER).count() == 300
    with django_assert_num_queries(0):
        feed.mark_found("thing", Entry.objects.none().values_list("key"))


@on_disk
def test_two_workers_never_hold_the_same_row():
    feed.mark("thing", range(4))
    taken: list[list[str]] = []
    holds, may_end = threading.Event(), threading.Event()

    def work():
        with transaction.atomic():
            taken.append([change.key for change in feed.take("postgresql", 3)])
            holds.set()
            may_end.wait(10)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert holds.wait(10)
    with transaction.atomic():
        taken.append([change.key for change in feed.take("postgresql", 3)])
    may_end.set()
    worker.join()
    assert taken == [["0", "1", "2"], ["3"]]
    with transaction.atomic():
        assert len(feed.take("postgresql", 9)) == 4  # nobody forgot them, so they are all there again


@on_disk
def test_what_fails_waits_longer_each_time_and_is_set_aside_in_the_end():
    feed.mark("thing", ["bad"])
    change = Change.objects.get()
    for attempt in range(1, feed.MOST_ATTEMPTS + 1):
        feed.failed(change, "no such colour")
        assert (change.attempts, change.set_aside) == (attempt, attempt == feed.MOST_ATTEMPTS)
        with transaction.atomic():
            assert feed.take("postgresql", 9) == []
    assert [(figures.waiting, figures.set_aside) for figures in health()] == [(0, 1)]
    assert Change.objects.get().error == "no such colour"
    feed.mark("thing", ["bad"])  # changed again: perhaps it is good now
    assert [(figures.waiting, figures.set_aside) for figures in health()] == [(1, 1)]
    with transaction.atomic():
        feed.done(feed.take("postgresql", 9))
    assert waiting() == []


@pytest.mark.django_db
def test_the_age_of_the_oldest_change():
    assert feed.oldest_age() == 0
    feed.mark("thing", ["old"], lane=Lane.LATER)
    Change.objects.update(marked_at=timezone.now() - timezone.timedelta(seconds=100))
    feed.mark("thing", ["1"])
    assert 100 <= feed.oldest_age() < 160
    Change.objects.update(set_aside=True)
    assert feed.oldest_age() == 0


@pytest.mark.django_db
def test_versions_only_grow():
    versions = [feed.version() for _ in range(3)]
    assert versions == sorted(set(versions))
