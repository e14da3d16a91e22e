"""Judgments by rules: `query`, `grade`, what a label `needs` (all of the expressions between " & ") and `lacks`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

Rule = tuple[int, list[re.Pattern[str]], re.Pattern[str] | None]


def judged(file: Path, labels: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """`(query, key, grade)` of everything that is judged more than nothing: the first rule that fits gives the grade."""
    labels = list(labels)
    for query, rules in read(file).items():
        for key, text in labels:
            grade = next((grade for grade, needs, lacks in rules if _fits(text, needs, lacks)), 0)
            if grade:
                yield query, key, grade


def read(file: Path) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for line in file.read_text().splitlines()[1:]:
        query, grade, needs, lacks = line.split("\t")
        parts = [re.compile(part) for part in needs.split(" & ")]
        rules.setdefault(query, []).append((int(grade), parts, re.compile(lacks) if lacks else None))
    return rules


def _fits(text: str, needs: list[re.Pattern[str]], lacks: re.Pattern[str] | None) -> bool:
    return all(need.search(text) for need in needs) and not (lacks and lacks.search(text))
