"""The head-office desk: who sees which screen, and that every change is a service's."""

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import Audience, AuditEvent, Dealer, Invitation, LegalEntity, Membership, Region, User
from tests.factories import make_audience, make_dealer, make_member, make_region, make_second_factor, make_staff

pytestmark = pytest.mark.django_db

SCREENS = {
    "dealers": {"administrator", "manager", "programme", "analyst", "editor"},
    "legal-entities": {"administrator", "manager", "programme", "analyst"},
    "regions": {"administrator", "manager", "programme", "analyst", "editor"},
    "members": {"administrator", "manager"},
    "invitations": {"administrator", "manager"},
    "people": {"administrator", "manager"},
    "audiences": {"administrator", "manager", "editor"},
    "audit": {"administrator"},
}
WRITERS = {
    "dealers": {"administrator", "manager"},
    "regions": {"administrator", "manager"},
    "audiences": {"administrator", "editor"},
    "invitations": {"administrator", "manager"},
}
STAFF = ["administrator", "manager", "programme", "analyst", "editor"]


@pytest.mark.parametrize("role", STAFF)
def test_each_role_sees_its_screens_and_no_others(client_of, role):
    make_member()
    client = client_of(make_staff(role))
    assert client.get("/cms/").status_code == 200
    opened = {name for name in SCREENS if client.get(f"/cms/desk/{name}/").status_code == 200}
    assert opened == {name for name, roles in SCREENS.items() if role in roles}
    written = {name for name in WRITERS if client.get(f"/cms/desk/{name}/new/").status_code == 200}
    assert written == {name for name, roles in WRITERS.items() if role in roles}


def test_nobody_adds_members_people_or_audit_by_hand(client_of):
    client = client_of(make_staff())
    for name in ("members", "people", "audit"):
        assert client.get(f"/cms/desk/{name}/new/").status_code == 302
    event = AuditEvent.objects.create(verb="x")
    for address in (f"edit/{event.pk}/", f"delete/{event.pk}/"):
        assert client.post(f"/cms/desk/audit/{address}").status_code == 302
    assert AuditEvent.objects.filter(pk=event.pk).exists()
    assert client.get(f"/cms/desk/audit/inspect/{event.pk}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "users/", "users/new/", "groups/", "groups/new/", "password_reset/",
        "bulk/accounts/user/delete/?id=1", "bulk/accounts/user/assign_role/?id=1", "bulk/accounts/user/set_active_state/",
        "bulk/auth/group/delete/",
    ],
)  # fmt: skip
def test_wagtails_own_pages_about_people_are_closed(client_of, address):
    client = client_of(make_staff())
    assert client.get(f"/cms/{address}").status_code == 404
    assert client.post(f"/cms/{address}", {"email": "x@example.com"}).status_code == 404


def test_a_dealer_is_made_and_changed(client_of, principal_of):
    region, served = make_region(), make_region()
    client = client_of(make_staff("manager"))
    words = {"code": "north", "name": "North", "town": "", "home_region": region.pk, "served_regions": [served.pk],
             "currency": "RUB", "manager": "", "is_active": "on", "brand_codes": "Tveron, Other"}  # fmt: skip
    assert client.post("/cms/desk/dealers/new/", words).status_code == 302
    dealer = Dealer.objects.get(code="north")
    assert sorted(dealer.brands.values_list("code", flat=True)) == ["Other", "Tveron"]
    assert list(dealer.served_regions.all()) == [served]
    audience = make_audience(brands=["Tveron"])
    member = make_member(dealer=dealer)
    assert principal_of(member).audience_ids == (audience.pk,)
    client.post(f"/cms/desk/dealers/edit/{dealer.pk}/", {**words, "brand_codes": "", "is_active": ""})
    assert principal_of(member).audience_ids == ()
    assert not Dealer.objects.get(pk=dealer.pk).is_active
    events = AuditEvent.objects.filter(dealer=dealer).values_list("verb", flat=True)
    assert sorted(events) == ["dealer.changed", "dealer.made"]


def test_a_refusal_of_a_service_is_an_answer_of_the_form(client_of):
    top = make_region()
    below = make_region(parent=top)
    answer = client_of(make_staff("manager")).post(
        f"/cms/desk/regions/edit/{top.pk}/",
        {"code": top.code, "name_ru": "в", "name_en": "t", "parent": below.pk, "timezone": "Europe/Moscow"},
    )
    assert "A region cannot lie below itself" in answer.content.decode()
    assert Region.objects.get(pk=top.pk).parent is None


def test_a_region_in_use_is_not_deleted(client_of):
    dealer = make_dealer()
    client = client_of(make_staff("manager"))
    client.post(f"/cms/desk/regions/delete/{dealer.home_region_id}/")
    assert Region.objects.filter(pk=dealer.home_region_id).exists()
    alone = make_region()
    client.post(f"/cms/desk/regions/delete/{alone.pk}/")
    assert not Region.objects.filter(pk=alone.pk).exists()


def test_a_membership_is_changed_by_its_services(client_of):
    member = make_member("reader")
    client = client_of(make_staff("manager"))
    client.post(
        f"/cms/desk/members/edit/{member.pk}/", {"role": "owner", "second_factor_required": "on", "is_active": "on"}
    )
    member.refresh_from_db()
    assert (member.role, member.second_factor_required) == ("owner", True)
    answer = client.post(f"/cms/desk/members/edit/{member.pk}/", {"role": "reader", "is_active": "on"})
    assert "A company needs an owner here" in answer.content.decode()
    member.refresh_from_db()
    assert (member.role, member.second_factor_required) == ("owner", True)  # all of it or nothing
    verbs = set(AuditEvent.objects.filter(subject=f"user {member.user.pk}").values_list("verb", flat=True))
    assert verbs == {"membership.role_changed", "membership.second_factor_demanded"}


def test_invitations_to_dealers_and_to_the_head_office(client_of):
    dealer = make_dealer()
    manager, administrator = client_of(make_staff("manager")), client_of(make_staff())
    words = {"email": "a@example.com", "dealer": dealer.pk, "role": "owner", "staff_role": "", "language": "ru"}
    assert manager.post("/cms/desk/invitations/new/", words).status_code == 302
    assert manager.post("/cms/desk/invitations/new/", {**words, "role": "buyer"}).status_code == 302
    assert Invitation.objects.get().role == "buyer"
    staff = {"email": "b@example.com", "dealer": "", "role": "", "staff_role": "editor", "language": "ru"}
    refused = manager.post("/cms/desk/invitations/new/", staff)
    assert "Your role does not include this" in refused.content.decode()
    assert administrator.post("/cms/desk/invitations/new/", staff).status_code == 302
    both = administrator.post("/cms/desk/invitations/new/", {**words, "staff_role": "editor"})
    assert "Choose a dealer and a role there" in both.content.decode()
    manager.post(f"/cms/desk/invitations/delete/{Invitation.objects.get(email='a@example.com').pk}/")
    assert list(Invitation.objects.values_list("email", flat=True)) == ["b@example.com"]


def test_a_person_is_given_a_role_closed_and_reset(client_of):
    person = make_staff("editor")
    make_second_factor(person)
    client = client_of(make_staff())
    client.post(
        f"/cms/desk/people/edit/{person.pk}/", {"staff_role": "analyst", "is_active": "on", "reset_second_factor": "on"}
    )
    person.refresh_from_db()
    assert (person.staff_role, person.totpdevice_set.count()) == ("analyst", 0)
    client.post(f"/cms/desk/people/edit/{person.pk}/", {"staff_role": "analyst", "is_active": ""})
    person.refresh_from_db()
    assert not person.is_active


def test_a_manager_does_not_touch_the_head_office(client_of):
    editor = make_staff("editor")
    client = client_of(make_staff("manager"))
    for words in ({"staff_role": "administrator", "is_active": "on"}, {"staff_role": "editor", "is_active": ""}):
        answer = client.post(f"/cms/desk/people/edit/{editor.pk}/", words)
        assert "Your role does not include this" in answer.content.decode()
    assert User.objects.get(pk=editor.pk).staff_role == "editor"
    assert User.objects.get(pk=editor.pk).is_active


def test_an_audience_says_how_many_it_holds(client_of):
    make_member("buyer", dealer=make_dealer(tiers=["gold"]))
    client = client_of(make_staff("editor"))
    words = {"name": "Gold buyers", "roles": ["buyer"], "tiers": ["gold"]}
    answer = client.post("/cms/desk/audiences/new/", words, follow=True)
    assert "holds 1 people at 1 dealers now" in answer.content.decode()
    audience = Audience.objects.get()
    assert client.get(f"/cms/desk/audiences/edit/{audience.pk}/").status_code == 200
    client.post(f"/cms/desk/audiences/delete/{audience.pk}/")
    assert not Audience.objects.exists()


@pytest.mark.parametrize("name", ["dealers", "members", "people", "audiences", "invitations", "audit"])
def test_lists_cost_the_same_for_many(client_of, django_assert_max_num_queries, name, principal_of):
    client = client_of(make_staff())

    def fill(times):
        for n in range(times):
            member = make_member()
            make_second_factor(member.user)
            make_audience(dealers=[member.dealer])
            LegalEntity.objects.create(dealer=member.dealer, name="x", tax_id=f"{member.pk}")
            services.invite(
                by=principal_of(make_staff()),
                email=f"{member.pk}-{n}@example.com",
                dealer_id=member.dealer_id,
                role="buyer",
            )

    fill(1)
    client.get(f"/cms/desk/{name}/")
    with django_assert_max_num_queries(60) as few:
        client.get(f"/cms/desk/{name}/")
    fill(8)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/cms/desk/{name}/")


def test_lists_filter_and_export(client_of):
    make_member("owner", dealer=make_dealer("North")), make_member("buyer", dealer=make_dealer("South"))
    client = client_of(make_staff())
    assert (
        "South"
        not in client.get("/cms/desk/members/?role=owner").content.decode().split("</header>")[-1].split("<tbody")[-1]
    )
    answer = client.get("/cms/desk/members/?role=owner&export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "North" in text
    assert "South" not in text
    services.audit(by=services.records.Principal.nobody(), verb="thing.done", subject="thing 1")
    exported = client.get("/cms/desk/audit/?verb=thing&export=xlsx")
    assert exported.status_code == 200
    assert b"".join(exported.streaming_content).startswith(b"PK")


def test_the_members_of_dealers_stay_out(client_of):
    client = client_of(make_member("owner"))
    for name in SCREENS:
        assert client.get(f"/cms/desk/{name}/", follow=True).status_code == 403


def test_people_who_were_erased_are_not_listed(client_of, principal_of):
    member = make_member()
    services.erase_person(by=principal_of(member), user=member.user, at=timezone.now())
    assert "erased" not in client_of(make_staff()).get("/cms/desk/people/").content.decode().split("<tbody")[-1]
    assert Membership.objects.filter(pk=member.pk).exists()
