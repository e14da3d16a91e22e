"""How the API says that something was refused: problem+json (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from .errors import DomainError
from .renderers import ProblemRenderer


def problem(code: str, status_code: int, detail: Any, **extra: Any) -> dict[str, Any]:
    """The body of an error: `type, title, status, code, detail` and what helps to mend it."""
    return {
        "type": "about:blank",
        "title": TITLES.get(status_code, "Error"),
        "status": status_code,
        "code": code,
        "detail": detail,
        **extra,
    }


TITLES = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    415: "Unsupported media type",
    422: "Not possible",
    429: "Too many requests",
}


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every expected error as a problem, anything else stays a bug."""
    headers: dict[str, str] = {}
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, DomainError):
        field = {"field": exc.field} if exc.field else {}
        body = problem(exc.code, exc.status, str(exc), **field, **exc.extra)
        headers |= exc.headers
    elif isinstance(exc, exceptions.ValidationError):
        body = problem("invalid", exc.status_code, _("Some fields need mending."), errors=exc.detail)
    elif isinstance(exc, exceptions.APIException):
        body = problem(str(exc.get_codes()), exc.status_code, str(exc.detail))
        if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            body["status"] = exc.status_code = status.HTTP_401_UNAUTHORIZED
            headers["WWW-Authenticate"] = "Token"
        if wait := getattr(exc, "wait", None):
            headers["Retry-After"] = str(int(wait) + 1)
    else:
        return None
    set_rollback()
    response = Response(body, status=body["status"], headers=headers)
    if request := context.get("request"):
        # The answer is JSON whatever was asked for: a file that cannot be made is still an error to be read.
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), ProblemRenderer.media_type
    return response
