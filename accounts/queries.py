"""Reads about people that several places share."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from .enums import Role
from .models import Membership, User
from .principals import Principal
from .querysets import MembershipQuerySet


def owes_second_factor(user: User) -> bool:
    """Whether this person must give a second factor: head office, whoever an owner demands it of, whoever has one.

    One query at most.
    """
    if user.is_head_office:
        return True
    demanded = Membership.objects.in_force().filter(user=OuterRef("pk"), second_factor_required=True)
    enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return User.objects.filter(Q(Exists(demanded)) | Q(Exists(enrolled)), pk=user.pk).exists()


def must_have_second_factor(user: User) -> bool:
    """Whether it may not be switched off."""
    return user.is_head_office or user.memberships.in_force().filter(second_factor_required=True).exists()


def second_factor_of(user: User) -> TOTPDevice | None:
    """The person's confirmed authenticator."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def colleagues(principal: Principal) -> MembershipQuerySet:
    """Everybody at the principal's own dealer, who may come in first; each says whether a phone is enrolled. One query."""
    enrolled = TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)
    rows = Membership.objects.visible_to(principal).filter(dealer=principal.dealer_id, user__erased_at=None)
    return (
        rows.select_related("user")
        .annotate(has_second_factor=Exists(enrolled))
        .order_by("-is_active", "user__last_name", "user__first_name", "pk")
    )


def is_last_owner(membership: Membership) -> bool:
    """Whether nobody else who can sign in owns this dealer."""
    if membership.role != Role.OWNER or not membership.is_active:
        return False
    others = Membership.objects.in_force().filter(dealer=membership.dealer_id, role=Role.OWNER)
    return not others.exclude(pk=membership.pk).exists()
