"""Signing in by e-mail and password: what is let in, what is refused, what is counted."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.sessions import MEMBERSHIP
from tests.factories import PASSWORD, make_dealer, make_member, make_user

pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD, **data):
    return client.post("/sign-in/", {"email": email, "password": password, **data})


def audited(verb):
    return list(AuditEvent.objects.filter(verb=verb).values_list("actor_id", "subject"))


def test_a_member_comes_in_and_acts_for_the_dealer(client):
    member = make_member("buyer")
    answer = sign_in(client, member.user.email)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session[SESSION_KEY] == str(member.user.pk)
    assert audited("sign_in.succeeded") == [(member.user.pk, f"user {member.user.pk}")]


def test_the_email_may_be_typed_in_any_case(client):
    member = make_member(user=make_user("anna@example.com"))
    assert sign_in(client, "  ANNA@Example.COM ").status_code == 302
    assert client.session[SESSION_KEY] == str(member.user.pk)


@pytest.mark.parametrize(("email", "password"), [("anna@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_refusal_does_not_say_what_was_wrong(client, email, password):
    make_member(user=make_user("anna@example.com"))
    answer = sign_in(client, email, password)
    assert answer.status_code == 401
    assert "E-mail or password did not match" in answer.content.decode()
    assert SESSION_KEY not in client.session


def test_the_hasher_runs_for_unknown_addresses_too(client, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    runs = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: runs.append(1) or encode(*a, **k))
    make_user("anna@example.com")
    counted = []
    for email in ("anna@example.com", "nobody@example.com"):
        runs.clear()
        sign_in(client, email, "wrong")
        counted.append(len(runs))
    assert counted[0] == counted[1] > 0


def test_somebody_inactive_is_refused_like_anybody(client):
    member = make_member(user=make_user("anna@example.com", is_active=False))
    answer = sign_in(client, member.user.email)
    assert answer.status_code == 401


def test_the_lock_closes_a_name_at_an_address_and_says_when_it_ends(client):
    make_member(user=make_user("anna@example.com"))
    make_member(user=make_user("boris@example.com"))
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, 30, tzinfo=dt.UTC), tick=False):
        for _ in range(4):
            assert sign_in(client, "anna@example.com", "wrong").status_code == 401
        assert sign_in(client, "Anna@Example.com", "wrong").status_code == 429
        answer = sign_in(client, "anna@example.com")
        assert answer.status_code == 429
        assert "Try again after 12:16" in answer.content.decode()  # 12:15:30 in Moscow, rounded up
    assert len(audited("sign_in.locked")) == 1
    # The colleague at the same address is not locked, nor is the same name at another address.
    assert sign_in(client, "boris@example.com").status_code == 302
    assert (
        Client(REMOTE_ADDR="198.51.100.7")
        .post("/sign-in/", {"email": "anna@example.com", "password": PASSWORD})
        .status_code
        == 302
    )


def test_the_lock_is_the_same_for_addresses_that_nobody_has(client):
    answers = [sign_in(client, "nobody@example.com", "wrong").status_code for _ in range(6)]
    assert answers == [401, 401, 401, 401, 429, 429]


def test_tries_during_the_lock_do_not_make_it_longer(client):
    make_member(user=make_user("anna@example.com"))
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        for _ in range(5):
            sign_in(client, "anna@example.com", "wrong")
        clock.shift(dt.timedelta(minutes=14))
        assert sign_in(client, "anna@example.com").status_code == 429
        clock.shift(dt.timedelta(minutes=2))
        assert sign_in(client, "anna@example.com").status_code == 302


def test_a_forwarded_address_is_not_believed_unasked(client, settings):
    make_member(user=make_user("anna@example.com"))
    for n in range(5):
        client.post(
            "/sign-in/",
            {"email": "anna@example.com", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        )
    assert sign_in(client, "anna@example.com").status_code == 429
    # Negative control: behind a proxy of ours its word is taken, and each address has a count of its own.
    settings.PROXY_COUNT = 1
    answer = client.post(
        "/sign-in/", {"email": "anna@example.com", "password": PASSWORD}, headers={"X-Forwarded-For": "203.0.113.99"}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/orders/?status=late", "/orders/?status=late"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_our_own_pages(client, wanted, led):
    assert sign_in(client, make_member().user.email, next=wanted).url == led


def test_the_session_gets_a_new_key(client):
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    sign_in(client, make_member().user.email)
    assert client.session.session_key != planted


def test_staying_is_a_choice(client):
    email = make_member().user.email
    sign_in(client, email)
    assert client.session.get_expire_at_browser_close() is True
    client.post("/sign-out/")
    sign_in(client, email, stay="on")
    assert client.session.get_expire_at_browser_close() is False


def test_signing_out_takes_a_post(client_of):
    client = client_of(make_member())
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/profile/").status_code == 200
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/profile/").status_code == 302


def test_signing_in_as_somebody_else_keeps_nothing_of_the_first(client):
    first, second = make_member(), make_member()
    sign_in(client, first.user.email)
    session = client.session
    session[MEMBERSHIP] = first.pk
    session.save()
    sign_in(client, second.user.email)
    assert MEMBERSHIP not in client.session
    assert client.get("/api/v1/me/").json()["dealer"]["code"] == second.dealer.code


def test_a_closed_dealer_lets_nobody_act(client):
    member = make_member(dealer=make_dealer(is_active=False))
    assert sign_in(client, member.user.email).status_code == 302
    page = client.get("/profile/")
    assert "You act for no company now" in page.content.decode()
    assert client.get("/people/").status_code == 403


def test_the_language_of_the_person_comes_with_them(client):
    answer = sign_in(client, make_member(user=make_user(language="ru")).user.email)
    assert answer.cookies["django_language"].value == "ru"


def test_the_language_is_kept_with_the_person_and_the_browser(client_of):
    member = make_member()
    client = client_of(member)
    answer = client.post("/language/", {"language": "ru", "next": "/profile/"})
    assert (answer.url, answer.cookies["django_language"].value) == ("/profile/", "ru")
    member.user.refresh_from_db()
    assert member.user.language == "ru"
    client.post("/language/", {"language": "xx"})
    member.user.refresh_from_db()
    assert member.user.language == "ru"


def test_the_door_is_not_kept_by_the_browser(client):
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]
