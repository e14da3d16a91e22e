"""How good a ranking is, against graded judgments.

NDCG@10 with gains 2^grade - 1 and discounts log2(rank + 1) (Burges et al. 2005), the ideal order taken over all judged
documents of the query. MRR@10 and S@k count a document graded 1 or more as an answer.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Judgments = Mapping[str, Mapping[str, float]]
DEEP = 10


def read(path: Path) -> dict[str, dict[str, float]]:
    """Grades by query and document from `query,doc,grade` as CSV or TSV; a header is passed by."""
    with path.open(newline="") as file:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        found: dict[str, dict[str, float]] = {}
        for query, doc, grade, *_ in csv.reader(file, delimiter=delimiter):
            if grade.strip().lower() not in ("grade", "rating", "relevance"):
                found.setdefault(query, {})[doc] = float(grade)
    return found


def ndcg(keys: Sequence[str], grades: Mapping[str, float]) -> float:
    ideal = _gained(sorted(grades.values(), reverse=True)[:DEEP])
    return _gained([grades.get(key, 0.0) for key in keys[:DEEP]]) / ideal if ideal else 0.0


def _gained(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def reciprocal(keys: Sequence[str], grades: Mapping[str, float]) -> float:
    return next((1 / rank for rank, key in enumerate(keys[:DEEP], 1) if grades.get(key, 0) >= 1), 0.0)


def measure(ask: Callable[[str], Sequence[str]], judgments: Judgments) -> dict[str, float]:
    """The means over all queries. `empty` counts queries that find nothing."""
    found = {query: ask(query) for query in judgments}
    count = len(judgments) or 1
    reciprocals = [reciprocal(keys, judgments[query]) for query, keys in found.items()]
    return {
        "ndcg10": sum(ndcg(keys, judgments[query]) for query, keys in found.items()) / count,
        "mrr10": sum(reciprocals) / count,
        "s1": sum(value == 1 for value in reciprocals) / count,
        "s10": sum(value > 0 for value in reciprocals) / count,
        "empty": sum(not keys for keys in found.values()),
        "queries": len(judgments),
    }
