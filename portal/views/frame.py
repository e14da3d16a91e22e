"""Pages of the house itself: its health, and what to say when something is not there or broke."""

from __future__ import annotations

import logging
import secrets

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.access import page
from accounts.enums import Open
from portal.lib.api import problem
from search import engines, feed, queries

log = logging.getLogger(__name__)


@page(Open.ANYONE, any_dealer=True)
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 while the database answers, 503 otherwise; which search engine answers, and how each is.

    Elasticsearch is asked itself, within a reader's time, unless it is being left alone: so what is said here is true
    before any reader has searched. Without it the portal is slower, not broken: still 200.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        facts = {
            "database": "ok",
            "search_engines": [engine_facts(figures) for figures in queries.health()],
            "search": engines.answering(),
            "oldest_unindexed_seconds": feed.oldest_age(),
        }
    except OperationalError:
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse(facts)


def engine_facts(figures: queries.Health) -> dict[str, str | int | float | bool]:
    """How one engine is: whether it answers, how many changes it does not know yet and for how long, how many it refuses."""
    answers = engines.is_answering(figures.engine, look=True)
    return {
        "engine": figures.engine,
        "answers": answers,
        "breaker": "closed" if answers else "open",
        "waiting": figures.waiting,
        "oldest_seconds": round(figures.oldest.total_seconds(), 1) if figures.oldest else 0,
        "set_aside": figures.set_aside,
    }


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, "bad_request", "errors/400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, "not_allowed", "errors/403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404, "not_found", "errors/404.html")


def broken(request: HttpRequest) -> HttpResponse:
    """The code joins what the person sees to the line in the log."""
    code = secrets.token_hex(4)
    log.error("500 %s at %s", code, request.path)
    return answer(request, 500, "broken", "errors/500.html", incident=code)


def answer(request: HttpRequest, status: int, code: str, template: str, **extra: str) -> HttpResponse:
    """The error as a page, or as a problem where the API was asked."""
    if request.path.startswith("/api/"):
        body = problem(code, status, str(DETAILS[status]), **extra)
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, template, extra, status=status)


DETAILS = {
    400: _("The request could not be read."),
    403: _("Not allowed."),
    404: _("There is nothing at this address."),
    500: _("Something broke on our side. We have been told; try again, and name the incident if it stays."),
}
