"""API tokens: made, shown once, revoked. Only their hash is kept."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from portal.lib.errors import Conflict, Missing

from ..models import ApiToken, User
from ..principals import Principal
from .records import acting, audit

TOKENS_PER_PERSON = 20
DAYS = (30, 90, 365)


def default_days() -> int:
    """How long a token lives that was asked for over the API: the setting API_TOKEN_DAYS."""
    return int(getattr(settings, "API_TOKEN_DAYS", DAYS[0]))


def create_token(*, by: Principal, name: str, second_factor: bool, days: int | None = None) -> tuple[ApiToken, str]:
    """A token for the principal's own place, with its text, which nobody can see again.

    `second_factor`: whether the person gave one for it. Raises Conflict when there are too many; then nothing changed.
    """
    with acting(by, "token.made"):
        user = User.objects.select_for_update().get(pk=by.require_person())
        ApiToken.objects.expired().filter(user=user).delete()
        if ApiToken.objects.filter(user=user).count() >= TOKENS_PER_PERSON:
            raise Conflict(_("You have %(n)s tokens already. Revoke one first.") % {"n": TOKENS_PER_PERSON})
        token, text = ApiToken.objects.create(
            user=user,
            expiry=dt.timedelta(days=days or default_days()),
            name=name.strip()[:80] or _("Without a name"),
            membership_id=by.membership_id,
            second_factor=second_factor,
        )
        audit(by=by, verb="token.made", subject=token_subject(token), days=days or default_days())
    return token, text


def revoke_token(*, by: Principal, digest: str) -> None:
    """Ends one of the principal's own tokens, named by the beginning of its digest (16 signs at least).

    Raises Missing when there is none such; then nothing changed.
    """
    with acting(by, "token.revoked"):
        tokens = ApiToken.objects.filter(user=by.user_id, digest__startswith=digest)
        token = tokens.first() if len(digest) >= 16 else None
        if token is None:
            raise Missing(_("This token is gone already."))
        audit(by=by, verb="token.revoked", subject=token_subject(token))
        token.delete()


def revoke_tokens_of(*, by: Principal, user: User, membership_id: int | None = None) -> int:
    """Ends all tokens of a person, or those of one membership. Answers how many."""
    tokens = ApiToken.objects.filter(user=user)
    if membership_id is not None:
        tokens = tokens.filter(membership=membership_id)
    count: int = tokens.delete()[0]
    if count:
        audit(by=by, verb="token.revoked", subject=user, tokens=count)
    return count


def token_subject(token: ApiToken) -> str:
    """How the audit names a token: by the beginning of its hash."""
    return f"token {token.handle}"
