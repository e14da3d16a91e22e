"""Everything that one text finds, by section: what the search page, the suggestions and the API show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.safestring import SafeString

from accounts.principals import Principal
from content.models import GuidePage, PortalPage
from content.queries import found as pages_found
from content.queries import pinned
from ordering.catalog.models import Category, Product
from ordering.clients.models import DealerClient
from ordering.orders.models import Order
from ordering.orders.queries.orders import orders_of
from search.highlight import highlight, snippet
from search.queries import stored_texts
from search.query import Query, Results, Rung
from search.wording import normalised

from ..searchables import find_together
from .articles import ArticleRow, article_rows
from .narrowing import SIMILAR
from .past import past_of
from .tasks import Action, action_for, is_question

PER_SECTION = 6
SUGGESTED = 8  # rows altogether
_TASK_WITHIN = 3  # a task among the best so many guides is what the person wants to do

Row = TypeVar("Row")
Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True, slots=True)
class Section(Generic[Row]):
    """The first rows of what was found of one kind, and how many there are."""

    rows: Sequence[Row] = ()
    total: int = 0
    is_loose: bool = False  # found by some of the words only

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page with the question's words marked in its title and in the stretch of its text that answers
    best.
    """

    page: PortalPage
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Pinned:
    """What editors put first for a question: an article or a page."""

    article: ArticleRow | None = None
    page: PortalPage | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """What one person finds with one text. `read_as` is the text that was searched for, `interpreted_as`
    it if corrected.
    """

    text: str
    engine: str
    read_as: str
    interpreted_as: str | None
    task: GuidePage | None
    guides: Section[PageRow]
    articles: Section[ArticleRow]
    categories: Section[Category]
    orders: Section[Order]
    news: Section[PageRow]
    clients: Section[DealerClient]
    pinned: Section[Pinned] = Section()  # put first by editors, whatever the words say
    is_code: bool = False  # the text is an article's whole code or barcode
    is_question: bool = False
    action: Action | None = None  # what the text wants done, where this person may do it
    scanned: Product | None = None  # the one article whose barcode the text is
    similar: Sequence[ArticleRow] = ()  # other articles: their codes are one sign away from one that is not there

    @property
    def articles_answer_better(self) -> bool:
        """Whether articles stand first: the text is their code, or they have all the words and guides only some."""
        has_more = self.guides.is_loose and bool(self.articles) and not self.articles.is_loose
        return self.is_code or (has_more and not self.is_question)

    @property
    def order_named(self) -> Order | None:
        """The order whose number the text is."""
        return next((order for order in self.orders.rows if order.number == self.text.strip()), None)

    @property
    def sections(self) -> dict[str, Section[Any]]:
        """All sections, by the names that the API gives them."""
        return {
            "pinned": self.pinned,
            "guides": self.guides,
            "products": self.articles,
            "categories": self.categories,
            "orders": self.orders,
            "news": self.news,
            "clients": self.clients,
        }

    @property
    def has_answer(self) -> bool:
        return bool(self.total or self.action)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections.values())


def everything(principal: Principal, text: str, *, exactly: bool = False, limit: int = PER_SECTION) -> Everything:
    """What the principal finds with the text, up to `limit` rows of each section."""
    answers = _ask(principal, Query(kind="", text=text, limit=limit, language=principal.language, as_typed=exactly))
    first = answers["product"]
    read_as = first.interpreted_as or text
    guides = _pages(principal, answers["guide"], "guide")
    is_code = bool(first.hits) and first.hits[0].rung >= Rung.FOLDED
    action = None if is_code else action_for(principal, read_as)
    articles = _articles(principal, first)
    return Everything(
        text=text,
        engine=first.engine,
        read_as=read_as,
        interpreted_as=first.interpreted_as,
        task=None if is_code or (guides.is_loose and not action) else _task(guides),
        guides=guides,
        articles=articles,
        categories=_categories(answers["category"]),
        orders=_orders(principal, read_as, limit),
        news=_pages(principal, answers["news"], "news"),
        clients=_clients(principal, answers["client"]),
        pinned=_pinned(principal, {normalised(text), normalised(read_as)}),
        is_code=is_code,
        is_question=is_question(read_as),
        action=action,
        scanned=_scanned(first, articles),
        similar=article_rows(principal, _in_order(Product.objects.visible_to(principal).with_listing(), first.similar)),
    )


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A few of the best of each section for an unfinished text, at most `SUGGESTED` altogether."""

    text: str
    engine: str
    action: Action | None = None
    past: Sequence[str] = ()  # own questions that begin so
    articles: Sequence[ArticleRow] = ()
    categories: Sequence[Category] = ()
    guides: Sequence[PortalPage] = ()
    clients: Sequence[DealerClient] = ()

    @property
    def total(self) -> int:
        sections = (self.past, self.articles, self.categories, self.guides, self.clients)
        return bool(self.action) + sum(map(len, sections))


def suggestions(principal: Principal, text: str) -> Suggestions:
    """What the principal may mean by the beginning of a text; before there is one, what they asked lately."""
    past = past_of(principal, text)
    if not text:
        return Suggestions(text=text, engine="", past=past)
    answers = _ask(principal, Query(kind="", text=text, limit=SUGGESTED, language=principal.language, as_you_type=True))
    keys = [answers[kind].keys for kind in ("product", "category", "guide", "client")]
    action = action_for(principal, text, as_you_type=True)
    counts = _shared(SUGGESTED - bool(action) - len(past), [len(found) for found in keys])
    products, categories, guides, clients = (found[:count] for found, count in zip(keys, counts, strict=True))
    return Suggestions(
        text=text,
        engine=answers["product"].engine,
        action=action,
        past=past,
        articles=article_rows(principal, _in_order(Product.objects.with_listing(), products)),
        categories=_in_order(Category.objects.all(), categories),
        guides=pages_found(principal, guides, ["guide"]) if guides else [],
        clients=_in_order(DealerClient.objects.visible_to(principal), clients),
    )


def _ask(principal: Principal, question: Query) -> dict[str, Results]:
    """One question put to everything that is indexed; pages are asked for guides and news apart."""
    asked = {
        "product": replace(question, kind="product", similar=0 if question.as_you_type else SIMILAR),
        "category": replace(question, kind="category"),
        "guide": replace(question, kind="page", selected={"type": ("guide",)}, prose=True),
        "news": replace(question, kind="page", selected={"type": ("news",)}, prose=True),
        "client": replace(question, kind="client"),
    }
    if not question.text:
        return dict.fromkeys(asked, Results(engine=""))
    return dict(zip(asked, find_together(principal, list(asked.values())), strict=True))


def _pinned(principal: Principal, texts: set[str]) -> Section[Pinned]:
    """What is pinned for these questions and may be seen by this reader."""
    products, pages = pinned(principal, texts - {""})
    rows = [Pinned(article=row) for row in article_rows(principal, products)] if products else []
    rows += [Pinned(page=page) for page in pages]
    return Section(rows, len(rows))


def _articles(principal: Principal, results: Results) -> Section[ArticleRow]:
    products = _in_order(Product.objects.visible_to(principal).with_listing(), results.keys)
    return Section(article_rows(principal, products), results.total, results.is_loose)


def _scanned(results: Results, articles: Section[ArticleRow]) -> Product | None:
    """The article whose barcode was asked for, if no other has it, and no code is the same."""
    is_one = [hit.rung for hit in results.hits[:2] if hit.rung >= Rung.FOLDED] == [Rung.BARCODE]
    return articles.rows[0].product if is_one and articles else None


def _categories(results: Results) -> Section[Category]:
    return Section(_in_order(Category.objects.all(), results.keys), results.total, results.is_loose)


def _clients(principal: Principal, results: Results) -> Section[DealerClient]:
    rows = DealerClient.objects.visible_to(principal)
    return Section(_in_order(rows, results.keys), results.total, results.is_loose)


def _orders(principal: Principal, text: str, limit: int) -> Section[Order]:
    """Orders are found by their room's own list: they are few, and change with every step."""
    if not text:
        return Section()
    found = orders_of(principal, words=text)
    rows = list(found[:limit])
    return Section(rows, len(rows) if len(rows) < limit else found.count())


def _pages(principal: Principal, results: Results, type_: str) -> Section[PageRow]:
    """Pages that this reader may see in the language shown, with snippets of that language only."""
    if not results.hits:
        return Section()
    asked = results.reading or ""
    texts = stored_texts("page", results.keys)
    rows = []
    for page in pages_found(principal, results.keys, [type_]):
        entry = texts.get(str(page.translation_key))
        body = (entry.body_en if page.language == "en" else entry.body_ru) if entry else page.lede
        rows.append(PageRow(page, highlight(page.title, asked), snippet(body, asked)))
    return Section(rows, results.total, results.is_loose)


def _task(guides: Section[PageRow]) -> GuidePage | None:
    """The task that the best of the guides teach, if one does."""
    best = [row.page.pk for row in guides.rows[:_TASK_WITHIN]]
    tasks = GuidePage.objects.exclude(task="").in_bulk(best) if best else {}
    return next((tasks[pk] for pk in best if pk in tasks), None)


def _in_order(rows: QuerySet[Thing], keys: Sequence[str]) -> list[Thing]:
    """The rows with these ids, in the order of the ids; what is no longer there is left out."""
    found = rows.in_bulk([int(key) for key in keys])
    return [found[int(key)] for key in keys if int(key) in found]


def _shared(places: int, wanted: Sequence[int]) -> list[int]:
    """Deal out places one by one in turn, so that many of one kind leave room for the others."""
    given = [0] * len(wanted)

    def turns() -> Iterator[int]:
        while any(has < wants for has, wants in zip(given, wanted, strict=True)):
            yield from (at for at, wants in enumerate(wanted) if given[at] < wants)

    for at in islice(turns(), places):
        given[at] += 1
    return given
