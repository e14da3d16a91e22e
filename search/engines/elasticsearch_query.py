"""One attempt at a question as Elasticsearch reads it, and its response as an answer."""

import re
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from elasticsearch.dsl import A, Q
from elasticsearch.dsl.aggs import Agg
from elasticsearch.dsl.query import Query as Clause

from search import asides, codes
from search.analysis import Forms
from search.engines.base import Answer
from search.query import MOST_FACET_VALUES, Hit, Query, Rung, Sort, facet_of
from search.reading import SAME, Attempt, Reading
from search.synonyms import Phrase, Slot

DEEPEST = 100_000  # hits that can be paged through
_FIELDS = ["title^3", "keywords^2", "body^1"]
# Of long texts a word counts where it tells most, by that field's own length and rarity; the others add a little.
_LONG_FIELDS = {"title": 2.0, "keywords": 1.5, "body": 1.0}
_OTHERS = 0.3
_NEIGHBOURS = {"title": 0.1, "body": 0.05}  # what two words that stand together are worth beside themselves
_STEP = 10_000.0  # between two rungs; no sum of words reaches it
# Of two codes that hold a piece the shorter stands first: what share of it the piece makes up, in points.
_COVER = """
    double cover = 0;
    for (String code : doc['folded']) { if (code.contains(params.piece)) { cover = Math.max(cover, 1.0 / code.length()); } }
    return params.points * params.piece.length() * cover;
"""
_COVERED = 5_000.0


def says_nothing(reading: Reading) -> bool:
    return reading.is_empty and bool(reading.text)


def build(query: Query, attempt: Attempt) -> dict[str, Any]:
    """The body of the search for one attempt."""
    filters = [
        *_may_read(query),
        *([] if query.only is None else [Q("ids", values=list(query.only))]),
        *_in_ranges(query),
        *(_chosen(query, name) for name in query.selected if name not in query.facets),
    ]
    found = Q("bool", must=[_matching(query, attempt)], filter=[clause for clause in filters if clause])
    body: dict[str, Any] = {"query": found.to_dict(), "sort": [*_order(query, attempt), "key"]}
    body |= {"track_total_hits": True, "track_scores": True, "_source": False}
    later = [clause for name in query.facets if (clause := _chosen(query, name))]
    if later:
        body["post_filter"] = Q("bool", filter=later).to_dict()
    if query.facets:
        body["aggs"] = {facet: _counts(query, facet) for facet in query.facets}
    is_too_deep = query.offset + query.limit > DEEPEST
    return body | {"from": 0 if is_too_deep else query.offset, "size": 0 if is_too_deep else query.limit}


def _order(query: Query, attempt: Attempt) -> list[Any]:
    name = "sort_en" if query.language == "en" else "sort_ru"
    best_first: list[Any] = [{"boost": "desc"}, name] if attempt.reading.is_empty else ["_score", name]
    orders: dict[Sort, list[Any]] = {
        Sort.RELEVANCE: best_first,
        Sort.NAME: [name],
        Sort.NEWEST: [{"moment": {"order": "desc", "missing": "_last"}}],
        Sort.LOWEST: [_by_number(query.sort_numbers, "asc"), name],
        Sort.HIGHEST: [_by_number(query.sort_numbers, "desc"), name],
    }
    return orders[query.sort]


def _counts(query: Query, facet: str) -> dict[str, Any]:
    """The facet's values under what is chosen in all others. Where that is nothing they are counted at the top, where
    Elasticsearch may take the numbers from the index instead of from each document.
    """
    others = [clause for name in query.facets if name != facet and (clause := _chosen(query, name))]
    if not others:
        return _counted(facet).to_dict()
    counting = A("filter", filter=Q("bool", filter=others))
    counting.bucket("values", _counted(facet))
    return counting.to_dict()


def _may_read(query: Query) -> list[Clause]:
    return [] if query.access.all else [Q("terms", readers=sorted(query.access.names))]


def _counted(facet: str) -> Agg[Any]:
    """The values of a facet, or of one group of it, with how many documents have them."""
    name, begin = facet_of(facet)
    group = {"include": re.sub(r"(\W)", r"\\\1", begin) + ".*"} if begin else {}
    return A("terms", field=f"facet.{name}", size=MOST_FACET_VALUES, **group)


_LEAST, _MOST = "0" * 16, "f" * 16


def sortable(number: float) -> str:
    """The number as text of 16 signs in the same order: its IEEE 754 bits, those of a negative one turned round.

    Numbers are kept in one flattened field, which knows only text: a field for every name (every price list has
    one) would grow the mapping without end.
    """
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))  # -0.0 is 0.0
    return f"{bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63):016x}"


def _in_ranges(query: Query) -> list[Clause]:
    return [_in_range(of, low, high) for of, (low, high) in query.ranges.items() if (low, high) != (None, None)]


def _in_range(of: Sequence[str], low: float | None, high: float | None) -> Clause:
    """The first of these numbers that the document has lies within; a bound left out is no bound."""
    bounds = {"gte": _LEAST if low is None else sortable(low), "lte": _MOST if high is None else sortable(high)}
    has = [Q("exists", field=f"figures.{name}") for name in of]
    within = [Q("range", **{f"figures.{name}": bounds}) for name in of]
    ways = [Q("bool", filter=[within[at]], must_not=has[:at]) for at in range(len(of))]
    return Q("bool", should=ways, minimum_should_match=1) if ways else Q("match_none")


_FIRST_NUMBER = """
    for (def name : params.names) {
        def number = doc['figures.' + name];
        if (!number.empty) return number.value;
    }
    return params.none;
"""


def _by_number(of: Sequence[str], order: str) -> dict[str, Any]:
    none = "~" if order == "asc" else ""  # after, before every number: last either way
    script = {"source": _FIRST_NUMBER, "params": {"names": list(of), "none": none}}
    return {"_script": {"type": "string", "order": order, "script": script}}


def _chosen(query: Query, name: str) -> Clause | None:
    facet, begin = facet_of(name)
    values = [begin + value for value in query.selected.get(name, ())]
    return Q("terms", **{f"facet.{facet}": values}) if values else None


def _matching(query: Query, attempt: Attempt) -> Clause:
    """By code or by words; the best rung is worth more than any words. The document's boost weighs the words, and
    decides between codes found alike.
    """
    if attempt.reading.is_empty:
        return Q("match_all")
    ways = [Q("dis_max", queries=_rungs(query, attempt.reading))]
    if attempt.reading.slots:
        ways.append(Q("function_score", query=_words(attempt, prose=query.prose), functions=[_boost(1)]))
    return Q("bool", should=ways, minimum_should_match=1)


def _boost(factor: float) -> dict[str, Any]:
    return {"field_value_factor": {"field": "boost", "factor": factor, "missing": 1}}


def _rungs(query: Query, reading: Reading) -> list[Clause]:
    steps: list[tuple[Rung, Clause]] = [(Rung.TYPED, Q("term", codes=codes.as_typed(reading.text)))]
    if gtin := codes.as_gtin(reading.text):
        steps.append((Rung.BARCODE, Q("term", codes=gtin)))
    if reading.folded:
        steps.append((Rung.FOLDED, Q("term", codes=codes.as_folded(reading.text))))
    if reading.piece:
        steps.append((Rung.PREFIX, Q("prefix", folded=reading.piece)))
        steps.append((Rung.INFIX, Q("match_phrase", pieces=" ".join(codes.pieces(reading.piece)))))
    if reading.parts:
        steps.append((Rung.PART, Q("terms", codes=reading.part_codes)))
    steps += [(rung, Q("terms", key=keys)) for rung, keys in query.own_by_rung().items()]
    return [_step(rung, clause, reading.piece if rung in (Rung.PREFIX, Rung.INFIX) else None) for rung, clause in steps]


def _step(rung: Rung, clause: Clause, piece: str | None) -> Clause:
    functions: list[dict[str, Any]] = [_boost(10)]
    if piece:
        script = {"source": _COVER, "params": {"piece": piece, "points": _COVERED}}
        functions.append({"script_score": {"script": script}})
    found = Q("constant_score", filter=clause, boost=rung * _STEP, _name=str(int(rung)))
    return Q("function_score", query=found, functions=functions, score_mode="sum", boost_mode="sum")


def _words(attempt: Attempt, *, prose: bool) -> Clause:
    """What was asked for, a little more where its words stand together, half of it for asides nobody asked for."""
    reading = attempt.reading
    clauses = [_slot(slot, prose=prose) for slot in reading.slots]
    if reading.beginning:
        *others, last = reading.slots
        begun = [Q("prefix", **{field: reading.beginning}) for field in ("title", "keywords", "body")]
        words = [_word(forms, prose=prose) for forms in last.asked[:-1]]
        unfinished = Q("bool", must=[*words, Q("dis_max", queries=begun)])
        clauses[len(others)] = Q("dis_max", queries=[_slot(last, prose=prose), unfinished])
    asked = Q("bool", should=clauses, minimum_should_match=attempt.needed)
    found = Q("bool", must=[asked], should=_together(reading))
    if reading.names_an_aside:
        return found
    return Q("boosting", positive=found, negative=Q("term", codes=asides.MARK), negative_boost=asides.WORTH)


def _together(reading: Reading) -> list[Clause]:
    """Neighbours of the question that are neighbours in the title or the body."""
    return [
        Q("match_phrase", **{field: {"query": f"{one} {other}", "analyzer": "whitespace", "boost": boost}})
        for one, other in pairwise(reading.terms)
        for field, boost in _NEIGHBOURS.items()
    ]


def _slot(slot: Slot, *, prose: bool) -> Clause:
    """A slot is worth its best phrase; what means the same a little less than what was asked."""
    ways = [_phrase(way, boost=1.0 if way == slot.asked else SAME, prose=prose) for way in slot.ways]
    return ways[0] if len(ways) == 1 else Q("dis_max", queries=ways)


def _phrase(words: Phrase, *, boost: float, prose: bool) -> Clause:
    if len(words) == 1 and boost == 1.0:
        return _word(words[0], prose=prose)
    return Q("bool", must=[_word(word, prose=prose) for word in words], boost=boost)


def _word(forms: Forms, *, prose: bool) -> Clause:
    """A word by its best form, its fields counted as one with weights (BM25F): twice said is not twice as good. Of long texts
    by its best field: a long body would drown the title.
    """
    ways = [_in_best_field(form) if prose else Q("combined_fields", query=form, fields=_FIELDS) for form in forms]
    return ways[0] if len(ways) == 1 else Q("dis_max", queries=ways)


def _in_best_field(form: str) -> Clause:
    ways = [Q("term", **{field: {"value": form, "boost": worth}}) for field, worth in _LONG_FIELDS.items()]
    return Q("dis_max", queries=ways, tie_breaker=_OTHERS)


def answer_of(query: Query, response: Mapping[str, Any]) -> Answer:
    hits = tuple(
        Hit(
            key=hit["_id"],
            rung=Rung(max((int(name) for name in hit.get("matched_queries", ())), default=0)),
            score=float(hit["_score"] or 0),
        )
        for hit in response["hits"]["hits"]
    )
    counted = {facet: response["aggregations"][facet] for facet in query.facets}
    counts = {facet: found.get("values", found)["buckets"] for facet, found in counted.items()}
    facets = {
        facet: {bucket["key"].removeprefix(facet_of(facet)[1]): bucket["doc_count"] for bucket in buckets}
        for facet, buckets in counts.items()
    }
    return Answer(hits=hits, total=response["hits"]["total"]["value"], facets=facets)
