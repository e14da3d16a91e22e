"""Everything that can be found, and the one door through which it is asked for.

Two gates stand between a question and an answer: the engine filters by what the principal may find, and
the hits are asked of the room's own `visible_to` again. The first makes counts and pages right; the
second does not trust the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accounts.principals import Principal
from content.search import SEARCHABLE as PAGES
from ordering.catalog.search import CATEGORIES
from ordering.catalog.search import SEARCHABLE as PRODUCTS
from ordering.clients.search import SEARCHABLE as CLIENTS
from search import engines
from search.query import Query, Results
from search.searchable import Searchable
from search.synonyms import Synonyms

SEARCHABLES: dict[str, Searchable[Principal]] = {
    searchable.kind: searchable for searchable in (PRODUCTS, CATEGORIES, PAGES, CLIENTS)
}


def find(principal: Principal, query: Query, *, rules: Synonyms | None = None) -> Results:
    """Answer the question with what the principal may see."""
    return find_together(principal, [query], rules=rules)[0]


def find_together(principal: Principal, queries: Sequence[Query], *, rules: Synonyms | None = None) -> list[Results]:
    """Answer one text asked of several kinds, understood alike, with what the principal may see; with these
    synonyms instead of the stored ones, to see what a change would do.
    """
    allowed = [query.with_access(SEARCHABLES[query.kind].access(principal)) for query in queries]
    answers = engines.search_together(allowed, rules=rules)
    return [_checked(principal, query.kind, results) for query, results in zip(queries, answers, strict=True)]


def _checked(principal: Principal, kind: str, results: Results) -> Results:
    """Without the hits that the room itself would not show this principal: an index may be a moment
    behind.
    """
    if not results.hits:
        return results
    permitted = SEARCHABLES[kind].permitted(principal, results.keys)
    hits = tuple(hit for hit in results.hits if hit.key in permitted)
    return replace(results, hits=hits, total=results.total - (len(results.hits) - len(hits)))
