"""What happened is written down, cannot be rewritten, and names nobody."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.enums import Right, Role, StaffRole
from accounts.models import AuditEvent, Membership, User
from accounts.rules import RIGHTS, rights_of
from accounts.services import audit, set_person_active, set_staff_role
from portal.lib.errors import Conflict, NotAllowed
from tests.factories import PASSWORD, make_member, make_staff, make_user

pytestmark = pytest.mark.django_db


def test_an_audit_row_can_be_neither_changed_nor_deleted(principal_of):
    member = make_member()
    audit(by=principal_of(member), verb="thing.done", subject=member)
    for sql in ("UPDATE accounts_auditevent SET verb = 'x'", "DELETE FROM accounts_auditevent"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert AuditEvent.objects.get().verb == "thing.done"


def test_it_names_things_by_their_number(principal_of):
    member = make_member(user=make_user("canary@example.com", first_name="Canary"))
    audit(by=principal_of(member), verb="thing.done", subject=member, n=1)
    event = AuditEvent.objects.get()
    assert (event.subject, event.role, event.dealer, event.facts) == (
        f"membership {member.pk}", "buyer", member.dealer, {"n": 1},
    )  # fmt: skip


def test_refused_sign_ins_are_kept_without_the_address(client):
    make_user("canary@example.com")
    client.post("/sign-in/", {"email": "canary@example.com", "password": "wrong"})
    client.post("/sign-in/", {"email": "nobody@example.com", "password": PASSWORD})
    assert sorted(AuditEvent.objects.values_list("verb", "subject")) == sorted(
        [("sign_in.refused", f"user {User.objects.get().pk}"), ("sign_in.refused", "unknown")]
    )


def test_rights_history_sees_every_path():
    member = make_member()
    Membership.objects.filter(pk=member.pk).update(role="owner")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_membership SET role = 'reader' WHERE id = %s", [member.pk])
    roles = Membership.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "role")
    assert list(roles) == [("insert", "buyer"), ("update", "owner"), ("update", "reader")]


def test_an_administrator_gives_and_takes_head_office_roles(principal_of):
    administrator, newcomer = make_staff(), make_user()
    set_staff_role(by=principal_of(administrator), user=newcomer, role="administrator")
    newcomer.refresh_from_db()
    assert (newcomer.staff_role, newcomer.is_superuser) == ("administrator", True)
    assert [group.name for group in newcomer.groups.all()] == ["administrator"]
    set_staff_role(by=principal_of(newcomer), user=administrator, role="editor")
    administrator.refresh_from_db()
    assert (administrator.staff_role, administrator.is_superuser) == ("editor", False)
    set_staff_role(by=principal_of(newcomer), user=administrator, role="")
    assert not administrator.groups.exists()
    assert AuditEvent.objects.filter(verb="person.staff_role_changed").count() == 3


def test_an_administrator_is_always_left(principal_of):
    only = make_staff()
    for act in (lambda: set_staff_role(by=principal_of(only), user=only, role=""),
                lambda: set_person_active(by=principal_of(only), user=only, is_active=False)):  # fmt: skip
        with pytest.raises(Conflict):
            act()


def test_who_may_not(principal_of):
    manager, staff, member = make_staff("manager"), make_staff("editor"), make_member()
    with pytest.raises(NotAllowed):
        set_staff_role(by=principal_of(manager), user=make_user(), role="editor")
    with pytest.raises(NotAllowed):
        set_person_active(by=principal_of(manager), user=staff, is_active=False)
    with pytest.raises(Conflict):
        set_staff_role(by=principal_of(make_staff()), user=member.user, role="editor")
    set_person_active(by=principal_of(manager), user=member.user, is_active=False)
    member.user.refresh_from_db()
    assert not member.user.is_active


def test_the_database_holds_superusers_and_administrators_together():
    user = make_user()
    with pytest.raises(Exception, match="user_superuser_is_administrator"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    with pytest.raises(Exception, match="user_superuser_is_administrator"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(staff_role="administrator")


def test_the_table_of_rights_is_the_one_of_the_domain():
    """`domain.md`, Who may what: a row for each role, a column for each right."""
    columns = {
        "articles": {Right.VIEW_ARTICLES},
        "prices": {Right.VIEW_PRICES},
        "cart": {Right.USE_CART},
        "order": {Right.PLACE_ORDERS},
        "all orders": {Right.VIEW_ALL_DEALER_ORDERS},
        "orders, sales": {Right.VIEW_ORDERS, Right.VIEW_SALES},
        "read clients": {Right.VIEW_CLIENTS},
        "edit clients": {Right.EDIT_CLIENTS},
        "approve, people": {Right.APPROVE_ORDERS, Right.MANAGE_PEOPLE},
    }
    table = {
        Role.OWNER: set(columns),
        Role.BUYER: set(columns) - {"edit clients", "approve, people"},
        Role.SELLER: {"articles", "prices", "cart", "orders, sales", "read clients", "edit clients"},
        Role.READER: {"articles"},
    }
    for role, expected in table.items():
        assert {name for name, rights in columns.items() if rights <= rights_of(role)} == expected
        assert not rights_of(role) & {Right.ADMINISTER, Right.MANAGE_DEALERS, Right.READ_EVERY_AUDIENCE}
    for role in StaffRole:
        assert not rights_of(role) & {Right.USE_CART, Right.PLACE_ORDERS, Right.MANAGE_PEOPLE}
    assert set(RIGHTS) == {*Role, *StaffRole}
    assert rights_of("boss") == rights_of(None) == frozenset()
