"""The quick order's page: pasted lines in, one answer each, the ready ones into the cart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.errors import DomainError

from .. import services
from ..enums import Verdict
from ..forms import number_or_none, text_of_file
from ..queries import QuickAnswer, QuickLine, answer_lines

SHOWN = 200  # answers on the page; those that wait for a decision come first


@page(Right.USE_CART)
def quick(request: PortalRequest) -> HttpResponse:
    """GET: an empty field. POST: checks the text or the file, takes a remedy, or puts the ready lines into the cart."""
    if request.method != "POST":
        return render(request, "orders/quick.html", {"text": "", "answer": None})
    try:
        text = _text(request)
        answer = answer_lines(request.principal, text, business_date())
        if "put" in request.POST and answer.to_add:
            return _put(request, answer)
    except DomainError as refusal:
        text = request.POST.get("text", "")
        return render(
            request, "orders/quick.html", {"text": text, "answer": None, "refusal": refusal}, status=refusal.status
        )
    return render(request, "orders/quick.html", {"text": text, "answer": answer, **_listed(request, answer)})


def _text(request: PortalRequest) -> str:
    """The text to check: the file's when one was sent, else what was pasted, with the lines written anew by remedies."""
    file = request.FILES.get("file")
    if file:
        return text_of_file(file, file.name or "")
    lines = request.POST.get("text", "").splitlines()
    remedies = {name.removeprefix("line-"): typed for name, typed in request.POST.items() if name.startswith("line-")}
    number, colon, remedy = request.POST.get("fix", "").partition(":")
    if colon and remedy != "typed":
        remedies[number] = remedy
    for number, written in remedies.items():
        place = number_or_none(number)
        if place and place <= len(lines):
            lines[place - 1] = " ".join(str(written).split("\n"))
    return "\n".join(lines)


def _put(request: PortalRequest, answer: QuickAnswer) -> HttpResponse:
    """Into the cart with the ready lines; the others stay on the page."""
    services.add_lines(by=request.principal, lines=answer.to_add, key=request.POST.get("idempotency_key") or None)
    ready, left = len(answer.ready), answer.open
    messages.success(
        request, ngettext("%(n)s line is in the cart", "%(n)s lines are in the cart", ready) % {"n": ready}
    )
    if not left:
        return redirect("orders:cart")
    text = "\n".join(line.text for line in left)
    rest = answer_lines(request.principal, text, business_date())
    return render(request, "orders/quick.html", {"text": text, "answer": rest, **_listed(request, rest)})


def _listed(request: PortalRequest, answer: QuickAnswer) -> dict[str, Any]:
    """The answers to show, those that wait first, and the counts over them."""
    merged = [line for line in answer.lines if line.verdict is Verdict.MERGED]
    chosen: dict[str, Sequence[QuickLine]] = {
        "open": answer.open,
        "ready": answer.ready,
        "merged": merged,
        "all": [*answer.open, *answer.ready],
    }
    show = request.POST.get("show", "all")
    rows = chosen.get(show, chosen["all"])
    names = {"open": _("To decide"), "ready": _("Ready"), "merged": _("Merged"), "all": pgettext("pasted lines", "All")}
    views = [(value, names[value], len(lines)) for value, lines in chosen.items()]
    return {"rows": rows[:SHOWN], "hidden": max(0, len(rows) - SHOWN), "show": show, "views": views}
