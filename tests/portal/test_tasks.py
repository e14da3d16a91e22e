"""What a person wants to do is offered first: the page, the guide, and only what the role may."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.principals import NOBODY, Principal
from accounts.rules import rights_of
from portal.queries.tasks import ACTIONS, action_for, is_question
from portal.searchables import SEARCHABLES
from search.rebuilding import rebuild
from tests.factories import make_member
from tests.factories_catalog import make_product
from tests.factories_content import make_guide

OWNER = Principal(rights=rights_of(Role.OWNER))
READER = Principal(rights=rights_of(Role.READER))


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("оформить заказ", "orders:quick"),
        ("как оформить заказ на дрель", "orders:quick"),
        ("how do I place an order?", "orders:quick"),
        ("где мой заказ", "orders:list"),
        ("where is my order", "orders:list"),
        ("скачать прайс", "pricing:price-list"),
        ("пригласить коллегу", "accounts:people"),
        ("заказ", None),
        ("заказ дрель", None),
        ("оформить заказ на дрель ударную сетевую зелёную", None),
        ("TV-1860.02", None),
        ("", None),
    ],
)
def test_a_text_is_a_task_when_all_of_the_tasks_words_are_said(text, route):
    found = action_for(OWNER, text)
    assert (found.route if found else None) == route


def test_an_unfinished_word_will_do_while_one_types():
    assert action_for(OWNER, "оформить зак", as_you_type=True).route == "orders:quick"
    assert action_for(OWNER, "оформить зак") is None


def test_only_what_the_role_may():
    assert [action for action in ACTIONS if action_for(NOBODY, action.phrases[0])] == []
    assert action_for(READER, "оформить заказ") is None
    assert action_for(READER, "сменить пароль").route == "accounts:profile"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("как выбрать диск", True),
        ("How to choose", True),
        ("выбрать диск?", True),
        ("какой диск", False),
        ("диск", False),
    ],
)
def test_questions(text, asks):
    assert is_question(text) == asks


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def _things(self):
        make_guide("Как оформить заказ", task="Оформить заказ", task_phrases="оформить заказ")
        make_product("AK-1", name_ru="Оформить", name_en="Mount", gtins=("4600000000015",))
        make_product("AK-2", name_ru="Диск", name_en="Disc", gtins=("4600000000022",))
        make_product("AK-3", name_ru="Пила", name_en="Saw", gtins=("4600000000022",))
        for searchable in SEARCHABLES.values():
            rebuild(searchable, "postgresql")

    def test_the_action_and_the_guide_stand_together_first(self, client_of, api_client):
        buyer = make_member(Role.BUYER)
        html = client_of(buyer).get("/search/", {"q": "как оформить заказ"}).content.decode()
        task = html[html.index('id="task"') : html.index('id="guides"')]
        assert 'href="/quick-order/"' in task
        assert "How it works" in task
        body = api_client(buyer).get("/api/v1/search/", {"q": "как оформить заказ"}).json()
        assert body["action"] == {"title": "Place an order", "url": "/quick-order/"}
        assert body["task"]["task"] == "Оформить заказ"

    def test_a_reader_is_offered_the_guide_alone(self, client_of, api_client):
        reader = make_member(Role.READER)
        html = client_of(reader).get("/search/", {"q": "как оформить заказ"}).content.decode()
        assert "Show me how" in html
        assert 'href="/quick-order/"' not in html
        assert api_client(reader).get("/api/v1/search/", {"q": "как оформить заказ"}).json()["action"] is None

    def test_it_is_the_first_suggestion(self, client_of):
        html = client_of(make_member(Role.BUYER)).get("/suggest/", {"q": "оформить зак"}).content.decode()
        assert html.index("/quick-order/") < html.index("Как оформить заказ")
        assert 'data-said="2 suggestions, choose with the arrow keys"' in html

    def test_a_question_is_answered_by_guides_before_articles(self, client_of):
        html = client_of(make_member(Role.BUYER)).get("/search/", {"q": "как оформить"}).content.decode()
        assert html.index('id="guides"') < html.index('id="articles"')

    def test_a_scanned_barcode_opens_its_article_unless_two_have_it(self, client_of):
        browser = client_of(make_member(Role.BUYER))
        for scanned in ("4600000000015", "04600000000015"):
            answer = browser.get("/search/", {"q": scanned})
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/catalogue/AK-1/")
        assert browser.get("/search/", {"q": "4600000000022"}).status_code == 200
        assert browser.get("/search/", {"q": "AK-1"}).status_code == 200
