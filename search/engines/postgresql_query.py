"""One attempt at a question as PostgreSQL reads it: the page of hits, best first, and how many there are.

Where a word is so common that ranking every row would take longer than a reader waits, the heaviest of the rows that
have it in their title are ranked, and the others follow by weight: the order is made of fewer rows, nothing is left out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import connection

from search import asides, codes, vocabulary
from search.access import EVERYONE
from search.analysis import Forms
from search.query import Hit, Query, Rung, Sort, facet_of
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
BROAD = 10_000  # rows with the words, by the planner's estimate, above which not every one is ranked
RANKED = 2_000  # but so many
_READ = "kind = %s AND NOT gone"

Condition = tuple[str, list[Any]]  # with its parameters


class Where:
    """Conditions joined by AND, with their parameters."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        conditions = list(conditions)
        self.sql = " AND ".join(sql for sql, _ in conditions)
        self.params = [param for _, params in conditions for param in params]


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# Conditions


def found(query: Query, attempt: Attempt) -> list[Condition]:
    """What is found, whatever is chosen in the facets."""
    return [*_may_read(query), *_in_ranges(query), *_matching(query, attempt)]


def chosen(query: Query, *, except_for: str | None = None) -> list[Condition]:
    """The values chosen in the facets, but for one of them."""
    conditions = []
    for name, values in query.selected.items():
        if values and name != except_for:
            facet, begin = facet_of(name)
            any_of = anyone(quoted(f"{facet}={begin}{value}") for value in values)
            conditions.append((f"{column_of(name)} @@ %s::tsquery", [any_of]))
    return conditions


def column_of(name: str) -> str:
    """Where the values of a facet are kept: those in groups by themselves, as there are many."""
    return '"groups"' if "/" in name else "facets"


def _may_read(query: Query) -> list[Condition]:
    conditions: list[Condition] = [(_READ, [query.kind])]
    if query.only is not None:
        conditions.append(("key = ANY(%s)", [list(query.only)]))
    if query.access.all:
        return conditions
    others = sorted(query.access.names - {EVERYONE})
    ways: list[Condition] = [("open", [])] if EVERYONE in query.access.names else []
    ways += [("readers && %s", [others])] if others else []
    return [*conditions, _either(ways)]


def _either(ways: Sequence[Condition]) -> Condition:
    return "(" + " OR ".join(sql for sql, _ in ways) + ")", [param for _, params in ways for param in params]


def _in_ranges(query: Query) -> list[Condition]:
    conditions: list[Condition] = []
    for of, (low, high) in query.ranges.items():
        number, params = _number(of)
        if low is not None:
            conditions.append((f"{number} >= %s", [*params, low]))
        if high is not None:
            conditions.append((f"{number} <= %s", [*params, high]))
    return conditions


def _number(of: Sequence[str]) -> Condition:
    """The first of these numbers that the row has."""
    return f"COALESCE({', '.join('numbers ->> %s' for _ in of) or 'NULL'})::float8", list(of)


def _matching(query: Query, attempt: Attempt) -> list[Condition]:
    reading = attempt.reading
    if reading.is_empty:
        return []
    return [_either([*_by_code(query, reading), *_by_words(attempt)])]


def _by_code(query: Query, reading: Reading) -> list[Condition]:
    ways: list[Condition] = [("codes && %s", [[*reading.whole_codes, *reading.part_codes]])]
    if query.own:
        ways.append(("key = ANY(%s)", [list(query.own)]))
    if reading.piece:
        ways.append(("(pieces @> %s AND folded LIKE %s)", [codes.pieces(reading.piece), f"%{reading.piece}%"]))
    return ways


def _by_words(attempt: Attempt, column: str = "vector", place: str = "") -> list[Condition]:
    """As many words as are needed in the column, at this place of `vector` ("A": the title) or anywhere."""
    reading = attempt.reading
    slots = _slot_queries(reading, place)
    if not slots:
        return []
    if attempt.needed >= len(slots):
        return [(f"{column} @@ %s::tsquery", [" & ".join(slots)])]
    count, counted = _matched(slots, column)
    return [(f"({column} @@ %s::tsquery AND {count} >= %s)", [" | ".join(slots), *counted, attempt.needed])]


# How good a row is


def _rung(query: Query, reading: Reading) -> Condition:
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


def _cover(reading: Reading) -> Condition:
    """How much of the shortest code that holds the piece it makes up: of two such codes the shorter stands first."""
    if not reading.piece:
        return "0", []
    codes_of_row = "unnest(string_to_array(ltrim(folded), ' ')) AS code"
    shortest = f"(SELECT 1.0 / min(length(code)) FROM {codes_of_row} WHERE strpos(code, %s) > 0)"  # noqa: S608 - our own
    return f"CASE WHEN folded LIKE %s THEN {shortest} ELSE 0 END", [f"%{reading.piece}%", reading.piece]


def _score(query: Query, attempt: Attempt, counts: Mapping[str, int]) -> Condition:
    """What the words are worth: each slot by the best place it stands in and how rare it is, a little more for
    words that stand together, half for asides nobody asked for. All slots weigh before most of them.
    """
    reading = attempt.reading
    if not reading.slots:
        return "weight", []
    rarity = vocabulary.rarity(counts)
    parts = [_slot_score(slot, rarity) for slot in reading.slots]
    if reading.beginning:
        steps = [(f"{quoted(reading.beginning)}:*{place}", share) for place, share in (("A", 1.0), ("BC", 0.6))]
        parts.append(_first_of(steps))
    parts += [
        ("CASE WHEN vector @@ %s::tsquery THEN %s ELSE 0 END", [f"({quoted(one)}:A <-> {quoted(other)}:A)", worth])
        for one, other in pairwise(reading.terms)
        if (worth := _TOGETHER * (rarity[one] + rarity[other]) / 2)
    ]
    sums = " + ".join(sql for sql, _ in parts)
    params = [param for _, some in parts for param in some]
    score = f"({sums}) * (1 + 0.1 * weight)"
    if not reading.names_an_aside:
        score += f" * CASE WHEN {_IS_ASIDE} THEN {asides.WORTH} ELSE 1 END"
    if attempt.needed >= len(reading.slots) or query.prose:
        return score, params
    count, counted = _matched(_slot_queries(reading))
    return f"{_WHOLE} * ({count} = {len(reading.slots)})::int + {score}", [*counted, *params]


_IS_ASIDE = f"codes @> ARRAY['{asides.MARK}']"


def _slot_score(slot: Slot, rarity: Mapping[str, float]) -> Condition:
    """The best of the slot's phrases. A phrase is worth its rarest word, by where that stands and a little by how often."""
    ways = []
    for way in slot.ways:
        rarest = max(way, key=lambda forms: min(rarity[form] for form in forms))
        worth = min(rarity[form] for form in rarest) * (1.0 if way == slot.asked else SAME)
        others = "".join(f" & {_word(forms)}" for forms in way if forms != rarest)
        spelt = [quoted(form) for form in rarest]
        steps = [(anyone(places.format(form) for form in spelt) + others, worth * share) for places, share in _SHARES]
        first, params = _first_of(steps)
        often = f"%s * ts_rank({_STRENGTH}, vector, %s::tsquery)"
        ways.append((f"({first} + {often})", [*params, worth * _OFTEN, _word(rarest) + others]))
    sql = ", ".join(sql for sql, _ in ways)
    return f"greatest({sql})" if len(ways) > 1 else sql, [param for _, params in ways for param in params]


def _first_of(steps: Sequence[tuple[str, float]]) -> Condition:
    """The worth of the first tsquery that fits."""
    cases = " ".join("WHEN vector @@ %s::tsquery THEN %s" for _ in steps)
    return f"CASE {cases} ELSE 0 END", [param for step in steps for param in step]


def _matched(slots: Sequence[str], column: str = "vector") -> Condition:
    return "(" + " + ".join(f"({column} @@ %s::tsquery)::int" for _ in slots) + ")", list(slots)


def _slot_queries(reading: Reading, place: str = "") -> list[str]:
    """Each slot of the question as a tsquery."""
    queries = [anyone(" & ".join(_word(forms, place) for forms in way) for way in slot.ways) for slot in reading.slots]
    if reading.beginning:
        last = reading.slots[-1].asked
        begun = [*(_word(forms, place) for forms in last[:-1]), f"{quoted(reading.beginning)}:*{place}"]
        queries[-1] = anyone([queries[-1], " & ".join(begun)])
    return queries


def _word(forms: Forms, place: str = "") -> str:
    return anyone(f"{quoted(form)}:{place}" if place else quoted(form) for form in forms)


def anyone(queries: Iterable[str]) -> str:
    return "(" + " | ".join(queries) + ")"


def quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


# The page


def page(
    query: Query, attempt: Attempt, conditions: Sequence[Condition], total: int | None
) -> tuple[int, tuple[Hit, ...]]:
    """The number of all rows (`total` where it is known already) and one page of them."""
    where = Where(conditions)
    if attempt.reading.is_empty or query.sort is not Sort.RELEVANCE:
        return _in_order(query, attempt, where, total)
    terms = [form for slot in attempt.reading.slots for form in slot.forms]
    counts = vocabulary.documents_with(query.kind, terms)
    measures = _measures(query, attempt, counts)
    if _is_broad(attempt, counts, where):
        hits = _best_of_broad(query, attempt, conditions, measures)
        if total is None:
            total = max(BROAD, query.offset + len(hits)) if query.as_you_type else _count(where)
        return total, hits
    return _best_of_all(query, where, measures, total)


def _name(query: Query) -> str:
    return "sort_en" if query.language == "en" else "sort_ru"


def _in_order(query: Query, attempt: Attempt, where: Where, total: int | None) -> tuple[int, tuple[Hit, ...]]:
    """By anything but how good the rows are: an index has them in that order."""
    rung, rung_params = _rung(query, attempt.reading)
    name, (number, number_params) = _name(query), _number(query.sort_numbers)
    order = {
        Sort.RELEVANCE: f"weight DESC, {name}",
        Sort.NAME: name,
        Sort.NEWEST: "moment DESC NULLS LAST",
        Sort.LOWEST: f"{number} ASC NULLS LAST, {name}",
        Sort.HIGHEST: f"{number} DESC NULLS LAST, {name}",
    }[query.sort]
    order_params = number_params if query.sort in (Sort.LOWEST, Sort.HIGHEST) else []
    rows = fetch(
        f"SELECT key, {rung}, weight FROM search_entry WHERE {where.sql} ORDER BY {order}, key LIMIT %s OFFSET %s",  # noqa: S608 - our own columns
        [*rung_params, *where.params, *order_params, query.limit, query.offset],
    )
    if total is None:
        is_last = 0 < len(rows) < query.limit or (not rows and not query.offset and query.limit)
        total = query.offset + len(rows) if is_last else _count(where)
    return total, _hits(rows)


def _count(where: Where) -> int:
    return int(fetch(f"SELECT count(*) FROM search_entry WHERE {where.sql}", where.params)[0][0])  # noqa: S608


def _hits(rows: Iterable[tuple[Any, ...]]) -> tuple[Hit, ...]:
    return tuple(Hit(key=row[0], rung=Rung(row[1]), score=float(row[2])) for row in rows)


def _measures(query: Query, attempt: Attempt, counts: Mapping[str, int]) -> Condition:
    """The columns that rows are ordered by. `vector` is unpacked once for all of them, see `_unpacked`."""
    rung, rung_params = _rung(query, attempt.reading)
    cover, cover_params = _cover(attempt.reading)
    score, score_params = _score(query, attempt, counts)
    columns = f"key, {_name(query)} AS name, {rung} AS rung, {cover} AS cover, {score} AS score"
    return columns, [*rung_params, *cover_params, *score_params]


_BEST_FIRST = "ORDER BY rung DESC, cover DESC, score DESC, name, key"


def _unpacked(query: Query, where: str) -> str:
    """The rows, `vector` unpacked: PostgreSQL would do it again for every question that is asked of it."""
    columns = f"key, {_name(query)}, codes, folded, weight, vector || ''::tsvector AS vector"
    return f"(SELECT {columns} FROM search_entry WHERE {where} OFFSET 0) AS entry"  # noqa: S608 - our own columns


def _best_of_all(query: Query, where: Where, measures: Condition, total: int | None) -> tuple[int, tuple[Hit, ...]]:
    """Every row ranked."""
    columns, params = measures
    counted = "count(*) OVER ()" if total is None else "0"  # over narrow rows it costs little
    ranked = f"(SELECT {columns} FROM {_unpacked(query, where.sql)} OFFSET 0) AS ranked"  # noqa: S608 - our own columns
    rows = fetch(
        f"SELECT key, rung, score, {counted} FROM {ranked} {_BEST_FIRST} LIMIT %s OFFSET %s",  # noqa: S608
        [*params, *where.params, query.limit, query.offset],
    )
    if total is None:
        is_empty = not rows and not query.offset and query.limit
        total = int(rows[0][3]) if rows else 0 if is_empty else _count(where)
    return total, _hits(rows)


# Common words


def _is_broad(attempt: Attempt, counts: Mapping[str, int], where: Where) -> bool:
    """Whether more rows are found by words than can be ranked in a reader's time: a word that half of the catalogue has.
    The planner is asked only where the words' own counts allow it.
    """
    slots = attempt.reading.slots
    of_slots = sorted(max(counts[form] for form in slot.forms) for slot in slots)
    if not slots or (of_slots[len(slots) - attempt.needed] <= BROAD and not attempt.reading.beginning):
        return False
    plan = fetch(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM search_entry WHERE {where.sql}", where.params)[0][0]  # noqa: S608
    return bool((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"] > BROAD)


def _best_of_broad(
    query: Query, attempt: Attempt, conditions: Sequence[Condition], measures: Condition
) -> tuple[Hit, ...]:
    """The page where the heaviest are ranked and the others follow by weight."""
    where, (picked, picked_params) = Where(conditions), _picked(query, attempt, conditions)
    columns, params = measures
    ranked = f"(SELECT {columns} FROM {_unpacked(query, 'id IN (SELECT id FROM picked)')} OFFSET 0) AS ranked"  # noqa: S608
    hits = _hits(
        fetch(
            f"WITH {picked} SELECT key, rung, score FROM {ranked} {_BEST_FIRST} LIMIT %s OFFSET %s",  # noqa: S608
            [*picked_params, *params, query.limit, query.offset],
        )
    )
    if len(hits) == query.limit:
        return hits
    rest = fetch(
        f"WITH {picked} SELECT key, 0, weight FROM search_entry"  # noqa: S608 - our own columns
        f" WHERE {where.sql} AND id NOT IN (SELECT id FROM picked) ORDER BY weight DESC, {_name(query)}, key"
        " LIMIT %s OFFSET greatest(0, %s - (SELECT count(*) FROM picked))",
        [*picked_params, *where.params, query.limit - len(hits), query.offset + len(hits)],
    )
    return (*hits, *_hits(rest))


def _picked(query: Query, attempt: Attempt, conditions: Sequence[Condition]) -> Condition:
    """The rows to rank: those with the code; the heaviest with the words in their title, asides only where they are
    meant; if these are few, the heaviest of all.
    """
    wider = [*_may_read(query), *_in_ranges(query), *chosen(query)]
    in_title = _by_words(attempt, place="A") if attempt.reading.names_an_aside else _by_words(attempt, "heading")
    coded, titled = Where([*wider, _either(_by_code(query, attempt.reading))]), Where([*wider, *in_title])
    everything = Where(conditions)
    heaviest = f"ORDER BY weight DESC, {_name(query)} LIMIT"
    sql = (
        f"titled AS MATERIALIZED (SELECT id FROM search_entry WHERE {titled.sql} {heaviest} {RANKED}),"  # noqa: S608
        " picked AS MATERIALIZED (SELECT id FROM titled"
        f" UNION SELECT id FROM search_entry WHERE {coded.sql}"
        f" UNION (SELECT id FROM search_entry WHERE {everything.sql}"
        f" {heaviest} greatest(0, {RANKED} - (SELECT count(*) FROM titled))))"
    )
    return sql, [*titled.params, *coded.params, *everything.params]
