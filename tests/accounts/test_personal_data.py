"""Taken along and erased: what names a person is gone, what they did keeps a number."""

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.errors import LastOwner
from accounts.models import ApiToken, AuditEvent, Invitation, Letter, Membership, User
from portal.lib.errors import Conflict, NotAllowed
from tests.factories import PASSWORD, make_dealer, make_member, make_second_factor, make_staff, make_token, make_user

pytestmark = pytest.mark.django_db
EMAIL, NAME = "canary.person@example.com", "Canaryname"


@pytest.fixture
def member():
    return make_member("owner", user=make_user(EMAIL, first_name=NAME, last_name=NAME), dealer=make_dealer("North"))


def sign_in(email=EMAIL, password=PASSWORD):
    client = Client()
    client.post("/sign-in/", {"email": email, "password": password})
    return client


def test_the_file_holds_person_memberships_sign_ins_and_audit(member):
    client = sign_in()
    make_token(member)
    answer = client.get("/profile/my-data/")
    assert "attachment" in answer["Content-Disposition"]
    data = answer.json()
    assert (data["person"]["email"], data["person"]["first_name"]) == (EMAIL, NAME)
    assert [(row["dealer__name"], row["role"]) for row in data["memberships"]] == [("North", "owner")]
    assert len(data["sign_ins"]) == 1
    assert data["sign_ins"][0]["ip_address"] == "127.0.0.1"
    assert [row["verb"] for row in data["audit"]] == ["sign_in.succeeded", "person.data_exported"]
    assert [row["name"] for row in data["api_tokens"]] == ["test"]
    assert "digest" not in repr(data)
    assert PASSWORD not in repr(data)


def test_nobody_elses_data_is_in_it(member):
    make_member("buyer", dealer=member.dealer, user=make_user("colleague@example.com"))
    sign_in("colleague@example.com")
    assert "colleague@example.com" not in sign_in().get("/profile/my-data/").content.decode()


def everywhere(word):
    """The tables that hold the word in any column, whatever its type."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_what_is_erased_is_in_no_table_any_more(member, principal_of):
    client = sign_in()
    sign_in(password="wrong")
    make_second_factor(member.user)
    services.new_recovery_codes(by=principal_of(member), user=member.user)
    machine = Client(headers={"Authorization": f"Token {make_token(member)}"})
    services.invite(by=principal_of(make_staff()), email=EMAIL, staff_role="editor")
    make_member("owner", dealer=member.dealer)
    assert everywhere(EMAIL) != []  # negative control: it was there
    services.erase_person(by=principal_of(member), user=member.user, at=timezone.now())
    services.send_due_letters(at=timezone.now())
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    assert everywhere(EMAIL) == []
    assert everywhere(NAME) == []
    user = User.objects.get(pk=member.user.pk)
    assert (user.is_active, user.has_usable_password(), user.erased_at is None) == (False, False, False)
    assert client.get("/profile/").status_code == 302
    assert machine.get("/api/v1/me/").status_code == 401
    assert not ApiToken.objects.filter(user=user).exists()
    assert not user.totpdevice_set.exists()
    assert not user.recovery_codes.exists()
    assert not AccessLog.objects.filter(username=EMAIL).exists()
    assert not AccessAttempt.objects.filter(username=EMAIL).exists()
    assert not Invitation.objects.filter(email=EMAIL).exists()


def test_the_audit_keeps_its_thread_under_the_number(member):
    sign_in()
    make_member("owner", dealer=member.dealer)
    client = sign_in()
    client.post("/profile/erase/", {"password": PASSWORD, "_membership": member.pk})
    events = AuditEvent.objects.filter(actor=member.user).order_by("at").values_list("verb", flat=True)
    assert list(events)[:2] == ["sign_in.succeeded", "sign_in.succeeded"]
    assert "person.erased" in list(events)
    assert Membership.objects.get(pk=member.pk).is_active is False
    assert str(User.objects.get(pk=member.user.pk)) == f"Former colleague no. {member.user.pk}"


def test_it_takes_the_password(member):
    make_member("owner", dealer=member.dealer)
    client = sign_in()
    assert client.post("/profile/erase/", {"password": "wrong"}).status_code == 422
    assert User.objects.get(pk=member.user.pk).email == EMAIL


def test_the_only_owner_hands_over_first_or_the_manager_is_told(member):
    manager = make_staff("manager")
    member.dealer.manager = manager
    member.dealer.save()
    client = sign_in()
    answer = client.post("/profile/erase/", {"password": PASSWORD})
    assert answer.status_code == 409
    assert "You are the only owner of North" in answer.content.decode()
    assert User.objects.get(pk=member.user.pk).email == EMAIL
    assert client.post("/profile/erase/", {"password": PASSWORD, "tell_manager": "on"}).status_code == 200
    letters = set(Letter.objects.values_list("email", "kind"))
    assert letters == {(EMAIL, "erased"), (manager.email, "dealer_without_owner")}


def test_the_last_administrator_stays(principal_of):
    only = make_staff()
    with pytest.raises(Conflict):
        services.erase_person(by=principal_of(only), user=only, at=timezone.now())
    make_staff()
    services.erase_person(by=principal_of(only), user=only, at=timezone.now())
    assert User.objects.get(pk=only.pk).staff_role == ""


def test_nobody_erases_somebody_else(member, principal_of):
    for stranger in (make_member("owner", dealer=member.dealer), make_staff("manager")):
        with pytest.raises(NotAllowed):
            services.erase_person(by=principal_of(stranger), user=member.user, at=timezone.now())


def test_the_refusal_is_a_value_not_a_crash(member, principal_of):
    with pytest.raises(LastOwner) as refusal:
        services.erase_person(by=principal_of(member), user=member.user, at=timezone.now())
    assert refusal.value.code == "last_owner"
