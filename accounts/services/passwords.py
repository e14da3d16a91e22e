"""Passwords: forgotten, set by a letter, changed."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from portal.lib.errors import Invalid

from .. import principals
from ..lockout import forgive
from ..models import User
from ..principals import Principal
from .records import acting, audit, owe_letter
from .tokens import revoke_tokens_of


def ask_password_reset(*, email: str, language: str) -> None:
    """Owes a letter to this address, whoever it belongs to: what is known of it is looked at when letters are sent.

    So the answer and its time are the same for addresses that nobody has.
    """
    owe_letter(to=email, kind="password_reset", language=language)


def reset_link(user: User) -> tuple[str, str]:
    """The two parts of the address in the letter. They work until the password or the last sign-in changes."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def person_of_link(uid: str, token: str) -> User | None:
    """Whose link this is; None when it does not work any more."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, TypeError, OverflowError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None


def reset_password(*, user: User, password: str, revoke_tokens: bool) -> None:
    """Sets the password by a letter's link: every session ends, the second factor stays as it is.

    Raises Invalid; then nothing changed.
    """
    by = principals.of_user(user)
    _set(by, user, password, verb="password.reset")
    if revoke_tokens:
        revoke_tokens_of(by=by, user=user)
    forgive(user.email)


def change_password(*, by: Principal, user: User, password: str, revoke_tokens: bool = True) -> None:
    """Sets another password; the person's other sessions end, and the API tokens unless they are to be kept.

    Raises Invalid; then nothing changed.
    """
    with transaction.atomic():
        _set(by, user, password, verb="password.changed")
        if revoke_tokens:
            revoke_tokens_of(by=by, user=user)


def _set(by: Principal, user: User, password: str, *, verb: str) -> None:
    require_good_password(password, user)
    with acting(by, verb):
        user.set_password(password)
        user.save(update_fields=["password"])
        audit(by=by, verb=verb, subject=user)
        owe_letter(to=user, kind="password_changed")


def end_other_sessions(*, by: Principal, user: User) -> None:
    """Ends every session of the person; the caller keeps its own alive with `sessions.keep_alive`."""
    with acting(by, "sessions.ended"):
        user.sessions_version += 1
        user.save(update_fields=["sessions_version"])
        audit(by=by, verb="sessions.ended", subject=user)


def require_good_password(password: str, user: User | None = None) -> None:
    """Raises Invalid with every reason why this password will not do."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
