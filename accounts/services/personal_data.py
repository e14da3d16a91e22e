"""A person's own data: taken along, and erased (152-FZ, GDPR). The audit keeps a pseudonym: the row's number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import Q
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.users.models import UserProfile

from portal.lib.errors import Conflict
from search import questions
from search.queries import own_questions

from ..enums import Right, StaffRole
from ..errors import LastOwner
from ..models import ApiToken, AuditEvent, Dealer, IdempotencyKey, Invitation, Letter, RecoveryCode, User
from ..principals import Principal
from ..queries import is_last_owner
from .members import end_membership
from .records import acting, audit, owe_letter, subject_of
from .staff import end_everything


def personal_data(user: User) -> dict[str, Any]:
    """Everything accounts keep about a person, as JSON."""
    events = AuditEvent.objects.filter(Q(actor=user) | Q(subject=subject_of(user))).order_by("at")
    return {
        "person": {
            "id": user.pk,
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "language": user.language,
            "head_office_role": user.staff_role or None,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
        },
        "memberships": list(
            user.memberships.order_by("pk").values(
                "dealer__name", "dealer__code", "role", "is_active", "second_factor_required", "created_at"
            )
        ),
        "second_factor": list(
            TOTPDevice.objects.filter(user=user).values("name", "confirmed", "created_at", "last_used_at")
        ),
        "api_tokens": list(ApiToken.objects.filter(user=user).values("name", "created", "expiry", "used_on")),
        "sign_ins": list(
            AccessLog.objects.filter(username=user.email)
            .order_by("attempt_time")
            .values("attempt_time", "logout_time", "ip_address", "user_agent")
        ),
        "questions": own_questions(person=str(user.pk)),
        "audit": list(events.values("at", "verb", "subject", "role", "dealer__name", "facts")),
    }


def erase_person(*, by: Principal, user: User, at: dt.datetime, tell_manager: bool = False) -> None:
    """Takes a person out of the portal: what names them is deleted, what they did stays under the number of the row.

    The only owner of a dealer hands over first, or (`tell_manager`) the head office is told that nobody is left.
    Raises NotAllowed, LastOwner or Conflict; then nothing changed.
    """
    if by.user_id != user.pk:
        by.require(Right.ADMINISTER)
    with acting(by, "person.erased"):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.erased_at:
            return
        _refuse_last_administrator(user)
        orphaned = _end_memberships(by, user, tell_manager=tell_manager)
        email = user.email
        audit(by=by, verb="person.erased", subject=user, orphaned_dealers=[dealer.pk for dealer in orphaned])
        end_everything(by=by, user=user)
        _delete_traces(user)
        questions.forget(person=str(user.pk))
        _anonymise(user, at)
        owe_letter(to=email, kind="erased", language=user.language)
        for dealer in orphaned:
            _tell_head_office(dealer)


def _end_memberships(by: Principal, user: User, *, tell_manager: bool) -> list[Dealer]:
    """Ends them all; gives the dealers that are left without an owner."""
    memberships = list(user.memberships.select_related("dealer", "user").order_by("dealer"))
    list(Dealer.objects.select_for_update().filter(pk__in=[m.dealer_id for m in memberships]).order_by("pk"))
    orphaned = [m.dealer for m in memberships if is_last_owner(m)]
    if orphaned and not tell_manager:
        names = ", ".join(dealer.name for dealer in orphaned)
        raise LastOwner(_("You are the only owner of %(names)s. Make somebody else an owner first.") % {"names": names})
    for membership in memberships:
        if membership.is_active:
            end_membership(by=by, membership=membership)
    user.refresh_from_db()
    return orphaned


def _refuse_last_administrator(user: User) -> None:
    administrators = User.objects.filter(staff_role=StaffRole.ADMINISTRATOR, is_active=True)
    if user.staff_role == StaffRole.ADMINISTRATOR and not administrators.exclude(pk=user.pk).exists():
        raise Conflict(_("You are the only administrator. Make somebody else one first."))


def _delete_traces(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    IdempotencyKey.objects.filter(user=user).delete()
    UserProfile.objects.filter(user=user).delete()
    Invitation.objects.filter(Q(email=user.email) | Q(invited_by=user)).delete()
    Letter.objects.filter(email=user.email).delete()
    for log in (AccessLog, AccessAttempt, AccessFailureLog):
        log.objects.filter(username=user.email).delete()
    Dealer.objects.filter(manager=user).update(manager=None)
    user.groups.clear()
    user.user_permissions.clear()


def _anonymise(user: User, at: dt.datetime) -> None:
    user.email = f"erased-{user.pk}@erased.invalid"
    user.first_name = user.last_name = user.staff_role = ""
    user.is_active = user.is_superuser = user.is_staff = False
    user.last_membership = user.last_login = None
    user.erased_at = at
    user.set_unusable_password()
    user.save()


def _tell_head_office(dealer: Dealer) -> None:
    """The dealer's manager, or every administrator where it has none."""
    told = (
        [dealer.manager] if dealer.manager else User.objects.filter(staff_role=StaffRole.ADMINISTRATOR, is_active=True)
    )
    for person in told:
        owe_letter(to=person, kind="dealer_without_owner", dealer=dealer.name)
