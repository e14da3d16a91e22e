"""People, and what lets them in."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from ..enums import Language, Role, StaffRole
from ..querysets import InvitationQuerySet, MembershipQuerySet
from .dealers import Dealer
from .history import EVERY_CHANGE


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a sign-in; the e-mail is kept in lower case."""
        is_administrator = fields.get("staff_role") == StaffRole.ADMINISTRATOR
        user = self.model(email=normalised(email), **{"is_superuser": is_administrator, **fields})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator: the same thing here (see `user_superuser_is_administrator`)."""
        return self.create_user(email, password, **{**fields, "staff_role": StaffRole.ADMINISTRATOR})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalised(username))


def normalised(email: str | None) -> str:
    """An e-mail as it is kept and compared: without spaces around, in lower case."""
    return (email or "").strip().lower()


@pghistory.track(*EVERY_CHANGE, fields=["id", "staff_role", "is_active", "is_superuser"], model_name="UserEvent")
class User(AbstractUser):
    """A person. One person may belong to several dealers, or work at the head office, never both."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.RU)
    staff_role = models.CharField(_("head-office role"), max_length=20, choices=StaffRole.choices, blank=True)
    last_membership = models.ForeignKey("accounts.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    sessions_version = models.PositiveIntegerField(default=0, editable=False, help_text="one more ends every session")
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(staff_role__in=["", *StaffRole.values]), name="user_staff_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=True, staff_role=StaffRole.ADMINISTRATOR.value)
                | Q(is_superuser=False) & ~Q(staff_role=StaffRole.ADMINISTRATOR.value),
                name="user_superuser_is_administrator",
            ),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Former colleague no. %(number)s") % {"number": self.pk}
        return self.get_full_name() or self.email

    @property
    def is_head_office(self) -> bool:
        return bool(self.staff_role)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session lives while the password and `sessions_version` stay what they were when it began."""
        value = f"{self.password}:{self.sessions_version}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()


@pghistory.track(*EVERY_CHANGE)
class Membership(models.Model):
    """A person in one role at one dealer. The rights of the role are `accounts.rules.RIGHTS`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="memberships", verbose_name=_("dealer"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    second_factor_required = models.BooleanField(_("second factor required"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "dealer"], name="membership_once_per_dealer"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.dealer}"


class Invitation(models.Model):
    """A letter that lets its reader in, to a dealer or the head office. Works once, until it expires.

    Its secret is made when the letter is sent and only its hash is kept; sending again voids the former one.
    """

    email = models.EmailField(_("e-mail"))
    dealer = models.ForeignKey(
        Dealer, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("dealer")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, blank=True)
    staff_role = models.CharField(_("head-office role"), max_length=20, choices=StaffRole.choices, blank=True)
    second_factor_required = models.BooleanField(_("second factor required"), default=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.RU)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("invited by"))
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "dealer"], nulls_distinct=False, name="invitation_once_per_dealer"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(dealer__isnull=False, role__in=Role.values, staff_role="")
                | Q(dealer__isnull=True, role="", staff_role__in=StaffRole.values),
                name="invitation_to_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class RecoveryCode(models.Model):
    """A code on paper for the day the phone is lost. The row is deleted when it is used."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.pk)


class ApiTokenManager(AuthTokenManager):
    def expired(self) -> models.QuerySet[ApiToken]:
        """Those whose time is over; a purge deletes them."""
        return self.get_queryset().filter(expiry__lte=timezone.now())


class ApiToken(AbstractAuthToken):
    """A named token of a person under one membership (none: head office). Only its hash is kept.

    One made without a second factor stops working once the person owes one.
    """

    name = models.CharField(_("name"), max_length=80)
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="api_tokens")
    second_factor = models.BooleanField(_("made with a second factor"), default=False)
    used_on = models.DateField(_("last used"), null=True, blank=True, help_text="written once a day")

    objects = ApiTokenManager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def handle(self) -> str:
        """How addresses and the audit name it: the beginning of its hash, which lets nobody in."""
        return self.digest[:16]
