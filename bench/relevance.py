"""How good are the answers? Any collection against any judgments, on either engine, beside a plain baseline.

    python -m bench.relevance --corpus icecat:FILE|guides:FILE|lines:FILE --judgments FILE [--engine both] [--json FILE]
    python -m bench.relevance --corpus … --mutate layout|typo|translit|layout+typo [--every N]

Judgments are `query,doc,grade` (CSV, TSV). Prints a table and writes JSON to `var/bench/relevance.json`; `measures.py` says
how NDCG@10, MRR@10, S@k are computed. The baseline is what an afternoon gives: stemmed BM25 with `multi_match` over title,
keywords and body in Elasticsearch, `ts_rank` over the same words in PostgreSQL. `--mutate` asks for titles spoiled: recovered
are those that find the same first article or are read as the title was; false are right titles that were "corrected".
A database and indices of its own, dropped at the end. Synonyms are those a new portal begins with (none: --no-synonyms).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from elasticsearch import Elasticsearch

from bench.codes import ROOT, own_database  # sets Django up
from bench.corpora import KIND, is_prose, load
from bench.measures import measure, read
from search import analysis, layouts, spelling, synonyms
from search.access import EVERYONE, Access
from search.documents import Document
from search.engines import climb
from search.engines.elasticsearch import ElasticEngine, alias, client
from search.engines.postgresql import PostgresEngine
from search.models import Index
from search.query import Query, Results
from search.rebuilding import rebuild
from search.searchable import Searchable
from search.synonym_groups import begin_with_starters

READER = Access.of(EVERYONE)
LIMIT = 10
_PLAIN = (
    "SELECT key FROM search_entry WHERE vector @@ %s::tsquery ORDER BY ts_rank(vector, %s::tsquery) DESC, key LIMIT 10"
)
Ask = Callable[[str], Sequence[str]]


def searchable(documents: Sequence[Document]) -> Searchable[Any]:
    by_key = {document.key: document for document in documents}
    return Searchable(
        kind=KIND,
        documents=lambda keys: (by_key[key] for key in keys),
        keys=lambda: iter(by_key),
        access=lambda _: READER,
        permitted=lambda _, keys: set(keys),
    )


@contextmanager
def filled(which: str, documents: Sequence[Document]) -> Iterator[list[Any]]:
    """The engines, holding the documents; the vocabulary is PostgreSQL's."""
    shelf = searchable(documents)
    rebuild(shelf, "postgresql")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if which == "postgresql":
        yield [PostgresEngine()]
        return
    from tests.services import elasticsearch

    with elasticsearch.in_use() as node:
        settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX = node.url, f"bench-{secrets.token_hex(4)}"
        engine = ElasticEngine(client(node.url, 30.0), client(node.url, 60.0), seconds=86_400)
        rebuild(shelf, engine.name)
        try:
            yield [PostgresEngine(), engine] if which == "both" else [engine]
        finally:
            for name in Index.objects.values_list("name", flat=True):
                engine.drop(name)


def results(engine: Any, text: str, **how: Any) -> Results:
    query = Query(kind=KIND, text=text, access=READER, limit=LIMIT, language="en", prose=PROSE, **how)
    return climb(engine, [query], synonyms.stored() if USE_SYNONYMS else synonyms.NONE)[0]


USE_SYNONYMS = True
PROSE = False  # whether the collection is long texts, which the portal asks so


def plain(engine: Any) -> Ask:
    """The baseline of the engine."""
    if engine.name == "postgresql":
        return _plain_postgresql
    return lambda text: _plain_elasticsearch(engine.reading, text)


def _plain_postgresql(text: str) -> list[str]:
    terms = [word[0].replace("'", "''") for word in analysis.question_terms(text)]
    asked = " | ".join(f"'{term}'" for term in terms)
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [asked, asked])
        return [row[0] for row in cursor.fetchall()]


def _plain_elasticsearch(cluster: Elasticsearch, text: str) -> list[str]:
    terms = " ".join(word[0] for word in analysis.question_terms(text))
    query = {"multi_match": {"query": terms, "fields": ["title", "keywords", "body"], "analyzer": "whitespace"}}
    found = cluster.search(index=alias(KIND), query=query, size=LIMIT)
    return [hit["_id"] for hit in found["hits"]["hits"]]


# Spoiled questions


def questions(documents: Sequence[Document], every: int) -> list[str]:
    """The first words of every N-th title, those without digits."""
    found = []
    for document in documents[::every]:
        words = re.findall(r"[^\W\d_]{2,}", document.title.in_language("en"))[:4]
        if sum(map(len, words)) >= 6:
            found.append(" ".join(words))
    return list(dict.fromkeys(found))


def spoil(text: str, way: str, rnd: random.Random) -> str | None:
    if way == "layout":
        return layouts.swapped(text)
    if way == "translit":
        return " ".join(map(_other_alphabet, text.split()))
    if way == "layout+typo":
        slipped = spoil(text, "typo", rnd)
        return slipped and layouts.swapped(slipped)
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5]
    if not long:
        return None
    at = rnd.choice(long)
    words[at] = _slip(words[at], rnd)
    return " ".join(words)


def _slip(word: str, rnd: random.Random) -> str:
    at = rnd.randrange(1, len(word) - 1)
    signs = "abcdefghijklmnopqrstuvwxyz" if word.isascii() else "абвгдежзийклмнопрстуфхцчшщыэюя"
    return rnd.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + rnd.choice(signs) + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + rnd.choice(signs) + word[at + 1 :],
        ]
    )


_LATIN = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "а",
            "б",
            "к",
            "д",
            "е",
            "ф",
            "г",
            "х",
            "и",
            "ж",
            "к",
            "л",
            "м",
            "н",
            "о",
            "п",
            "к",
            "р",
            "с",
            "т",
            "у",
            "в",
            "в",
            "кс",
            "и",
            "з",
        ],
        strict=True,
    )
)


def _other_alphabet(word: str) -> str:
    if word.isascii():
        return "".join(
            _LATIN.get(sign, sign) for sign in word.lower().replace("ph", "f").replace("sh", "ш").replace("ch", "ч")
        )
    return "".join(spelling.LETTERS.get(sign, sign) for sign in word.lower().replace("ё", "е"))


def mutate(engine: Any, asked: Sequence[str], way: str) -> dict[str, Any]:
    rnd = random.Random(1)
    recovered = spoiled = false = 0
    missed, seconds = [], []
    for text in asked:
        right = results(engine, text)
        false += right.interpreted_as is not None
        typed = spoil(text, way, rnd)
        if not typed or typed == text:
            continue
        began = time.perf_counter()
        found = results(engine, typed)
        seconds.append(time.perf_counter() - began)
        spoiled += 1
        is_same = (found.interpreted_as or "").casefold() == text.casefold() or (
            bool(right.keys) and found.keys[:1] == right.keys[:1]
        )
        recovered += is_same
        if not is_same and len(missed) < 15:
            missed.append((typed, text, found.interpreted_as))
    share, wrong = 100 * recovered / max(spoiled, 1), 100 * false / max(len(asked), 1)
    median = sorted(seconds)[len(seconds) // 2] * 1000 if seconds else 0
    print(
        f"{engine.name:<14} {way:<9} asked {spoiled}  recovered {share:.2f} %  false {wrong:.2f} %  p50 {median:.1f} ms"
    )
    for miss in missed:
        print("     ", *miss, sep=" | ")
    return {"asked": spoiled, "recovered": share, "false": wrong, "p50_ms": median}


def compare(engine: Any, judgments: Any) -> dict[str, Any]:
    ours = measure(lambda text: results(engine, text).keys, judgments)
    base = measure(plain(engine), judgments)
    for name, row in (("baseline", base), ("portal", ours)):
        print(
            f"{engine.name:<14}{name:<10}{row['ndcg10']:>9.4f}{row['mrr10']:>9.4f}{row['s1']:>9.4f}{row['s10']:>9.4f}{row['empty']:>7}"
        )
    print(f"{'':<14}{'ratio':<10}{ours['ndcg10'] / base['ndcg10']:>9.3f}{ours['mrr10'] / base['mrr10']:>9.3f}")
    return {"portal": ours, "baseline": base}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--judgments", type=Path)
    parser.add_argument("--mutate", choices=["layout", "typo", "translit", "layout+typo"], action="append")
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--engine", default="both", choices=["postgresql", "elasticsearch", "both"])
    parser.add_argument("--no-synonyms", action="store_true")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench" / "relevance.json")
    options = parser.parse_args()
    if not options.judgments and not options.mutate:
        parser.error("--judgments FILE or --mutate WAY")
    global PROSE, USE_SYNONYMS  # noqa: PLW0603
    USE_SYNONYMS = not options.no_synonyms
    documents = load(options.corpus)
    PROSE = is_prose(documents)
    judgments = read(options.judgments) if options.judgments else {}
    figures: dict[str, Any] = {"corpus": options.corpus, "documents": len(documents)}
    with own_database(), filled(options.engine, documents) as engines:
        begin_with_starters(by=None)
        if judgments:
            print(
                f"{'engine':<24}{'NDCG@10':>9}{'MRR@10':>9}{'S@1':>9}{'S@10':>9}{'empty':>7}   {len(judgments)} queries"
            )
        for engine in engines:
            if judgments:
                figures[engine.name] = compare(engine, judgments)
            for way in options.mutate or ():
                figures.setdefault(engine.name, {})[way] = mutate(engine, questions(documents, options.every), way)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
