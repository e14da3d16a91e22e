"""The page of a dealer's own codes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right
from ordering.catalog.importing import Report
from portal.lib.errors import DomainError
from portal.lib.paging import page_of

from . import services
from .downloads import codes_file
from .forms import rows_of_file
from .importing import import_codes
from .queries import listed_codes

SHOWN = 50  # rows to mend on the page


@page(Right.PLACE_ORDERS)
def code_list(request: PortalRequest) -> HttpResponse:
    """GET: the list, to look through. POST: takes a file, and answers row by row."""
    if request.method != "POST":
        return list_page(request)
    try:
        rows = rows_of_file(request.FILES.get("file"))
        report = import_codes(by=request.principal, rows=rows, report=Report())
    except DomainError as refusal:
        return list_page(request, refusal=refusal)
    return list_page(request, report=report)


def list_page(
    request: PortalRequest, *, report: Report | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "page": page_of(listed_codes(request.principal, words), request.GET.get("page"), size=50),
        "words": words,
        "report": report,
        "problems": report.problems[:SHOWN] if report else [],
        "refusal": refusal,
    }
    return render(request, "codes/list.html", context, status=refusal.status if refusal else 200)


@page(Right.PLACE_ORDERS)
def export(request: PortalRequest) -> StreamingHttpResponse:
    """All own codes as a CSV that can be imported again."""
    return codes_file(request.principal)


@page(Right.PLACE_ORDERS)
@require_POST
def forget(request: PortalRequest, code_id: int) -> HttpResponse:
    """Takes one code away."""
    row = services.forget_code(by=request.principal, code_id=code_id)
    messages.success(request, _("Code %(code)s is forgotten") % {"code": row.code})
    return redirect("codes:list")


@page(Right.PLACE_ORDERS)
@require_POST
def forget_all(request: PortalRequest) -> HttpResponse:
    """Takes all codes away."""
    removed = services.forget_all_codes(by=request.principal)
    messages.success(
        request, ngettext("%(n)s code is forgotten", "%(n)s codes are forgotten", removed) % {"n": removed}
    )
    return redirect("codes:list")
