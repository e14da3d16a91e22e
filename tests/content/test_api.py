"""The read API: exact fields, fixed queries, nothing out of sight."""

import uuid

import pytest

from accounts.enums import Role, StaffRole
from content.models import Acknowledgement, Feedback, PageRead, Publication
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import everyone, make_guide, make_homes, make_news, make_section, make_translation, publish

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture
def dealer():
    return make_dealer()


@pytest.fixture
def reader(dealer):
    return make_member(Role.READER, dealer=dealer)


def get(api_client, who, path, **query):
    return api_client(who).get(f"{BASE}{path}", query)


def test_list_has_exactly_these_fields(api_client, reader):
    guide = make_guide("Заказать", lede="За минуту.")
    answer = get(api_client, reader, "/guides/").json()
    assert answer == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": guide.pk,
                "title": "Заказать",
                "language": "ru",
                "address": f"/knowledge{guide.url_path}",
                "type": "guide",
                "lede": "За минуту.",
                "date": None,
                "topic": None,
                "mandatory": False,
                "published_at": answer["results"][0]["published_at"],
            }
        ],
    }


def test_detail_has_exactly_these_fields(api_client, reader):
    section = make_section("Полка")
    other = make_guide("Рядом", section=section)
    guide = make_guide(
        "Заказать",
        section=section,
        body=[("heading", {"text": "Так", "level": "2"}, "h"), ("paragraph", "<p>Раз.</p>", "p")],
    )
    answer = get(api_client, reader, f"/pages/{guide.pk}/").json()
    assert answer == {
        "id": guide.pk,
        "type": "guide",
        "title": "Заказать",
        "lede": "",
        "language": "ru",
        "address": f"/knowledge{guide.url_path}",
        "date": None,
        "topic": None,
        "mandatory": False,
        "minutes": 1,
        "body": [
            {"type": "heading", "value": {"text": "Так", "level": 2}, "id": "h"},
            {"type": "paragraph", "value": "<p>Раз.</p>", "id": "p"},
        ],
        "version": {"number": 1, "significance": "notable", "published_at": answer["version"]["published_at"]},
        "section": {"id": section.pk, "title": "Полка", "language": "ru", "address": f"/knowledge{section.url_path}"},
        "translations": [],
        "related": [{"id": other.pk, "title": "Рядом", "language": "ru", "address": f"/knowledge{other.url_path}"}],
        "articles": [],
        "changed": [],
        "acknowledgement": {"asked": False, "until": None, "acknowledged_at": None},
        "feedback": None,
    }


def test_request_fields_change_nothing(api_client, reader):
    """Wagtail's own API leaked through nested fields asked for: here they are not read at all."""
    guide = make_guide()
    plain = get(api_client, reader, f"/pages/{guide.pk}/").json()
    asked = get(api_client, reader, f"/pages/{guide.pk}/", fields="*,section(body),parent(title)").json()
    assert asked == plain


def test_a_stranger_gets_401_and_the_rightless_403(api_client):
    guide = make_guide()
    for path in ("/pages/", "/guides/", "/news/", f"/pages/{guide.pk}/"):
        answer = get(api_client, None, path)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("what", ["other audience", "narrowed above", "draft", "unpublished", "no such"])
def test_out_of_sight_is_404_everywhere(api_client, reader, what):
    owners = make_audience(roles=[Role.OWNER])
    if what == "narrowed above":
        page = make_guide(section=make_section(audience=owners))
    else:
        page = make_guide(audience=owners if what == "other audience" else everyone(), live=what != "draft")
    if what == "unpublished":
        page.unpublish()
    if what == "no such":
        page.delete()
    client = api_client(reader)
    assert client.get(f"{BASE}/pages/{page.pk}/").status_code == 404
    assert client.post(f"{BASE}/pages/{page.pk}/feedback/", {"helpful": True}, format="json").status_code == 404
    assert client.post(f"{BASE}/pages/{page.pk}/acknowledge/").status_code == 404
    assert client.get(f"{BASE}/guides/").json()["results"] == []
    assert (Feedback.objects.count(), Acknowledgement.objects.count(), PageRead.objects.count()) == (0, 0, 0)


def test_types_and_an_unknown_type(api_client, reader):
    section = make_section("Полка")
    make_guide("Руководство", section=section)
    make_news("Новость", section=section)

    def titles(path, **query):
        return sorted(row["title"] for row in get(api_client, reader, path, **query).json()["results"])

    assert titles("/pages/") == ["Новость", "Полка", "Руководство"]
    assert titles("/pages/", type="news") == ["Новость"]
    assert titles("/news/") == ["Новость"]
    answer = get(api_client, reader, "/pages/", type="secret")
    assert (answer.status_code, answer.json()["field"]) == (422, "type")


def test_one_row_for_a_page_in_two_languages(api_client, reader):
    homes = make_homes()
    page = make_guide("Заказ", section=make_section(parent=homes["ru"]))
    make_translation(page, parent=make_section(parent=homes["en"]), title="Order")

    def titles(language):
        client = api_client(reader)
        answer = client.get(f"{BASE}/guides/", headers={"Accept-Language": language})
        return [row["title"] for row in answer.json()["results"]]

    assert (titles("en"), titles("ru")) == (["Order"], ["Заказ"])


@pytest.mark.parametrize("path", ["/pages/", "/guides/", "/news/"])
def test_lists_cost_the_same_for_1_and_100_rows(api_client, reader, path, django_assert_max_num_queries, settings):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        client = api_client(reader)
        client.get(f"{BASE}{path}")  # warm: content types, site
        with CaptureQueriesContext(
            connection,
        ) as queries:
            count = len(client.get(f"{BASE}{path}", {"page_size": 100}).json()["results"])
        return count, len(queries)

    section = make_section()
    make = make_news if path == "/news/" else make_guide
    make(section=section)
    one = cost()
    for _ in range(12):
        make(section=section)
    many = cost()
    assert many[0] > one[0]
    assert many[1] == one[1]


def test_feedback_is_one_answer_per_version(api_client, reader):
    guide = make_guide()
    client = api_client(reader)
    path = f"{BASE}/pages/{guide.pk}/feedback/"
    assert client.post(path, {"helpful": True}, format="json").json() == {"helpful": True, "reason": "", "text": ""}
    again = {"helpful": False, "reason": "unclear", "text": "Шаг 2?"}
    assert client.post(path, again, format="json").json() == again
    assert Feedback.objects.get().reason == "unclear"
    assert client.get(f"{BASE}/pages/{guide.pk}/").json()["feedback"] == again
    publish(guide)
    assert client.get(f"{BASE}/pages/{guide.pk}/").json()["feedback"] is None


def test_feedback_wrong_input(api_client, reader):
    guide = make_guide()
    path = f"{BASE}/pages/{guide.pk}/feedback/"
    answer = api_client(reader).post(path, {"reason": "because", "text": "x" * 2001}, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"helpful", "reason", "text"}
    assert Feedback.objects.count() == 0


def test_acknowledging_twice_is_once(api_client, reader):
    guide = make_guide(mandatory=True)
    client = api_client(reader)
    assert client.get(f"{BASE}/pages/{guide.pk}/").json()["acknowledgement"]["asked"] is True
    first = client.post(f"{BASE}/pages/{guide.pk}/acknowledge/").json()
    assert client.post(f"{BASE}/pages/{guide.pk}/acknowledge/").json() == first
    assert Acknowledgement.objects.count() == 1
    assert client.get(f"{BASE}/pages/{guide.pk}/").json()["acknowledgement"] == {
        "asked": False,
        "until": None,
        "acknowledged_at": first["acknowledged_at"],
    }


def test_only_a_major_revision_asks_again(api_client, reader):
    guide = make_guide(mandatory=True)
    client = api_client(reader)
    client.post(f"{BASE}/pages/{guide.pk}/acknowledge/")

    def asked():
        return client.get(f"{BASE}/pages/{guide.pk}/").json()["acknowledgement"]["asked"]

    publish(guide, significance="typo")
    publish(guide, significance="notable")
    assert asked() is False
    publish(guide, significance="major")
    assert asked() is True
    assert list(Publication.objects.filter(page=guide).order_by("number").values_list("number", "significance")) == [
        (1, "notable"),
        (2, "typo"),
        (3, "notable"),
        (4, "major"),
    ]


def test_what_changed_since_the_last_reading(api_client, reader):
    body = [("paragraph", "<p>Одно.</p>", "a"), ("paragraph", "<p>Другое.</p>", "b")]
    guide = make_guide(body=body)
    client = api_client(reader)
    path = f"{BASE}/pages/{guide.pk}/"
    assert client.get(path).json()["changed"] == []
    publish(guide, body=[body[0], ("paragraph", "<p>Иное.</p>", "b"), ("paragraph", "<p>Новое.</p>", "c")])
    assert client.get(path).json()["changed"] == ["b", "c"]
    stranger = api_client(make_member(Role.READER))
    assert stranger.get(path).json()["changed"] == []


def test_head_office_reads_pages_too(api_client):
    make_guide("Для владельцев", audience=make_audience(roles=[Role.OWNER]))
    answer = get(api_client, make_staff(StaffRole.ANALYST), "/guides/").json()
    assert [row["title"] for row in answer["results"]] == ["Для владельцев"]


def test_unknown_id_and_uuid_do_not_break(api_client, reader):
    assert get(api_client, reader, "/pages/999999/").status_code == 404
    assert get(api_client, reader, f"/pages/{uuid.uuid4()}/").status_code == 404
