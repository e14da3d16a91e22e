"""Enough for any honest machine, not for a scraper: by token, by session, and narrower for a stranger's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from .lockout import client_address

if TYPE_CHECKING:  # rest_framework.views imports this module while it is being made
    from rest_framework.views import APIView


class PrincipalThrottle(SimpleRateThrottle):
    """The rates `principal` and `stranger` of DEFAULT_THROTTLE_RATES."""

    scope = "principal"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        if request.auth is not None:
            return f"throttle-token-{request.auth.pk[:32]}"
        if request.user and request.user.is_authenticated:
            return f"throttle-user-{request.user.pk}"
        self.rate = str(self.THROTTLE_RATES["stranger"])
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return f"throttle-stranger-{client_address(request)}"
