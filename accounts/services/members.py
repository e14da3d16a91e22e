"""People of a dealer: invited, given a role, asked for a second factor, let go. Never the last owner."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.lib.errors import Conflict, Missing

from ..enums import Right, Role
from ..errors import LastOwner
from ..models import Dealer, Membership
from ..principals import Principal
from ..queries import is_last_owner
from .records import acting, audit, owe_letter
from .tokens import revoke_tokens_of


def change_role(*, by: Principal, membership_id: int, role: str) -> Membership:
    """Raises Missing or LastOwner; then nothing changed."""
    with acting(by, "membership.role_changed"):
        membership = _locked(by, membership_id)
        former = membership.role
        if former == role:
            return membership
        if former == Role.OWNER:
            _refuse_last_owner(membership)
        membership.role = Role(role).value
        membership.save(update_fields=["role"])
        _audit(by, "membership.role_changed", membership, former=former, role=role)
    return membership


def demand_second_factor(*, by: Principal, membership_id: int, required: bool) -> Membership:
    """Whether this member must give a second factor. At their next request they are led to set one up.

    Raises Missing; then nothing changed.
    """
    verb = "membership.second_factor_demanded" if required else "membership.second_factor_optional"
    with acting(by, verb):
        membership = _locked(by, membership_id)
        if membership.second_factor_required != required:
            membership.second_factor_required = required
            membership.save(update_fields=["second_factor_required"])
            _audit(by, verb, membership)
            if required:
                owe_letter(to=membership.user, kind="second_factor_demanded", dealer=membership.dealer.name)
    return membership


def deactivate(*, by: Principal, membership_id: int) -> Membership:
    """The person acts for this dealer no more: from the next request on, tokens included.

    Who belongs nowhere else is signed out. Raises Missing or LastOwner; then nothing changed.
    """
    with acting(by, "membership.ended"):
        membership = _locked(by, membership_id)
        if not membership.is_active:
            return membership
        _refuse_last_owner(membership)
        end_membership(by=by, membership=membership)
    return membership


def end_membership(*, by: Principal, membership: Membership) -> None:
    """The end itself, without asking about owners: for `deactivate` and for who is erased."""
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    user = membership.user
    revoke_tokens_of(by=by, user=user, membership_id=membership.pk)
    if not user.memberships.in_force().exists():
        user.sessions_version += 1
        user.save(update_fields=["sessions_version"])
    _audit(by, "membership.ended", membership)


def reactivate(*, by: Principal, membership_id: int) -> Membership:
    """Lets a former colleague in again, in the role they had. Raises Missing or Conflict; then nothing changed."""
    with acting(by, "membership.resumed"):
        membership = _locked(by, membership_id)
        if membership.user.is_head_office or membership.user.erased_at:
            raise Conflict(_("This person cannot come back this way. Invite them again."))
        if not membership.is_active:
            membership.is_active = True
            membership.save(update_fields=["is_active"])
            _audit(by, "membership.resumed", membership)
    return membership


def require_may_manage(by: Principal, dealer_id: int) -> None:
    """Raises Missing for people of a dealer that is not theirs to manage, NotAllowed for who manages nobody."""
    if by.may(Right.MANAGE_DEALERS):
        return
    by.require(Right.MANAGE_PEOPLE)
    if by.dealer_id != dealer_id:
        raise Missing(_("There is nobody like this at your company."))


def _locked(by: Principal, membership_id: int) -> Membership:
    """The membership, with its dealer locked: two owners who let each other go wait in line."""
    found = Membership.objects.visible_to(by).filter(pk=membership_id).values_list("dealer", flat=True).first()
    if found is None:
        raise Missing(_("There is nobody like this at your company."))
    require_may_manage(by, found)
    Dealer.objects.select_for_update().get(pk=found)
    return Membership.objects.select_related("user", "dealer").get(pk=membership_id)


def _refuse_last_owner(membership: Membership) -> None:
    if is_last_owner(membership):
        raise LastOwner(_("A company needs an owner here. Make somebody else an owner first."))


def _audit(by: Principal, verb: str, membership: Membership, **facts: object) -> None:
    audit(by=by, verb=verb, subject=membership.user, dealer_id=membership.dealer_id, membership=membership.pk, **facts)
