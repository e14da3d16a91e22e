"""How the API knows who calls: a token, or the session of the portal's own pages."""

from __future__ import annotations

from typing import Any

import pghistory
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from . import principals
from .errors import SecondFactorNeeded
from .models import ApiToken, Membership, User
from .principals import Principal
from .queries import owes_second_factor


class TokenAuthentication(KnoxTokenAuthentication):  # type: ignore[misc]  # knox has no types
    """`Authorization: Token …`: the principal is the one the token was made for, whatever the session says.

    Two queries: the token with its person, and the membership it acts under. Raises AuthenticationFailed, or
    SecondFactorNeeded for a token that was made without one when its person owes one now.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        digest = hash_token(token.decode("utf-8", "replace"))
        row = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if row is None or (row.expiry and row.expiry <= timezone.now()) or not row.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is unknown, revoked or too old."))
        return row.user, row

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        answer: tuple[User, ApiToken] | None = super().authenticate(request)
        if answer is None:
            return None
        user, token = answer
        if not token.second_factor and owes_second_factor(user):
            raise SecondFactorNeeded(_("You owe a second factor now. Get a new token with it."))
        principal = _principal(user, token, request)
        request._request.principal = principal  # type: ignore[attr-defined]  # noqa: SLF001
        # Adds to the middleware's context where there is one, that is, where the call may change something.
        pghistory.context(**principal.as_context())
        _note_use(token)
        return answer


def _principal(user: User, token: ApiToken, request: Request) -> Principal:
    language = user.language
    if "Accept-Language" in request.headers:
        language = (translation.get_language() or language)[:2]
    else:
        translation.activate(language)
    if token.membership_id is None:
        principal = principals.of_user(user, language=language)
        if not principal.is_head_office:
            raise exceptions.AuthenticationFailed(_("This token's place at the head office has ended."))
        return principal
    membership = Membership.objects.in_force().acting().filter(pk=token.membership_id).first()
    if membership is None or user.is_head_office:
        raise exceptions.AuthenticationFailed(_("This token's membership has ended."))
    return principals.of_membership(membership, language=language)


def _note_use(token: ApiToken) -> None:
    """The day a token was last used: people revoke what nobody uses. One write a day."""
    today = timezone.now().date()
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)


class SessionAuthentication(authentication.SessionAuthentication):
    """The portal's session, with CSRF. `WWW-Authenticate` makes a stranger's answer 401, not 403."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        return None if principals.of_request(request).is_anonymous else super().authenticate(request)

    def authenticate_header(self, request: Request) -> str:
        return "Token"
