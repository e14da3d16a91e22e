"""What dealers type to find electronics, and which of the Icecat articles a person would call a good answer.

An article is judged by what is written on it: supplier, name, and product type where it has one. A rule
(`icecat.tsv`) is a grade, what it needs and what it lacks: all expressions of `needs`, none of `lacks`. The
first that fits gives the grade: 3 the very thing, 2 nearly so, 1 something for it or beside it. Written from
the articles, not from anybody's ratings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .rules import judged

RULES = Path(__file__).with_suffix(".tsv")


def label(article: Mapping[str, Any]) -> str:
    """What is written on the article: maker | name | type."""
    return f"{article['supplier']} | {article['title']} | {article.get('attr_t_product_type', '')}".casefold()


def judge(articles: list[Mapping[str, Any]]) -> Iterator[tuple[str, str, int]]:
    """`(query, id, grade)` of everything that is judged more than nothing."""
    return judged(RULES, [(str(article["id"]), label(article)) for article in articles])
