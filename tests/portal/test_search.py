"""The one search box: its page, its suggestions, the API; for whom, with what, on either engine."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import principals
from accounts.enums import Role, StaffRole
from accounts.models import Membership
from ordering.clients.models import Client, DealerClient
from portal.lib.text import sort_key
from portal.searchables import SEARCHABLES, find
from search import engines, feed, indexing
from search.engines.base import Write
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine
from search.models import Index
from search.query import Query
from search.rebuilding import rebuild
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_catalog import make_brand, make_category, make_product, make_stock
from tests.factories_content import make_guide, make_news
from tests.factories_pricing import make_price_list

pytestmark = pytest.mark.django_db

CANARY = "Зимородок"


@pytest.fixture(params=["postgresql", "elasticsearch"])
def engine(request, settings, monkeypatch):
    """The engine that answers. A real one either way."""
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch"))
    if request.param == "postgresql":
        yield request.param
        return
    request.getfixturevalue("world")
    settings.ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url")
    settings.ELASTICSEARCH_SECONDS = 30.0
    settings.SEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(4)}"
    index_everything("elasticsearch")
    yield request.param
    for name in Index.objects.values_list("name", flat=True):
        ElasticEngine.installed().drop(name)


def index_everything(engine: str) -> None:
    for searchable in SEARCHABLES.values():
        rebuild(searchable, engine)


def make_client(membership: Membership, name: str, **fields: str) -> DealerClient:
    """A dealer's card; what the network knows the company by is another dealer's, and nobody is shown it."""
    client = Client.objects.create(name=f"{CANARY} {name}", sort_key="x", **{**fields, "town": CANARY})
    return DealerClient.objects.create(
        dealer=membership.dealer, client=client, since=dt.date(2026, 1, 1), name=name, sort_key=sort_key(name), **fields
    )


@dataclass
class World:
    """Two dealers with a client and a guide each, and articles for both."""

    mine: Membership
    reader: Membership
    theirs: Membership


@pytest.fixture
def world() -> World:
    """Indexed in PostgreSQL; a test with `engine` has it indexed there too."""
    my_dealer, their_dealer = make_dealer("Verstak"), make_dealer("Other")
    mine, reader = make_member(Role.OWNER, dealer=my_dealer), make_member(Role.READER, dealer=my_dealer)
    theirs = make_member(Role.OWNER, dealer=their_dealer)
    drills = make_category("drills", name="Drills")
    article = make_product(
        "TV-1860.02",
        mpn="006R90321",
        name_ru="Шуруповёрт аккумуляторный",
        name_en="Cordless drill",
        category=drills,
        brand=make_brand("Tveron"),
        gtins=("4600000000015",),
        attributes={"volts": "18 В"},
    )
    make_stock(article, 7)
    make_price_list({article: Decimal("9640.00")})
    make_client(
        mine,
        "Ромашка ООО",
        tax_id="7707083893",
        town="Краснодар",
        phone="78612223344",
        domain="romashka.example",
        email="office@romashka.example",
    )
    make_client(theirs, f"{CANARY} ООО", tax_id="7736050003", town=CANARY)
    make_guide(
        "Как вернуть шуруповёрт",
        task="Вернуть или обменять",
        task_phrases="сломался шуруповёрт",
        body=[("paragraph", "<p>Верните <b>шуруповёрт</b> в течение 30 дней & приложите фото.</p>")],
    )
    make_news("Новые шуруповёрты с января")
    only_them = make_audience("Only them", dealers=[their_dealer])
    make_guide(f"Тайна: {CANARY}", audience=only_them, body=[("paragraph", f"<p>{CANARY} шуруповёрт</p>")])
    index_everything("postgresql")
    return World(mine, reader, theirs)


def test_everything_by_section(world, engine, api_client):
    answer = api_client(world.mine).get("/api/v1/search/", {"q": "шуруповерт"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["engine"], body["interpreted_as"]) == (engine, None)
    assert body["task"]["task"] == "Вернуть или обменять"
    (product,) = body["products"]["results"]
    assert (product["sku"], Decimal(product["price"]["amount"])) == ("TV-1860.02", Decimal("9640"))
    (guide,) = body["guides"]["results"]
    assert guide["title"] == "Как вернуть шуруповёрт"
    assert "<mark>шуруповёрт</mark> в течение 30 дней &amp; приложите" in guide["highlight"]
    assert [row["title"] for row in body["news"]["results"]] == ["Новые шуруповёрты с января"]
    sections = ("products", "guides", "news", "clients", "orders", "categories")
    assert [body[name]["count"] for name in sections] == [1, 1, 1, 0, 0, 0]
    assert body["count"] == 3


def test_articles_and_clients_by_their_codes(world, engine, api_client):
    client = api_client(world.mine)
    for code in ("TV-1860.02", "tv186002", "TV 1860 02", "006r90321", "4600000000015", "r903", "18V"):
        body = client.get("/api/v1/search/", {"q": code}).json()
        assert [row["sku"] for row in body["products"]["results"]] == ["TV-1860.02"], code
    for words in (
        "ромашка", "7707083893", "083893", "8 (861) 222-33-44", "+7 861 222 33 44", "861-222-33-44", "2223344", "3344",
        "краснодар", "romashka.example", "https://www.romashka.example/", "romashka", "office@romashka.example",
    ):  # fmt: skip
        body = client.get("/api/v1/search/", {"q": words}).json()
        assert [row["name"] for row in body["clients"]["results"]] == ["Ромашка ООО"], words


def test_a_whole_code_puts_the_article_first_and_offers_no_task(world, engine, api_client, client_of):
    make_guide("Как заказать TV-1860.02", task="Заказать", task_phrases="TV-1860.02")
    index_everything(engine)
    body = api_client(world.mine).get("/api/v1/search/", {"q": "tv186002"}).json()
    assert (body["task"], body["products"]["results"][0]["sku"]) == (None, "TV-1860.02")
    page = client_of(world.mine).get("/search/", {"q": "tv186002"}).content.decode()
    assert page.index('id="articles"') < page.index("Как заказать")


def test_the_wrong_layout_is_said_and_can_be_refused(world, engine, api_client):
    client = api_client(world.mine)
    body = client.get("/api/v1/search/", {"q": "hjvfirf"}).json()
    assert (body["interpreted_as"], body["clients"]["count"]) == ("ромашка", 1)
    body = client.get("/api/v1/search/", {"q": "hjvfirf", "exactly": "1"}).json()
    assert (body["interpreted_as"], body["count"]) == (None, 0)


def test_suggestions_for_an_unfinished_word(world, engine, api_client):
    client = api_client(world.mine)
    body = client.get("/api/v1/suggest/", {"q": "шурупов"}).json()
    assert [row["sku"] for row in body["products"]] == ["TV-1860.02"]
    assert [row["title"] for row in body["guides"]] == ["Как вернуть шуруповёрт"]
    assert body["engine"] == engine
    assert [row["name"] for row in client.get("/api/v1/suggest/", {"q": "ром"}).json()["clients"]] == ["Ромашка ООО"]
    assert [row["code"] for row in client.get("/api/v1/suggest/", {"q": "dril"}).json()["categories"]] == ["drills"]


def test_a_reader_a_stranger_and_a_question_without_words(world, api_client):
    reader = api_client(world.reader)
    found = reader.get("/api/v1/search/", {"q": "шуруповерт"}).json()
    assert [row["price"] for row in found["products"]["results"]] == [None]
    assert reader.get("/api/v1/search/", {"q": "ромашка"}).json()["clients"] == {"count": 0, "results": []}
    for address in ("/api/v1/search/", "/api/v1/suggest/"):
        assert api_client().get(address, {"q": "шуруповерт"}).status_code == 401
    assert reader.get("/api/v1/search/").status_code == 400
    assert reader.get("/api/v1/suggest/").json()["products"] == []


def test_the_page_says_what_to_do_first(world, client_of):
    html = client_of(world.mine).get("/search/", {"q": "шуруповерт"}).content.decode()
    places = [html.index(text) for text in ('id="task"', 'id="guides"', 'id="articles"', 'id="news"')]
    assert places == sorted(places)
    assert "<mark>шуруповёрт</mark>" in html
    assert "9,640.00" in html
    html = client_of(world.reader).get("/search/", {"q": "шуруповерт"}).content.decode()
    assert "TV-1860.02" in html
    assert "640.00" not in html


def test_the_page_escapes_what_was_typed_and_says_when_there_is_nothing(world, client_of):
    browser = client_of(world.mine)
    html = browser.get("/search/", {"q": "<i>&"}).content.decode()
    assert "<i>" not in html
    assert "“&lt;i&gt;&amp;”" in html
    assert "Nothing here answers this" in html
    assert browser.get("/search/").status_code == 200


def test_suggestions_are_at_most_eight_options(world, client_of):
    browser = client_of(world.mine)
    html = browser.get("/suggest/", {"q": "шуру"}).content.decode()
    assert html.count('role="option"') == 2
    assert "{#" not in html
    assert 'href="/catalogue/TV-1860.02/?found=' in html
    assert "<html" not in html
    assert browser.get("/suggest/", {"q": "ш"}).content == b""
    for number in range(12):
        make_product(f"GR-{number:03}", name_ru=f"Гравер {number}", name_en=f"Engraver {number}")
        make_client(world.mine, f"Гравировка {number}")
    index_everything("postgresql")
    body = browser.get("/api/v1/suggest/", {"q": "грав"}).json()
    assert (len(body["products"]), len(body["clients"])) == (4, 4)


def test_the_number_of_queries_does_not_grow_with_what_is_found(world, client_of):
    browser = client_of(world.mine)
    make_client(world.mine, "Шуруповёрт")
    index_everything("postgresql")

    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            browser.get(url, {"q": "шуруповерт"})
        return len(queries)

    browser.get("/search/", {"q": "x"})  # the first question of a day makes that day's salt
    before = [cost("/search/"), cost("/suggest/")]
    for number in range(4):
        make_product(f"SH-{number}", name_ru=f"Шуруповёрт {number}", name_en=f"Drill {number}")
        make_guide(f"Шуруповёрт, часть {number}")
        make_news(f"Шуруповёрт, новость {number}")
        make_client(world.mine, f"Шуруповёрт {number}")
    index_everything("postgresql")
    after = [cost("/search/"), cost("/suggest/")]
    assert after == before


class TestCanary:
    """A word of another dealer is nowhere: not in hits, facets, counts, suggestions, snippets or
    corrections.
    """

    QUESTIONS = (CANARY, CANARY[:5], "7736050003", "050003", "pbvjhjljr", "тайна")
    ADDRESSES = ("/search/", "/suggest/", "/api/v1/search/", "/api/v1/suggest/", "/api/v1/products/", "/catalogue/")

    def test_it_is_nowhere(self, world, engine, client_of, api_client):
        for who in (world.mine, world.reader):
            browser, machine = client_of(who), api_client(who)
            for address in self.ADDRESSES:
                for text in (*self.QUESTIONS, "шуруповерт"):
                    answer = (machine if address.startswith("/api/") else browser).get(address, {"q": text})
                    shown = answer.content.decode().replace(text, "").replace(text.casefold(), "")
                    for word in (CANARY, CANARY.casefold(), "7736050003"):
                        assert word not in shown, (address, text)

    def test_counts_and_corrections_do_not_betray_it(self, world, engine, api_client):
        for text in self.QUESTIONS:
            body = api_client(world.mine).get("/api/v1/search/", {"q": text}).json()
            assert (body["count"], body["interpreted_as"]) == (0, None)

    def test_its_own_people_and_the_head_office_find_it(self, world, engine, api_client):
        """The negative control: it is there to be found."""
        body = api_client(world.theirs).get("/api/v1/search/", {"q": CANARY}).json()
        assert (body["clients"]["count"], body["guides"]["count"]) == (1, 1)
        body = api_client(world.theirs).get("/api/v1/search/", {"q": "pbvjhjljr"}).json()
        assert body["interpreted_as"] == CANARY.casefold()
        manager = make_staff(StaffRole.MANAGER)
        assert api_client(manager).get("/api/v1/search/", {"q": CANARY}).json()["clients"]["count"] == 1

    def test_a_hit_that_a_wrong_index_grants_is_checked_again(self, world, engine, principal_of):
        """The second gate, and what would be shown without it."""
        row = DealerClient.objects.get(dealer=world.theirs.dealer)
        (document,) = SEARCHABLES["client"].documents([str(row.pk)])
        leaky = replace(document, readers=SEARCHABLES["client"].access(principal_of(world.mine)).names)
        for target in indexing.engines_in_use():
            target.write([Write("client", document.key, leaky)], feed.version())
        if engine == "elasticsearch":
            assert ElasticEngine.installed().count("client") == 2  # and written by now
        query = Query(kind="client", text="7736050003", access=SEARCHABLES["client"].access(principal_of(world.mine)))
        assert engines.search(query).keys == [document.key]
        results = find(principal_of(world.mine), query)
        assert (results.keys, results.total) == ([], 0)


def test_a_principal_without_rights_finds_nothing(world):
    for kind in SEARCHABLES:
        assert find(principals.NOBODY, Query(kind=kind)).total == 0
