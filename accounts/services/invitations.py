"""Invitations: one letter, one use. The secret in it is made when it is sent, and only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.errors import Conflict, Invalid, Missing

from .. import principals
from ..enums import Right, Role, StaffRole
from ..errors import InvitationVoid
from ..models import Dealer, Invitation, Membership, User, normalised
from ..principals import Principal
from .members import require_may_manage
from .passwords import require_good_password
from .records import acting, audit, owe_letter
from .staff import give_staff_role

GOOD_FOR = dt.timedelta(days=7)


def invite(
    *,
    by: Principal,
    email: str,
    dealer_id: int | None = None,
    role: str = "",
    staff_role: str = "",
    second_factor_required: bool = False,
    language: str = "ru",
) -> Invitation:
    """Invites somebody to a dealer in a `role`, or (without a dealer) to the head office in a `staff_role`.

    A second invitation to the same place replaces the first. Raises Invalid, Conflict or NotAllowed; then nothing changed.
    """
    email = normalised(email)
    with acting(by, "invitation.sent"):
        dealer = None if dealer_id is None else Dealer.objects.filter(pk=dealer_id).first()
        if dealer_id is None:
            by.require(Right.ADMINISTER)
            staff_role = StaffRole(staff_role).value
        else:
            require_may_manage(by, dealer_id)
            role = Role(role).value
            _refuse_colleague(dealer_id, email)
        _refuse_no_address(email)
        invitation, _new = Invitation.objects.update_or_create(
            email=email,
            dealer=dealer,
            defaults={
                "role": role,
                "staff_role": staff_role,
                "second_factor_required": second_factor_required,
                "language": language,
                "invited_by_id": by.require_person(),
                "token_hash": None,
                "expires_at": timezone.now() + GOOD_FOR,
            },
        )
        owe_letter(to=email, kind="invitation", language=language, invitation=invitation.pk)
        audit(by=by, verb="invitation.sent", subject=invitation, dealer_id=dealer_id, role=role or staff_role)
    return invitation


def withdraw_invitation(*, by: Principal, invitation_id: int) -> None:
    """The link stops working. Raises Missing; then nothing changed."""
    with acting(by, "invitation.withdrawn"):
        invitation = Invitation.objects.visible_to(by).filter(pk=invitation_id).first()
        if invitation is None:
            raise Missing(_("This invitation is gone already."))
        audit(by=by, verb="invitation.withdrawn", subject=invitation, dealer_id=invitation.dealer_id)
        invitation.delete()


def mint_invitation(invitation: Invitation) -> str:
    """A new secret for the letter that is being written; a former letter's link is void from now on."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = token_hash(token)
    invitation.save(update_fields=["token_hash"])
    return token


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link. Raises InvitationVoid for every link that does not work, whatever the reason."""
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    invitation = rows.select_related("dealer", "invited_by").filter(token_hash=token_hash(token)).first()
    if invitation is None or invitation.expires_at <= timezone.now():
        raise InvitationVoid
    if invitation.dealer is not None and not invitation.dealer.is_active:
        raise InvitationVoid
    return invitation


def accept_as_new(*, token: str, first_name: str, last_name: str, password: str, language: str) -> User:
    """A new person, let in by the letter. Raises InvitationVoid, Invalid or Conflict; then nothing changed."""
    with transaction.atomic():
        invitation = open_invitation(token, lock=True)
        if User.objects.filter(email=invitation.email).exists():
            raise Conflict(_("You have a sign-in already. Sign in, then open the link again."))
        newcomer = User(email=invitation.email, first_name=first_name.strip(), last_name=last_name.strip())
        require_good_password(password, newcomer)
        user = User.objects.create_user(
            invitation.email, password, first_name=newcomer.first_name, last_name=newcomer.last_name, language=language
        )
        _let_in(user, invitation)
    return user


def accept_as(*, user: User, token: str) -> Membership | None:
    """Somebody who is here already joins; gives the membership, None for the head office.

    Raises InvitationVoid, or Conflict when the letter was to another address; then nothing changed.
    """
    with transaction.atomic():
        invitation = open_invitation(token, lock=True)
        if invitation.email != user.email:
            raise Conflict(_("This invitation was sent to another address. Sign in with that one to accept it."))
        return _let_in(user, invitation)


def _let_in(user: User, invitation: Invitation) -> Membership | None:
    by = principals.of_user(user)
    with acting(by, "invitation.accepted"):
        membership = None
        if invitation.dealer_id is None:
            give_staff_role(user, invitation.staff_role)
        else:
            if user.is_head_office:
                raise Conflict(_("People of the head office cannot be members of a dealer."))
            membership, _new = Membership.objects.update_or_create(
                user=user,
                dealer_id=invitation.dealer_id,
                defaults={
                    "role": invitation.role,
                    "is_active": True,
                    "second_factor_required": invitation.second_factor_required,
                },
            )
        audit(
            by=principals.of_user(user, membership_id=membership.pk if membership else None),
            verb="invitation.accepted",
            subject=user,
            dealer_id=invitation.dealer_id,
            invitation=invitation.pk,
            invited_by=invitation.invited_by_id,
            role=invitation.role or invitation.staff_role,
        )
        invitation.delete()
    return membership


def token_hash(token: str) -> str:
    """The secret has 256 bits: a plain hash gives nothing to guess from."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_no_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("This is not an e-mail address. It looks like name@company.ru."), field="email") from error


def _refuse_colleague(dealer_id: int, email: str) -> None:
    if Membership.objects.filter(dealer=dealer_id, user__email=email, is_active=True).exists():
        raise Conflict(_("This person is at your company already. Change their role in the list."), field="email")
