"""What happens around every request of the whole portal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search import feed, indexing

from .searchables import SEARCHABLES
from .tasks import wake_indexer


def wake_indexer_after_changes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what a person has just saved is found by their next request; the worker does the rest.

    The few things of a person's own save are brought to the engines here, within a second and without ever
    failing the save. More than those, and what did not work, the worker looks at as soon as it can.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with feed.watching() as watch:
            response = get_response(request)
            if watch.has_changes:
                all_done = bool(watch.rows) and indexing.process_now(SEARCHABLES, watch.rows)
                if watch.has_more or not all_done:
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
