"""What a form of the head-office desk asks for at once, as one transaction of several services."""

from __future__ import annotations

from ..models import Membership, User
from ..principals import Principal
from .members import change_role, deactivate, demand_second_factor, reactivate
from .records import acting
from .second_factor import reset_second_factor as reset
from .staff import set_person_active, set_staff_role


def save_membership(
    *, by: Principal, membership_id: int, role: str, second_factor_required: bool, is_active: bool
) -> Membership:
    """All of it, or nothing: raises what the services raise."""
    with acting(by, "membership.saved"):
        if is_active:
            reactivate(by=by, membership_id=membership_id)
        change_role(by=by, membership_id=membership_id, role=role)
        demand_second_factor(by=by, membership_id=membership_id, required=second_factor_required)
        if not is_active:
            deactivate(by=by, membership_id=membership_id)
    return Membership.objects.get(pk=membership_id)


def save_person(*, by: Principal, user_id: int, staff_role: str, is_active: bool, reset_second_factor: bool) -> User:
    """All of it, or nothing: raises what the services raise."""
    with acting(by, "person.saved"):
        user = User.objects.get(pk=user_id)
        if user.staff_role != staff_role:
            set_staff_role(by=by, user=user, role=staff_role)
        set_person_active(by=by, user=user, is_active=is_active)
        if reset_second_factor:
            reset(by=by, user=user)
    return User.objects.get(pk=user_id)
