"""Counts with the names people read: sections, brands, stock, and the few attributes that tell this list's articles apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Region
from accounts.principals import Principal
from ordering.catalog.enums import AvailabilityState
from ordering.catalog.models import Attribute, Brand, Category, Warehouse
from ordering.catalog.properties import FALSE, SEVERAL, TRUE, number, words
from ordering.catalog.search import near_region
from portal.lib.states import AVAILABILITY
from portal.lib.text import in_language, named

from .articles import readable
from .question import ATTRIBUTE, HERE, IN_STOCK, RANGE, Question, within

MOST_ATTRIBUTES = 8
MOST_VALUES = 30  # of an attribute of text; with more it names articles instead of sorting them
LEAST_COVERAGE = 0.1  # of the list: an attribute that fewer articles have narrows by being absent
RANGES = 5
PLAIN_NUMBERS = 8  # different numbers that are listed one by one


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with the number of articles it would leave, under all conditions of other facets. `value` is what is asked for."""

    value: str
    name: str
    count: int
    selected: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class AttributeFacet:
    """An attribute with its values; `unit` is in the values' names already."""

    code: str
    name: str
    unit: str
    values: Sequence[FacetValue]

    @property
    def is_selected(self) -> bool:
        return any(value.selected for value in self.values)


def category_values(counts: Mapping[str, int], chosen: Sequence[Category], language: str) -> list[FacetValue]:
    """The way down to each chosen category, and what lies right below it; the top of the tree where none is chosen."""
    shown = Category.objects.filter(pk__in=[int(key) for key in counts]).order_by("path")
    known = {category.pk: category for category in (*shown, *chosen)}
    picked = {category.pk for category in chosen}
    parents: set[int | None] = {*picked} or {None}
    above = {pk for category in chosen for pk in category.ancestor_ids}
    wanted = [category for category in known.values() if category.pk in above or category.parent_id in parents]
    place = {pk: (row.position, -counts.get(str(pk), 0), named(row, language)) for pk, row in known.items()}
    wanted.sort(key=lambda category: [place[pk] for pk in category.ancestor_ids if pk in place])
    return [
        FacetValue(
            category.code,
            named(category, language),
            counts.get(str(category.pk), 0),
            category.pk in picked,
            len(category.ancestor_ids) - 1,
        )
        for category in wanted
    ]


def brand_values(counts: Mapping[str, int], chosen: Sequence[Brand]) -> list[FacetValue]:
    """The brands found, most articles first, with the chosen ones even where they have none."""
    brands = {brand.pk: brand for brand in Brand.objects.filter(pk__in=[int(key) for key in counts])}
    brands |= {brand.pk: brand for brand in chosen}
    values = [
        FacetValue(brand.code, brand.name, counts.get(str(brand.pk), 0), brand in chosen) for brand in brands.values()
    ]
    return sorted(values, key=lambda value: (-value.count, value.name))


def availability_values(principal: Principal, counts: Mapping[str, int], question: Question) -> list[FacetValue]:
    """What is in the person's own region, where it has a warehouse, then the states; chosen ones even where there are none."""
    values = []
    region = Region.objects.filter(
        pk=principal.region_id or 0, pk__in=Warehouse.objects.exclude(region=None).values("region")
    ).first()
    if region:
        here = counts.get(near_region(region.pk), 0)
        values.append(
            FacetValue(
                HERE,
                _("%(place)s, today") % {"place": named(region, principal.language)},
                here,
                HERE in question.states,
            )
        )
    for state in AvailabilityState:
        selected = state.value in question.states
        if counts.get(state.value) or selected:
            word = str(AVAILABILITY[state.value].word)
            values.append(FacetValue(state.value, word, counts.get(state.value, 0), selected))
    return values


def attribute_facets(
    found: Mapping[str, int], groups: Mapping[str, Mapping[str, int]], total: int, question: Question, language: str
) -> list[AttributeFacet]:
    """The attributes that tell the articles of a list apart, at most `MOST_ATTRIBUTES`, besides those chosen already.

    `found` counts `code=value` over the list; `groups` the values of the chosen ones, each under all other conditions.
    """
    by_code: dict[str, dict[str, int]] = {}
    for pair, count in found.items():
        code, _equals, token = pair.partition("=")
        by_code.setdefault(code, {})[token] = count
    chosen = list(question.attributes)
    best = sorted(
        ((_worth(values, total), code) for code, values in by_code.items() if code not in chosen), reverse=True
    )
    telling = [code for worth, code in best if worth > 0][: max(0, MOST_ATTRIBUTES - len(chosen))]
    labels = {label.code: label for label in Attribute.objects.filter(code__in=[*chosen, *telling])}
    facets = [_attribute(code, groups.get(f"{ATTRIBUTE}/{code}", {}), labels, question, language) for code in chosen]
    facets += [_attribute(code, by_code[code], labels, question, language) for code in telling]
    order = {code: label.position for code, label in labels.items()}
    return sorted(facets, key=lambda facet: (not facet.is_selected, order.get(facet.code, 10_000)))


def _worth(counts: Mapping[str, int], total: int) -> float:
    """How much choosing by the attribute would tell: its coverage of the list by the chance that two articles differ in it.

    Nothing for one that all have alike, that few have, or that gives nearly every article a text of its own.
    """
    values = {token: count for token, count in counts.items() if token != SEVERAL}
    held = sum(values.values())
    coverage = min(1.0, held / total) if total else 0.0
    is_text = any(number(token) is None for token in values)
    if len(values) < 2 or coverage < LEAST_COVERAGE or (is_text and len(values) > min(MOST_VALUES, held / 2)):
        return 0.0
    return coverage * (1 - sum((count / held) ** 2 for count in values.values()))


def _attribute(
    code: str, counts: Mapping[str, int], labels: Mapping[str, Attribute], question: Question, language: str
) -> AttributeFacet:
    label = labels.get(code)
    unit = in_language(label.unit_ru, label.unit_en, language) if label else ""
    name = named(label, language) if label else readable(code)
    return AttributeFacet(code, name, unit, attribute_values(counts, question.attributes.get(code, ()), unit, language))


def attribute_values(counts: Mapping[str, int], chosen: Sequence[str], unit: str, language: str) -> list[FacetValue]:
    """The values in the order people look for them: numbers by size, many of them as ranges; words by frequency."""
    values = {token: count for token, count in counts.items() if token != SEVERAL}
    numbers = {token: figure for token in values if (figure := number(token)) is not None}
    offered: list[str]
    if values and len(numbers) == len(values):
        ordered = sorted(values, key=lambda token: numbers[token])
        # An article with several numbers would be counted twice within a range.
        offered = ordered if len(ordered) <= PLAIN_NUMBERS or SEVERAL in counts else ranges(ordered, values)
    else:
        offered = sorted(values, key=lambda token: (-values[token], token))
    offered += [value for value in chosen if value not in offered]
    return [
        FacetValue(
            value,
            value_name(value, unit, language),
            sum(count for token, count in values.items() if within(token, value)),
            value in chosen,
        )
        for value in offered
    ]


def ranges(ordered: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The numbers, smallest first, cut into `RANGES` ranges of about as many articles, each from one that occurs to another."""
    left, cut, parts = sum(counts[token] for token in ordered), 0, []
    begin, held = 0, 0
    for at, token in enumerate(ordered):
        held += counts[token]
        if cut < RANGES - 1 and held * (RANGES - cut) >= left and at + 1 < len(ordered):
            parts.append((begin, at))
            left, cut, begin, held = left - held, cut + 1, at + 1, 0
    parts.append((begin, len(ordered) - 1))
    return [_range(ordered, first, last) for first, last in parts]


def _range(ordered: Sequence[str], first: int, last: int) -> str:
    if first == last:
        return ordered[first]
    low = "" if first == 0 else ordered[first]
    return f"{low}..{'' if last == len(ordered) - 1 else ordered[last]}"


def value_name(value: str, unit: str, language: str) -> str:
    """A value as people read it: "18 В", "41–60 Н·м", "до 40 Н·м", "Щёточный", "да"."""
    if bounds := RANGE.fullmatch(value):
        low, high = (_figure(bound, language) if bound else "" for bound in bounds.groups())
        said = f"{low}–{high}" if low and high else ""
        said = said or (_("from %(number)s") % {"number": low} if low else _("up to %(number)s") % {"number": high})
    elif value in (TRUE, FALSE):
        return _("yes") if value == TRUE else _("no")
    else:
        said = _figure(value, language) if number(value) is not None else in_language(*words(value), language)
    return f"{said}\u00a0{unit}" if unit else said


def _figure(token: str, language: str) -> str:
    token = token.replace("-", "\u2212")
    return token.replace(".", ",") if language == "ru" else token


def in_stock(values: Iterable[FacetValue]) -> int:
    """How many of the articles can be had now, from any warehouse."""
    return sum(value.count for value in values if value.value in IN_STOCK)
