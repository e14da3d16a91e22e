"""The catalogue: what was asked, what was found, and by what it can be narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.principals import Principal
from ordering.catalog.enums import AvailabilityState
from ordering.catalog.models import Brand, Category, Product
from portal.lib.errors import Invalid
from portal.lib.states import AVAILABILITY
from portal.lib.text import named
from portal.searchables import find
from search.query import Query, Sort

from .articles import ArticleRow, article_rows

# Where both engines end; nobody reads so far, and a machine takes the price list.
DEEPEST = 10_000
SIMILAR = 6  # similar codes that are offered where a code is not found
IN_STOCK = (AvailabilityState.IN_STOCK.value, AvailabilityState.LOW.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the person asked of the catalogue. Categories and brands by their codes or names."""

    text: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    in_stock: bool = False
    sort: Sort = Sort.RELEVANCE
    exactly: bool = False
    page: int = 1
    page_size: int = 25

    @property
    def is_narrowed(self) -> bool:
        """Whether this goes on with a question asked before: a further page, conditions, another order."""
        return self != Question(text=self.text, exactly=self.exactly, page_size=self.page_size)


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    name: str
    count: int
    selected: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page of articles, best first, with counts over all that were found."""

    rows: Sequence[ArticleRow]
    total: int
    engine: str
    interpreted_as: str | None = None
    is_loose: bool = False  # found by some of the words only
    category: Category | None = None
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    similar: Sequence[ArticleRow] = ()  # other articles: their codes are one sign away from one that is not there

    @property
    def in_stock(self) -> int:
        """How many of them can be had now."""
        return sum(value.count for value in self.facets.get("availability", ()) if value.value in IN_STOCK)


def catalogue(principal: Principal, question: Question) -> Found:
    """The articles that answer the question, with this person's prices. Raises Invalid beyond the 10,000th."""
    offset = (question.page - 1) * question.page_size
    if offset + question.page_size > DEEPEST:
        raise Invalid(_("The list ends after 10,000 articles. Narrow it, or take the price list."), field="page")
    category = Category.objects.called(question.category).first() if question.category else None
    selected: dict[str, tuple[str, ...]] = {}
    if question.category:
        selected["category"] = (str(category.pk if category else 0),)
    chosen = list(Brand.objects.called(question.brands)) if question.brands else []
    if question.brands:
        selected["brand"] = tuple(str(brand.pk) for brand in chosen) or ("0",)
    if question.in_stock:
        selected["availability"] = IN_STOCK
    results = find(
        principal,
        Query(
            kind="product",
            text=question.text,
            selected=selected,
            facets=("category", "brand", "availability"),
            sort=question.sort,
            language=principal.language,
            offset=offset,
            limit=question.page_size,
            as_typed=question.exactly,
            similar=SIMILAR,
        ),
    )
    keys = [int(key) for key in (*results.keys, *results.similar)]
    found = Product.objects.visible_to(principal).with_listing().in_bulk(keys)
    rows = article_rows(principal, [found[key] for key in keys if key in found])
    count = sum(int(key) in found for key in results.keys)
    return Found(
        rows=rows[:count],
        total=results.total,
        engine=results.engine,
        interpreted_as=results.interpreted_as,
        is_loose=results.is_loose,
        category=category,
        facets=_facets(results.facets, question, category, chosen, principal.language),
        similar=rows[count:],
    )


def _facets(
    counts: Mapping[str, Mapping[str, int]],
    question: Question,
    category: Category | None,
    chosen: Sequence[Brand],
    language: str,
) -> dict[str, Sequence[FacetValue]]:
    """The counts with names: the way down the tree around the chosen category, the brands, the stock."""
    stock = counts.get("availability", {})
    return {
        "category": _categories(counts.get("category", {}), category, language),
        "brand": _brands(counts.get("brand", {}), chosen),
        "availability": [
            FacetValue(
                state.value,
                str(AVAILABILITY[state.value].word),
                stock[state.value],
                question.in_stock and state.value in IN_STOCK,
            )
            for state in AvailabilityState
            if stock.get(state.value)
        ],
    }


def _categories(counts: Mapping[str, int], chosen: Category | None, language: str) -> list[FacetValue]:
    """The path to the chosen category, and what lies right below it."""
    path = chosen.ancestor_ids if chosen else []
    shown = Category.objects.filter(pk__in=[int(key) for key in counts]).order_by("path")
    known = {category.pk: category for category in shown}
    children = sorted(
        (category for category in known.values() if category.parent_id == (chosen.pk if chosen else None)),
        key=lambda category: (category.position, -counts[str(category.pk)], named(category, language)),
    )
    line = [known[pk] for pk in path if pk in known] + children
    return [
        FacetValue(
            category.code,
            named(category, language),
            counts[str(category.pk)],
            selected=bool(chosen and category.pk == chosen.pk),
            depth=len(category.ancestor_ids) - 1,
        )
        for category in line
    ]


def _brands(counts: Mapping[str, int], chosen: Sequence[Brand]) -> list[FacetValue]:
    """The brands found, most articles first, with the chosen ones even where they have none."""
    brands = {brand.pk: brand for brand in Brand.objects.filter(pk__in=[int(key) for key in counts])}
    brands |= {brand.pk: brand for brand in chosen}
    values = [
        FacetValue(brand.code, brand.name, counts.get(str(brand.pk), 0), brand in chosen) for brand in brands.values()
    ]
    return sorted(values, key=lambda value: (-value.count, value.name))
