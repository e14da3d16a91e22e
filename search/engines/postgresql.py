"""Search in PostgreSQL alone: full text, arrays and GIN indexes of core PostgreSQL, in the portal's own
database.

Terms come finished from `search.analysis`, so vectors and questions are written as literals: no text
search configuration of the server is involved.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone

from portal.lib.text import sort_key
from search import analysis, asides, codes, names
from search.digests import Tally, bucket, digest
from search.documents import Document, Words
from search.engines.base import Answer, Write
from search.engines.postgresql_query import Condition, Where, chosen, column_of, fetch, found, page, quoted
from search.query import MOST_FACET_VALUES, Query, facet_of
from search.reading import Attempt

_EVERY = "="  # among the facets of every row, so that counting them counts the rows
_MOST_PLACES = 255  # PostgreSQL keeps no more places of one lexeme
_LAST_PLACE = 16_383
_MOST_TERMS = 20_000  # of one document; a tsvector ends at 1 MB


class PostgresEngine:
    """Documents in the table `search_entry`."""

    name = names.POSTGRESQL

    def ask(self, questions: Sequence[tuple[Query, Attempt]]) -> list[Answer]:
        return [_answer(query, attempt) for query, attempt in questions]

    def write(self, writes: Sequence[Write], version: int) -> dict[tuple[str, str], str]:
        """See `Engine.write`. Refuses nothing by itself: what the database refuses is raised."""
        rows = [_row(write, version) for write in writes]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(_UPSERT, rows)
        return {}

    def tally(self, kind: str, index: str = "") -> Tally:
        sql = "SELECT bucket, count(*), sum(digest)::bigint FROM search_entry WHERE kind = %s AND NOT gone GROUP BY bucket"
        return {row[0]: (row[1], row[2]) for row in fetch(sql, [kind])}

    def kept(
        self, kind: str, *, buckets: Sequence[int] = (), keys: Sequence[str] = (), index: str = ""
    ) -> dict[str, tuple[int, int]]:
        sql = (
            "SELECT key, version, digest FROM search_entry"
            " WHERE kind = %s AND NOT gone AND (key = ANY(%s) OR bucket = ANY(%s))"
        )
        return {row[0]: (row[1], row[2]) for row in fetch(sql, [kind, list(keys), list(buckets)])}


def finish_rebuild(kind: str, version: int) -> int:
    """Forget documents of the kind that neither the rebuild of that version nor anything later has
    written; answers how many.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE kind = %s AND version < %s AND NOT gone", [kind, version])
        return int(cursor.rowcount)


# Writing

_COLUMNS = [
    "kind",
    "key",
    "version",
    "gone",
    "written_at",
    "title_ru",
    "title_en",
    "keywords",
    "body_ru",
    "body_en",
    "sort_ru",
    "sort_en",
    "vector",
    "codes",
    "pieces",
    "folded",
    "readers",
    "facets",
    "groups",
    "numbers",
    "bucket",
    "digest",
    "weight",
    "moment",
]

_VALUES = "array_to_tsvector(%s::text[])"
_WRITTEN = {"vector": "%s::tsvector", "numbers": "%s::jsonb", "facets": _VALUES, "groups": _VALUES}


def _named(column: str) -> str:
    return f'"{column}"'  # GROUPS is a word of SQL


_UPSERT = (
    f"INSERT INTO search_entry ({', '.join(map(_named, _COLUMNS))}) VALUES ("  # noqa: S608 - names of our own columns
    + ", ".join(_WRITTEN.get(column, "%s") for column in _COLUMNS)
    + ") ON CONFLICT (kind, key) DO UPDATE SET "
    + ", ".join(f"{_named(column)} = excluded.{_named(column)}" for column in _COLUMNS[2:])
    + " WHERE search_entry.version < excluded.version"
)


def _row(write: Write, version: int) -> list[Any]:
    """The parameters of `_UPSERT`; what has gone is kept as a row without words and readers."""
    document = write.document or Document(kind=write.kind, key=write.key, title=Words())
    title, body = document.title, document.body
    folded = [code for code in map(codes.folded, document.codes) if code]
    return [
        write.kind, write.key, version, write.document is None, timezone.now(),
        *(analysis.composed(text) for text in (title.ru, title.en, str(document.keywords), body.ru, body.en)),
        sort_key(title.in_language("ru")), sort_key(title.in_language("en")),
        vector(document),
        [
            *codes.marked(document.codes, document.barcodes), *asides.marks(document),
            *(half for code in folded for half in codes.halves(code)),
        ],
        sorted({piece for code in folded for piece in codes.pieces(code)}),
        "".join(f" {code}" for code in folded),
        sorted(document.readers),
        _faceted(document, is_grouped=False), _faceted(document, is_grouped=True),
        json.dumps(dict(document.numbers)),
        bucket(write.key), digest(document) if write.document else 0,
        document.weight, document.moment,
    ]  # fmt: skip


def _faceted(document: Document, *, is_grouped: bool) -> list[str]:
    """The values of the facets whose values are in groups, or of the others; see `Query`."""
    held = {name: values for name, values in document.facets.items() if ("/" in name) == is_grouped}
    return [_EVERY, *(f"{name.rstrip('/')}={value}" for name, values in held.items() for value in values)]


def vector(document: Document) -> str:
    """The document's terms as a tsvector literal: title A, keywords and codes B, body C."""
    parts = (
        ("A", str(document.title)),
        ("B", str(document.keywords)),
        ("C", str(document.body)),
    )
    places: dict[str, list[str]] = {}
    place = 0
    for strength, text in parts:
        terms = analysis.document_terms(text)
        if strength == "B":
            terms += [(analysis.folded(code),) for code in map(codes.folded, document.codes) if code]
        for forms in terms[:_MOST_TERMS]:
            place = min(place + 1, _LAST_PLACE)
            for form in forms:
                places.setdefault(form, []).append(f"{place}{strength}")
    return " ".join(f"{quoted(term)}:{','.join(found[:_MOST_PLACES])}" for term, found in places.items())


# Asking


def _answer(query: Query, attempt: Attempt) -> Answer:
    if query.access.is_nothing or (attempt.reading.is_empty and attempt.reading.text):
        return Answer()
    conditions = found(query, attempt)
    facets, total = _facets(query, conditions)
    total, hits = page(query, attempt, [*conditions, *chosen(query)], total)
    return Answer(hits=hits, total=total, facets=facets)


def _facets(query: Query, conditions: Sequence[Condition]) -> tuple[dict[str, dict[str, int]], int | None]:
    """Counts by facet: one pass for those in which nothing is chosen, one more for each of the others. And the number of
    all rows, where one pass went over just these.
    """
    passes: dict[tuple[str, str | None], list[str]] = {}
    for name in query.facets:
        passes.setdefault((column_of(name), name if query.selected.get(name) else None), []).append(name)
    counts: dict[str, dict[str, int]] = {}
    total = None
    for (column, except_for), together in passes.items():
        counted = _counted(column, [*conditions, *chosen(query, except_for=except_for)])
        counts |= {name: _values(counted, name) for name in together}
        total = counted.get(_EVERY, 0) if except_for is None else total
    return {name: counts[name] for name in query.facets}, total


def _counted(column: str, conditions: Sequence[Condition]) -> dict[str, int]:
    """In how many of the rows each value stands, most frequent first.

    `ts_stat` counts a fifth as long as unnesting and grouping would. It takes a statement, whose parameters are written into it.
    """
    where = Where(conditions)
    select = f"SELECT {column} FROM search_entry WHERE {where.sql}"  # noqa: S608 - our own columns
    statement = connection.ops.compose_sql(select, where.params)  # type: ignore[attr-defined]
    rows = fetch("SELECT word, ndoc FROM ts_stat(%s)", [statement])
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def _values(counted: Mapping[str, int], name: str) -> dict[str, int]:
    beginning = "{}={}".format(*facet_of(name))
    found = ((value.removeprefix(beginning), count) for value, count in counted.items() if value.startswith(beginning))
    return dict(islice(found, MOST_FACET_VALUES))
