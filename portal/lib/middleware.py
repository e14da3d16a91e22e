"""One handler for expected errors on pages; the API has its own in `portal.lib.api`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .api import problem
from .errors import DomainError


class DomainErrorMiddleware:
    """A DomainError that no view caught becomes a page that says what happened and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        template = {403: "errors/403.html", 404: "errors/404.html"}.get(exception.status, "errors/refused.html")
        answer = render(request, template, {"error": exception}, status=exception.status)
        for name, value in exception.headers.items():
            answer[name] = value
        return answer


class RefuseNulMiddleware:
    """400 for a NUL in an address or a form: no text of ours has one, and PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "\0" in unquote_plus(request.META.get("QUERY_STRING", "")):
            return _refused(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Forms; the API's own parsers look at what is sent there."""
        if request.method != "POST" or _is_api(request):
            return None
        sent = [text for name, values in request.POST.lists() for text in (name, *values)]
        return _refused(request) if any("\0" in str(text) for text in sent) else None


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _refused(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        body = problem("nul", 400, "A NUL (%00) in the address.")
        return JsonResponse(body, status=400, content_type="application/problem+json")
    return HttpResponse(render_to_string("errors/400.html", {}), status=400)
