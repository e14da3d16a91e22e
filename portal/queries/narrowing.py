"""The articles that answer a question, with the counts to narrow them by, and with the person's own prices where they matter.

Own prices are worked out for every article found, as long as these are few enough: then a range of prices, the order by price
and every count under them are exact. Beyond that the engine is asked for list prices that may win for this dealer, with the
bounds moved by the discount. That is approximate, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from accounts.enums import Right
from accounts.principals import Principal
from ordering.pricing.queries import PriceContext, pack_prices
from ordering.pricing.search import list_bounds, list_numbers
from search.query import Query, Results

from ..searchables import find, find_together
from .question import ATTRIBUTES, SORTS, Chosen, Order, Question, query_of

EXACT_UP_TO = 5_000  # articles whose own prices are worked out for one list
BOUNDS_UP_TO = 300  # articles for which that is done though nobody asked for a price
ATTRIBUTES_UP_TO = 20_000  # articles; more have too little in common to be narrowed by attributes
SIMILAR = 6  # similar codes that are offered where a code is not found
FACETS = ("category", "brand", "availability")


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """What a list says of the person's own prices, net, of a unit: the lowest and highest, under all other conditions.

    None where they are not known: too many articles, or none with a price. `is_approximate`: a range or an order by price
    was answered from list prices.
    """

    currency: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The ids of one page of articles, best first, the number of all, and the counts by `Query.facets` names.

    `approximate`: the facets counted over list prices. `attributes` counts `code=value`.
    """

    keys: Sequence[int]
    total: int
    engine: str
    interpreted_as: str | None
    facets: Mapping[str, Mapping[str, int]]
    attributes: Mapping[str, int]
    prices: OwnPrices | None = None
    approximate: frozenset[str] = frozenset()
    is_loose: bool = False  # found by some of the words only
    similar: Sequence[int] = ()  # other articles, their codes one sign away from one that is not there


def price_context(principal: Principal) -> PriceContext | None:
    """Whose prices a list is narrowed by; None for whoever sees none."""
    if principal.dealer_id is None or not principal.may(Right.VIEW_PRICES):
        return None
    return PriceContext.of(principal)


def narrow(principal: Principal, question: Question, chosen: Chosen, context: PriceContext | None) -> Narrowed:
    """Answer the question. Conditions of price count only with a `context`."""
    groups = tuple(name for name in chosen.selected if name.startswith(ATTRIBUTES))
    query = query_of(
        principal,
        question,
        chosen.selected,
        facets=FACETS + groups,
        limit=question.page_size,
        offset=(question.page - 1) * question.page_size,
        similar=SIMILAR,
    )
    if context is None or not question.asks_for_prices:
        return _by_words(principal, query, context)
    return _Priced(principal, question, context).answer(query)


def _by_words(principal: Principal, query: Query, context: PriceContext | None) -> Narrowed:
    """What the engine finds, with the lowest and highest own price where few enough are found."""
    results = find(principal, query)
    keys = _ids(results)
    attributes: Mapping[str, int] = {}
    prices = OwnPrices(context.currency) if context else None
    if 0 < results.total <= ATTRIBUTES_UP_TO:
        few = context is not None and results.total <= BOUNDS_UP_TO
        again = replace(_settled(query, results), facets=(ATTRIBUTES,), offset=0, limit=BOUNDS_UP_TO if few else 0)
        details = find(principal, again)
        attributes = details.facets[ATTRIBUTES]
        if context and few:
            prices = _between(context, pack_prices(context, _ids(details)).values())
    return Narrowed(
        keys=keys,
        total=results.total,
        engine=results.engine,
        interpreted_as=results.interpreted_as,
        is_loose=results.is_loose,
        similar=[int(key) for key in results.similar],
        facets=_named(results, query),
        attributes=attributes,
        prices=prices,
    )


class _Priced:
    """A question about prices, of one person."""

    def __init__(self, principal: Principal, question: Question, context: PriceContext) -> None:
        self.principal = principal
        self.question = question
        self.context = context
        self.known: dict[int, Decimal] = {}

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The list prices that may be asked for this person."""
        return list_numbers(self.context)

    def answer(self, query: Query) -> Narrowed:
        found = find(self.principal, replace(query, offset=0, limit=EXACT_UP_TO))
        settled = _settled(query, found)
        if found.total > EXACT_UP_TO:
            return self._approximate(settled, found)
        keys = _ids(found)
        self._learn(keys)
        inside = self._inside(keys)
        if self.question.sort.is_by_price:
            inside = self._sorted(inside)
        counts, approximate = self._counts(settled, inside, found)
        return Narrowed(
            keys=inside[query.offset : query.offset + query.limit],
            total=len(inside),
            engine=found.engine,
            interpreted_as=found.interpreted_as,
            is_loose=found.is_loose,
            similar=[int(key) for key in found.similar],
            facets={name: counts[name] for name in query.facets},
            attributes=counts[ATTRIBUTES],
            prices=_between(self.context, (self.known[key] for key in keys if key in self.known)),
            approximate=approximate,
        )

    def _approximate(self, settled: Query, found: Results) -> Narrowed:
        """Everything from list prices; the former answer says how the words were read."""
        results = find(self.principal, self._in_lists(settled, self.question.sort))
        attributes: Mapping[str, int] = {}
        if 0 < results.total <= ATTRIBUTES_UP_TO:
            counting = self._in_lists(replace(settled, facets=(ATTRIBUTES,), offset=0, limit=0))
            attributes = find(self.principal, counting).facets[ATTRIBUTES]
        return Narrowed(
            keys=_ids(results),
            total=results.total,
            engine=results.engine,
            interpreted_as=found.interpreted_as,
            is_loose=found.is_loose,
            facets=_named(results, settled),
            attributes=attributes,
            prices=OwnPrices(self.context.currency, is_approximate=True),
            approximate=frozenset(settled.facets) if self.question.has_price else frozenset(),
        )

    def _in_lists(self, query: Query, sort: Order | None = None) -> Query:
        """The query with the price's bounds and order taken from the lists that may win for this dealer."""
        question = self.question
        if sort and sort.is_by_price:
            query = replace(query, sort=SORTS[sort], sort_numbers=self.numbers)
        if question.has_price:
            bounds = list_bounds(self.context, question.price_min, question.price_max)
            query = replace(query, ranges={self.numbers: bounds})
        return query

    def _counts(
        self, settled: Query, inside: Sequence[int], results: Results
    ) -> tuple[dict[str, Mapping[str, int]], frozenset[str]]:
        """Every facet under all other conditions, the price's among them; and which of them could not be counted exactly."""
        if not self.question.has_price:
            attributes = find(self.principal, self._among(settled, inside, (ATTRIBUTES,))).facets
            return {**results.facets, **attributes}, frozenset()
        chosen = [name for name in settled.facets if settled.selected.get(name)]
        free = tuple(name for name in settled.facets if name not in chosen)
        bare = replace(settled, offset=0, facets=(), limit=EXACT_UP_TO)
        wider = [replace(bare, selected=_but(settled.selected, name)) for name in chosen]
        found = dict(zip(chosen, find_together(self.principal, wider) if wider else (), strict=True))
        self._learn(key for results in found.values() if results.total <= EXACT_UP_TO for key in _ids(results))
        counts = dict(find(self.principal, self._among(settled, inside, (*free, ATTRIBUTES))).facets)
        for name, query in zip(chosen, wider, strict=True):
            if found[name].total <= EXACT_UP_TO:
                counting = self._among(settled, self._inside(_ids(found[name])), (name,))
            else:
                counting = self._in_lists(replace(query, facets=(name,), limit=0))
            counts |= find(self.principal, counting).facets
        return counts, frozenset(name for name in chosen if found[name].total > EXACT_UP_TO)

    def _among(self, settled: Query, keys: Sequence[int], facets: tuple[str, ...]) -> Query:
        """Counts of facets over these articles and no others."""
        return Query(kind=settled.kind, only=tuple(map(str, keys)), facets=facets, limit=0)

    def _learn(self, keys: Iterable[int]) -> None:
        unknown = [key for key in dict.fromkeys(keys) if key not in self.known]
        if unknown:
            self.known |= pack_prices(self.context, unknown)

    def _inside(self, keys: Sequence[int]) -> list[int]:
        """Those of them whose own price lies within the bounds; all where there are none."""
        if not self.question.has_price:
            return list(keys)
        low, high = self.question.price_min, self.question.price_max
        priced = ((key, self.known[key]) for key in keys if key in self.known)
        return [key for key, price in priced if (low is None or low <= price) and (high is None or price <= high)]

    def _sorted(self, keys: Sequence[int]) -> list[int]:
        """By own price, equal ones as they came, those without one last."""
        is_reversed = self.question.sort is Order.DEAREST
        priced = sorted(
            (key for key in keys if key in self.known), key=lambda key: self.known[key] * (-1) ** is_reversed
        )
        return priced + [key for key in keys if key not in self.known]


def _settled(query: Query, results: Results) -> Query:
    """The query with its words read as they were: more conditions never change what the words mean."""
    return replace(query, text=results.interpreted_as or query.text, as_typed=True, loose=results.is_loose, similar=0)


def _but(selected: Mapping[str, tuple[str, ...]], name: str) -> dict[str, tuple[str, ...]]:
    return {other: values for other, values in selected.items() if other != name}


def _named(results: Results, query: Query) -> dict[str, Mapping[str, int]]:
    return {name: results.facets.get(name, {}) for name in query.facets}


def _ids(results: Results) -> list[int]:
    return [int(key) for key in results.keys]


def _between(context: PriceContext, prices: Iterable[Decimal]) -> OwnPrices:
    known = list(prices)
    return OwnPrices(context.currency, min(known, default=None), max(known, default=None))
