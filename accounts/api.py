"""Tokens, and who one is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from portal.lib.errors import NotAllowed

from . import principals, services, sessions
from .access import ApiRequest, ApiView
from .enums import Open
from .errors import CodeRefused, LockedOut, SecondFactorNeeded, SignInRefused
from .models import ApiToken, Dealer, User
from .principals import Principal
from .queries import owes_second_factor
from .serializers import Me, TokenAnswer, TokenRequest


class TokenView(ApiView):
    """Tokens for machines. `Idempotency-Key` is not honoured here: an answer with a secret is not kept."""

    access = {"POST": Open.ANYONE, "DELETE": Open.SIGNED_IN}
    idempotent = False

    @extend_schema(
        operation_id="auth_token_create",
        auth=[],
        request=TokenRequest,
        responses={
            201: TokenAnswer,
            401: OpenApiResponse(description="`sign_in_refused`, or `second_factor_required` when `otp` is missing."),
            429: OpenApiResponse(description="`locked_out`; `until` says when it ends."),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """Makes a token. People who owe a second factor send its code as `otp`; nothing here goes round it."""
        asked = TokenRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        words = asked.validated_data
        user = sessions.check_password(request._request, email=words["email"], password=words["password"])  # noqa: SLF001
        proved = _second_factor(user, words.get("otp", ""))
        by = _place(user, words.get("dealer", ""))
        token, text = services.create_token(by=by, name=words.get("name") or _("From the API"), second_factor=proved)
        return Response({"token": text, "expiry": token.expiry}, status=201)

    @extend_schema(operation_id="auth_token_destroy", responses={204: None})
    def delete(self, request: ApiRequest) -> Response:
        """Revokes the token that this call is made with; with a session there is none to revoke."""
        if isinstance(request.auth, ApiToken):
            services.revoke_token(by=self.principal, digest=request.auth.digest)
        return Response(status=204)


def _second_factor(user: User, code: str) -> bool:
    """Whether one was given. Raises SecondFactorNeeded, SignInRefused or LockedOut."""
    if not owes_second_factor(user):
        return False
    if not code:
        raise SecondFactorNeeded(_("Send the code of your second factor as `otp`."))
    try:
        services.prove(by=principals.NOBODY, user=user, code=code)
    except LockedOut:
        raise
    except CodeRefused as error:
        raise SignInRefused from error
    return True


def _place(user: User, dealer_code: str) -> Principal:
    """The principal the token will be. Raises SignInRefused for a dealer that is not the person's."""
    if not dealer_code:
        principal = principals.of_user(user)
        if not principal.rights:
            raise NotAllowed(_("You act for no company now. Ask its owner to let you in again."))
        return principal
    membership = user.memberships.in_force().filter(dealer__code=dealer_code).first()
    if membership is None:
        raise SignInRefused
    return principals.of_user(user, membership_id=membership.pk)


class MeView(ApiView):
    access = Open.SIGNED_IN

    @extend_schema(operation_id="me_retrieve", responses=Me)
    def get(self, request: ApiRequest) -> Response:
        """The person, the dealer, the role with its rights, tier, currency and language."""
        return Response(me(request.user, self.principal))


def me(user: Any, principal: Principal) -> dict[str, Any]:
    """Who a principal is, in words. Two queries at most."""
    dealer = Dealer.objects.visible_to(principal).prefetch_related("tiers").filter(pk=principal.dealer_id or 0).first()
    tiers = sorted(tier.code for tier in dealer.tiers.all()) if dealer else []
    return {
        "id": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "role": principal.role,
        "dealer": {"code": dealer.code, "name": dealer.name, "town": dealer.town} if dealer else None,
        "tier": tiers[0] if tiers else None,
        "currency": principal.currency,
        "language": principal.language,
        "rights": sorted(principal.rights),
    }
