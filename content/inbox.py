"""What search answered badly and nobody has dealt with yet; what was done; what a change of synonyms would do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.principals import Principal
from ordering.catalog.models import Product
from ordering.catalog.search import SEARCHABLE as PRODUCTS
from portal.lib.text import named
from search import engines, figures
from search.figures import Figure, Trouble
from search.models import SynonymGroup
from search.query import Query, Results
from search.synonyms import Rule, Synonyms, rule_of
from search.wording import normalised

from .enums import RemedyKind
from .models import PortalPage, Remedy
from .queries import found
from .search import SEARCHABLE as PAGES

MOST = 100  # texts of the list
SHOWN = 5  # answers of a preview, and questions it is tried on
LOOKED_BACK = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the list. `earlier`: what was done about it before it was asked in vain again."""

    figure: Figure
    earlier: Remedy | None = None


def inbox(trouble: Trouble, *, since: dt.date, until: dt.date, language: str = "") -> list[Item]:
    """Questions with this trouble, those of most people first. What was dismissed stays away, what was remedied comes
    back if there was trouble with it on a later day.
    """
    remedies = _latest_in_force()
    dismissed = [text for text, remedy in remedies.items() if remedy.kind == RemedyKind.DISMISSED]
    rows = figures.troubled(
        trouble, since=since, until=until, language=language, limit=MOST + len(remedies), apart=dismissed
    )
    items = [Item(row, remedies.get(row.text)) for row in rows]
    return [item for item in items if not item.earlier or _has_returned(item.figure, item.earlier)][:MOST]


def remedies_made(limit: int = MOST) -> list[Remedy]:
    """What was done, newest first, undone things too."""
    return list(Remedy.objects.select_related("made_by", "undone_by", "pin__product", "pin__page", "page")[:limit])


def _latest_in_force() -> dict[str, Remedy]:
    made = Remedy.objects.filter(undone_at=None).select_related("made_by").order_by("made_at", "pk")
    return {remedy.text: remedy for remedy in made}


def _has_returned(figure: Figure, remedy: Remedy) -> bool:
    return figure.last_day > timezone.localtime(remedy.made_at).date()


@dataclass(frozen=True, slots=True)
class Answers:
    """What one question finds of one kind: how many, and the first few by name."""

    total: int
    first: Sequence[str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one question's articles and pages."""

    text: str
    articles: tuple[Answers, Answers]
    pages: tuple[Answers, Answers]

    @property
    def changes(self) -> bool:
        """Whether anything is different afterwards."""
        return self.articles[0] != self.articles[1] or self.pages[0] != self.pages[1]


def preview(principal: Principal, rule: Rule | None, *, group_id: int | None = None) -> list[Effect]:
    """What real questions would find if the group `group_id` (None: a new one) read so; None for the rule: were deleted.

    The questions are the most frequent of the last 90 days that hold a phrase of it, or the phrases themselves.
    """
    groups = list(SynonymGroup.objects.all())
    before = [rule_of(group) for group in groups]
    after = [rule_of(group) for group in groups if group.pk != group_id] + ([rule] if rule else [])
    old = [rule_of(group) for group in groups if group.pk == group_id]
    phrases = list(dict.fromkeys(phrase for one in (*([rule] if rule else []), *old) for phrase in one.phrases))
    today = timezone.localdate()
    texts = figures.asked_with([normalised(phrase) for phrase in phrases], since=today - LOOKED_BACK, limit=SHOWN)
    return [_effect(principal, text, before, after) for text in texts or phrases[:SHOWN]]


def _effect(principal: Principal, text: str, before: Iterable[Rule], after: Iterable[Rule]) -> Effect:
    was, will = (_answers(principal, text, Synonyms(rules)) for rules in (before, after))
    return Effect(text, (was[0], will[0]), (was[1], will[1]))


def _answers(principal: Principal, text: str, rules: Synonyms) -> tuple[Answers, Answers]:
    asked = [
        Query(
            kind=searchable.kind,
            text=text,
            access=searchable.access(principal),
            limit=SHOWN,
            language=principal.language,
        )
        for searchable in (PRODUCTS, PAGES)
    ]
    articles, pages = engines.search_together(asked, rules=rules)
    products: Mapping[int, Product] = Product.objects.visible_to(principal).in_bulk([int(key) for key in articles.keys])
    names = [
        f"{products[int(key)].sku} {named(products[int(key)], principal.language)}"
        for key in articles.keys
        if int(key) in products
    ]
    return Answers(articles.total, names), Answers(pages.total, _titles(principal, pages))


def _titles(principal: Principal, pages: Results) -> list[str]:
    readable: list[PortalPage] = found(principal, pages.keys)
    return [page.title for page in readable]
