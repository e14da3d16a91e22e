"""A person of several dealers: one at a time, and a form of the former one is refused."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from tests.factories import PASSWORD, make_dealer, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    user = make_user()
    north, south = make_dealer("North"), make_dealer("South")
    return make_member("owner", user=user, dealer=north), make_member("owner", user=user, dealer=south)


def dealer_of(client):
    return client.get("/api/v1/me/").json()["dealer"]["name"]


def test_switching_says_so_and_is_remembered(client_of, two):
    north, south = two
    client = client_of(north)
    assert dealer_of(client) == "North"
    answer = client.post("/switch/", {"membership": south.pk, "next": "/profile/"}, follow=True)
    assert "You act for South now." in answer.content.decode()
    assert dealer_of(client) == "South"
    assert User.objects.get(pk=north.user_id).last_membership == south
    assert AuditEvent.objects.get(verb="dealer.switched").dealer == south.dealer
    next_time = Client()
    next_time.post("/sign-in/", {"email": north.user.email, "password": PASSWORD})
    assert dealer_of(next_time) == "South"


def test_one_cannot_switch_to_a_dealer_that_is_not_ones_own(client_of, two):
    client = client_of(two[0])
    foreign = make_member()
    for wanted in (foreign.pk, "0", "x", ""):
        assert client.post("/switch/", {"membership": wanted}).status_code == 404
    assert dealer_of(client) == "North"


def test_a_closed_membership_is_no_place_to_switch_to(client_of, two):
    north, south = two
    client = client_of(north)
    south.is_active = False
    south.save()
    assert client.post("/switch/", {"membership": south.pk}).status_code == 404


def test_a_form_of_the_former_dealer_is_refused_and_changes_nothing(client_of, two):
    north, south = two
    client = client_of(north)
    client.post("/switch/", {"membership": south.pk})
    answer = client.post(
        "/people/", {"_membership": north.pk, "email": "new@example.com", "role": "buyer", "language": "en"}
    )
    assert answer.status_code == 409
    assert "South" in answer.content.decode()
    assert not south.dealer.invitations.exists()
    assert not north.dealer.invitations.exists()


def test_a_form_without_its_dealer_is_refused_too(client_of, two):
    client = client_of(two[0])
    assert Client.post(client, "/people/", {"email": "new@example.com"}).status_code == 409


def test_control_a_form_of_this_dealer_goes_through(client_of, two):
    client = client_of(two[0])
    answer = client.post("/people/", {"email": "new@example.com", "role": "buyer", "language": "en"})
    assert answer.status_code == 302
    assert two[0].dealer.invitations.count() == 1


def test_htmx_says_its_dealer_in_a_header(client_of, two):
    client = client_of(two[0])
    headers = {"X-Membership": str(two[0].pk)}
    answer = Client.post(
        client, "/people/", {"email": "a@example.com", "role": "buyer", "language": "en"}, headers=headers
    )
    assert answer.status_code == 302


def test_the_api_refuses_a_call_of_the_former_dealers_page(client_of, two):
    north, south = two
    client = client_of(north)
    client.post("/switch/", {"membership": south.pk})
    address, body = "/api/v1/clients/check/", {"query": "x, y"}
    for sent in (str(north.pk), ""):
        answer = client.post(address, body, content_type="application/json", headers={"X-Membership": sent})
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
        assert answer.json()["code"] == "dealer_changed"
    for headers in ({"X-Membership": str(south.pk)}, {}):
        assert client.post(address, body, content_type="application/json", headers=headers).status_code == 200


def test_a_form_that_means_the_same_everywhere_goes_through(client_of, two):
    north, south = two
    client = client_of(north)
    client.post("/switch/", {"membership": south.pk})
    assert client.post("/language/", {"_membership": north.pk, "language": "ru"}).status_code == 302


def test_letting_somebody_go_moves_them_to_their_other_dealer_at_once(client_of, two):
    north, _south = two
    make_member("owner", dealer=north.dealer)
    client = client_of(north)
    north.is_active = False
    north.save()
    assert dealer_of(client) == "South"
    # The form they have open is North's.
    assert client.post("/people/", {"email": "a@example.com", "role": "buyer", "language": "en"}).status_code == 409
