"""Guides and news as published Wagtail pages in both languages."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping

from django.utils import timezone
from wagtail.signals import page_published

from accounts.models import Audience, User
from content.models import GuidePage, GuideProduct, HomePage, NewsPage, PortalPage, SectionPage
from content.services import admit_to_admin, arrange_groups, plant
from ordering.catalog.models import Product

from ..guides import LANGUAGES, Section, Text, Wording, sections, texts
from ..markdown import Block

# Names in this space make the ids of pages and blocks: the same on every machine.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://tveron.example/knowledge/")
_REVIEW = {"prices": 90, "programme": 90, "products": 365}


class Library:
    """Who writes, for whom, about what: read once for all pages."""

    def __init__(self, audiences: Mapping[str, Audience], staff: Mapping[str, User], today: dt.date) -> None:
        self.audiences, self.today = audiences, today
        self.owner, self.deputy = staff["darya@tveron.example"], staff["vera@tveron.example"]
        arrange_groups()
        admit_to_admin(self.owner)
        self.homes = plant(audience=audiences["everyone"])
        wanted = {sku for text in texts() for sku in text.skus}
        self.products = dict(Product.objects.filter(sku__in=wanted).values_list("sku", "pk"))

    def common(self, slug: str, title: str, lede: str, audience: str) -> dict[str, object]:
        """What all pages share."""
        return {
            "slug": slug,
            "title": title,
            "lede": lede,
            "audience": self.audiences[audience],
            "owner": self.owner,
            "deputy": self.deputy,
            "translation_key": uuid.uuid5(_SPACE, slug),
        }


def load_knowledge(audiences: Mapping[str, Audience], staff: Mapping[str, User], *, today: dt.date) -> Iterator[str]:
    """Publishes the sections, guides and news that are missing. Yields their slugs."""
    known = set(PortalPage.objects.values_list("locale__language_code", "slug"))
    slugs = [section.slug for section in sections()] + [text.slug for text in texts()]
    wanted = {(language, slug) for slug in slugs for language in LANGUAGES}
    if wanted <= known:
        return
    library = Library(audiences, staff, today)
    for language in LANGUAGES:
        home = library.homes[language]
        shelves = {section.slug: _shelf(home, section, language, library) for section in sections()}
        for text in texts():
            if (language, text.slug) not in known:
                _publish(shelves[text.section], _page(text, language, library), library.owner)
                yield f"{language}/{text.slug}"


def _shelf(home: HomePage, section: Section, language: str, library: Library) -> SectionPage:
    shelf = SectionPage.objects.child_of(home).filter(slug=section.slug).first()
    if shelf is None:
        words = {"ru": (section.title.ru, section.lede.ru), "en": (section.title.en, section.lede.en)}[language]
        shelf = SectionPage(locale=home.locale, **library.common(section.slug, *words, section.audience))
        _publish(home, shelf, library.owner)
    return shelf


def _publish(parent: PortalPage, page: PortalPage, by: User) -> None:
    """Adds the page as published. Publishing a draft would index every page twice more for the same result."""
    parent.refresh_from_db()
    page.locale, page.live = parent.locale, True
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    page.live_revision = page.save_revision(user=by, changed=False)
    PortalPage.objects.filter(pk=page.pk).update(live_revision=page.live_revision)
    page_published.send(sender=type(page), instance=page, revision=page.live_revision)


def _page(text: Text, language: str, library: Library) -> GuidePage | NewsPage:
    words = text.wordings[language]
    common = library.common(text.slug, words.title, words.lede, text.audience) | {
        "body": _body(text, words, language),
        "mandatory": text.mandatory,
        "significance": text.significance,
    }
    if text.is_news:
        return NewsPage(**common, date=text.published_on, topic=text.topic, read_by=text.read_by)
    guide = GuidePage(
        **common,
        review_date=library.today + dt.timedelta(days=_REVIEW.get(text.section, 180)),
        read_by=library.today + dt.timedelta(days=4) if text.mandatory else None,
        task=words.task,
        task_note=words.note,
        task_icon=text.icon,
        task_phrases="\n".join(words.ask),
    )
    guide.products = [GuideProduct(product_id=library.products[sku], sort_order=n) for n, sku in enumerate(text.skus)]
    return guide


def _body(text: Text, words: Wording, language: str) -> str:
    """The blocks as Wagtail stores them, with ids that stay the same."""
    return json.dumps(
        [_stored(block, f"{language}/{text.slug}/{number}") for number, block in enumerate(words.body)],
        ensure_ascii=False,
    )


def _stored(block: Block, name: str) -> Block:
    value = block["value"]
    if block["type"] == "steps":
        value = [
            {"type": "item", "value": step, "id": str(uuid.uuid5(_SPACE, f"{name}/{number}"))}
            for number, step in enumerate(value)
        ]
    return {"type": block["type"], "value": value, "id": str(uuid.uuid5(_SPACE, name))}
