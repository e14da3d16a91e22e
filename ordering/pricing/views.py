"""The price-list page with its files, and a live price that other pages fetch."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.errors import DomainError
from portal.lib.paging import page_of

from . import services
from .downloads import ready_answer
from .enums import FileFormat
from .forms import read_quantity, read_wanted
from .queries import (
    PriceContext,
    branches,
    break_prices,
    deals_of,
    list_versions,
    made_of,
    own_file,
    priced_article,
    priced_articles,
    quote,
    taken_lists,
)
from .tables import break_rows, day_choice, version_row
from .tasks import wake_files

TAKEN_SHOWN: Final = 10


@page(Right.VIEW_PRICES)
def price_list(request: PortalRequest) -> HttpResponse:
    """What the dealer's prices are made of, the articles with them, and the list to take along."""
    return list_page(request)


def list_page(request: PortalRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    """The page, with what a refused form said and why."""
    principal = request.principal
    context = PriceContext.of(principal)
    shown = page_of(priced_articles(context, principal), request.GET.get("page"))
    products = list(shown.object_list)
    receipts = quote(context, [(product.pk, 1) for product in products])
    made = made_of(context)
    said = {
        "context": context,
        "versions": [version_row(version, context.on) for version in list_versions(context)],
        "deals": deals_of(context),
        "articles": shown.paginator.count,
        "page": shown,
        "rows": [(product, receipts.get(product.pk)) for product in products],
        "download": reverse("api:price-list"),
        "made": made,
        "days": [day_choice(day, what) for day, what in made.days.items()],
        "taken": list(taken_lists(principal, made)[:TAKEN_SHOWN]),
        "branches": branches(),
        "formats": [(one.value, one.name) for one in FileFormat],
        "said": request.POST,
        "refusal": refusal,
    }
    answer = render(request, "pricing/price_list.html", said, status=refusal.status if refusal else 200)
    for name, value in (refusal.headers if refusal else {}).items():
        answer[name] = value
    return answer


@page(Right.VIEW_PRICES)
def price(request: PortalRequest, sku: str) -> HttpResponse:
    """The price of an article with its breaks and receipt: a fragment for the pages that fetch it."""
    quantity = read_quantity(request.GET.get("quantity", ""))
    product = priced_article(request.principal, sku)
    context = PriceContext.of(request.principal)
    return render(
        request,
        "pricing/price.html",
        {
            "product": product,
            "receipt": quote(context, [(product.pk, quantity)]).get(product.pk),
            "breaks": break_rows(break_prices(context, product.pk), quantity=quantity, currency=context.currency),
        },
    )


@page(Right.VIEW_PRICES)
@require_POST
def ask_file(request: PortalRequest) -> HttpResponse:
    """A file as the form describes it: at once where it can be had at once, else a worker makes it."""
    said = request.POST
    try:
        wanted = read_wanted(
            request.principal,
            file_format=said.get("format", FileFormat.XLSX),
            on=said.get("on", ""),
            category=said.get("category", ""),
            skus=[said.get("skus", "")],
            since=said.get("since", ""),
        )
        row = services.ask_file(by=request.principal, wanted=wanted, at=timezone.now())
    except DomainError as refusal:
        return list_page(request, refusal=refusal)
    if row.is_made:
        return redirect("pricing:file-content", row.pk)
    wake_files()
    return redirect("pricing:file", row.pk)


@page(Right.VIEW_PRICES)
def file_state(request: PortalRequest, pk: int) -> HttpResponse:
    """How far a file is: the page, or for whoever looks again the part that changes."""
    row = own_file(request.principal, pk)
    whole = not request.htmx  # type: ignore[attr-defined]
    return render(request, "pricing/file.html" if whole else "pricing/_file_state.html", {"file": row})


@page(Right.VIEW_PRICES)
def file_content(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The bytes of a file that is ready, whole or a range."""
    return ready_answer(request.principal, own_file(request.principal, pk), request)


@page(Right.VIEW_PRICES)
@require_POST
def cancel_file(request: PortalRequest, pk: int) -> HttpResponse:
    """Stops making a file, or forgets it."""
    services.cancel_file(by=request.principal, row=own_file(request.principal, pk))
    messages.success(request, _("The file is no longer made"))
    return redirect("pricing:price-list")
