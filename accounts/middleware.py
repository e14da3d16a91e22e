"""Names the principal of every request, and lets nobody past who still owes a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pghistory
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lib.api import problem
from portal.lib.errors import DomainError

from . import principals
from .errors import DealerChanged, SecondFactorNeeded
from .models import User
from .sessions import MEMBERSHIP, is_pending

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Where a person goes who has given the password and not yet the second factor.
OPEN_WHILE_PENDING = ("/second-factor/", "/sign-out/", "/language/", "/static/", "/health/")


class PrincipalMiddleware:
    """Sets `request.principal` (lazily: pages that need none pay no query)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = SimpleLazyObject(lambda: session_principal(request))  # type: ignore[attr-defined]
        if is_pending(request) and not request.path.startswith(OPEN_WHILE_PENDING):
            return ask_for_second_factor(request)
        if request.method in SAFE:
            return self.get_response(request)
        # History rows written by triggers say who was behind the request; a token adds itself when it is read.
        principal: principals.Principal = request.principal  # type: ignore[attr-defined]
        with pghistory.context(**principal.as_context(), path=request.path):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuses a form that was opened for another dealer: what it would do is not what the person saw."""
        if request.method in SAFE or getattr(view, "any_dealer", False):
            return None
        principal: principals.Principal = request.principal  # type: ignore[attr-defined]
        if principal.membership_id is None:
            return None
        is_api = request.path.startswith("/api/")
        sent = request.headers.get("X-Membership")
        if is_api and sent is None:  # a machine with a session has no page that was opened earlier
            return None
        if not is_api:
            sent = request.POST.get("_membership") or sent
        if sent == str(principal.membership_id):
            return None
        error = DealerChanged(_("This form was opened for another dealer. Nothing was changed."))
        if is_api:
            return problem_answer(error)
        return render(request, "errors/dealer_changed.html", {"error": error}, status=error.status)


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """A problem for machines, the page that asks for it for people."""
    if request.path.startswith("/api/"):
        return problem_answer(SecondFactorNeeded(_("Give your second factor first, on the sign-in page.")))
    wanted = {"next": request.get_full_path()} if request.method in SAFE else {}
    return redirect(f"{reverse('accounts:second-factor')}?{urlencode(wanted)}".rstrip("?"))


def problem_answer(error: DomainError) -> HttpResponse:
    """A refusal of the API that comes before its views."""
    body = problem(error.code, error.status, str(error))
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


def session_principal(request: HttpRequest) -> principals.Principal:
    """The principal of the session; nobody while the second factor is owed."""
    user = request.user
    if not isinstance(user, User) or is_pending(request):
        return principals.NOBODY
    return principals.of_user(
        user, membership_id=request.session.get(MEMBERSHIP), language=(get_language() or "ru")[:2]
    )
