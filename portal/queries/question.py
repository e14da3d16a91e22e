"""What a person asks of the catalogue, and what of it the engines are asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from accounts.principals import Principal
from ordering.catalog.enums import AvailabilityState
from ordering.catalog.models import Brand, Category
from ordering.catalog.properties import number
from ordering.catalog.search import near_region
from search.query import Query, Sort

from ..searchables import find

IN_STOCK = (AvailabilityState.IN_STOCK.value, AvailabilityState.LOW.value)
HERE = "here"  # free to order from a warehouse of the person's own region
ATTRIBUTE = "attribute"
ATTRIBUTES = f"{ATTRIBUTE}/"  # the facet that holds all of them, `code=value`
RANGE = re.compile(r"(?=.*\d)(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?")  # 41..60, ..40, 100..
NONE_SUCH = ("0",)
MOST_ATTRIBUTES_ASKED = 20
STATES = (HERE, *AvailabilityState.values)


def attributes_of(said: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`code:value` as addresses and the API say it, by code. What is not written so is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for one in said:
        code, colon, value = one.partition(":")
        if code and colon and value and (code in found or len(found) < MOST_ATTRIBUTES_ASKED):
            found[code] = tuple(dict.fromkeys((*found.get(code, ()), value)))
    return found


class Order(StrEnum):
    """How the list may be sorted."""

    RELEVANCE = "relevance"
    NAME = "name"
    NEWEST = "newest"
    CHEAPEST = "price"
    DEAREST = "-price"

    @property
    def is_by_price(self) -> bool:
        return self in (Order.CHEAPEST, Order.DEAREST)


SORTS = {
    Order.RELEVANCE: Sort.RELEVANCE,
    Order.NAME: Sort.NAME,
    Order.NEWEST: Sort.NEWEST,
    Order.CHEAPEST: Sort.LOWEST,
    Order.DEAREST: Sort.HIGHEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the person asked of the catalogue: any value within a condition, all conditions together.

    Categories (with all that is below them) and brands by their codes or names. `availability`: states, or HERE. Prices are
    the person's own, net, of a unit. `attributes`: values by the attribute's code, as the facets name them, or ranges of
    numbers as `41..60`.
    """

    text: str = ""
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    in_stock: bool = False
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Order = Order.RELEVANCE
    exactly: bool = False
    page: int = 1
    page_size: int = 25

    @property
    def is_narrowed(self) -> bool:
        """Whether this goes on with a question asked before: a further page, conditions, another order."""
        return self != Question(text=self.text, exactly=self.exactly, page_size=self.page_size)

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None

    @property
    def asks_for_prices(self) -> bool:
        """Whether it can be answered to those only who may see prices."""
        return self.has_price or self.sort.is_by_price

    @property
    def states(self) -> tuple[str, ...]:
        """Everything chosen of availability."""
        return tuple(dict.fromkeys((*self.availability, *(IN_STOCK if self.in_stock else ()))))

    def without_prices(self) -> Question:
        sort = Order.RELEVANCE if self.sort.is_by_price else self.sort
        return replace(self, price_min=None, price_max=None, sort=sort)

    def less(self) -> Iterator[tuple[str, Question]]:
        """The question without one of its conditions: the parameter's name, and what is left. An attribute is one of its own."""
        if self.categories:
            yield "category", replace(self, categories=())
        if self.brands:
            yield "brand", replace(self, brands=())
        if self.states:
            yield "availability", replace(self, availability=(), in_stock=False)
        if self.has_price:
            yield "price", replace(self, price_min=None, price_max=None)
        for code in self.attributes:
            rest = {other: values for other, values in self.attributes.items() if other != code}
            yield f"{ATTRIBUTE}/{code}", replace(self, attributes=rest)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The question's conditions with what they name, and as the engines are asked (`Query.selected`)."""

    categories: Sequence[Category]
    brands: Sequence[Brand]
    selected: Mapping[str, tuple[str, ...]]


def choose(principal: Principal, question: Question) -> Chosen:
    """Read the conditions. What names nothing finds nothing."""
    categories = list(Category.objects.called(question.categories)) if question.categories else []
    brands = list(Brand.objects.called(question.brands)) if question.brands else []
    selected: dict[str, tuple[str, ...]] = {}
    if question.categories:
        selected["category"] = tuple(str(category.pk) for category in categories) or NONE_SUCH
    if question.brands:
        selected["brand"] = tuple(str(brand.pk) for brand in brands) or NONE_SUCH
    if question.states:
        here = near_region(principal.region_id or 0)
        selected["availability"] = tuple(here if state == HERE else state for state in question.states)
    plain = {f"{ATTRIBUTE}/{code}": values for code, values in question.attributes.items()}
    return Chosen(categories, brands, selected | _with_ranges(principal, question, selected, plain))


def _with_ranges(
    principal: Principal,
    question: Question,
    selected: Mapping[str, tuple[str, ...]],
    attributes: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    """The attributes' values with every range replaced by the values that lie in it among what the other conditions find.

    So a range needs no number in the index for every attribute there is.
    """
    ranged = tuple(name for name, values in attributes.items() if any(map(RANGE.fullmatch, values)))
    if not ranged:
        return dict(attributes)
    others = {**selected, **{name: values for name, values in attributes.items() if name not in ranged}}
    known = find(principal, query_of(principal, question, others, facets=ranged, limit=0)).facets
    return {
        name: tuple(dict.fromkeys(token for value in values for token in _tokens(value, known.get(name, {}))))
        or NONE_SUCH
        for name, values in attributes.items()
    }


def _tokens(value: str, known: Mapping[str, int]) -> list[str]:
    return [token for token in known if within(token, value)] if RANGE.fullmatch(value) else [value]


def within(token: str, value: str) -> bool:
    """Whether the token is the value, or a number within the range that the value is."""
    if not (bounds := RANGE.fullmatch(value)):
        return token == value
    figure, (low, high) = number(token), bounds.groups()
    return figure is not None and (not low or float(low) <= figure) and (not high or figure <= float(high))


def query_of(
    principal: Principal,
    question: Question,
    selected: Mapping[str, tuple[str, ...]],
    *,
    facets: tuple[str, ...],
    limit: int,
    offset: int = 0,
    similar: int = 0,
) -> Query:
    """The question as the engines are asked, but for prices."""
    return Query(
        kind="product",
        text=question.text,
        selected=selected,
        facets=facets,
        sort=Sort.RELEVANCE if question.sort.is_by_price else SORTS[question.sort],
        language=principal.language,
        offset=offset,
        limit=limit,
        as_typed=question.exactly,
        similar=similar,
    )
