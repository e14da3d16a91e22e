"""What sales add to the search for articles: of equally good answers the one that the network asks for more stands first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from search.documents import Document

from .models import Demand

SHARE: Final = 0.25  # of a document's weight; the rest is availability's, which no sales outweigh by more
HIGHEST: Final = 4  # of `Demand.level`


def with_demand(documents: Iterable[Document]) -> Iterator[Document]:
    """The articles' documents, their weight from availability and demand. One query.

    Engines let the weight move an answer by a tenth at most, so neither can put it above what answers better.
    """
    listed = list(documents)
    found = Demand.objects.filter(product__in=[int(document.key) for document in listed])
    levels = dict(found.values_list("product", "level"))
    for document in listed:
        demand = levels.get(int(document.key), 0) / HIGHEST
        yield replace(document, weight=round((1 - SHARE) * document.weight + SHARE * demand, 4))
