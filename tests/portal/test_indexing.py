"""Who wakes the worker, what it does, and the command that writes everything anew."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpResponse
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.middleware import wake_indexer_after_changes
from portal.searchables import SEARCHABLES
from portal.tasks import index_changes, index_every_minute, wake_indexer
from search import feed
from search.models import Change, Entry
from tests.factories_catalog import make_category, make_product

pytestmark = pytest.mark.django_db


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_a_request_that_changed_something_wakes_the_worker_once(rf, django_capture_on_commit_callbacks):
    def change(request):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            feed.mark("product", ["1"])
        return HttpResponse()

    ask = wake_indexer_after_changes(change)
    assert ask(rf.post("/")).status_code == 200
    assert ask(rf.post("/")).status_code == 200
    assert jobs() == ["portal.index_changes"]


def test_a_request_that_changed_nothing_wakes_nobody(rf, django_capture_on_commit_callbacks):
    def fail(request):
        with django_capture_on_commit_callbacks(), transaction.atomic():  # never committed
            feed.mark("product", ["1"])
        return HttpResponse()

    wake_indexer_after_changes(fail)(rf.post("/"))
    wake_indexer_after_changes(lambda request: HttpResponse())(rf.get("/"))
    assert jobs() == []


def test_waking_twice_does_not_break_the_transaction_around_it():
    with transaction.atomic():
        wake_indexer()
        wake_indexer()
        assert jobs() == ["portal.index_changes"]


def test_the_worker_and_the_clock_bring_the_index_up_to_date():
    product = make_product("TV-1", name_ru="Дрель", name_en="Drill", category=make_category("drills"))
    feed.mark("product", [product.pk])
    index_changes()
    entry = Entry.objects.get(kind="product")
    assert (entry.key, entry.title_en, entry.codes) == (str(product.pk), "Drill", ["=tv-1", "~tv1"])
    product.delete()
    feed.mark("product", [entry.key])
    index_every_minute(timestamp=0)
    assert Entry.objects.get(kind="product").gone
    assert Change.objects.count() == 0


def test_rebuild_search_writes_everything_and_says_how_much():
    make_product("TV-1", category=make_category("drills"))
    out = io.StringIO()
    call_command("rebuild_search", stdout=out)
    lines = [line.partition(" in ")[0] for line in out.getvalue().splitlines()]
    assert lines[:2] == ["postgresql product: 1 documents", "postgresql category: 1 documents"]
    assert len(lines) == len(SEARCHABLES)


def test_check_finds_what_differs_and_changes_nothing():
    make_product("TV-1")
    with pytest.raises(CommandError, match="differ"):
        call_command("rebuild_search", "--check", stdout=io.StringIO())
    assert Entry.objects.count() == 0
    call_command("rebuild_search", "--kind", "product", stdout=io.StringIO())
    out = io.StringIO()
    call_command("rebuild_search", "--check", stdout=out)
    assert "postgresql product: 1 of 1" in out.getvalue()


def test_rebuild_search_says_when_elasticsearch_is_away(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="elasticsearch does not answer"):
        call_command("rebuild_search", "--engine", "elasticsearch", stdout=io.StringIO())


def test_a_document_costs_the_same_number_of_queries_for_many(django_assert_num_queries):
    categories = [make_category(f"c{number}") for number in range(3)]
    keys = [str(make_product(f"TV-{number}", category=categories[number % 3]).pk) for number in range(30)]
    for wanted in (keys[:1], keys):
        with django_assert_num_queries(5):
            assert len(list(SEARCHABLES["product"].documents(wanted))) == len(wanted)


def test_what_an_article_says_about_itself():
    tools = make_category("tools", name="Инструмент")
    product = make_product(
        "TV-1",
        name_ru="Дрель",
        category=make_category("drills", parent=tools, name="Дрели"),
        attributes={"volts": {"ru": "18 В", "en": "18 V"}, "fits": ["AK-1850"], "kinds": ["ударная", 3], "ok": True},
    )
    (document,) = SEARCHABLES["product"].documents([str(product.pk)])
    assert set(document.body.ru.split("; ")) == {"18 В", "ударная"}  # jsonb keeps no order
    assert document.facets["category"] == (str(tools.pk), str(product.category_id))
    assert document.facets["availability"] == ("to_order",)
