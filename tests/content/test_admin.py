"""The Wagtail admin: who comes in, by which door, and what they may do there; previews of drafts."""

import datetime as dt
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role, StaffRole
from accounts.models import Audience
from accounts.principals import of_user
from accounts.services import delete_audience
from content import services
from content.models import DraftPreview, GuidePage, PortalPage, Publication
from portal.lib.errors import Conflict, Missing, NotAllowed
from search.models import Change
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import everyone, make_guide, make_image, make_rendition, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client_of):
    return client_of(make_staff(StaffRole.EDITOR))


def test_a_stranger_is_sent_to_our_own_sign_in(client):
    for address in ("/cms/", "/cms/pages/", "/cms/images/", "/cms/login/"):
        answer = client.get(address)
        assert (answer.status_code, urlsplit(answer.url).path) == (302, "/sign-in/"), address


def test_wagtails_own_sign_in_takes_no_password(client):
    user = make_staff(StaffRole.EDITOR)
    answer = client.post("/cms/login/", {"username": user.email, "password": "correct horse battery 7"})
    assert urlsplit(answer.url).path == "/sign-in/"
    assert "_auth_user_id" not in client.session
    assert client.get("/cms/password_reset/").status_code == 404


def test_password_alone_does_not_open_the_admin():
    """An editor who gave the password and still owes the second factor."""
    half = Client()
    half.force_login(make_staff(StaffRole.EDITOR), backend="django.contrib.auth.backends.ModelBackend")
    guide = make_guide()
    for address in ("/cms/", f"/cms/pages/{guide.pk}/edit/", "/cms/jsi18n/"):
        answer = half.get(address)
        assert (answer.status_code, urlsplit(answer.url).path) == (302, "/second-factor/"), address


@pytest.mark.parametrize("role", list(Role))
def test_dealers_people_stay_outside(client_of, role):
    member = client_of(make_member(role))
    for address in ("/cms/", "/cms/pages/", "/cms/images/", "/cms/reports/due-for-review/"):
        assert member.get(address).status_code == 403


@pytest.mark.parametrize("role", list(StaffRole))
def test_head_office_comes_in_writers_write(client_of, role):
    guide = make_guide()
    staff = client_of(make_staff(role))
    assert staff.get("/cms/").status_code == 200
    writes = role in {StaffRole.EDITOR, StaffRole.ADMINISTRATOR}
    assert (staff.get(f"/cms/pages/{guide.pk}/edit/").status_code == 200) is writes
    assert (staff.get("/cms/images/").status_code == 200) is writes


def test_a_role_taken_away_counts_from_the_next_click(client_of):
    user = make_staff(StaffRole.EDITOR)
    client, guide = client_of(user), make_guide()
    assert client.get(f"/cms/pages/{guide.pk}/edit/").status_code == 200
    user.staff_role = StaffRole.ANALYST
    user.save()
    assert client.get(f"/cms/pages/{guide.pk}/edit/").status_code != 200
    assert [group.name for group in user.groups.all()] == ["analyst"]


@pytest.mark.parametrize("kind", ["pages", "images", "documents"])
def test_the_menu_of_pages_reads_its_api(editor, client_of, kind):
    address = f"/cms/api/main/{kind}/"
    make_guide()
    assert editor.get(address).status_code == 200
    assert editor.post(address).status_code in (403, 405)
    assert client_of(make_member(Role.OWNER)).get(address).status_code == 403
    assert client_of(make_staff(StaffRole.ANALYST)).get(address).status_code == (200 if kind == "pages" else 403)
    assert Client().get(address).status_code == 302


def test_the_menu_of_pages_shows_what_its_person_may_explore(editor, client_of):
    guide = make_guide()
    address = f"/cms/api/main/pages/?child_of={guide.get_parent().pk}&for_explorer=1"
    assert [item["id"] for item in editor.get(address).json()["items"]] == [guide.pk]
    assert editor.get("/cms/api/main/pages/?child_of=1").status_code == 200
    assert editor.post(f"/cms/api/main/pages/{guide.pk}/action/delete/").status_code == 403


def test_people_groups_and_privacy_are_not_managed_here(client_of):
    guide = make_guide()
    administrator = client_of(make_staff(StaffRole.ADMINISTRATOR))
    closed = ["users/", "users/add/", "users/1/", "groups/", "groups/new/", f"pages/{guide.pk}/privacy/"]
    closed += [
        "collections/1/privacy/",
        "sites/",
        "sites/new/",
        "workflows/list/",
        "workflows/add/",
        "workflows/edit/1/",
    ]
    assert [administrator.get(f"/cms/{path}").status_code for path in closed] == [404] * len(closed)
    assert administrator.get("/cms/account/").status_code == 302


def test_an_audience_in_use_is_not_deleted(editor):
    guide = make_guide()
    address = f"/cms/desk/audiences/delete/{guide.audience_id}/"
    answer = editor.post(address, follow=True)
    assert answer.status_code == 200
    assert Audience.objects.filter(pk=guide.audience_id).exists()
    count = PortalPage.objects.filter(audience=guide.audience_id).count()
    with pytest.raises(Conflict, match=f": {count}"):
        delete_audience(by=of_user(make_staff(StaffRole.EDITOR)), audience=guide.audience)


def test_superuser_flag_does_not_open_people_either(client_of):
    user = make_staff(StaffRole.ADMINISTRATOR, is_superuser=True)
    assert client_of(user).get("/cms/users/").status_code == 404


def form_of(page, **changes):
    """What the editor's form of a guide sends."""
    return {
        "title": page.title,
        "slug": page.slug,
        "lede": page.lede,
        "audience": str(page.audience_id),
        "significance": "notable",
        "body-count": "0",
        "products-TOTAL_FORMS": "0",
        "products-INITIAL_FORMS": "0",
        "products-MIN_NUM_FORMS": "0",
        "products-MAX_NUM_FORMS": "1000",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "task_phrases": "",
        "task": "",
        "task_note": "",
        "task_icon": "book-half",
        **changes,
    }


def test_publishing_in_the_admin(editor):
    guide = make_guide("Было", live=False)
    Change.objects.all().delete()
    answer = editor.post(f"/cms/pages/{guide.pk}/edit/", form_of(guide, title="Стало", **{"action-publish": "1"}))
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    guide.refresh_from_db()
    assert (guide.title, guide.live) == ("Стало", True)
    assert Publication.objects.get(page=guide).published_by == editor.user
    assert set(Change.objects.values_list("key", flat=True)) == {str(guide.translation_key)}


def test_a_page_cannot_be_kept_without_an_audience(editor):
    guide = make_guide()
    answer = editor.post(f"/cms/pages/{guide.pk}/edit/", form_of(guide, audience="", **{"action-publish": "1"}))
    assert answer.status_code == 200
    assert "audience" in answer.context["form"].errors


def test_new_pages_are_made_under_sections(editor):
    section = make_section()
    address = f"/cms/pages/add/content/guidepage/{section.pk}/"
    assert editor.get(address).status_code == 200
    new = GuidePage(title="Новая", slug="novaya", audience=everyone())
    answer = editor.post(address, form_of(new))
    assert answer.status_code == 302
    assert GuidePage.objects.get(slug="novaya").live is False


def test_thumbnails_are_shown_to_editors(editor):
    image = make_image()
    listing = editor.get("/cms/images/").content.decode()
    address = make_rendition(image, "max-165x165").url
    assert address in listing
    assert editor.get(address).status_code == 200


def test_pages_due_for_review_are_listed(editor):
    make_guide("Просрочена", review_date=timezone.localdate() - dt.timedelta(days=1))
    make_guide("Ещё хороша", review_date=timezone.localdate() + dt.timedelta(days=1))
    listing = editor.get("/cms/reports/due-for-review/").content.decode()
    assert "Просрочена" in listing
    assert "Ещё хороша" not in listing


def test_every_new_change_begins_as_notable(editor):
    guide = make_guide(significance="major")
    form = editor.get(f"/cms/pages/{guide.pk}/edit/").context["form"]
    assert form.initial["significance"] == "notable"


def preview(editor, guide, mode, **changes):
    address = f"/cms/pages/{guide.pk}/edit/preview/"
    editor.post(address, form_of(guide, **changes))
    return editor.get(f"{address}?mode={mode}")


def test_draft_is_previewed_on_the_portal(editor):
    guide = make_guide("Было")
    answer = preview(editor, guide, "portal", title="Ещё не сказано")
    assert answer.status_code == 200
    assert "Ещё не сказано" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    guide.refresh_from_db()
    assert guide.title == "Было"


def test_headless_preview_carries_a_token_that_opens_the_draft(editor, settings, client):
    settings.HEADLESS_PREVIEW_URL = "https://front.example/preview"
    guide = make_guide("Было")
    answer = preview(editor, guide, "headless", title="Черновик")
    assert answer.status_code == 302
    assert answer.url.startswith("https://front.example/preview?token=")
    token = parse_qs(urlsplit(answer.url).query)["token"][0]
    shown = client.get(f"/api/v1/preview/{token}/")
    assert (shown.status_code, shown.json()["title"], shown["Cache-Control"]) == (200, "Черновик", "private, no-store")
    assert client.get(f"/api/v1/preview/{token}x/").status_code == 404


def test_a_preview_ends(editor):
    principal, now = of_user(editor.user), timezone.now()
    token = services.keep_preview(by=principal, page=make_guide(), at=now)
    later = now + services.PREVIEW_LASTS
    assert services.open_preview(token=token, at=later - dt.timedelta(seconds=1))
    with pytest.raises(Missing):
        services.open_preview(token=token, at=later)
    services.keep_preview(by=principal, page=make_guide(), at=later + dt.timedelta(seconds=1))
    assert DraftPreview.objects.count() == 1


def test_a_preview_ends_with_its_editors_rights(editor):
    token = services.keep_preview(by=of_user(editor.user), page=make_guide(), at=timezone.now())
    editor.user.staff_role = StaffRole.ANALYST
    editor.user.save()
    with pytest.raises(Missing):
        services.open_preview(token=token, at=timezone.now())


@pytest.mark.parametrize("who", [Role.OWNER, StaffRole.ANALYST])
def test_only_editors_make_previews(who, principal_of):
    principal = principal_of(make_member(who) if isinstance(who, Role) else make_staff(who))
    with pytest.raises(NotAllowed):
        services.keep_preview(by=principal, page=make_guide(), at=timezone.now())
    assert DraftPreview.objects.count() == 0


def test_the_token_itself_is_not_kept(editor):
    token = services.keep_preview(by=of_user(editor.user), page=make_guide(), at=timezone.now())
    assert token not in DraftPreview.objects.get().token_hash


@pytest.mark.parametrize(("role", "status"), [(StaffRole.EDITOR, 200), (StaffRole.ANALYST, 302)])
def test_readers_answers_are_for_editors_to_read(client_of, principal_of, role, status):
    guide = make_guide("О возврате")
    services.give_feedback(
        by=principal_of(make_member()), page=guide, helpful=False, reason="wrong", text="Опечатка", at=timezone.now()
    )
    staff = client_of(make_staff(role))
    answer = staff.get("/cms/feedback/")
    assert (answer.status_code, "Опечатка" in answer.content.decode()) == (status, status == 200)
    assert staff.get("/cms/feedback/new/").status_code != 200


def test_articles_are_chosen_by_sku_or_name(editor):
    from ordering.catalog.models import Product

    for sku, name in (("TV-1", "Дрель ударная"), ("AK-2", "Аккумулятор")):
        Product.objects.create(
            sku=sku, sku_key=sku.casefold(), name_ru=name, sort_key_ru=name.casefold(), sort_key_en=""
        )
    for q, found in (("tv", "TV-1"), ("аккум", "AK-2")):
        shown = editor.get("/cms/articles/choose/results/", {"q": q}).content.decode()
        assert [sku for sku in ("TV-1", "AK-2") if sku in shown] == [found]


def test_preview_through_the_eyes_of_a_role(editor):
    dealer = make_dealer("Верстак-Юг")
    section = make_section()
    hidden = make_guide("Для владельцев", section=section, audience=make_audience(roles=[Role.OWNER]))
    body = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "paragraph",
        "body-0-id": "aaaaaaaa",
        "body-0-value": json.dumps({
            "blocks": [{"key": "a", "text": "туда", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
                        "entityRanges": [{"offset": 0, "length": 4, "key": 0}]}],
            "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": hidden.pk}}},
        }),
    }  # fmt: skip
    guide = make_guide(section=section)
    modes = {str(label): mode for mode, label in guide.preview_modes}
    assert {"Owner, Верстак-Юг", "Reader, Верстак-Юг"} <= set(modes)
    assert [label for _mode, label in hidden.preview_modes if dealer.name in label] == ["Owner, Верстак-Юг"]
    as_owner = preview(editor, guide, modes["Owner, Верстак-Юг"], **body).content.decode()
    as_reader = preview(editor, guide, modes["Reader, Верстак-Юг"], **body).content.decode()
    assert (hidden.address in as_owner, hidden.address in as_reader) == (True, False)
    assert "туда" in as_reader


@pytest.mark.parametrize(
    ("role", "shown"), [(StaffRole.EDITOR, True), (StaffRole.MANAGER, False), (StaffRole.ANALYST, False)]
)
def test_the_report_is_in_the_menu_of_whoever_may_open_it(client_of, role, shown):
    client = client_of(make_staff(role))
    assert ("/cms/reports/due-for-review/" in client.get("/cms/").content.decode()) is shown
