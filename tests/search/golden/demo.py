"""What dealers type to find tools, in Russian and English, over the demo's 3,000 articles. Rules as in `icecat`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.corpora import KIND
from portal.demo.articles import Article, articles
from search.access import EVERYONE
from search.documents import Document, Words

from .rules import judged

RULES = Path(__file__).with_suffix(".tsv")


def documents() -> list[Document]:
    return [_document(article) for article in articles()]


def judge() -> Iterator[tuple[str, str, int]]:
    """`(query, SKU, grade)`; the label is maker | Russian name | English name."""
    labels = [(row.sku, f"{row.brand} | {row.name_ru} | {row.name_en}".casefold()) for row in articles()]
    return judged(RULES, labels)


def _document(article: Article) -> Document:
    return Document(
        kind=KIND,
        key=article.sku,
        title=Words(article.name_ru, article.name_en),
        keywords=Words(article.brand, article.category.replace("-", " ")),
        codes=(article.sku, article.mpn),
        barcodes=article.barcodes,
        readers=frozenset({EVERYONE}),
    )
