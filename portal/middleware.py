"""What happens around every request of the whole portal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import escape_leading_slashes

from search import feed, indexing

from .questions import PARAMETER, followed
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


def note_clicks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a link followed out of an answer is noted, and the browser sent on to the address without the word
    that said so. A form (into the cart) is only noted. Strangers are sent on too: after they sign in, it is too late.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        word = request.GET.get(PARAMETER, "")
        if not word or request.path.startswith(("/api/", "/cms/")):
            return get_response(request)
        followed(request.principal, word)  # type: ignore[attr-defined]
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        rest = request.GET.copy()
        del rest[PARAMETER]
        address = escape_leading_slashes(request.path) + (f"?{rest.urlencode()}" if rest else "")
        answer = HttpResponseRedirect(address)
        answer["Cache-Control"] = "no-store"
        return answer

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
