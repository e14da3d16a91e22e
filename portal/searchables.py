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
from ordering.catalog.search import SEARCHABLE as ARTICLES
from ordering.clients.search import SEARCHABLE as CLIENTS
from ordering.codes.queries import begun_by, meant_by
from ordering.pricing.search import with_list_prices
from ordering.sales.search import with_demand
from search import engines
from search.query import Query, Results, Rung
from search.searchable import Searchable
from search.synonyms import Synonyms

PRODUCTS = replace(ARTICLES, documents=lambda keys: with_demand(with_list_prices(ARTICLES.documents(keys))))
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
    allowed = [
        query.with_access(SEARCHABLES[query.kind].access(principal)) for query in with_own_codes(principal, queries)
    ]
    answers = engines.search_together(allowed, rules=rules)
    return [_checked(principal, query.kind, results) for query, results in zip(queries, answers, strict=True)]


def with_own_codes(principal: Principal, queries: Sequence[Query]) -> list[Query]:
    """The questions about articles know which of them the principal's dealer calls so.

    Own codes stay in the database: they are looked up before an engine is asked, and it is told the articles' keys.
    """
    text = next((query.text for query in queries if query.kind == PRODUCTS.kind and query.text), "")
    if not text or not principal.dealer_id:
        return list(queries)
    own = {str(pk): Rung.PREFIX for pk in begun_by(principal, text)} if queries[0].as_you_type else {}
    own |= {str(pk): Rung.OWN for pk in meant_by(principal, [text]).values()}
    return [replace(query, own=own) if query.kind == PRODUCTS.kind else query for query in queries]


def _checked(principal: Principal, kind: str, results: Results) -> Results:
    """Without the hits that the room itself would not show this principal: an index may be a moment
    behind.
    """
    if not results.hits and not results.similar:
        return results
    permitted = SEARCHABLES[kind].permitted(principal, [*results.keys, *results.similar])
    hits = tuple(hit for hit in results.hits if hit.key in permitted)
    return replace(
        results,
        hits=hits,
        total=results.total - (len(results.hits) - len(hits)),
        similar=tuple(key for key in results.similar if key in permitted),
    )
