"""Counts by facet beside a count by hand: random shelves, random conditions, both engines."""

from __future__ import annotations

import random

import pytest

from search.documents import Document
from search.query import facet_of

from .shelves import thing

FACETS = {"brand": "abc", "category": "1234", "stock": "yn"}
SORTS = {"volts": ("12", "18", "36"), "motor": ("x", "y")}
NAMES = (*FACETS, *(f"attribute/{sort}" for sort in SORTS))


def some(chance: random.Random, values: str | tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(chance.sample(list(values), chance.randint(0, min(most, len(values)))))


def shelf(chance: random.Random) -> list[Document]:
    return [
        thing(
            str(n),
            facets={
                **{name: some(chance, values, 2) for name, values in FACETS.items()},
                "attribute/": tuple(f"{sort}={value}" for sort in SORTS for value in some(chance, SORTS[sort], 2)),
            },
            numbers={name: chance.randint(1, 9) for name in ("own", "base") if chance.random() < 0.6},
        )
        for n in range(chance.randint(0, 30))
    ]


def values_of(document: Document, name: str) -> set[str]:
    facet, beginning = facet_of(name)
    values = document.facets.get(f"{facet}/" if "/" in name else facet, ())
    return {value.removeprefix(beginning) for value in values if value.startswith(beginning)}


def naive(documents, selected, ranges, only, *, ignoring=None):
    """What meets all conditions, but for those of one facet."""
    for document in documents:
        numbers = [[document.numbers[name] for name in of if name in document.numbers][:1] for of in ranges]
        within = all(
            found and low <= found[0] <= high for found, (low, high) in zip(numbers, ranges.values(), strict=True)
        )
        chosen = all(
            values_of(document, name) & set(values) for name, values in selected.items() if values and name != ignoring
        )
        if within and chosen and (only is None or document.key in only):
            yield document


@pytest.mark.parametrize("seed", range(4))
def test_every_facet_is_counted_under_the_conditions_of_all_others(fill, ask, seed):
    chance = random.Random(seed)
    documents = shelf(chance)
    fill(*documents)
    for _question in range(15):
        every = {**FACETS, **{f"attribute/{sort}": values for sort, values in SORTS.items()}}
        selected = {name: some(chance, values, 2) for name, values in every.items() if chance.random() < 0.4}
        ranges = {("own", "base"): (chance.randint(1, 5), chance.randint(4, 9))} if chance.random() < 0.4 else {}
        only = some(chance, tuple(str(n) for n in range(30)), 25) if chance.random() < 0.3 else None
        answer = ask("", selected=selected, ranges=ranges, only=only, facets=NAMES, limit=100)
        assert set(answer.keys) == {found.key for found in naive(documents, selected, ranges, only)}
        for name in NAMES:
            counts: dict[str, int] = {}
            for document in naive(documents, selected, ranges, only, ignoring=name):
                for value in values_of(document, name):
                    counts[value] = counts.get(value, 0) + 1
            assert answer.facets[name] == counts, (name, selected, ranges, only)


def test_the_count_by_hand_does_find_a_wrong_count(fill, ask):
    """The negative control: a facet counted under its own condition as well is another number."""
    documents = [thing("1", facets={"brand": ("a",)}), thing("2", facets={"brand": ("b",)})]
    fill(*documents)
    counted = ask("", selected={"brand": ("a",)}, facets=("brand",)).facets["brand"]
    under_its_own = list(naive(documents, {"brand": ("a",)}, {}, None))
    assert counted == {"a": 1, "b": 1}
    assert [document.key for document in under_its_own] == ["1"]
