"""The knowledge in a browser, without scripts."""

import pytest

from accounts.enums import Role, StaffRole
from content.models import Acknowledgement, Feedback, PageRead
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import (
    make_document,
    make_guide,
    make_homes,
    make_image,
    make_news,
    make_section,
    make_translation,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer():
    return make_dealer()


@pytest.fixture
def reader(dealer, client_of):
    return client_of(make_member(Role.READER, dealer=dealer))


def text(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_a_stranger_is_sent_to_the_sign_in(client):
    guide = make_guide()
    for address in ("/knowledge/", guide.address):
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (302, f"/sign-in/?next={address}")


def test_first_page_shows_what_is_for_the_reader(reader):
    section = make_section("Заказы")
    owners = make_audience(roles=[Role.OWNER])
    make_guide("Обязательное", section=section, mandatory=True)
    make_guide("Задача", section=section, task="Оформить заказ", task_note="Из файла")
    make_news("Новость", section=section)
    for make, title in ((make_guide, "Канарейка раз"), (make_news, "Канарейка два")):
        make(
            title,
            section=section,
            audience=owners,
            mandatory=True,
            **({"task": "Канарейка три"} if make is make_guide else {}),
        )
    make_section("Канарейка четыре", audience=owners)
    shown = text(reader, "/knowledge/")
    for words in ("Обязательное", "Оформить заказ", "Из файла", "Новость", "Заказы"):
        assert words in shown
    assert "Канарейка" not in shown


def test_empty_knowledge_says_so(reader):
    assert "Nothing is written for you yet" in text(reader, "/knowledge/")


@pytest.mark.parametrize("what", ["other audience", "narrowed above", "draft", "no such"])
def test_out_of_sight_is_404_by_any_way(reader, what):
    owners = make_audience(roles=[Role.OWNER])
    if what == "narrowed above":
        page = make_guide(section=make_section(audience=owners))
    else:
        page = make_guide(live=what != "draft", **({"audience": owners} if what == "other audience" else {}))
    if what == "no such":
        page.delete()
    assert reader.get(page.address).status_code == 404
    assert reader.post(f"/knowledge/-/{page.pk}/acknowledge/", {"confirmed": "1"}).status_code == 404
    assert reader.post(f"/knowledge/-/{page.pk}/feedback/", {"helpful": "yes"}).status_code == 404
    assert (Acknowledgement.objects.count(), Feedback.objects.count(), PageRead.objects.count()) == (0, 0, 0)


def test_every_kind_of_block_is_drawn(reader):
    image, document = make_image(), make_document("Правила цен")
    section = make_section()
    visible = make_guide("Видимое", section=section)
    hidden = make_guide("Скрытое", section=section, audience=make_audience(roles=[Role.OWNER]))
    links = f'<a linktype="page" id="{visible.pk}">да</a> <a linktype="page" id="{hidden.pk}">нет</a> <a href="https://example.com/">вне</a>'
    step = {
        "type": "item",
        "id": "s1",
        "value": {"title": "Откройте", "text": "<p>каталог</p>", "image": image.pk, "alt": "Экран"},
    }
    guide = make_guide(
        section=section,
        body=[
            ("heading", {"text": "Первое", "level": "2"}),
            ("heading", {"text": "Второе", "level": "2"}),
            ("paragraph", f"<p>{links}</p>"),
            ("steps", [step]),
            ("note", {"kind": "warn", "title": "Внимание.", "text": "<p>Осторожно</p>"}),
            ("image", {"image": image.pk, "alt": "Что это", "caption": "Подпись"}),
            ("document", document.pk),
            ("article", "NO-SUCH"),
            ("code", {"language": "", "text": "TV-1 <5>"}),
            ("quote", {"text": "Сказано", "source": "Ирина"}),
            ("table", {"caption": "Цены", "rows": "Артикул | Цена\nTV-1 | 10"}),
        ],
    )
    shown = text(reader, guide.address)
    assert f'<a href="{visible.address}">да</a> <a>нет</a> <a href="https://example.com/">вне</a>' in shown
    assert hidden.address not in shown
    for words in ("На этой странице", "On this page"):
        if words in shown:
            break
    else:
        pytest.fail("no contents list")
    for words in (
        "Откройте",
        "каталог",
        'alt="Экран"',
        "note-warn",
        "Осторожно",
        "Подпись",
        "Правила цен",
        "TV-1 &lt;5&gt;",
        "Сказано",
        "Ирина",
        "Артикул",
    ):
        assert words in shown, words
    assert "NO-SUCH" not in shown
    assert "style=" not in shown


def test_links_between_pages_are_checked_negative_control(reader, monkeypatch):
    from content.querysets import PortalPageQuerySet

    section = make_section()
    hidden = make_guide("Скрытое", section=section, audience=make_audience(roles=[Role.OWNER]))
    guide = make_guide(section=section, body=[("paragraph", f'<p><a linktype="page" id="{hidden.pk}">нет</a></p>')])
    assert hidden.address not in text(reader, guide.address)
    monkeypatch.setattr(PortalPageQuerySet, "visible_to", lambda self, principal: self)
    assert hidden.address in text(reader, guide.address)


def test_neighbours_are_those_one_may_read(reader):
    section = make_section()
    make_guide("Сосед", section=section)
    make_guide("Канарейка", section=section, audience=make_audience(roles=[Role.OWNER]))
    shown = text(reader, make_guide("Сама", section=section).address)
    assert "Сосед" in shown
    assert "Канарейка" not in shown


def test_address_of_the_other_language_leads_to_the_readers(reader):
    homes = make_homes()
    russian = make_guide("Заказ", section=make_section(parent=homes["ru"]))
    english = make_translation(russian, parent=make_section(parent=homes["en"]), title="Order")
    assert reader.get(russian.address).url == english.address
    reader.cookies["django_language"] = "ru"
    assert reader.get(english.address).url == russian.address
    assert reader.get(russian.address).status_code == 200


def test_a_page_without_translation_says_so(reader):
    guide = make_guide("Только по-русски")
    assert "Only in Russian so far" in text(reader, guide.address)
    reader.cookies["django_language"] = "ru"
    assert "Only in Russian so far" not in text(reader, guide.address)


def test_section_lists_what_may_be_read(reader):
    section = make_section("Полка")
    make_guide("Видно", section=section)
    make_guide("Канарейка", section=section, audience=make_audience(roles=[Role.OWNER]))
    shown = text(reader, section.address)
    assert "Видно" in shown
    assert "Канарейка" not in shown


def test_confirming_needs_the_box_and_is_kept_once(reader):
    guide = make_guide("Обязательное", mandatory=True)
    address = f"/knowledge/-/{guide.pk}/acknowledge/"
    assert reader.post(address).status_code == 302
    assert Acknowledgement.objects.count() == 0
    for _ in range(2):
        assert reader.post(address, {"confirmed": "1"}).url == guide.address
    assert Acknowledgement.objects.count() == 1
    assert "Обязательное" not in text(reader, "/knowledge/").partition("Sections<")[0].partition("What do you")[0]


def test_feedback_yes_then_no_with_words(reader):
    guide = make_guide()
    address = f"/knowledge/-/{guide.pk}/feedback/"
    assert reader.post(address, {"helpful": "yes"}).url == f"{guide.address}#helpful"
    assert reader.post(address, {"helpful": "no", "reason": "wrong", "text": "Опечатка"}).status_code == 302
    given = Feedback.objects.get()
    assert (given.helpful, given.reason, given.text) == (False, "wrong", "Опечатка")
    assert "the author will see it" in text(reader, guide.address)


def test_form_of_another_dealer_is_refused(reader):
    guide = make_guide(mandatory=True)
    answer = reader.post(f"/knowledge/-/{guide.pk}/acknowledge/", {"confirmed": "1", "_membership": "1"})
    assert (answer.status_code, Acknowledgement.objects.count()) == (409, 0)


def test_changes_are_marked(reader):
    guide = make_guide(body=[("paragraph", "<p>Одно.</p>", "aaaaaaaa"), ("paragraph", "<p>Два.</p>", "bbbbbbbb")])
    assert 'class="changed"' not in text(reader, guide.address)
    publish(guide, body=[("paragraph", "<p>Одно.</p>", "aaaaaaaa"), ("paragraph", "<p>Три.</p>", "bbbbbbbb")])
    shown = text(reader, guide.address)
    assert '<div id="b-bbbbbbbb" class="changed">' in shown
    assert '<div id="b-aaaaaaaa">' in shown
    assert "One place has changed since you read this" in shown


def test_a_guide_costs_the_same_whatever_its_length(reader):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    section = make_section()

    def body(n):
        image = [("image", {"image": make_image().pk, "alt": "", "caption": ""}) for _ in range(n)]
        document = [("document", make_document().pk) for _ in range(n)]
        return [*image, *document, *[("paragraph", f'<p><a linktype="page" id="{section.pk}">x</a></p>')] * n]

    def cost(n):
        guide = make_guide(section=section, body=body(n))
        reader.get(guide.address)  # renditions are made, content types are kept
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(guide.address).status_code == 200
        return len(queries)

    assert cost(1) == cost(6)


@pytest.mark.parametrize("address", ["/knowledge/", "section"])
def test_lists_cost_the_same_whatever_their_length(reader, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    section = make_section()
    address = section.address if address == "section" else address

    def fill(n):
        for _ in range(n):
            make_guide(section=section, mandatory=True, task="x")
            make_news(section=section)

    def cost():
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            reader.get(address)
        return len(queries)

    fill(1)
    one = cost()
    fill(8)
    assert cost() == one


def test_editors_see_audience_and_edit_link_readers_do_not(reader, client_of):
    guide = make_guide()
    editor = client_of(make_staff(StaffRole.EDITOR))
    assert f"/cms/pages/{guide.pk}/edit/" in text(editor, guide.address)
    assert "/cms/" not in text(reader, guide.address)
