"""Signing in and out, and who a session acts as. Everything here works on a request's session."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import principals
from .errors import SignInRefused
from .lockout import refuse_locked
from .models import Membership, User, normalised
from .queries import owes_second_factor
from .services import audit

MEMBERSHIP = "membership_id"
REPLACING = "second_factor_replacing"
REPLACING_SECONDS = 600


def check_password(request: HttpRequest, *, email: str, password: str) -> User:
    """The person with this e-mail and password. Every try is counted and audited.

    Raises LockedOut or SignInRefused: alike, and after the same time, for addresses that nobody has.
    """
    refuse_locked(request, email)
    user = authenticate(request, username=normalised(email), password=password)
    if isinstance(user, User):
        return user
    known = User.objects.filter(email=normalised(email)).first()
    audit(by=principals.NOBODY, verb="sign_in.refused", subject=known or "unknown")
    if getattr(request, "axes_locked_out", False):
        audit(by=principals.NOBODY, verb="sign_in.locked", subject=known or "unknown")
        refuse_locked(request, email)
    raise SignInRefused


def begin(request: HttpRequest, user: User, *, stay: bool = True) -> None:
    """A new session for a person whose password was right. `stay`: it outlives the browser (SESSION_COOKIE_AGE)."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    # A former session of the same person keeps nothing: not the dealer, not the proof of a second factor.
    for key in (MEMBERSHIP, DEVICE_ID_SESSION_KEY, REPLACING):
        request.session.pop(key, None)
    request.session.set_expiry(None if stay else 0)
    if not owes_second_factor(user):
        _record(user)


def prove(request: HttpRequest, device: TOTPDevice, *, signs_in: bool) -> None:
    """The session's second factor was given: it gets a new key, for it may do more now.

    `signs_in`: this completes a sign-in, rather than replacing the authenticator of who is in already.
    """
    request.session.cycle_key()
    request.session.pop(REPLACING, None)
    otp_login(request, device)
    if signs_in:
        _record(device.user)


def let_replace(request: HttpRequest) -> None:
    """The person gave the password and the former second factor: for ten minutes this session may set up another."""
    request.session[REPLACING] = time.time() + REPLACING_SECONDS


def may_replace(request: HttpRequest) -> bool:
    return time.time() < float(request.session.get(REPLACING, 0))


def is_pending(request: HttpRequest) -> bool:
    """Signed in by password, second factor still owed. Asked once a request: one query for who has given none."""
    if not hasattr(request, "second_factor_pending"):
        user = request.user
        pending = isinstance(user, User) and not user.is_verified() and owes_second_factor(user)  # type: ignore[attr-defined]
        request.second_factor_pending = pending  # type: ignore[attr-defined]
    return bool(request.second_factor_pending)  # type: ignore[attr-defined]


def is_verified(request: HttpRequest) -> bool:
    """Whether the session's person has given a second factor."""
    return getattr(request.user, "otp_device", None) is not None


def _record(user: User) -> None:
    audit(by=principals.of_user(user), verb="sign_in.succeeded", subject=user)


def end(request: HttpRequest) -> None:
    """Signs out."""
    if isinstance(request.user, User):
        audit(by=principals.of_user(request.user), verb="sign_in.ended", subject=request.user)
    logout(request)


def act_for(request: HttpRequest, membership: Membership) -> None:
    """The session acts under this membership from now on, and so does the person's next one."""
    request.session[MEMBERSHIP] = membership.pk
    User.objects.filter(pk=membership.user_id).update(last_membership=membership)


def keep_alive(request: HttpRequest, user: User) -> None:
    """This session outlives the change of password, or of `sessions_version`, that ends the person's others."""
    update_session_auth_hash(request, user)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """The language of the next pages in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
