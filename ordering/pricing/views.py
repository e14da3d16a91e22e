"""The price-list page, and a live price that other pages fetch."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.paging import page_of

from .forms import read_quantity
from .queries import PriceContext, break_prices, deals_of, list_versions, priced_article, priced_articles, quote
from .tables import break_rows, version_row


@page(Right.VIEW_PRICES)
def price_list(request: PortalRequest) -> HttpResponse:
    """What the dealer's prices are made of, the articles with them, and the list to take along."""
    context = PriceContext.of(request.principal)
    articles = priced_articles(context, request.principal)
    shown = page_of(articles, request.GET.get("page"))
    products = list(shown.object_list)
    receipts = quote(context, [(product.pk, 1) for product in products])
    return render(
        request,
        "pricing/price_list.html",
        {
            "context": context,
            "versions": [version_row(version, context.on) for version in list_versions(context)],
            "deals": deals_of(context),
            "articles": shown.paginator.count,
            "page": shown,
            "rows": [(product, receipts.get(product.pk)) for product in products],
            "download": reverse("api:price-list"),
        },
    )


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
