"""News drafted for editors: nobody reads it until one of them has looked at it and published it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.utils.html import escape
from django.utils.text import slugify
from wagtail.models import Locale

from accounts.models import Audience
from accounts.principals import Principal
from accounts.services import acting, audit

from ..enums import Topic
from ..models import HomePage, NewsPage, PortalPage, SectionPage

SHELF = {"ru": "Новости", "en": "News"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A piece of news in one language: plain text, a paragraph each."""

    title: str
    lede: str
    paragraphs: Sequence[str]


def draft_news(
    *, by: Principal, wordings: Mapping[str, Wording], audience: Audience, topic: Topic, date: dt.date
) -> list[NewsPage]:
    """A draft in every language given that the portal has, translations of one another, where news of that language stand.

    It asks for no right: a draft is nobody's until an editor publishes it.
    """
    drafted: list[NewsPage] = []
    with acting(by, "news drafted"):
        for language, wording in wordings.items():
            shelf = _shelf(language)
            if shelf is None:
                continue
            page = NewsPage(
                title=wording.title,
                slug=free_slug(shelf, wording.title, otherwise="news"),
                locale=shelf.locale,
                lede=wording.lede,
                audience=audience,
                topic=topic,
                date=date,
                owner_id=by.user_id,
                live=False,
                body=json.dumps([_paragraph(text) for text in wording.paragraphs], ensure_ascii=False),
            )
            if drafted:
                page.translation_key = drafted[0].translation_key
            shelf.add_child(instance=page)
            page.save_revision(user=page.owner)
            audit(by=by, verb="news.drafted", subject=page, topic=str(topic))
            drafted.append(page)
    return drafted


def _shelf(language: str) -> SectionPage | None:
    """The section of the language's latest news; where there are none yet, one made for them. None without the language."""
    latest = NewsPage.objects.filter(locale__language_code=language).order_by("-date", "-pk").first()
    if latest:
        found: SectionPage | None = SectionPage.objects.filter(pk=latest.get_parent().pk).first()
        return found
    home = HomePage.objects.filter(locale__language_code=language).first()
    if home is None:
        return None
    title = SHELF.get(language, SHELF["en"])
    slug = free_slug(home, "news", otherwise="news")
    section = SectionPage(
        title=title, slug=slug, locale=Locale.objects.get(language_code=language), audience=home.audience
    )
    home.add_child(instance=section)
    return section


def free_slug(parent: PortalPage, text: str, *, otherwise: str) -> str:
    """An address under the parent that nothing has yet, of the text's words; of `otherwise` where it has none."""
    wanted = slugify(text, allow_unicode=True)[:60] or otherwise
    taken = set(parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _paragraph(text: str) -> dict[str, str]:
    return {"type": "paragraph", "value": f"<p>{escape(text)}</p>", "id": str(uuid4())}
