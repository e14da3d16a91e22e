"""Search in PostgreSQL alone: full text, arrays and GIN indexes of core PostgreSQL, in the portal's own
database.

Terms come finished from `search.analysis`, so vectors and questions are written as literals: no text
search configuration of the server is involved.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

from django.db import connection
from django.utils import timezone

from portal.lib.text import sort_key
from search import analysis, asides, codes, names, vocabulary
from search.analysis import Forms
from search.digests import Tally, bucket, digest
from search.documents import Document, Words
from search.engines.base import Answer, Write
from search.query import MOST_FACET_VALUES, Hit, Query, Rung, Sort, facet_of
from search.reading import SAME, Attempt, Reading
from search.synonyms import Slot

# What a word is worth by where it stands: title A, keywords B, body C; the best place, and 0.15 of another.
_SHARES = (("{0}:A & {0}:BC", 1.1), ("{0}:A", 1.0), ("{0}:B & {0}:C", 0.85), ("{0}:B", 0.75), ("{0}:C", 0.4))
_STRENGTH = (
    "'{0.1, 0.3, 0.6, 1.0}'"  # of D, C, B, A for `ts_rank`, which adds for each time a word is said, less and less
)
_OFTEN = 1.0  # how much that counts
_TOGETHER = 0.15  # of two words, where they stand together in the title
_WHOLE = 1_000.0  # what has all that is asked for stands first
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
        return {row[0]: (row[1], row[2]) for row in _fetch(sql, [kind])}

    def kept(
        self, kind: str, *, buckets: Sequence[int] = (), keys: Sequence[str] = (), index: str = ""
    ) -> dict[str, tuple[int, int]]:
        sql = (
            "SELECT key, version, digest FROM search_entry"
            " WHERE kind = %s AND NOT gone AND (key = ANY(%s) OR bucket = ANY(%s))"
        )
        return {row[0]: (row[1], row[2]) for row in _fetch(sql, [kind, list(keys), list(buckets)])}


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
    "numbers",
    "bucket",
    "digest",
    "weight",
    "moment",
]

_UPSERT = (
    f"INSERT INTO search_entry ({', '.join(_COLUMNS)}) VALUES ("  # noqa: S608 - names of our own columns
    + ", ".join({"vector": "%s::tsvector", "numbers": "%s::jsonb"}.get(column, "%s") for column in _COLUMNS)
    + ") ON CONFLICT (kind, key) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[2:])
    + " WHERE search_entry.version < excluded.version"
)


def _row(write: Write, version: int) -> list[Any]:
    """The parameters of `_UPSERT`; what has gone is kept as a row without words and readers."""
    document = write.document or Document(kind=write.kind, key=write.key, title=Words())
    title, body = document.title, document.body
    folded = [code for code in map(codes.folded, document.codes) if code]
    return [
        write.kind, write.key, version, write.document is None, timezone.now(),
        *(analysis.composed(text) for text in (title.ru, title.en, body.ru, body.en)),
        sort_key(title.in_language("ru")), sort_key(title.in_language("en")),
        vector(document),
        [
            *codes.marked(document.codes, document.barcodes), *asides.marks(document),
            *(half for code in folded for half in codes.halves(code)),
        ],
        sorted({piece for code in folded for piece in codes.pieces(code)}),
        "".join(f" {code}" for code in folded),
        sorted(document.readers),
        sorted(f"{name}={value}" for name, values in document.facets.items() for value in values),
        json.dumps(dict(document.numbers)),
        bucket(write.key), digest(document) if write.document else 0,
        document.weight, document.moment,
    ]  # fmt: skip


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
    return " ".join(f"{_quoted(term)}:{','.join(found[:_MOST_PLACES])}" for term, found in places.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


# Asking


class _Where:
    """Conditions joined by AND, with their parameters."""

    def __init__(self, conditions: Iterable[tuple[str, list[Any]]]) -> None:
        conditions = list(conditions)
        self.sql = " AND ".join(sql for sql, _ in conditions)
        self.params = [param for _, params in conditions for param in params]


def _answer(query: Query, attempt: Attempt) -> Answer:
    reading = attempt.reading
    if query.access.is_nothing or (reading.is_empty and reading.text):
        return Answer()
    everything = [*_may_read(query), *_in_ranges(query), *_matching(query, attempt)]
    where = _Where([*everything, *_selected(query, except_for=None)])
    total, hits = _page(query, attempt, where)
    return Answer(hits=hits, total=total, facets=_facets(query, everything))


def _may_read(query: Query) -> list[tuple[str, list[Any]]]:
    conditions: list[tuple[str, list[Any]]] = [("kind = %s AND NOT gone", [query.kind])]
    if query.only is not None:
        conditions.append(("key = ANY(%s)", [list(query.only)]))
    if not query.access.all:
        conditions.append(("readers && %s", [sorted(query.access.names)]))
    return conditions


def _selected(query: Query, *, except_for: str | None) -> list[tuple[str, list[Any]]]:
    return [
        ("facets && %s", [["{}={}{}".format(*facet_of(name), value) for value in values]])
        for name, values in query.selected.items()
        if values and name != except_for
    ]


def _in_ranges(query: Query) -> list[tuple[str, list[Any]]]:
    conditions: list[tuple[str, list[Any]]] = []
    for of, (low, high) in query.ranges.items():
        number, params = _number(of)
        if low is not None:
            conditions.append((f"{number} >= %s", [*params, low]))
        if high is not None:
            conditions.append((f"{number} <= %s", [*params, high]))
    return conditions


def _number(of: Sequence[str]) -> tuple[str, list[Any]]:
    """The first of these numbers that the row has."""
    return f"COALESCE({', '.join('numbers ->> %s' for _ in of) or 'NULL'})::float8", list(of)


def _matching(query: Query, attempt: Attempt) -> list[tuple[str, list[Any]]]:
    reading = attempt.reading
    if reading.is_empty:
        return []
    ways: list[tuple[str, list[Any]]] = [("codes && %s", [[*reading.whole_codes, *reading.part_codes]])]
    if query.own:
        ways.append(("key = ANY(%s)", [list(query.own)]))
    if reading.piece:
        ways.append(("(pieces @> %s AND folded LIKE %s)", [codes.pieces(reading.piece), f"%{reading.piece}%"]))
    if reading.slots and attempt.needed >= len(reading.slots):
        ways.append(("vector @@ %s::tsquery", [_tsquery(reading, " & ")]))
    elif reading.slots:
        count, counted = _matched(reading)
        ways.append(
            (
                f"(vector @@ %s::tsquery AND {count} >= %s)",
                [_tsquery(reading, " | "), *counted, attempt.needed],
            )
        )
    return [("(" + " OR ".join(sql for sql, _ in ways) + ")", [param for _, params in ways for param in params])]


def _rung(query: Query, reading: Reading) -> tuple[str, list[Any]]:
    """How the row was found, as a number of `Rung`; the conditions stand from the highest down."""
    if reading.is_empty:
        return str(int(Rung.WORDS)), []
    steps: list[tuple[Rung, str, Any]] = [(Rung.TYPED, "codes @> %s", [codes.as_typed(reading.text)])]
    if gtin := codes.as_gtin(reading.text):
        steps.append((Rung.BARCODE, "codes @> %s", [gtin]))
    if reading.folded:
        steps.append((Rung.FOLDED, "codes @> %s", [codes.as_folded(reading.text)]))
    if reading.piece:
        steps.append((Rung.PREFIX, "folded LIKE %s", f"% {reading.piece}%"))
        steps.append((Rung.INFIX, "folded LIKE %s", f"%{reading.piece}%"))
    if reading.parts:
        steps.append((Rung.PART, "codes && %s", reading.part_codes))
    steps += [(rung, "key = ANY(%s)", keys) for rung, keys in query.own_by_rung().items()]
    steps.sort(key=lambda step: -step[0])
    cases = " ".join(f"WHEN {sql} THEN {int(rung)}" for rung, sql, _ in steps)
    return f"CASE {cases} ELSE {int(Rung.WORDS)} END", [param for _, _, param in steps]


def _cover(reading: Reading) -> tuple[str, list[Any]]:
    """How much of the shortest code that holds the piece it makes up: of two such codes the shorter stands first."""
    if not reading.piece:
        return "0", []
    codes_of_row = "unnest(string_to_array(ltrim(folded), ' ')) AS code"
    shortest = f"(SELECT 1.0 / min(length(code)) FROM {codes_of_row} WHERE strpos(code, %s) > 0)"  # noqa: S608 - our own
    return f"CASE WHEN folded LIKE %s THEN {shortest} ELSE 0 END", [f"%{reading.piece}%", reading.piece]


def _score(query: Query, attempt: Attempt) -> tuple[str, list[Any]]:
    """What the words are worth: each slot by the best place it stands in and how rare it is, a little more for
    words that stand together, half for asides nobody asked for. All slots weigh before most of them.
    """
    reading = attempt.reading
    if not reading.slots:
        return "weight", []
    rarity = vocabulary.rarity(query.kind, [form for slot in reading.slots for form in slot.forms])
    parts = [_slot_score(slot, rarity) for slot in reading.slots]
    if reading.beginning:
        steps = [(f"{_quoted(reading.beginning)}:*{place}", share) for place, share in (("A", 1.0), ("BC", 0.6))]
        parts.append(_first_of(steps))
    parts += [
        ("CASE WHEN vector @@ %s::tsquery THEN %s ELSE 0 END", [f"({_quoted(one)}:A <-> {_quoted(other)}:A)", worth])
        for one, other in pairwise(reading.terms)
        if (worth := _TOGETHER * (rarity[one] + rarity[other]) / 2)
    ]
    sums = " + ".join(sql for sql, _ in parts)
    params = [param for _, some in parts for param in some]
    score = f"({sums}) * (1 + 0.1 * weight)"
    if not reading.names_an_aside:
        score += f" * CASE WHEN codes @> ARRAY['{asides.MARK}'] THEN {asides.WORTH} ELSE 1 END"
    if attempt.needed >= len(reading.slots):
        return score, params
    count, counted = _matched(reading)
    return f"{_WHOLE} * ({count} = {len(reading.slots)})::int + {score}", [*counted, *params]


def _slot_score(slot: Slot, rarity: Mapping[str, float]) -> tuple[str, list[Any]]:
    """The best of the slot's phrases. A phrase is worth its rarest word, by where that stands and a little by how often."""
    ways = []
    for way in slot.ways:
        rarest = max(way, key=lambda forms: min(rarity[form] for form in forms))
        worth = min(rarity[form] for form in rarest) * (1.0 if way == slot.asked else SAME)
        others = "".join(f" & {_word(forms)}" for forms in way if forms != rarest)
        spelt = [_quoted(form) for form in rarest]
        steps = [(_any(places.format(form) for form in spelt) + others, worth * share) for places, share in _SHARES]
        first, params = _first_of(steps)
        often = f"%s * ts_rank({_STRENGTH}, vector, %s::tsquery)"
        ways.append((f"({first} + {often})", [*params, worth * _OFTEN, _word(rarest) + others]))
    sql = ", ".join(sql for sql, _ in ways)
    return f"greatest({sql})" if len(ways) > 1 else sql, [param for _, params in ways for param in params]


def _first_of(steps: Sequence[tuple[str, float]]) -> tuple[str, list[Any]]:
    """The worth of the first tsquery that fits."""
    cases = " ".join("WHEN vector @@ %s::tsquery THEN %s" for _ in steps)
    return f"CASE {cases} ELSE 0 END", [param for step in steps for param in step]


def _matched(reading: Reading) -> tuple[str, list[Any]]:
    slots = _slot_queries(reading)
    return "(" + " + ".join("(vector @@ %s::tsquery)::int" for _ in slots) + ")", slots


def _tsquery(reading: Reading, joined: str) -> str:
    return joined.join(_slot_queries(reading))


def _slot_queries(reading: Reading) -> list[str]:
    """Each slot of the question as a tsquery."""
    queries = [_any(" & ".join(_word(forms) for forms in way) for way in slot.ways) for slot in reading.slots]
    if reading.beginning:
        last = reading.slots[-1].asked
        begun = " & ".join([*map(_word, last[:-1]), f"{_quoted(reading.beginning)}:*"])
        queries[-1] = _any([queries[-1], begun])
    return queries


def _word(forms: Forms) -> str:
    return _any(map(_quoted, forms))


def _any(queries: Iterable[str]) -> str:
    return "(" + " | ".join(queries) + ")"


def _page(query: Query, attempt: Attempt, where: _Where) -> tuple[int, tuple[Hit, ...]]:
    rung, rung_params = _rung(query, attempt.reading)
    cover, cover_params = _cover(attempt.reading)
    score, score_params = _score(query, attempt)
    name = "sort_en" if query.language == "en" else "sort_ru"
    best_first = f"weight DESC, {name}" if attempt.reading.is_empty else f"rung DESC, cover DESC, score DESC, {name}"
    number, number_params = _number(query.sort_numbers)
    order = {
        Sort.RELEVANCE: best_first,
        Sort.NAME: name,
        Sort.NEWEST: "moment DESC NULLS LAST",
        Sort.LOWEST: f"{number} ASC NULLS LAST, {name}",
        Sort.HIGHEST: f"{number} DESC NULLS LAST, {name}",
    }[query.sort]
    order_params = number_params if query.sort in (Sort.LOWEST, Sort.HIGHEST) else []
    # Counting every row beside ranking it costs nothing more; without words the page comes off an index and
    # is counted apart.
    counted = "0" if attempt.reading.is_empty else "count(*) OVER ()"
    sql = (
        f"SELECT key, {rung} AS rung, {score} AS score, {counted}, {cover} AS cover"  # noqa: S608 - our own columns
        f" FROM search_entry WHERE {where.sql} ORDER BY {order}, key LIMIT %s OFFSET %s"
    )
    params = [*rung_params, *score_params, *cover_params, *where.params, *order_params]
    rows = _fetch(sql, [*params, query.limit, query.offset])
    hits = tuple(Hit(key=row[0], rung=Rung(row[1]), score=float(row[2])) for row in rows)
    if rows and not attempt.reading.is_empty:
        return int(rows[0][3]), hits
    if not rows and not query.offset and query.limit:
        return 0, ()
    counting = f"SELECT count(*) FROM search_entry WHERE {where.sql}"  # noqa: S608 - our own columns
    return int(_fetch(counting, where.params)[0][0]), hits


def _facets(query: Query, everything: list[tuple[str, list[Any]]]) -> dict[str, dict[str, int]]:
    """Counts by facet: one pass for those in which nothing is selected, one more for each of the others."""
    free = [name for name in query.facets if not query.selected.get(name)]
    passes = [(free, None), *(([name], name) for name in query.facets if name not in free)]
    counts: dict[str, dict[str, int]] = {}
    for together, except_for in passes:
        if together:
            counts |= _counted(together, [*everything, *_selected(query, except_for=except_for)])
    return {name: counts[name] for name in query.facets}


def _counted(facets: Sequence[str], conditions: list[tuple[str, list[Any]]]) -> dict[str, dict[str, int]]:
    """The values of these facets among the rows, most frequent first.

    Unnested in the list of columns, not joined: PostgreSQL then keeps no set of its own for each row, half the time.
    """
    beginnings = {name: "{}={}".format(*facet_of(name)) for name in facets}
    where = _Where(conditions)
    sql = (
        "SELECT facet, count(*) FROM (SELECT unnest(facets) AS facet FROM search_entry"  # noqa: S608 - our own columns
        f" WHERE {where.sql}) AS held WHERE facet ^@ ANY(%s) GROUP BY facet ORDER BY count(*) DESC, facet"
    )
    rows = _fetch(sql, [*where.params, list(beginnings.values())])
    counts: dict[str, dict[str, int]] = {name: {} for name in facets}
    for name, beginning in beginnings.items():
        found = ((facet.removeprefix(beginning), int(count)) for facet, count in rows if facet.startswith(beginning))
        counts[name] = dict(islice(found, MOST_FACET_VALUES))
    return counts


def _fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
