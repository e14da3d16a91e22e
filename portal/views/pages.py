"""Pages over the reads that join several rooms: the first page, the catalogue, an article."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal import questions
from portal.lib import files
from portal.lib.errors import Missing
from portal.lib.paging import Counted
from portal.lib.text import named
from portal.queries.articles import ArticlePage, article, article_page
from portal.queries.catalogue import Found, Question, catalogue
from portal.queries.dashboard import dashboard as read_dashboard
from search.query import Sort

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
        "chips": conditions(request, question, found),
        "exact_url": f"{request.path}?{urlencode({'q': question.text, 'exactly': '1'})}",
    }
    return render(request, "portal/catalogue.html", context)


def conditions(request: PortalRequest, question: Question, found: Found) -> list[tuple[str, str]]:
    """What narrows the list, each with the address that takes it away."""
    listed = []
    if found.category:
        listed.append((named(found.category), without(request.GET, "category")))
    chosen = [value for value in found.facets.get("brand", ()) if value.selected]
    listed += [(value.name, without(request.GET, "brand", value.value)) for value in chosen]
    if question.in_stock:
        listed.append((_("In stock"), without(request.GET, "in_stock")))
    return listed


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """The address of the same list without a condition (without one value of it), from its first page."""
    rest = query.copy()
    kept = [other for other in rest.getlist(name) if value is not None and other != value]
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
        category=query.get("category", ""),
        brands=tuple(query.getlist("brand")),
        in_stock=query.get("in_stock", "") not in {"", "0", "false"},
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        exactly=query.get("exactly", "") == "1",
        page=max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 7 else 1,
        page_size=page_size,
    )
