"""Reads of the knowledge: lists for a reader, what they still have to read, and the files of pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.principals import Principal
from ordering.catalog.models import Product

from .enums import Significance
from .models import Acknowledgement, GuidePage, NewsPage, PageRead, Pin, PortalPage, Publication, SectionPage
from .querysets import PortalPageQuerySet

TYPES: dict[str, type[PortalPage]] = {"guide": GuidePage, "news": NewsPage, "section": SectionPage}


def readable(principal: Principal, model: type[PortalPage] = PortalPage) -> PortalPageQuerySet:
    """Pages of this type for this reader: one for each translation, in their language where there is one."""
    pages: PortalPageQuerySet = model.objects.visible_to(principal)
    return pages.in_language(principal.language, principal).select_related("locale")


def page_rows(principal: Principal, types: Iterable[str] = ("guide", "news")) -> PortalPageQuerySet:
    """Rows of a list of pages, newest first: `type` by `type_of`, `date` and `topic` of news."""
    kinds = ContentType.objects.get_for_models(*[TYPES[name] for name in types]).values()
    return (
        readable(principal)
        .filter(content_type__in=[kind.pk for kind in kinds])
        .annotate(news_date=F("newspage__date"), news_topic=F("newspage__topic"))
        .order_by(F("news_date").desc(nulls_last=True), "-first_published_at", "-pk")
    )


def type_of(page: PortalPage) -> str:
    """`guide`, `news`, `section` or `home`."""
    found = page.specific_class
    return next((name for name, model in TYPES.items() if model is found), "home")


def found(
    principal: Principal, keys: Sequence[str], types: Iterable[str] = ("guide", "news", "section")
) -> list[PortalPage]:
    """The pages behind search hits of kind "page", in their order, re-checked; those out of sight are left out."""
    rows = page_rows(principal, types).filter(translation_key__in=[uuid.UUID(key) for key in keys])
    by_key = {str(page.translation_key): page for page in rows}
    return [by_key[key] for key in keys if key in by_key]


def pinned(principal: Principal, texts: Iterable[str]) -> tuple[list[Product], list[PortalPage]]:
    """The articles and pages that editors put first for one of these (normalised) questions, as far as the principal may
    see them; pages in their language where there is one.
    """
    pins = list(Pin.objects.filter(text__in=set(texts)).values_list("product_id", "page__translation_key"))
    if not pins:
        return [], []
    products = Product.objects.visible_to(principal).with_listing().in_bulk([pk for pk, _key in pins if pk])
    pages = found(principal, [str(key) for _pk, key in pins if key])
    return [products[pk] for pk, _key in pins if pk in products], pages


def guides_for_product(principal: Principal, product_id: int) -> list[GuidePage]:
    """The guides about this article that the principal may read, in their language where there is one."""
    guides = readable(principal, GuidePage).filter(products__product=product_id)
    return list(guides.distinct().order_by("title", "pk"))


def latest_news(principal: Principal, limit: int, *, topic: str = "") -> list[NewsPage]:
    """The newest news, each with `is_read`."""
    news = with_is_read(readable(principal, NewsPage), principal)
    if topic:
        news = news.filter(topic=topic)
    return list(news.order_by("-date", "-first_published_at", "-pk")[:limit])


def with_is_read(pages: QuerySet[Any], principal: Principal) -> QuerySet[Any]:
    """Annotates `is_read`: this person opened the page, in any language."""
    reads = PageRead.objects.filter(
        user=principal.user_id, publication__page__translation_key=OuterRef("translation_key")
    )
    return pages.annotate(is_read=Exists(reads))


def asked_version(page: str) -> Subquery:
    """The number from which a confirmation of `page` (a reference in the outer query) holds: `rules.version_to_acknowledge`."""
    asking = Publication.objects.filter(Q(significance=Significance.MAJOR) | Q(number=1), page=OuterRef(page))
    return Subquery(asking.order_by("-number").values("number")[:1])


def confirmations(user_id: int | None) -> QuerySet[Acknowledgement]:
    """The person's confirmations that still hold: no major version has come after them."""
    mine = Acknowledgement.objects.filter(user=user_id).annotate(asked=asked_version("publication__page"))
    return mine.filter(publication__number__gte=F("asked"))


def unread_mandatory(principal: Principal) -> list[PortalPage]:
    """What the principal must still read and confirm, the most urgent first. A confirmation in either language counts."""
    confirmed = confirmations(principal.user_id).filter(publication__page__translation_key=OuterRef("translation_key"))
    pages = readable(principal).filter(mandatory=True).filter(~Exists(confirmed))
    return list(pages.order_by(F("read_by").asc(nulls_last=True), "-first_published_at", "pk"))


def tasks(principal: Principal) -> list[GuidePage]:
    """The guides that stand on the first page as "What do you want to do?", in the order of the tree."""
    return list(readable(principal, GuidePage).exclude(task="").order_by("path"))


def recently_changed(principal: Principal, limit: int) -> list[Publication]:
    """The latest publications that readers are told of, one for each guide, with `page`."""
    newest = Publication.objects.filter(page=OuterRef("page")).order_by("-number").values("number")[:1]
    guides = readable(principal, GuidePage).order_by().values("pk")
    changes = Publication.objects.filter(page__in=guides, number=Subquery(newest), number__gt=1)
    changes = changes.exclude(significance=Significance.TYPO)
    return list(changes.select_related("page__locale").order_by("-published_at", "-pk")[:limit])


def sections(principal: Principal) -> list[SectionPage]:
    """The shelves right below the first page, in the reader's language."""
    return list(readable(principal, SectionPage).filter(depth=3).order_by("path"))


def children(principal: Principal, section: PortalPage) -> PortalPageQuerySet:
    """What lies right below a section and may be read, in the order of the tree."""
    below: PortalPageQuerySet = PortalPage.objects.visible_to(principal).child_of(section)
    rows = below.annotate(news_date=F("newspage__date"), news_topic=F("newspage__topic"))
    return rows.select_related("locale").order_by(F("news_date").desc(nulls_last=True), "path")


def due_for_review(today: Any = None) -> PortalPageQuerySet:
    """Live pages whose day of review has passed, the longest overdue first. For editors."""
    overdue = PortalPage.objects.filter(live=True, review_date__lt=today or timezone.localdate())
    pages: PortalPageQuerySet = overdue.select_related("owner", "deputy", "locale").order_by("review_date", "pk")
    return pages
