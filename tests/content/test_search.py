"""What search is told about pages: words in both languages, and readers that hold for everything above."""

import pytest

from accounts.enums import Role, StaffRole
from accounts.principals import Principal
from content.queries import found
from content.search import SEARCHABLE, scope
from search import indexing, vocabulary
from search.access import OPEN
from search.correcting import corrected
from search.engines.postgresql import PostgresEngine
from search.models import Change
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import everyone, make_guide, make_homes, make_news, make_section, make_translation, publish

pytestmark = pytest.mark.django_db


def document(page):
    documents = list(SEARCHABLE.documents([str(page.translation_key)]))
    return documents[0] if documents else None


def finds(principal, page):
    """Whether an engine would show the document to this principal."""
    access, found = SEARCHABLE.access(principal), document(page)
    return found is not None and (access.all or bool(access.names & found.readers))


def test_words_of_both_languages_in_one_document():
    homes = make_homes()
    guide = make_guide(
        "Как заказать",
        section=make_section(parent=homes["ru"]),
        lede="За минуту.",
        task_phrases="где кнопка\nкак купить",
        body=[
            ("heading", {"text": "Корзина", "level": "2"}),
            ("paragraph", "<p>Нажмите <b>Оформить</b>.</p><p>Ждите.</p>"),
            (
                "steps",
                [
                    {
                        "type": "item",
                        "id": "s",
                        "value": {"title": "Откройте", "text": "<p>каталог</p>", "image": None, "alt": ""},
                    }
                ],
            ),
            ("code", {"language": "", "text": "TV-1 5"}),
        ],
    )
    make_translation(guide, parent=make_section(parent=homes["en"]), title="How to order")
    found = document(guide)
    assert (found.title.ru, found.title.en) == ("Как заказать", "How to order")
    assert found.keywords.ru.split("\n")[:4] == ["где кнопка", "как купить", "Корзина", "Откройте"]
    assert guide.get_parent().title in found.keywords.ru  # where it stands
    assert homes["ru"].title not in found.keywords.ru  # which all do
    assert found.body.ru.split() == [
        "За",
        "минуту.",
        "Корзина",
        "Нажмите",
        "Оформить.",
        "Ждите.",
        "Откройте",
        "каталог",
        "TV-1",
        "5",
    ]
    assert found.body.en.split() == ["Words", "in", "English."]
    assert found.facets == {"type": ("guide",), "language": ("en", "ru")}


def test_readers_are_those_of_the_page_and_all_above():
    owners, gold = make_audience(roles=[Role.OWNER]), make_audience(tiers=["gold"])
    guide = make_guide(section=make_section(audience=gold), audience=owners)
    assert document(guide).readers == {scope([everyone().pk, owners.pk, gold.pk])}


def test_findable_exactly_where_readable(principal_of):
    dealer = make_dealer()
    owners = make_audience(roles=[Role.OWNER])
    pages = [
        make_guide("Всем"),
        make_guide("Владельцам", audience=owners),
        make_guide("Глубоко", section=make_section(parent=make_section(audience=owners))),
        make_news("Новость"),
        make_guide("Черновик", live=False),
    ]
    people = [make_member(role, dealer=dealer) for role in Role] + [make_staff(StaffRole.EDITOR)]
    for who in [principal_of(person) for person in people] + [Principal.nobody()]:
        readable = SEARCHABLE.permitted(who, [str(page.translation_key) for page in pages])
        assert {str(page.translation_key) for page in pages if finds(who, page)} == readable


def test_draft_and_expired_have_no_document():
    assert document(make_guide(live=False)) is None
    guide = make_guide()
    guide.unpublish()
    assert document(guide) is None


def test_a_translation_for_other_readers_does_not_lend_its_words():
    homes = make_homes()
    guide = make_guide("Скидки", section=make_section(parent=homes["ru"]))
    owners = make_audience(roles=[Role.OWNER])
    make_translation(guide, parent=make_section(parent=homes["en"]), title="Secret rebates", audience=owners)
    found = document(guide)
    assert (found.title.ru, found.title.en) == ("Скидки", "")
    assert found.readers == {scope([everyone().pk]), OPEN}


def test_hits_come_back_in_order_in_the_readers_language_and_rechecked(principal_of):
    homes = make_homes()
    section = make_section(parent=homes["ru"])
    first, second = make_guide("Первое", section=section), make_guide("Второе", section=section)
    hidden = make_guide("Чужое", section=section, audience=make_audience(roles=[Role.OWNER]))
    make_translation(first, parent=make_section(parent=homes["en"]), title="First")
    keys = [str(page.translation_key) for page in (second, hidden, first)]
    principal = principal_of(make_member(Role.READER))
    assert principal.language == "en"
    assert [page.title for page in found(principal, keys)] == ["Второе", "First"]


def test_narrowing_a_section_changes_the_readers_below():
    section = make_section()
    guide = make_guide(section=section)
    owners = make_audience(roles=[Role.OWNER])
    publish(section, audience=owners)
    assert document(guide).readers == {scope([everyone().pk, owners.pk])}  # and open to all no longer


def test_words_to_correct_to_are_those_of_pages_that_everyone_may_read():
    """With the negative controls: an audience with any limit, and a limit above."""
    section = make_section("Работа с порталом")
    owners = make_audience(roles=[Role.OWNER])
    make_guide("Комплектовщик", section=section)
    make_guide("Закрытоведение", section=section, audience=owners)
    make_guide("Подсекция", section=make_section(audience=owners))
    while indexing.process_batch(PostgresEngine(), {SEARCHABLE.kind: SEARCHABLE}):
        pass
    vocabulary.refresh(SEARCHABLE.kind)
    assert corrected("комплектовшик", [SEARCHABLE.kind]) == "комплектовщик"
    assert corrected("закрытовидение", [SEARCHABLE.kind]) is None
    assert corrected("подсикция", [SEARCHABLE.kind]) is None


def test_a_limited_audience_closes_the_words_of_its_pages():
    guide = make_guide()
    assert OPEN in document(guide).readers
    Change.objects.all().delete()
    audience = everyone()
    audience.roles = [Role.OWNER]
    audience.save()
    assert str(guide.translation_key) in set(Change.objects.values_list("key", flat=True))
    assert OPEN not in document(guide).readers


def test_keys_name_every_live_page_once():
    homes = make_homes()
    guide = make_guide(section=make_section(parent=homes["ru"]))
    make_translation(guide, parent=make_section(parent=homes["en"]), title="Same")
    make_guide(live=False)
    assert list(SEARCHABLE.keys()).count(str(guide.translation_key)) == 1


def test_access_costs_two_queries_whatever_the_number_of_pages(principal_of, django_assert_num_queries):
    section = make_section()
    for _ in range(4):
        make_guide(section=section)
    principal = principal_of(make_member())
    with django_assert_num_queries(2):
        SEARCHABLE.access(principal)


def test_asked_over_the_api_and_answered_by_the_engine(api_client):
    section = make_section()
    make_guide("Как вернуть аккумулятор", section=section, task_phrases="сдать батарею обратно")
    make_guide("Как оформить заказ", section=section)
    make_guide("Вернуть деньги", section=section, audience=make_audience(roles=[Role.OWNER]))
    while indexing.process_batch(PostgresEngine(), {SEARCHABLE.kind: SEARCHABLE}):
        pass
    client = api_client(make_member(Role.READER))

    def titles(**query):
        return [row["title"] for row in client.get("/api/v1/pages/", query).json()["results"]]

    assert titles(q="вернуть") == ["Как вернуть аккумулятор"]
    assert titles(q="батарею сдать") == ["Как вернуть аккумулятор"]
    assert titles(q="вернуть", type="news") == []
