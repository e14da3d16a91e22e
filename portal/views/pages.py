"""Pages over the reads that join several rooms: the first page, the catalogue, an article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import PortalRequest, page
from accounts.enums import Right
from ordering.pricing.downloads import price_list_answer
from ordering.pricing.forms import read_format
from ordering.pricing.queries import Wanted
from portal import questions
from portal.lib import files, formats
from portal.lib.errors import Missing
from portal.lib.paging import Counted
from portal.lib.text import named
from portal.queries.articles import ArticlePage, article, article_page
from portal.queries.catalogue import Condition, Found, catalogue, found_articles
from portal.queries.dashboard import dashboard as read_dashboard
from portal.queries.narrowing import OwnPrices
from portal.queries.question import STATES, Order, Question, attributes_of

PICTURE_AGE = 60 * 60 * 24


@page(Right.READ_CONTENT)
def dashboard(request: PortalRequest) -> HttpResponse:
    """What waits for this person today."""
    return render(request, "portal/dashboard.html", {"dashboard": read_dashboard(request.principal)})


@page(Right.VIEW_ARTICLES)
def catalogue_page(request: PortalRequest) -> HttpResponse:
    """The catalogue, narrowed by words and facets."""
    question = asked(request.GET)
    found = catalogue(request.principal, question)
    context = {
        "question": question,
        "found": found,
        "ways": questions.asked_in_catalogue(request.principal, question, found),
        "page": Counted(list(found.rows), total=found.total, number=question.page, size=question.page_size),
        "chips": [(condition.name, without(request.GET, [condition])) for condition in found.conditions],
        "remedy_url": without(request.GET, found.remedy.conditions) if found.remedy else "",
        "exact_url": f"{request.path}?{urlencode({'q': question.text, 'exactly': '1'})}",
        "orders": orders(found),
        "price": price_words(found.prices) if found.prices else None,
    }
    return render(request, "portal/catalogue.html", context)


@page(Right.VIEW_PRICES)
def found_price_list(request: PortalRequest) -> HttpResponseBase:
    """The price list of what the catalogue shows under these conditions."""
    articles = found_articles(request.principal, asked(request.GET))
    wanted = Wanted(read_format(request.GET.get("format") or "xlsx"), product_ids=articles)
    return price_list_answer(request.principal, wanted, request)


def orders(found: Found) -> list[tuple[str, Any]]:
    """How this person may sort the list."""
    listed = [
        (Order.RELEVANCE, _("Best match first")),
        (Order.NAME, _("By name")),
        (Order.NEWEST, _("Newest first")),
    ]
    if found.prices:
        listed += [(Order.CHEAPEST, _("Cheapest first")), (Order.DEAREST, _("Dearest first"))]
    return [(order.value, word) for order, word in listed]


def price_words(prices: OwnPrices) -> dict[str, str]:
    """What the two fields for a price say while they are empty: the bounds of the list, in whole units of the currency."""
    lowest, highest = pgettext("price", "from"), pgettext("price", "to")
    if prices.lowest is not None:
        lowest = _("from %(price)s") % {"price": formats.number(prices.lowest.to_integral_value(ROUND_FLOOR))}
    if prices.highest is not None:
        highest = _("to %(price)s") % {"price": formats.number(prices.highest.to_integral_value(ROUND_CEILING))}
    return {"sign": formats.SIGNS.get(prices.currency, prices.currency), "lowest": lowest, "highest": highest}


def without(query: QueryDict, conditions: Iterable[Condition]) -> str:
    """The address of the same list without these conditions, from its first page."""
    rest = query.copy()
    for condition in conditions:
        names = ("price_min", "price_max") if condition.parameter == "price" else (condition.parameter,)
        for name in names:
            kept = [other for other in rest.getlist(name) if condition.value is not None and other != condition.value]
            rest.setlist(name, kept)
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


@page(Right.VIEW_ARTICLES)
def article_view(request: PortalRequest, sku: str) -> HttpResponse:
    """One article: what it is, what it costs this dealer and why, where it is."""
    shown = article_page(request.principal, sku)
    if shown.row.product.sku != sku:
        return redirect(reverse("portal:article", args=[shown.row.product.sku]), permanent=True)
    return render(request, "portal/article.html", context(shown))


def context(shown: ArticlePage) -> dict[str, Any]:
    """What the page of an article is drawn from."""
    product = shown.row.product
    crumbs = [(_("Catalogue"), reverse("portal:catalogue"))]
    crumbs += [
        (named(category), f"{reverse('portal:catalogue')}?{urlencode({'category': category.code})}")
        for category in shown.categories
    ]
    return {"article": shown, "product": product, "crumbs": crumbs}


@page(Right.VIEW_ARTICLES)
def picture(request: PortalRequest, sku: str) -> FileResponse:
    """The article's picture, for whoever may see the article."""
    product = article(request.principal, sku)
    if not product.picture:
        raise Missing("No picture.")
    return files.stream(product.picture.open(), filename=product.picture.name, inline=True, max_age=PICTURE_AGE)


def asked(query: QueryDict, *, page_size: int = 25) -> Question:
    """The question in an address. What cannot be read is left out: an address is no form."""
    number = query.get("page", "1")
    sort = query.get("sort", "")
    return Question(
        text=query.get("q", "").strip()[:300],
        categories=tuple(filter(None, query.getlist("category"))),
        brands=tuple(filter(None, query.getlist("brand"))),
        availability=tuple(value for value in query.getlist("availability") if value in STATES),
        in_stock=query.get("in_stock", "") not in {"", "0", "false"},
        price_min=amount(query.get("price_min", "")),
        price_max=amount(query.get("price_max", "")),
        attributes=attributes_of(query.getlist("attribute")),
        sort=Order(sort) if sort in set(Order) else Order.RELEVANCE,
        exactly=query.get("exactly", "") == "1",
        page=max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 7 else 1,
        page_size=page_size,
    )


def amount(text: str) -> Decimal | None:
    """A sum as people type it: 1 200,50."""
    plain = "".join(text.split()).replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", plain, re.ASCII) else None
