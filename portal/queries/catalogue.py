"""The catalogue: what was asked, what was found, and by what it can be narrowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.principals import Principal
from ordering.catalog.models import Category, Product
from portal.lib.errors import Invalid
from portal.lib.formats import money
from portal.lib.text import named

from .articles import ArticleRow, article_rows
from .facets import (
    AttributeFacet,
    FacetValue,
    attribute_facets,
    availability_values,
    brand_values,
    category_values,
    in_stock,
)
from .narrowing import Narrowed, OwnPrices, narrow, price_context
from .question import ATTRIBUTE, Chosen, Question, choose

# Where both engines end; nobody reads so far, and a machine takes the price list.
DEEPEST = 10_000


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that narrows the list, as an address says it; without a `value` everything the parameter says."""

    parameter: str
    value: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to take away where nothing is left: these conditions, all of one kind; then there are so many."""

    conditions: Sequence[Condition]
    total: int

    @property
    def name(self) -> str:
        return ", ".join(condition.name for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of articles, best first, with counts over all that were found.

    `facets` by parameter; `approximate` are those of them whose counts are over list prices. `prices` is None for whoever
    may see none. `remedy` is there where the conditions leave nothing and taking one of them away would help.
    """

    rows: Sequence[ArticleRow]
    total: int
    engine: str
    interpreted_as: str | None = None
    is_loose: bool = False  # found by some of the words only
    categories: Sequence[Category] = ()
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    similar: Sequence[ArticleRow] = ()  # other articles: their codes are one sign away from one that is not there
    attributes: Sequence[AttributeFacet] = ()
    prices: OwnPrices | None = None
    approximate: frozenset[str] = frozenset()
    conditions: Sequence[Condition] = ()
    remedy: Remedy | None = None

    @property
    def category(self) -> Category | None:
        """The section whose list this is."""
        return self.categories[0] if len(self.categories) == 1 else None

    @property
    def in_stock(self) -> int:
        """How many of them can be had now."""
        return in_stock(self.facets.get("availability", ()))


def catalogue(principal: Principal, question: Question) -> Found:
    """The articles that answer the question, with this person's prices. What is asked of prices counts for those only who
    may see them. Raises Invalid beyond the 10,000th.
    """
    if question.page * question.page_size > DEEPEST:
        raise Invalid(_("The list ends after 10,000 articles. Narrow it, or take the price list."), field="page")
    context = price_context(principal)
    if context is None:
        question = question.without_prices()
    chosen = choose(principal, question)
    narrowed = narrow(principal, question, chosen, context)
    facets = _facets(principal, question, chosen, narrowed)
    attributes = attribute_facets(narrowed.attributes, narrowed.facets, narrowed.total, question, principal.language)
    conditions = list(_conditions(question, chosen, facets, attributes, narrowed.prices, principal.language))
    products = _products(principal, [*narrowed.keys, *narrowed.similar])
    rows = {row.product.pk: row for row in article_rows(principal, products)}
    return Found(
        rows=[rows[key] for key in narrowed.keys if key in rows],
        similar=[rows[key] for key in narrowed.similar if key in rows],
        total=narrowed.total,
        engine=narrowed.engine,
        interpreted_as=narrowed.interpreted_as,
        is_loose=narrowed.is_loose,
        categories=chosen.categories,
        facets=facets,
        attributes=attributes,
        prices=narrowed.prices,
        approximate=narrowed.approximate,
        conditions=conditions,
        remedy=None if narrowed.total else _remedy(principal, question, conditions),
    )


def found_articles(principal: Principal, question: Question) -> tuple[int, ...]:
    """The ids of all articles that answer the question, whatever its page. Raises Invalid above 10,000."""
    context = price_context(principal)
    if context is None:
        question = question.without_prices()
    whole = replace(question, page=1, page_size=DEEPEST)
    narrowed = narrow(principal, whole, choose(principal, whole), context)
    if narrowed.total > DEEPEST:
        raise Invalid(_("These are more than 10,000 articles. Narrow them, or take the whole price list."))
    return tuple(narrowed.keys)


def _products(principal: Principal, keys: Sequence[int]) -> list[Product]:
    found = Product.objects.visible_to(principal).with_listing().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _facets(
    principal: Principal, question: Question, chosen: Chosen, narrowed: Narrowed
) -> dict[str, Sequence[FacetValue]]:
    counts = narrowed.facets
    return {
        "category": category_values(counts["category"], chosen.categories, principal.language),
        "brand": brand_values(counts["brand"], chosen.brands),
        "availability": availability_values(principal, counts["availability"], question),
    }


def _conditions(
    question: Question,
    chosen: Chosen,
    facets: Mapping[str, Sequence[FacetValue]],
    attributes: Sequence[AttributeFacet],
    prices: OwnPrices | None,
    language: str,
) -> Iterator[Condition]:
    """What narrows the list, value by value, in the order of the panel."""
    for word in question.categories:
        category = next((category for category in chosen.categories if category.is_called(word)), None)
        yield Condition("category", word, named(category, language) if category else word)
    if question.in_stock:
        yield Condition("in_stock", None, _("In stock"))
    for value in facets["availability"]:
        if value.value in question.availability:
            yield Condition("availability", value.value, value.name)
    if prices and question.has_price:
        yield Condition("price", None, _price_words(question.price_min, question.price_max, prices.currency))
    for word in question.brands:
        brand = next((brand for brand in chosen.brands if brand.is_called(word)), None)
        yield Condition("brand", word, brand.name if brand else word)
    for facet in attributes:
        for value in facet.values:
            if value.selected:
                yield Condition(ATTRIBUTE, f"{facet.code}:{value.value}", f"{facet.name}: {value.name}")


def _price_words(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    said = {
        "low": money(low, currency) if low is not None else "",
        "high": money(high, currency) if high is not None else "",
    }
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % said
    return _("from %(low)s") % said if low is not None else _("up to %(high)s") % said


def _remedy(principal: Principal, question: Question, conditions: Sequence[Condition]) -> Remedy | None:
    """The one condition whose absence would leave most."""
    best: Remedy | None = None
    context = price_context(principal)
    for parameter, rest in question.less():
        total = narrow(principal, rest, choose(principal, rest), context).total
        dropped = [condition for condition in conditions if _is_of(condition, parameter)]
        if dropped and total > (best.total if best else 0):
            best = Remedy(dropped, total)
    return best


def _is_of(condition: Condition, parameter: str) -> bool:
    if parameter.startswith(f"{ATTRIBUTE}/"):
        code = parameter.removeprefix(f"{ATTRIBUTE}/")
        return condition.parameter == ATTRIBUTE and (condition.value or "").startswith(f"{code}:")
    return condition.parameter == parameter or (parameter == "availability" and condition.parameter == "in_stock")
