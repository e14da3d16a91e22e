"""People of the head office, and whether a person may sign in at all."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from portal.lib.errors import Conflict

from ..enums import Right, StaffRole
from ..models import Dealer, User
from ..principals import Principal
from .records import acting, audit
from .tokens import revoke_tokens_of


def set_staff_role(*, by: Principal, user: User, role: str) -> None:
    """Gives a head-office role, or takes it away (`role` empty): then sessions and tokens end.

    Raises NotAllowed or Conflict; then nothing changed.
    """
    by.require(Right.ADMINISTER)
    with acting(by, "person.staff_role_changed"):
        user = User.objects.select_for_update().get(pk=user.pk)
        former = user.staff_role
        if former == role:
            return
        _refuse_own(by, user)
        give_staff_role(user, role)
        if not role:
            end_everything(by=by, user=user)
            Dealer.objects.filter(manager=user).update(manager=None)
        audit(by=by, verb="person.staff_role_changed", subject=user, former=former, role=role)


def give_staff_role(user: User, role: str) -> None:
    """The role with its group, in the caller's transaction. Raises Conflict for a member of a dealer."""
    if role and user.memberships.filter(is_active=True).exists():
        raise Conflict(_("This person is a member of a dealer. End that first: nobody is on both sides."))
    user.staff_role = StaffRole(role).value if role else ""
    user.is_superuser = role == StaffRole.ADMINISTRATOR
    user.save(update_fields=["staff_role", "is_superuser"])
    sync_groups(user)


def sync_groups(user: User) -> None:
    """The Django group named as the role: what Wagtail grants pages and collections to. No other groups."""
    user.groups.set([Group.objects.get_or_create(name=user.staff_role)[0]] if user.staff_role else [])


def set_person_active(*, by: Principal, user: User, is_active: bool) -> None:
    """Whether a person may sign in. Raises NotAllowed or Conflict; then nothing changed."""
    by.require(Right.ADMINISTER if user.is_head_office else Right.MANAGE_DEALERS)
    verb = "person.enabled" if is_active else "person.disabled"
    with acting(by, verb):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active == is_active:
            return
        _refuse_own(by, user)
        if user.erased_at:
            raise Conflict(_("This person was erased. Invite them anew."))
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        if not is_active:
            end_everything(by=by, user=user)
        audit(by=by, verb=verb, subject=user)


def end_everything(*, by: Principal, user: User) -> None:
    """Ends a person's sessions and tokens, wherever they are."""
    user.sessions_version += 1
    user.save(update_fields=["sessions_version"])
    revoke_tokens_of(by=by, user=user)


def _refuse_own(by: Principal, user: User) -> None:
    # So that an administrator is always left.
    if by.user_id == user.pk:
        raise Conflict(_("You cannot do this to yourself. Ask another administrator."))
