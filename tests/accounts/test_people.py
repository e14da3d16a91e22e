"""The owner's page of people: who may come in, in which role, and never without an owner."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts import services
from accounts.errors import LastOwner
from accounts.models import ApiToken, AuditEvent, Letter, Membership
from portal.lib.errors import Missing, NotAllowed
from tests.factories import make_dealer, make_member, make_staff, make_token, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_member("owner", dealer=make_dealer("North"))


def test_an_owner_sees_colleagues_and_nobody_else(client_of, owner):
    colleague = make_member(dealer=owner.dealer, user=make_user("colleague@example.com"))
    make_member(user=make_user("foreign@example.com"))
    page = client_of(owner).get("/people/").content.decode()
    assert colleague.user.email in page
    assert "foreign@example.com" not in page


@pytest.mark.parametrize("role", ["buyer", "seller", "reader"])
def test_others_may_not_open_it(client_of, role):
    assert client_of(make_member(role)).get("/people/").status_code == 403


def test_the_list_costs_the_same_for_many(client_of, owner, django_assert_max_num_queries):
    client = client_of(owner)
    client.get("/people/")
    with django_assert_max_num_queries(12) as few:
        client.get("/people/")
    for _ in range(30):
        make_member(dealer=owner.dealer)
    with django_assert_max_num_queries(len(few)):
        client.get("/people/")


def test_a_changed_role_holds_from_the_next_click(client_of, owner):
    colleague = make_member("reader", dealer=owner.dealer)
    theirs = client_of(colleague)
    assert theirs.get("/people/").status_code == 403
    client_of(owner).post(f"/people/{colleague.pk}/role/", {"role": "owner"})
    assert theirs.get("/people/").status_code == 200
    event = AuditEvent.objects.get(verb="membership.role_changed")
    assert (event.actor, event.dealer, event.subject) == (owner.user, owner.dealer, f"user {colleague.user.pk}")
    assert event.facts == {"membership": colleague.pk, "former": "reader", "role": "owner"}


def test_the_history_knows_who_did_it(client_of, owner):
    colleague = make_member("reader", dealer=owner.dealer)
    client_of(owner).post(f"/people/{colleague.pk}/role/", {"role": "buyer"})
    event = Membership.pgh_event_model.objects.filter(pgh_label="update").get()
    assert (event.role, event.pgh_context.metadata["user"]) == ("buyer", owner.user.pk)


def test_demanding_a_second_factor_asks_at_the_next_click(client_of, owner):
    colleague = make_member(dealer=owner.dealer)
    theirs = client_of(colleague)
    assert theirs.get("/profile/").status_code == 200
    client_of(owner).post(f"/people/{colleague.pk}/second-factor/", {"required": "yes"})
    assert theirs.get("/profile/").url.startswith("/second-factor/")
    assert Letter.objects.get().kind == "second_factor_demanded"
    client_of(owner).post(f"/people/{colleague.pk}/second-factor/", {"required": "no"})
    assert theirs.get("/profile/").status_code == 200


def test_closing_access_ends_sessions_and_tokens_at_once(client_of, owner):
    colleague = make_member(dealer=owner.dealer)
    theirs = client_of(colleague)
    machine = Client(headers={"Authorization": f"Token {make_token(colleague)}"})
    assert (theirs.get("/profile/").status_code, machine.get("/api/v1/me/").status_code) == (200, 200)
    client_of(owner).post(f"/people/{colleague.pk}/deactivate/")
    assert theirs.get("/profile/").status_code == 302
    assert machine.get("/api/v1/me/").status_code == 401
    assert not ApiToken.objects.exists()


def test_control_the_row_alone_ends_it_too(client_of, owner):
    """Whatever path closes a membership, each request asks anew."""
    colleague = make_member(dealer=owner.dealer)
    theirs = client_of(colleague)
    machine = Client(headers={"Authorization": f"Token {make_token(colleague)}"})
    Membership.objects.filter(pk=colleague.pk).update(is_active=False)
    assert theirs.get("/api/v1/me/").json()["dealer"] is None
    assert machine.get("/api/v1/me/").status_code == 401


def test_somebody_can_be_let_in_again(client_of, owner):
    colleague = make_member(dealer=owner.dealer, is_active=False)
    client_of(owner).post(f"/people/{colleague.pk}/reactivate/")
    colleague.refresh_from_db()
    assert colleague.is_active


def test_the_last_owner_stays(client_of, owner):
    client = client_of(owner)
    for address, data in (("deactivate/", {}), ("role/", {"role": "buyer"})):
        answer = client.post(f"/people/{owner.pk}/{address}", data, follow=True)
        assert "A company needs an owner here" in answer.content.decode()
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)


def test_an_owner_who_cannot_sign_in_does_not_count(principal_of, owner):
    make_member("owner", dealer=owner.dealer, user=make_user(is_active=False))
    with pytest.raises(LastOwner):
        services.deactivate(by=principal_of(owner), membership_id=owner.pk)


@pytest.mark.parametrize("act", ["change_role", "demand_second_factor", "deactivate", "reactivate"])
def test_people_of_another_dealer_do_not_exist(principal_of, owner, act):
    foreign = make_member()
    more = {"change_role": {"role": "owner"}, "demand_second_factor": {"required": True}}.get(act, {})
    with pytest.raises(Missing):
        getattr(services, act)(by=principal_of(owner), membership_id=foreign.pk, **more)
    buyer = make_member(dealer=foreign.dealer)
    with pytest.raises(NotAllowed):
        getattr(services, act)(by=principal_of(buyer), membership_id=buyer.pk, **more)
    # Negative control: a manager of the head office may.
    getattr(services, act)(by=principal_of(make_staff("manager")), membership_id=foreign.pk, **more)


def test_the_page_does_not_act_on_another_dealers_people(client_of, owner):
    foreign = make_member()
    client = client_of(owner)
    client.post(f"/people/{foreign.pk}/deactivate/")
    assert client.post(f"/people/{foreign.pk}/second-factor/reset/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_active


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_let_each_other_go_leave_one(principal_of):
    dealer = make_dealer()
    owners = [make_member("owner", dealer=dealer), make_member("owner", dealer=dealer)]
    barrier, refused = threading.Barrier(2), []

    def let_go(by, whom):
        barrier.wait()
        try:
            services.deactivate(by=by, membership_id=whom.pk)
        except LastOwner:
            refused.append(whom.pk)
        finally:
            connection.close()

    pairs = [(principal_of(owners[0]), owners[1]), (principal_of(owners[1]), owners[0])]
    threads = [threading.Thread(target=let_go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(dealer=dealer, role="owner", is_active=True).count() == 1
    assert len(refused) == 1
