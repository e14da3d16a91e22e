"""From the portal's answers to search's query log: who asked, what it found, and how its links say where they stood.

Links of an answer carry a signed word, `?found=…`; `portal.middleware.note_clicks` takes note and sends on to the bare
address. So it works without JavaScript, a page's address stays clean, and a copied link still opens for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.principals import Principal
from ordering.orders.models import Order
from search import codes, engines, questions
from search.access import Access
from search.asked import Place
from search.query import Query
from search.questions import Ticket

from .queries.articles import ArticleRow
from .queries.catalogue import Found
from .queries.past import asker_of
from .queries.question import Question as CatalogueQuestion
from .queries.search import Everything, Suggestions
from .searchables import SEARCHABLES

# Whose words are the dealers' own affair: what finds nothing but these leaves no words in the log.
PRIVATE = frozenset({"clients", "orders"})
PARAMETER = "found"


@dataclass(frozen=True, slots=True)
class Ways:
    """What links out of one answer carry: the ticket, and at which place each thing stands."""

    ticket: Ticket | None = None
    places: dict[tuple[str, str], int] = field(default_factory=dict)

    def via(self, kind: str, key: object, joined_by: str = "?") -> str:
        """The tail of a link's address; empty for what is no part of this answer."""
        place = self.places.get((kind, str(key)))
        if self.ticket is None or place is None:
            return ""
        return f"{joined_by}{PARAMETER}={self.ticket.opening(kind, str(key), place)}"

    @property
    def signed(self) -> str | None:
        """For the API: what a front end gives back with a click; None where there is nothing to open."""
        return self.ticket.signed() if self.ticket and self.places else None


def asked_everywhere(principal: Principal, found: Everything, *, place: str = Place.SEARCH) -> Ways:
    """Keep a question to the whole portal."""
    sections = {name: section.total for name, section in found.sections.items() if section.total}
    question = questions.Question(
        place=place,
        text=found.text,
        language=principal.language,
        engine=found.engine,
        found=sections,
        interpreted_as=found.interpreted_as,
        is_loose=any(section.is_loose for section in found.sections.values() if section.total),
        secret=(bool(sections) and PRIVATE.issuperset(sections)) or is_own_code(found.text, found.articles.rows),
    )
    ticket = questions.keep(question=question, asker=asker_of(principal), at=timezone.now())
    return Ways(ticket, _places(everything_keys(found)))


def asked_in_catalogue(
    principal: Principal, question: CatalogueQuestion, found: Found, *, place: str = Place.CATALOGUE
) -> Ways:
    """Keep a question to the catalogue. Its further pages and narrower lists are the same question, kept once."""
    if not question.text:
        return Ways()
    asker, at = asker_of(principal), timezone.now()
    ticket = questions.again(text=question.text, asker=asker, at=at) if question.is_narrowed else None
    if ticket is None and (found.total or not question.is_narrowed):  # conditions that leave nothing teach nothing
        kept = questions.Question(
            place=place,
            text=question.text,
            language=principal.language,
            engine=found.engine,
            found={"products": found.total},
            interpreted_as=found.interpreted_as,
            is_loose=found.is_loose,
            secret=is_own_code(question.text, found.rows),
        )
        ticket = questions.keep(question=kept, asker=asker, at=at)
    first = (question.page - 1) * question.page_size + 1
    return Ways(ticket, _places({"product": [row.product.sku for row in found.rows]}, first=first))


def is_own_code(text: str, rows: Sequence[ArticleRow]) -> bool:
    """Whether the text is what the person's company calls one of these: such words are nobody else's to read."""
    return any(codes.folded(code) == codes.folded(text) for row in rows for code in row.own_codes)


def suggested(principal: Principal, found: Suggestions) -> Ways:
    """Nothing is kept of what is suggested while one types, unless one of it is taken."""
    ticket = Ticket.of_suggestions(text=found.text, language=principal.language, engine=found.engine)
    keys = {
        "product": [row.product.sku for row in found.articles],
        "category": [category.code for category in found.categories],
        "guide": [page.pk for page in found.guides],
        "client": [row.pk for row in found.clients],
    }
    return Ways(ticket, _places(keys))


def everything_keys(found: Everything) -> dict[str, Iterable[object]]:
    """By which names the log knows what was found: a kind, and a key that the API shows too."""
    pins = found.pinned.rows
    return {
        "pinned-article": [row.article.product.sku for row in pins if row.article],
        "pinned-page": [row.page.pk for row in pins if row.page],
        "guide": [row.page.pk for row in found.guides.rows],
        "product": [row.product.sku for row in found.articles.rows],
        "category": [category.code for category in found.categories.rows],
        "order": [order.number for order in found.orders.rows],
        "news": [row.page.pk for row in found.news.rows],
        "client": [row.pk for row in found.clients.rows],
    }


def _places(keys: Mapping[str, Iterable[object]], first: int = 1) -> dict[tuple[str, str], int]:
    return {(kind, str(key)): place for kind, found in keys.items() for place, key in enumerate(found, first)}


def followed(principal: Principal, word: str) -> bool:
    """Keep that a link of an answer was followed."""
    return questions.opened(word=word, asker=asker_of(principal), at=timezone.now())


def forget_past(principal: Principal, text: str) -> int:
    """Offer the person this question no longer, or none where there is no text; answers how many it was."""
    return questions.forget_past(asker=asker_of(principal), text=text)


def reported(principal: Principal, *, ticket: str, kind: str, key: str, position: int) -> bool:
    """Keep what a front end says was opened."""
    return questions.reported(
        ticket=ticket, kind=kind, key=key, position=position, asker=asker_of(principal), at=timezone.now()
    )


def would_find(text: str, language: str) -> tuple[bool, bool]:
    """Whether somebody with all rights would find anything, and whether nothing but the dealers' own affairs.

    For the worker only: no answer is made of it.
    """
    asked = [
        Query(kind=kind, text=text, access=Access.everything(), language=language, limit=1) for kind in SEARCHABLES
    ]
    found = {kind for kind, results in zip(SEARCHABLES, engines.search_together(asked), strict=True) if results.total}
    is_order = Order.objects.filter(number__iexact=text).exists()
    return bool(found) or is_order, (bool(found) or is_order) and found <= {"client"}
