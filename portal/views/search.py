"""The one search box: its page, and what drops down while one types."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal import questions
from portal.queries.search import everything, suggestions
from portal.questions import Ways

LONGEST = 200  # characters of a question that are read
SHORTEST_TO_SUGGEST = 2


@page(Right.READ_CONTENT)
def search_page(request: PortalRequest) -> HttpResponse:
    """Everything that the words find, section by section; what can be done first."""
    text = question(request)
    found = everything(request.principal, text, exactly="exactly" in request.GET)
    ways = questions.asked_everywhere(request.principal, found) if text else Ways()
    if found.order_named:
        return redirect("orders:detail", found.order_named.number)
    if found.scanned:
        return redirect("portal:article", found.scanned.sku)
    exact_url = f"{request.path}?{urlencode({'q': text, 'exactly': '1'})}"
    return render(request, "portal/search.html", {"found": found, "ways": ways, "exact_url": exact_url})


@page(Right.READ_CONTENT)
def suggest(request: PortalRequest) -> HttpResponse:
    """The options under the search box, as a fragment for its list."""
    text = question(request)
    if 0 < len(text) < SHORTEST_TO_SUGGEST:
        return HttpResponse()
    found = suggestions(request.principal, text)
    if not text and not found.total:
        return HttpResponse()
    ways = questions.suggested(request.principal, found)
    return render(request, "portal/_suggestions.html", {"found": found, "ways": ways})


@require_POST
@page(Right.READ_CONTENT)
def forget_past(request: PortalRequest) -> HttpResponse:
    """Offer the person one of their own past questions no longer."""
    if text := request.POST.get("q", "").strip()[:LONGEST]:
        questions.forget_past(request.principal, text)
    return HttpResponse(status=204)


def question(request: PortalRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]
