"""What happens around every request of the whole portal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search import feed

from .tasks import wake_indexer


def wake_indexer_after_changes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: where a request has committed changes to what can be found, the worker looks at them at
    once.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with feed.watching() as watch:
            response = get_response(request)
            if watch.has_changes:
                wake_indexer()
        return response

    return middleware


def say_where_nothing_is(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address that only takes a form, opened from the address bar, answers with a page, not with nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not request.path.startswith(("/api/", "/cms/")):
            page = render(request, "errors/404.html", status=405)
            page["Allow"] = response.get("Allow", "")
            return page
        return response

    return middleware
