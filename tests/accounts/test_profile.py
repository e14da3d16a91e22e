"""A person's own page: password, sessions, tokens, forgotten password."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken, AuditEvent, Letter, User
from tests.factories import PASSWORD, make_member, make_staff, make_token, make_user

pytestmark = pytest.mark.django_db
BETTER = "another long phrase 9"


def signed_in(user, password=PASSWORD):
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": password})
    return client


def test_name_language_and_shortcuts(client_of):
    member = make_member()
    answer = client_of(member).post("/profile/", {"first_name": "Anna", "last_name": "Bell", "language": "ru"})
    assert answer.cookies["django_language"].value == "ru"
    user = User.objects.get(pk=member.user.pk)
    assert (str(user), user.language, user.shortcuts) == ("Anna Bell", "ru", False)


def test_the_form_changes_nothing_that_it_does_not_show(client_of):
    member = make_member()
    data = {"first_name": "A", "last_name": "B", "language": "en"}
    client_of(member).post(
        "/profile/", {**data, "staff_role": "administrator", "is_superuser": "on", "email": "x@example.com"}
    )
    user = User.objects.get(pk=member.user.pk)
    assert (user.staff_role, user.is_superuser, user.email) == ("", False, member.user.email)


def test_another_password_ends_the_other_sessions(client_of):
    member = make_member()
    here, elsewhere = client_of(member), signed_in(member.user)
    answer = here.post("/profile/password/", {"current": PASSWORD, "password": BETTER})
    assert answer.url == "/profile/"
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert signed_in(member.user, BETTER).get("/profile/").status_code == 200
    assert Letter.objects.get().kind == "password_changed"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"current": "wrong", "password": BETTER}, "The password did not match"),
        ({"current": PASSWORD, "password": "short"}, "too short"),
        ({"current": PASSWORD, "password": ""}, "required"),
    ],
)
def test_a_refused_password_changes_nothing(client_of, data, said):
    member = make_member()
    answer = client_of(member).post("/profile/password/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(pk=member.user.pk).check_password(PASSWORD)


def test_guessing_the_password_here_is_counted_as_at_the_door(client_of):
    member = make_member()
    client = client_of(member)
    for _ in range(5):
        client.post("/profile/password/", {"current": "wrong", "password": BETTER})
    answer = client.post("/profile/password/", {"current": PASSWORD, "password": BETTER})
    assert "Too many tries" in answer.content.decode()


def test_signing_out_everywhere_else(client_of):
    member = make_member()
    here, elsewhere = client_of(member), signed_in(member.user)
    here.post("/profile/sessions/end/")
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302


def test_a_token_is_shown_once_and_works(client_of):
    member = make_member("owner")
    client = client_of(member)
    answer = client.post("/profile/tokens/", {"name": "Our ERP", "days": "90"})
    text = re.search(r'token-text">([^<]+)<', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    machine = Client(headers={"Authorization": f"Token {text}"})
    assert machine.get("/api/v1/me/").json()["role"] == "owner"
    assert text not in client.get("/profile/").content.decode()
    kept = ApiToken.objects.get()
    assert (kept.name, kept.membership, (kept.expiry - timezone.now()).days) == ("Our ERP", member, 89)
    assert kept.used_on == timezone.now().date()
    client.post(f"/profile/tokens/{kept.handle}/revoke/")
    assert machine.get("/api/v1/me/").status_code == 401


def test_nobody_revokes_another_persons_token(client_of):
    member, other = make_member(), make_member()
    make_token(other)
    token = ApiToken.objects.get()
    client = client_of(member)
    assert client.post(f"/profile/tokens/{token.handle}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def test_a_short_handle_names_nothing(client_of):
    member = make_member()
    make_token(member)
    assert client_of(member).post("/profile/tokens/a/revoke/").status_code == 404


def test_the_page_costs_the_same_for_many_tokens(client_of, django_assert_max_num_queries):
    member = make_member("owner")
    client = client_of(member)
    make_token(member)
    client.get("/profile/")
    with django_assert_max_num_queries(14) as few:
        client.get("/profile/")
    for _ in range(15):
        make_token(member)
    with django_assert_max_num_queries(len(few)):
        client.get("/profile/")


def test_the_head_office_has_a_profile_too(client_of):
    assert client_of(make_staff("analyst")).get("/profile/").status_code == 200


def forget(client, email):
    answer = client.post("/password/forgotten/", {"email": email})
    services.send_due_letters(at=timezone.now())
    return answer


def test_a_forgotten_password_is_set_by_the_letter():
    member = make_member()
    elsewhere, client = signed_in(member.user), Client()
    token = make_token(member)
    forget(client, member.user.email.upper())
    letter = mail.outbox[0]
    link = re.search(r"http://127\.0\.0\.1:8000(/password/reset/\S+)", letter.body)[1]
    assert f"{link}" in letter.alternatives[0][0]
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": "short"}).status_code == 422
    assert client.post(link, {"password": BETTER}).url == "/sign-in/"
    assert client.get(link).status_code == 410
    assert client.post(link, {"password": PASSWORD}).status_code == 410
    assert elsewhere.get("/profile/").status_code == 302
    assert signed_in(member.user, BETTER).get("/profile/").status_code == 200
    assert Client(headers={"Authorization": f"Token {token}"}).get("/api/v1/me/").status_code == 200


def test_the_tokens_go_too_when_asked():
    member = make_member()
    make_token(member)
    uid, token = services.passwords.reset_link(member.user)
    Client().post(f"/password/reset/{uid}/{token}/", {"password": BETTER, "revoke_tokens": "on"})
    assert not ApiToken.objects.exists()


def test_the_answer_is_the_same_for_addresses_that_nobody_has():
    member = make_member()
    pages, queries = [], []
    Client().post("/password/forgotten/", {"email": "first@example.com"})  # who comes first wakes the worker
    for email in (member.user.email, "nobody@example.com"):
        with CaptureQueriesContext(connection) as counted:
            answer = Client().post("/password/forgotten/", {"email": email})
        pages.append(re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", answer.content.decode().replace(email, "…")))
        queries.append(len(counted))
    assert pages[0] == pages[1]
    assert Letter.objects.filter(kind="password_reset").count() == 3
    assert queries[0] == queries[1]
    services.send_due_letters(at=timezone.now())
    assert [letter.to for letter in mail.outbox] == [[member.user.email]]
    assert not Letter.objects.exists()


def test_one_address_gets_three_letters_an_hour_at_most():
    member = make_member()
    for _ in range(5):
        forget(Client(), member.user.email)
    assert len(mail.outbox) == 3


def test_the_letter_opens_a_locked_sign_in_again(client):
    member = make_member()
    for _ in range(5):
        client.post("/sign-in/", {"email": member.user.email, "password": "wrong"})
    uid, token = services.passwords.reset_link(member.user)
    client.post(f"/password/reset/{uid}/{token}/", {"password": BETTER})
    answer = client.post("/sign-in/", {"email": member.user.email, "password": BETTER})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ("/password/reset/MQ/abc-def/", 410),
        ("/password/reset/9999999999999999999999/x/", 410),
        ("/password/reset/%00/x/", 400),  # NULs are refused before any view
    ],
)
def test_a_made_up_link_is_void(client, link, status):
    assert client.get(link).status_code == status


def test_letters_are_in_the_language_of_their_reader():
    member = make_member()
    User.objects.update(language="ru")
    forget(Client(), member.user.email)
    assert AuditEvent.objects.filter(verb="password.reset").count() == 0
    assert mail.outbox[0].subject


@pytest.mark.parametrize(("ticked", "left"), [({"revoke_tokens": "on"}, 0), ({}, 1)])
def test_another_password_ends_the_tokens_unless_they_are_kept(client_of, ticked, left):
    member = make_member()
    make_token(member)
    client = client_of(member)
    form = re.search(r'<input[^>]*name="revoke_tokens"[^>]*>', client.get("/profile/").content.decode())
    assert form is not None
    assert "checked" in form[0]
    answer = client.post("/profile/password/", {"current": PASSWORD, "password": BETTER, **ticked})
    assert answer.status_code == 302
    assert ApiToken.objects.filter(user=member.user).count() == left


def test_the_service_ends_the_tokens_by_itself(principal_of):
    member = make_member()
    make_token(member)
    services.change_password(by=principal_of(member), user=member.user, password=BETTER)
    assert not ApiToken.objects.filter(user=member.user).exists()


@pytest.mark.parametrize(("language", "said"), [("en", "30 days"), ("ru", "30 дней")])
def test_the_days_of_a_token_are_said_in_the_readers_language(client_of, language, said):
    member = make_member("buyer", user=make_user(language=language))
    assert said in client_of(member).get("/profile/").content.decode()
