"""What of the knowledge can be found: one document for a page in all its languages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import F, Min
from django.db.models.functions import Left, Length
from wagtail.models import Page

from accounts.enums import Right
from accounts.models import Audience
from accounts.principals import Principal
from search.access import OPEN, Access
from search.documents import Document, Words
from search.engines import search
from search.query import Query
from search.searchable import Searchable

from .bodies import headings, plain_text
from .models import GuidePage, NewsPage, PortalPage
from .queries import found, type_of

KIND = "page"
SOURCE = "ru"  # the language pages are written in first


def scope(audience_ids: Iterable[int]) -> str:
    """The name of whoever belongs to all of these audiences: a page is for its own and for those of all above it."""
    return "audiences:" + "+".join(str(pk) for pk in sorted(set(audience_ids)))


def audiences_above(paths: Iterable[str]) -> dict[str, frozenset[int]]:
    """The audiences of all pages above each of these tree paths. One query."""
    above = {path: [path[:end] for end in range(Page.steplen, len(path), Page.steplen)] for path in paths}
    steps = {step for chain in above.values() for step in chain}
    audience = dict(PortalPage.objects.filter(path__in=steps).order_by().values_list("path", "audience_id"))
    return {path: frozenset(audience[step] for step in chain if step in audience) for path, chain in above.items()}


def titles_above(pages: Iterable[PortalPage]) -> dict[str, str]:
    """By tree path the titles of the sections a page stands in: its place tells what "About the service" is about (but
    for the home page, which all stand in). One query; who may read a page may read all above it.
    """
    paths = [page.path for page in pages]
    above = {path: [path[:end] for end in range(3 * Page.steplen, len(path), Page.steplen)] for path in paths}
    steps = {step for chain in above.values() for step in chain}
    titles = dict(PortalPage.objects.filter(path__in=steps).order_by().values_list("path", "title"))
    return {path: "\n".join(titles[step] for step in chain if step in titles) for path, chain in above.items()}


def without_limits(audience_ids: Iterable[int]) -> set[int]:
    """Those of the audiences that everyone who is signed in belongs to."""
    empty: dict[str, Any] = {name: [] for name in ("roles", "tiers", "brands", "excluded_roles")}
    nobody: dict[str, Any] = dict.fromkeys(("regions", "dealers", "excluded_regions", "excluded_dealers"))
    found = Audience.objects.filter(pk__in=set(audience_ids), head_office_only=False, **empty, **nobody)
    return set(found.order_by().values_list("pk", flat=True))


def access(principal: Principal) -> Access:
    """The scopes that lie within the principal's audiences. Of those in use: never all subsets."""
    if not principal.may(Right.READ_CONTENT):
        return Access.nothing()
    if principal.may(Right.READ_EVERY_AUDIENCE):
        return Access.everything()
    mine = set(principal.audience_ids)
    # One page of each shelf and audience stands for all of them: what lies above is the same.
    shelf = Left(F("path"), Length(F("path")) - Page.steplen)
    live = PortalPage.objects.filter(live=True, audience__in=mine).order_by().annotate(shelf=shelf)
    rows = list(live.values("shelf", "audience_id").annotate(any_path=Min("path")))
    above = audiences_above(row["any_path"] for row in rows)
    scopes = [above[row["any_path"]] | {row["audience_id"]} for row in rows]
    return Access(names=frozenset(scope(ids) for ids in scopes if ids <= mine), open=True)


def documents(keys: Sequence[str]) -> Iterable[Document]:
    """One document for the live translations of each page that have the same readers.

    A translation for other readers than the first one's is left out: its words must not answer theirs.
    """
    everyone = Principal(rights=frozenset({Right.READ_CONTENT, Right.READ_EVERY_AUDIENCE}))
    pages = PortalPage.objects.visible_to(everyone).filter(translation_key__in=[uuid.UUID(key) for key in keys])
    groups: dict[str, list[PortalPage]] = defaultdict(list)
    for page in pages.select_related("locale").specific():
        if type_of(page) != "home":
            groups[str(page.translation_key)].append(page)
    every = [page for translations in groups.values() for page in translations]
    titles = titles_above(every)
    above = audiences_above(page.path for page in every)
    ids = {page.pk: above[page.path] | {page.audience_id} for page in every}
    limitless = without_limits(pk for some in ids.values() for pk in some)
    for key, translations in groups.items():
        first = min(translations, key=lambda page: (page.language != SOURCE, page.pk))
        together = [page for page in translations if ids[page.pk] == ids[first.pk]]
        is_open = ids[first.pk] <= limitless
        readers = frozenset({scope(ids[first.pk]), *([OPEN] if is_open else [])})
        yield document(key, together, readers=readers, above=titles)


def document(key: str, pages: Sequence[PortalPage], *, readers: frozenset[str], above: Mapping[str, str]) -> Document:
    """`above`: by tree path the titles of what a page stands in."""
    first = pages[0]
    return Document(
        kind=KIND,
        key=key,
        title=words({page.language: page.title for page in pages}),
        keywords=words({page.language: told(page, above.get(page.path, "")) for page in pages}),
        body=words({page.language: f"{page.lede}\n{plain_text(getattr(page, 'body', ()))}" for page in pages}),
        readers=readers,
        facets={"type": (type_of(first),), "language": tuple(sorted(page.language for page in pages))},
        weight=1.0 if any(page.mandatory for page in pages) else 0.5,
        moment=moment(first),
    )


def words(by_language: dict[str, str]) -> Words:
    return Words(ru=by_language.get("ru", ""), en=by_language.get("en", ""))


def told(page: PortalPage, place: str) -> str:
    """What says in few words what the page is about: how people ask for it, its headings, its place."""
    return "\n".join(filter(None, (asked(page), headings(getattr(page, "body", ())), place)))


def asked(page: PortalPage) -> str:
    """How people ask for it."""
    return f"{page.task_phrases}\n{page.task}".strip() if isinstance(page, GuidePage) else ""


def moment(page: PortalPage) -> datetime | None:
    if isinstance(page, NewsPage):
        return datetime.combine(page.date, time(), tzinfo=UTC)
    return page.first_published_at


def keys() -> Iterator[str]:
    found = PortalPage.objects.filter(live=True).order_by().values_list("translation_key", flat=True).distinct()
    return (str(key) for key in found.iterator())


def permitted(principal: Principal, keys: Sequence[str]) -> set[str]:
    """Which of these keys the principal may see in some language."""
    pages = (
        PortalPage.objects.visible_to(principal).filter(translation_key__in=[uuid.UUID(key) for key in keys]).order_by()
    )
    return {str(key) for key in pages.values_list("translation_key", flat=True)}


def find(principal: Principal, text: str, types: Sequence[str], limit: int = 200) -> list[PortalPage]:
    """The pages that answer these words, best first, in the reader's language where there is one."""
    question = Query(
        kind=KIND,
        text=text,
        access=access(principal),
        selected={"type": tuple(types)},
        language=principal.language,
        limit=limit,
        prose=True,
    )
    return found(principal, search(question).keys, types)


SEARCHABLE: Searchable[Principal] = Searchable(
    kind=KIND, documents=documents, keys=keys, access=access, permitted=permitted
)
