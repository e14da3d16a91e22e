"""Tokens and `me/`: the API's side of accounts."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership
from accounts.services import create_token
from tests.factories import PASSWORD, make_dealer, make_member, make_second_factor, make_staff, make_token, make_user

from .codes import code_of

pytestmark = pytest.mark.django_db


def ask(client, email, password=PASSWORD, **more):
    return client.post("/api/v1/auth/token/", {"email": email, "password": password, **more}, "application/json")


def with_token(token):
    return Client(headers={"Authorization": f"Token {token}"})


def test_a_token_for_email_and_password(client):
    member = make_member(dealer=make_dealer("Northern", code="north", town="Perm", tiers=["silver"]))
    answer = ask(client, member.user.email.upper())
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "expiry"}
    me = with_token(answer.json()["token"]).get("/api/v1/me/").json()
    assert me == {
        "id": member.user.pk,
        "email": member.user.email,
        "first_name": "Person",
        "last_name": member.user.last_name,
        "role": "buyer",
        "dealer": {"code": "north", "name": "Northern", "town": "Perm"},
        "tier": "silver",
        "currency": "RUB",
        "language": "en",
        "rights": sorted(me["rights"]),
    }
    assert "place_orders" in me["rights"]
    assert "manage_people" not in me["rights"]


def test_only_the_hash_is_kept(client):
    token = ask(client, make_member().user.email).json()["token"]
    kept = ApiToken.objects.get()
    assert token not in repr(vars(kept))
    assert kept.digest != token


def test_the_answer_to_a_wrong_password_is_the_answer_to_an_unknown_address(client):
    make_user("anna@example.com")
    answers = [ask(client, email, "wrong") for email in ("anna@example.com", "nobody@example.com")]
    assert [answer.status_code for answer in answers] == [401, 401]
    bodies = [answer.json() for answer in answers]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "sign_in_refused"
    assert answers[0]["Content-Type"] == "application/problem+json"


def test_the_lock_holds_here_too_and_is_one_with_the_page(client):
    email = make_member().user.email
    for _ in range(3):
        ask(client, email, "wrong")
    client.post("/sign-in/", {"email": email, "password": "wrong"})
    assert ask(client, email, "wrong").json()["code"] == "locked_out"
    answer = ask(client, email)
    assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
    assert answer.json()["retry_after"] > 0
    assert dt.datetime.fromisoformat(answer.json()["until"]) > timezone.now()


def test_the_second_factor_goes_along_as_otp(client):
    user = make_staff("manager")
    device = make_second_factor(user)
    wrong = ask(client, user.email, otp="000000")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_refused")
    device.refresh_from_db()
    device.throttle_reset()
    answer = ask(client, user.email, otp=code_of(device))
    assert answer.status_code == 201
    me = with_token(answer.json()["token"]).get("/api/v1/me/").json()
    assert (me["role"], me["dealer"], me["tier"]) == ("manager", None, None)
    # A code works once, wherever it was used.
    assert ask(client, user.email, otp=code_of(device)).status_code in {401, 429}


def test_a_person_of_two_dealers_says_which(client):
    first = make_member()
    second = make_member("reader", user=first.user, dealer=make_dealer(code="second"))
    token = ask(client, first.user.email, dealer="second").json()["token"]
    assert with_token(token).get("/api/v1/me/").json()["dealer"]["code"] == "second"
    assert ApiToken.objects.get().membership == second
    refused = ask(client, first.user.email, dealer=make_dealer(code="foreign").code)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_refused")


def test_missing_fields_are_named(client):
    answer = client.post("/api/v1/auth/token/", {}, "application/json")
    assert (answer.status_code, answer.json()["code"], set(answer.json()["errors"])) == (
        400,
        "invalid",
        {"email", "password"},
    )


def test_delete_revokes_the_token_of_the_call(client):
    member = make_member()
    token, other = make_token(member), make_token(member)
    assert with_token(token).delete("/api/v1/auth/token/").status_code == 204
    assert with_token(token).get("/api/v1/me/").status_code == 401
    assert with_token(other).get("/api/v1/me/").status_code == 200


def test_an_idempotency_key_never_keeps_a_secret(client):
    email = make_member().user.email
    answers = [
        client.post(
            "/api/v1/auth/token/", {"email": email, "password": PASSWORD}, "application/json",
            headers={"Idempotency-Key": "same"},
        ).json()["token"]
        for _ in range(2)
    ]  # fmt: skip
    assert answers[0] != answers[1]


@pytest.mark.parametrize("end", ["expired", "membership", "dealer", "person", "head office"])
def test_a_token_ends_with_what_it_stands_on(end):
    member = make_member()
    token = make_token(member)
    client = with_token(token)
    assert client.get("/api/v1/me/").status_code == 200
    if end == "expired":
        ApiToken.objects.update(expiry=timezone.now())
    elif end == "membership":
        Membership.objects.filter(pk=member.pk).update(is_active=False)
    elif end == "dealer":
        type(member.dealer).objects.update(is_active=False)
    elif end == "person":
        type(member.user).objects.update(is_active=False)
    else:
        type(member.user).objects.filter(pk=member.user.pk).update(staff_role="editor")
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")


def test_a_token_is_not_moved_by_the_session_beside_it(client_of):
    first = make_member()
    second = make_member(user=first.user)
    client = client_of(second)
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Token {make_token(first)}"})
    assert answer.json()["dealer"]["code"] == first.dealer.code


def test_the_language_asked_for_goes_before_the_persons_own():
    token = make_token(make_member(user=make_user(language="ru")))
    assert with_token(token).get("/api/v1/me/").json()["language"] == "ru"
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}", "Accept-Language": "en"})
    assert answer.json()["language"] == "en"


def test_a_stranger_is_a_401(client):
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["status"]) == (401, "Token", 401)


def test_a_session_needs_csrf_to_change_anything(principal_of):
    member = make_member()
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.delete("/api/v1/auth/token/").status_code == 403
    # Negative control: a token is no cookie, so it needs none.
    machine = Client(enforce_csrf_checks=True, headers={"Authorization": f"Token {make_token(member)}"})
    assert machine.delete("/api/v1/auth/token/").status_code == 204


def test_calls_cost_a_fixed_number_of_queries(django_assert_num_queries):
    member = make_member(dealer=make_dealer(tiers=["silver"]))
    for _ in range(5):
        make_member(user=member.user)
    client = with_token(make_token(member))
    client.get("/api/v1/me/")
    with django_assert_num_queries(4):  # token, membership; dealer, tiers
        client.get("/api/v1/me/")


def test_at_most_twenty_tokens(principal_of):
    principal = principal_of(make_member())
    for n in range(20):
        create_token(by=principal, name=str(n), second_factor=False)
    with pytest.raises(Exception, match="Revoke one first"):
        create_token(by=principal, name="one more", second_factor=False)
