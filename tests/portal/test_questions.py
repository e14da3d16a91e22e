"""The query log behind the pages and the API: kept, clicked, looked into; whose it is, and what it never tells."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from accounts.services import erase_person
from accounts.services.personal_data import personal_data
from ordering.orders.models import CartLine
from portal.questions import asker_of, would_find
from search import keeping, questions
from search.asked import Asked, DailyQuestion, Opened, PastQuestion
from search.queries import past_questions
from tests.factories import make_dealer, make_member

from .test_search import CANARY, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_salts():
    questions._salt.cache_clear()
    yield
    questions._salt.cache_clear()


def link_to(html: str, path: str) -> str:
    """The address of the first link whose path is this, as the browser would follow it."""
    found = re.search(rf'(?:href|action)="({re.escape(path)}[?&][^"]*found=[^"]+)"', html)
    assert found, path
    return found.group(1).replace("&amp;", "&")


def test_a_search_is_kept_and_its_links_say_what_was_opened(world, client_of):  # noqa: F811
    browser = client_of(world.mine)
    page = browser.get("/search/", {"q": "Шуруповёрт"}).content.decode()
    kept = Asked.objects.get()
    assert (kept.text, kept.place, kept.language, kept.engine) == ("шуруповерт", "search", "en", "postgresql")
    assert kept.found == {"guides": 1, "products": 1, "news": 1}
    assert len(kept.whose) == 24
    answer = browser.get(link_to(page, "/catalogue/TV-1860.02/"))
    assert (answer.status_code, answer.url) == (302, "/catalogue/TV-1860.02/")
    assert "no-store" in answer["Cache-Control"]
    clicked = Opened.objects.get()
    assert (clicked.asked_id, clicked.kind, clicked.key, clicked.position) == (kept.pk, "product", "TV-1860.02", 1)


def test_the_article_page_itself_has_no_such_links(world, client_of):  # noqa: F811
    assert "found=" not in client_of(world.mine).get("/catalogue/TV-1860.02/").content.decode()


def test_a_copied_link_opens_for_others_and_is_not_counted(world, client_of):  # noqa: F811
    link = link_to(
        client_of(world.mine).get("/search/", {"q": "шуруповерт"}).content.decode(), "/catalogue/TV-1860.02/"
    )
    assert client_of(world.reader).get(link).url == "/catalogue/TV-1860.02/"
    assert Opened.objects.count() == 0


@pytest.mark.parametrize("path", ["//evil.example/", "/search/"])
def test_the_redirect_stays_on_the_portal(world, client_of, path):  # noqa: F811
    answer = client_of(world.mine).get("/", {"found": "forged", "x": "1"})
    assert (answer.status_code, answer.url) == (302, "/?x=1")
    answer = client_of(world.mine).generic("GET", path, QUERY_STRING="found=forged")
    assert urlsplit(answer.url).netloc == ""


def test_into_the_cart_from_the_answer_counts_as_opened(world, client_of):  # noqa: F811
    browser = client_of(world.mine)
    page = browser.get("/catalogue/", {"q": "шуруповерт"}).content.decode()
    answer = browser.post(link_to(page, "/cart/add/"), {"sku": "TV-1860.02", "quantity": "1"})
    assert answer.status_code in (200, 302)
    assert (CartLine.objects.count(), Opened.objects.get().key) == (1, "TV-1860.02")


def test_pages_and_conditions_of_one_question_are_kept_once(world, client_of):  # noqa: F811
    browser = client_of(world.mine)
    browser.get("/catalogue/", {"q": "шуруповерт"})
    narrowed = browser.get("/catalogue/", {"q": "шуруповерт", "in_stock": "1"}).content.decode()
    browser.get("/catalogue/", {"q": "шуруповерт", "in_stock": "1", "brand": "nobody"})
    browser.get("/catalogue/", {"category": "drills"})
    assert Asked.objects.count() == 1
    browser.get(link_to(narrowed, "/catalogue/TV-1860.02/"))
    assert Opened.objects.get().asked == Asked.objects.get()


def test_what_is_typed_is_not_kept_until_a_suggestion_is_taken(world, client_of):  # noqa: F811
    browser = client_of(world.mine)
    for text in ("шу", "шур", "шуру"):
        options = browser.get("/suggest/", {"q": text}).content.decode()
    assert Asked.objects.count() == 0
    browser.get(link_to(options, "/catalogue/TV-1860.02/"))
    assert (Asked.objects.get().text, Asked.objects.get().place) == ("шуру", "suggest")


def test_a_clients_name_is_nobodys_affair(world, client_of):  # noqa: F811
    client_of(world.mine).get("/search/", {"q": "Ромашка"})
    client_of(world.theirs).get("/search/", {"q": "7736050003"})
    assert sorted(Asked.objects.values_list("text", flat=True)) == ["", ""]


def test_the_api_tells_its_clicks(world, api_client):  # noqa: F811
    mine, theirs = api_client(world.mine), api_client(world.theirs)
    asked = mine.get("/api/v1/search/", {"q": "шуруповерт"}).json()["asked"]
    click = {"asked": asked, "kind": "product", "key": "TV-1860.02", "position": 1}
    assert theirs.post("/api/v1/search/clicks/", click, format="json").json() == {"noted": False}
    assert mine.post("/api/v1/search/clicks/", click, format="json").json() == {"noted": True}
    assert mine.post("/api/v1/search/clicks/", {**click, "kind": "x"}, format="json").status_code == 400
    assert Opened.objects.get().key == "TV-1860.02"
    listed = mine.get("/api/v1/products/", {"q": "шуруповерт"}).json()["asked"]
    assert mine.post("/api/v1/search/clicks/", {**click, "asked": listed}, format="json").json()["noted"]
    assert mine.get("/api/v1/products/").json()["asked"] is None
    suggested = mine.get("/api/v1/suggest/", {"q": "шур"}).json()["asked"]
    assert mine.post("/api/v1/search/clicks/", {**click, "asked": suggested}, format="json").json()["noted"]
    assert sorted(Asked.objects.values_list("place", flat=True)) == ["api", "api", "suggest"]


def test_nothing_exists_or_nothing_you_may_see(world, client_of, api_client):  # noqa: F811
    """A secret guide of another dealer's and a word of nobody's: the asker cannot tell them apart, the editors can."""
    browser = client_of(world.mine)
    secret, nonsense = (main_of(browser.get("/search/", {"q": text}), text) for text in ("тайна", "абракадабра"))
    assert secret == nonsense
    keeping.look_into(would_find)
    assert dict(Asked.objects.values_list("text", "existed")) == {"тайна": True, "абракадабра": False}
    # The control: the same guide, asked for by its own dealer, is simply found, and nothing is in doubt.
    client_of(world.theirs).get("/search/", {"q": "тайна"})
    assert Asked.objects.filter(text="тайна").latest("pk").total == 1
    keeping.sum_up(timezone.localdate())
    assert DailyQuestion.objects.get(text="тайна").hidden == 1
    assert DailyQuestion.objects.get(text="абракадабра").hidden == 0


def main_of(answer: Any, text: str) -> str:
    """What the page says, without the words that were asked."""
    (main,) = re.findall(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert "Nothing found" in main
    return main.replace(text, "…").replace(quote(text), "…")


def test_another_dealers_client_leaves_no_words(world, client_of):  # noqa: F811
    client_of(world.mine).get("/search/", {"q": f"{CANARY} ООО"})
    Asked.objects.update(total=0)
    assert would_find(f"{CANARY.lower()} ооо", "ru")[0]
    assert would_find("7736050003", "ru") == (True, True)


def test_past_questions_belong_to_one_person_at_one_dealer(world, client_of, principal_of):  # noqa: F811
    elsewhere = make_member(Role.OWNER, dealer=make_dealer("Second"), user=world.mine.user)
    client_of(world.mine).get("/search/", {"q": "шуруповерт"})
    client_of(world.theirs).get("/search/", {"q": "тайна"})

    def past(member: Membership) -> list[str]:
        asker = asker_of(principal_of(member))
        return past_questions(person=asker.person, seat=asker.seat)

    assert (past(world.mine), past(world.theirs)) == (["шуруповерт"], ["тайна"])
    assert (past(world.reader), past(elsewhere)) == ([], [])


def test_own_past_questions_are_suggested_and_taken_off_the_list(world, client_of, api_client):  # noqa: F811
    elsewhere = make_member(Role.OWNER, dealer=make_dealer("Third"), user=world.mine.user)
    mine, theirs = client_of(world.mine), client_of(world.theirs)
    for text in ("шуруповерт", "Шуруповёрт!", "zzqw"):  # one question spelt twice, and one that found nothing
        mine.get("/search/", {"q": text})
    own = PastQuestion.objects.get()
    PastQuestion.objects.create(
        person=own.person,
        seat=own.seat,
        text="шуруповерт tv-1860.02",
        written="шуруповерт TV-1860.02",
        asked_at=timezone.now(),
    )
    theirs.get("/search/", {"q": "шуруповерт тайный"})

    def offered(client, text):
        return client.get("/api/v1/suggest/", {"q": text}).json()["past"]

    api = api_client(world.mine)
    assert offered(api, "шуру") == ["шуруповерт TV-1860.02", "Шуруповёрт!"]
    assert offered(api, "Шуруповерт  tv-1860.02") == []  # it is typed already
    assert offered(api, "") == ["шуруповерт TV-1860.02", "Шуруповёрт!"]
    assert offered(api_client(world.theirs), "шуру") == []
    assert offered(api_client(elsewhere), "") == []
    html = mine.get("/suggest/", {"q": "шуру"}).content.decode()
    assert 'href="/search/?q=%D1%88%D1%83%D1%80%D1%83%D0%BF%D0%BE%D0%B2%D0%B5%D1%80%D1%82%20TV-1860.02"' in html
    assert html.count('role="option"') <= 8
    assert theirs.get("/suggest/", {"q": ""}).content == b""

    assert theirs.post("/suggest/forget/", {"q": "шуруповерт TV-1860.02"}).status_code == 204  # not theirs
    assert mine.post("/suggest/forget/", {"q": ""}).status_code == 204
    assert offered(api, "") == ["шуруповерт TV-1860.02", "Шуруповёрт!"]
    assert mine.post("/suggest/forget/", {"q": "Шуруповерт tv-1860.02"}).status_code == 204
    assert offered(api, "") == ["Шуруповёрт!"]
    assert api.delete("/api/v1/suggest/past/").status_code == 204
    assert offered(api, "") == []


def test_ones_own_questions_go_with_the_person(world, client_of, principal_of):  # noqa: F811
    browser = client_of(world.reader)
    browser.get("/search/", {"q": "шуруповерт"})
    (own,) = personal_data(world.reader.user)["questions"]
    assert own["written"] == "шуруповерт"
    erase_person(by=principal_of(world.reader), user=world.reader.user, at=timezone.now())
    assert PastQuestion.objects.count() == 0
    assert Asked.objects.get().whose == ""


def test_the_clock_learns_and_forgets(world, client_of):  # noqa: F811
    from portal.tasks import forget_questions, learn_from_questions

    client_of(world.mine).get("/search/", {"q": "абракадабра"})
    learn_from_questions(0)
    assert DailyQuestion.objects.get().vain == 1
    forget_questions(0)
    assert Asked.objects.count() == 1
