"""Who wakes the worker, what it does, and the command that writes everything anew."""

from __future__ import annotations

import io
import secrets

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import principals
from accounts.enums import Role
from ordering.catalog.services import describe_product
from ordering.clients.models import DealerClient
from portal.middleware import wake_indexer_after_changes
from portal.searchables import SEARCHABLES
from portal.tasks import check_search, index_changes, index_every_minute, wake_indexer, warn_of_old_changes
from search import engines, feed, indexing
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine
from search.models import Change, Entry, Index
from tests.factories import make_member, make_staff
from tests.factories_catalog import make_category, make_product
from tests.factories_content import make_guide

pytestmark = pytest.mark.django_db


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_a_request_that_changed_much_wakes_the_worker_once(rf, django_capture_on_commit_callbacks):
    def change(request):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            feed.mark("product", range(100))
        return HttpResponse()

    ask = wake_indexer_after_changes(change)
    assert ask(rf.post("/")).status_code == 200
    assert ask(rf.post("/")).status_code == 200
    assert jobs() == ["portal.index_changes"]


@pytest.fixture(params=["postgresql", "elasticsearch"])
def engine(request, settings, db, monkeypatch):
    """The engine that answers people."""
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch"))
    if request.param == "elasticsearch":
        settings.ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url")
        settings.ELASTICSEARCH_SECONDS = 10  # what is tried here is what is found, not how soon
        settings.SEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(4)}"
        call_command("rebuild_search", "--engine", "elasticsearch", stdout=io.StringIO())
    yield request.param
    for name in Index.objects.values_list("name", flat=True):
        ElasticEngine.installed().drop(name)


def found(who, section, text):
    """How many of the section the person's next request finds, and who answered."""
    answer = who.get("/api/v1/search/", {"q": text}).json()
    return answer["engine"], answer[section]["count"]


@pytest.fixture
def commits(monkeypatch):
    """A test's transaction is never committed: what waits for that goes at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda work, **_: work())


@pytest.fixture
def save(rf, commits):
    """`save(work)`: a request that does this and commits it."""

    def save(work):
        def view(request):
            work()
            return HttpResponse()

        assert wake_indexer_after_changes(view)(rf.post("/")).status_code == 200

    return save


def test_what_a_person_just_saved_is_found_by_their_next_request(engine, save, client_of, monkeypatch):
    """No worker runs here. A client added and edited, an article described, a page published."""
    people, editor = client_of(make_member(Role.OWNER)), principals.of_user(make_staff("editor"))

    def add(path, name):
        assert people.post(path, {"name": name}).status_code == 302

    add("/clients/new/", "Оптимист")
    assert found(people, "clients", "Оптимист") == (engine, 1)
    add(f"/clients/{DealerClient.objects.get().pk}/", "Энтузиаст")
    assert found(people, "clients", "Энтузиаст") == (engine, 1)
    assert found(people, "clients", "Оптимист") == (engine, 0)
    product = make_product("TV-1", description_ru="Самозатачивающийся")
    save(lambda: describe_product(by=editor, product=product))
    assert found(people, "products", "Самозатачивающийся") == (engine, 1)
    save(lambda: make_guide("Виброгаситель"))
    assert found(people, "guides", "Виброгаситель") == (engine, 1)
    assert (jobs(), Change.objects.count()) == ([], 0)

    # The negative control: without it nothing is found until the worker comes.
    monkeypatch.setattr(indexing, "process_now", lambda *_: False)
    add("/clients/new/", "Пессимист")
    assert found(people, "clients", "Пессимист") == (engine, 0)
    assert jobs() == ["portal.index_changes"]


def test_a_save_never_fails_because_of_an_engine(client_of, commits, settings, monkeypatch):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch"))
    Index.objects.create(name="lost", kind="client", state="live", changed_at=timezone.now())
    people = client_of(make_member(Role.OWNER))
    assert people.post("/clients/new/", {"name": "Стоик"}).status_code == 302
    assert Entry.objects.get(kind="client").title_ru == "Стоик"  # the other engine has it
    assert [row.engine for row in Change.objects.all()] == ["elasticsearch"]
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


def test_check_search_finds_what_differs_and_mends_it_when_asked():
    make_product("TV-1")
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_search", stdout=io.StringIO())
    assert Entry.objects.count() == 0
    out = io.StringIO()
    call_command("check_search", "--kind", "product", "--repair", stdout=out)
    assert "postgresql product: 1 missing, 0 stale, 0 too many of 1 documents" in out.getvalue()
    assert "postgresql product: 1 documents, all as they should be" in out.getvalue()
    assert Entry.objects.get().kind == "product"


def test_the_clock_mends_what_has_drifted_and_says_so(caplog):
    product = make_product("TV-1")
    check_search(timestamp=0)
    assert Entry.objects.get().key == str(product.pk)
    assert "had drifted" in caplog.text
    caplog.clear()
    check_search(timestamp=0)
    assert caplog.text == ""


def test_the_clock_warns_of_changes_that_wait_too_long(caplog, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    feed.mark("product", ["1"], engines=["elasticsearch"])
    warn_of_old_changes()
    assert caplog.text == ""
    Change.objects.update(marked_at=timezone.now() - timezone.timedelta(minutes=6))
    warn_of_old_changes()
    assert "elasticsearch: 1 changes wait, the oldest for 0:06:00" in caplog.text


def test_rebuild_search_says_when_elasticsearch_is_away(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="elasticsearch does not answer"):
        call_command("rebuild_search", "--engine", "elasticsearch", stdout=io.StringIO())


def test_a_document_costs_the_same_number_of_queries_for_many(django_assert_num_queries):
    categories = [make_category(f"c{number}") for number in range(3)]
    keys = [str(make_product(f"TV-{number}", category=categories[number % 3]).pk) for number in range(30)]
    for wanted in (keys[:1], keys):
        with django_assert_num_queries(8):
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
