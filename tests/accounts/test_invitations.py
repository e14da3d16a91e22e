"""Invitations: one letter, one use, one place."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.errors import InvitationVoid
from accounts.models import Invitation, Membership, User
from portal.lib.errors import Conflict, Invalid, Missing, NotAllowed
from tests.factories import PASSWORD, make_dealer, make_member, make_staff, make_user

pytestmark = pytest.mark.django_db
NEW = {"first_name": "Eva", "last_name": "New", "password": "a long phrase of mine"}


@pytest.fixture
def owner():
    return make_member("owner", dealer=make_dealer("North"))


@pytest.fixture
def invite(principal_of, owner):
    """Invites and sends; gives the address in the letter."""

    def make(email="new@example.com", **more):
        services.invite(
            by=principal_of(owner),
            dealer_id=owner.dealer_id,
            email=email,
            **{"role": "seller", "language": "en", **more},
        )
        services.send_due_letters(at=timezone.now())
        return "/invitation/" + mail.outbox[-1].body.split("/invitation/")[1].split()[0]

    return make


def test_an_owner_invites_by_the_page(client_of, owner):
    answer = client_of(owner).post(
        "/people/", {"email": " New@Example.com ", "role": "buyer", "language": "ru", "second_factor_required": "on"}
    )
    assert answer.status_code == 302
    kept = Invitation.objects.get()
    assert (kept.email, kept.role, kept.language, kept.second_factor_required) == (
        "new@example.com",
        "buyer",
        "ru",
        True,
    )
    assert services.send_due_letters(at=timezone.now()) == 1
    letter = mail.outbox[0]
    assert letter.to == ["new@example.com"]
    assert "North" in letter.subject
    assert "You are invited to a partner portal" in letter.body  # the other language, for whoever needs it


def test_a_newcomer_introduces_themselves_and_is_in(invite, owner):
    client = Client(headers={"accept-language": "en"})
    address = invite()
    assert "North invites you" in client.get(address).content.decode()
    assert client.post(address, NEW).url == "/"
    user = User.objects.get(email="new@example.com")
    assert (user.first_name, user.check_password(NEW["password"])) == ("Eva", True)
    assert Membership.objects.get(user=user).role == "seller"
    assert client.get("/api/v1/me/").json()["dealer"]["name"] == "North"


def test_the_link_works_once(invite):
    address = invite()
    Client(headers={"accept-language": "en"}).post(address, NEW)
    assert Client(headers={"accept-language": "en"}).get(address).status_code == 410
    assert Client(headers={"accept-language": "en"}).post(address, NEW).status_code == 410


def test_the_link_ends_with_its_week(invite):
    address = invite()
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)):
        assert Client(headers={"accept-language": "en"}).get(address).status_code == 410
        assert Client(headers={"accept-language": "en"}).post(address, NEW).status_code == 410


def test_sending_again_voids_the_former_letter(invite):
    first, second = invite(), invite(role="reader")
    assert Invitation.objects.count() == 1
    assert Client(headers={"accept-language": "en"}).get(first).status_code == 410
    Client(headers={"accept-language": "en"}).post(second, NEW)
    assert Membership.objects.get(user__email="new@example.com").role == "reader"


def test_a_withdrawn_invitation_is_void(client_of, invite, owner):
    address = invite()
    client_of(owner).post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client(headers={"accept-language": "en"}).get(address).status_code == 410


def test_a_closed_dealer_lets_nobody_in(invite, owner):
    address = invite()
    owner.dealer.is_active = False
    owner.dealer.save()
    with pytest.raises(InvitationVoid):
        services.open_invitation(address.split("/")[2])


def test_only_the_hash_of_the_secret_is_kept(invite):
    secret = invite().split("/")[2]
    assert secret not in repr(vars(Invitation.objects.get()))


def test_somebody_who_is_here_signs_in_and_joins(invite):
    known = make_member("reader")
    address = invite(known.user.email)
    client = Client(headers={"accept-language": "en"})
    page = client.get(address).content.decode()
    assert "You have a sign-in already" in page
    assert 'name="password"' not in page
    assert client.post(address, NEW).status_code == 200  # a stranger's POST joins nobody
    assert known.user.memberships.count() == 1
    client.post("/sign-in/", {"email": known.user.email, "password": PASSWORD})
    client.post(address, {"_membership": ""})
    assert {m.dealer.name: m.role for m in known.user.memberships.all()}["North"] == "seller"
    assert client.get("/api/v1/me/").json()["dealer"]["name"] == "North"


def test_a_letter_to_one_address_does_not_let_in_another(client_of, invite):
    make_user("other@example.com")
    address = invite("other@example.com")
    client = client_of(make_member())
    assert "Sign out, then open the link again" in client.get(address).content.decode()
    assert client.post(address).status_code == 409
    assert not Membership.objects.filter(dealer__name="North", role="seller").exists()


def test_a_weak_password_lets_nobody_in_and_keeps_the_link(invite):
    address = invite()
    answer = Client(headers={"accept-language": "en"}).post(address, {**NEW, "password": "12345"})
    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()
    assert Client(headers={"accept-language": "en"}).get(address).status_code == 200


def test_a_former_colleague_comes_back_in_the_new_role(invite, owner):
    former = make_member("buyer", dealer=owner.dealer, is_active=False)
    address = invite(former.user.email, role="reader")
    services.accept_as(user=former.user, token=address.split("/")[2])
    former.refresh_from_db()
    assert (former.is_active, former.role) == (True, "reader")


def test_nobody_is_on_both_sides(invite, principal_of):
    staff = make_staff("editor")
    address = invite(staff.email)
    with pytest.raises(Conflict, match="head office"):
        services.accept_as(user=staff, token=address.split("/")[2])
    member = make_member()
    services.invite(by=principal_of(make_staff()), email=member.user.email, staff_role="analyst")
    services.send_due_letters(at=timezone.now())
    token = mail.outbox[-1].body.split("/invitation/")[1].split("/")[0]
    with pytest.raises(Conflict, match="member of a dealer"):
        services.accept_as(user=member.user, token=token)


def test_who_may_invite_whom(principal_of, owner):
    foreign = make_dealer()
    buyer = make_member("buyer", dealer=owner.dealer)
    with pytest.raises(Missing):
        services.invite(by=principal_of(owner), dealer_id=foreign.pk, email="a@example.com", role="buyer")
    with pytest.raises(NotAllowed):
        services.invite(by=principal_of(buyer), dealer_id=owner.dealer_id, email="a@example.com", role="buyer")
    with pytest.raises(NotAllowed):
        services.invite(by=principal_of(make_staff("manager")), email="a@example.com", staff_role="administrator")
    with pytest.raises(Invalid):
        services.invite(by=principal_of(owner), dealer_id=owner.dealer_id, email="not an address", role="buyer")
    with pytest.raises(Conflict):
        services.invite(by=principal_of(owner), dealer_id=owner.dealer_id, email=buyer.user.email, role="owner")
    assert not Invitation.objects.exists()
    services.invite(by=principal_of(make_staff("manager")), dealer_id=foreign.pk, email="a@example.com", role="owner")
    assert Invitation.objects.count() == 1


def test_the_database_knows_only_invitations_to_one_place(owner):
    words = {"email": "a@example.com", "invited_by": owner.user, "expires_at": timezone.now()}
    for place in (
        {"dealer": owner.dealer},
        {"staff_role": "boss"},
        {"dealer": owner.dealer, "role": "buyer", "staff_role": "editor"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(**words, **place)
