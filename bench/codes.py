"""Are codes found as people write them? Every part number and barcode of the Icecat articles, spoiled in the usual ways.

`python bench/codes.py [--every N] [--engine postgresql|elasticsearch|both] [--misses]`: prints a table and writes JSON to
`var/bench/codes.json`. S@1 and S@10: how often the article itself (or another of the very same code) is first, among the first
ten. "No false first": a code one edit away from a real one is not answered with that one as if it were it; it must be among the
similar codes instead. A database and indices of its own, dropped at the end; every N-th article is asked about, all are indexed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import secrets
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from search import codes, layouts  # noqa: E402
from search.access import EVERYONE, Access  # noqa: E402
from search.documents import Document, Words  # noqa: E402
from search.engines import climb  # noqa: E402
from search.engines.elasticsearch import ElasticEngine  # noqa: E402
from search.engines.postgresql import PostgresEngine  # noqa: E402
from search.models import Index  # noqa: E402
from search.neighbours import similar  # noqa: E402
from search.query import Query, Rung  # noqa: E402
from search.rebuilding import rebuild  # noqa: E402
from search.searchable import Searchable  # noqa: E402

DATA = Path(os.environ.get("REAL_DATA", ROOT.parent / "shared" / "data"))
KIND = "bench-code"
READER = Access.of(EVERYONE)
TWINS = str.maketrans("ABEKMHOPCTYXabekmhopctyx", "АВЕКМНОРСТУХавекмнорстух")
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Article:
    key: str
    part_number: str
    barcodes: tuple[str, ...]
    document: Document


@dataclass
class Tally:
    """What became of the questions of one way of spoiling."""

    asked: int = 0
    first: int = 0
    among_ten: int = 0
    reachable: int = 0  # of pieces: asked where no more than ten articles hold the piece
    among_reachable: int = 0
    ceiling: float = 0.0  # of pieces: how often the best possible order would have the article among ten
    false_first: int = 0
    labelled: int = 0
    seconds: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def articles() -> list[Article]:
    found = []
    with gzip.open(DATA / "icecat_products.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            part, barcodes = row.get("name") or "", tuple(row.get("ean") or ())
            document = Document(
                kind=KIND,
                key=row["id"],
                title=Words(en=row.get("title") or part or row["id"]),
                keywords=Words(ru=row.get("supplier") or ""),
                body=Words(en=row.get("short_description") or ""),
                codes=tuple(filter(None, dict.fromkeys((row["id"], part)))),
                barcodes=barcodes,
                readers=frozenset({EVERYONE}),
                weight=(int(row["id"]) % 7) / 7,
            )
            found.append(Article(row["id"], part, barcodes, document))
    return found


# Ways of spoiling. Each yields what a person would type for the code; the number makes the choice, so that runs compare.


def letter_case(code: str, _n: int) -> Iterator[str]:
    yield from {code.lower(), code.upper(), code.swapcase()} - {code}


def separators(code: str, n: int) -> Iterator[str]:
    bare = "".join(sign for sign in code if sign.isalnum())
    at = 1 + n % max(1, len(bare) - 1)
    separator = "- ./_"[n % 5]
    moved = f"{bare[:at]}{separator}{bare[at:]}"
    other = "".join(sign if sign.isalnum() else separator for sign in code)
    yield from {bare, moved, other} - {code}


def twins(code: str, _n: int) -> Iterator[str]:
    spoiled = code.translate(TWINS)
    first = next((at for at, sign in enumerate(code) if sign.translate(TWINS) != sign), None)
    yield from {spoiled} - {code}
    if first is not None:
        yield code[:first] + code[first].translate(TWINS) + code[first + 1 :]


def all_at_once(code: str, n: int) -> Iterator[str]:
    yield from (spoiled.translate(TWINS).swapcase() for spoiled in separators(code, n))


def wrong_layout(code: str, _n: int) -> Iterator[str]:
    if (typed := layouts.swapped(code.lower())) and typed != code.lower():
        yield typed


def piece(length: int) -> Callable[[str, int], Iterator[str]]:
    def pieces(code: str, n: int) -> Iterator[str]:
        bare = codes.folded(code)
        if len(bare) > length:
            at = n % (len(bare) - length + 1)
            yield bare[at : at + length]

    return pieces


def neighbours(code: str, n: int) -> Iterator[str]:
    bare = codes.folded(code)
    if len(bare) < 4:
        return
    at, sign = n % len(bare), SIGNS[n % len(SIGNS)]
    yield bare[:at] + sign + bare[at + 1 :]
    yield bare[:at] + bare[at + 1 :]
    yield bare[:at] + sign + bare[at:]
    yield bare[:at] + bare[at + 1 : at + 2] + bare[at : at + 1] + bare[at + 2 :]


def barcode_zeros(code: str, _n: int) -> Iterator[str]:
    yield from {code.lstrip("0"), code.zfill(13), code.zfill(14), f"{code[:1]} {code[1:7]} {code[7:]}"} - {code}


ON_PART_NUMBERS: dict[str, Callable[[str, int], Iterator[str]]] = {
    "part number as it is": lambda code, _n: iter([code]),
    "letter case": letter_case,
    "separators dropped, added, moved": separators,
    "Cyrillic twins": twins,
    "all three at once": all_at_once,
    "wrong layout": wrong_layout,
    **{f"a piece of {length} signs": piece(length) for length in (3, 4, 5, 6, 8)},
}
ON_BARCODES: dict[str, Callable[[str, int], Iterator[str]]] = {
    "barcode as it is": lambda code, _n: iter([code]),
    "barcode's zeros and spaces": barcode_zeros,
}


@contextmanager
def own_database() -> Iterator[None]:
    """A database with search's tables alone, forgotten afterwards."""
    name = f"bench_codes_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    before = settings.DATABASES["default"]["NAME"]
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    try:
        executor = MigrationExecutor(connection)
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "search"])
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = before
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def ask(engine: Any, text: str) -> tuple[list[tuple[str, Rung]], float]:
    engine = (
        type(engine).installed() if isinstance(engine, ElasticEngine) else engine
    )  # its time runs from when it is made
    began = time.perf_counter()
    results = climb(engine, [Query(kind=KIND, text=text, access=READER, limit=10, language="en", similar=6)])[0]
    return [(hit.key, hit.rung) for hit in results.hits], time.perf_counter() - began


class Bench:
    def __init__(self, engine: Any, shelf: list[Article], every: int) -> None:
        self.engine, self.every = engine, every
        self.shelf = shelf
        self.by_typed: dict[str, set[str]] = defaultdict(set)
        self.folded: dict[str, set[str]] = defaultdict(set)
        for article in shelf:
            for code in article.document.codes:
                self.by_typed[codes.typed(code)].add(article.key)
                self.folded[codes.folded(code)].add(article.key)
            for barcode in article.barcodes:
                self.by_typed[barcode].add(article.key)
        self.everything = "\n".join(f" {' '.join(map(codes.folded, a.document.codes))}" for a in shelf)
        self.part_numbers = [codes.folded(a.part_number) for a in shelf]
        self.tallies: dict[str, Tally] = defaultdict(Tally)

    def run(self) -> dict[str, Tally]:
        for n, article in enumerate(self.shelf[:: self.every]):
            for name, spoil in ON_PART_NUMBERS.items():
                name += " (of words)" if " " in article.part_number else ""
                for text in spoil(article.part_number, n) if article.part_number else ():
                    self.look_for(name, text, self.by_typed[codes.typed(article.part_number)])
            for name, spoil in ON_BARCODES.items():
                for barcode in article.barcodes[:1]:
                    for text in spoil(barcode, n):
                        self.look_for(name, text, self.by_typed[barcode])
            for text in neighbours(article.part_number, n):
                self.must_not_mistake(text, article)
        return self.tallies

    def look_for(self, name: str, text: str, right: set[str]) -> None:
        hits, spent = ask(self.engine, text)
        tally, keys = self.tallies[name], [key for key, _ in hits]
        tally.asked += 1
        tally.seconds.append(spent)
        tally.first += bool(keys) and keys[0] in right
        tally.among_ten += bool(right & set(keys))
        if name.startswith("a piece"):
            can = sum(text in line for line in self.everything.split("\n")) <= 10 if tally.asked % 10 == 0 else False
            tally.reachable += can
            tally.among_reachable += can and bool(right & set(keys))
            tally.ceiling += self.ceiling(text)
        is_missed = not right & set(keys) if name.startswith("a piece") else not keys or keys[0] not in right
        if is_missed:
            tally.misses.append(f"{text!r} for {min(right)}: {hits[:2]}")

    def ceiling(self, piece: str) -> float:
        """The chance that the code a piece was cut from is among the ten likeliest: nobody can tell codes that hold the same
        piece apart, but that a cut at any place falls the likelier on it the shorter the code is.
        """
        size = len(piece)
        likely = sorted(
            (
                sum(part.startswith(piece, at) for at in range(len(part) - size + 1)) / (len(part) - size + 1)
                for part in self.part_numbers
                if piece in part and len(part) > size
            ),
            reverse=True,
        )
        return sum(likely[:10]) / sum(likely)

    def must_not_mistake(self, text: str, article: Article) -> None:
        """A neighbour that is nobody's code: the article may come by a beginning or a piece, never by anything looser."""
        if text in self.folded or len(text) < codes.SHORTEST_PIECE:
            return
        hits, _spent = ask(self.engine, text)
        tally = self.tallies["one edit away"]
        tally.asked += 1
        if hits and hits[0][0] == article.key and hits[0][1] < Rung.INFIX:
            tally.false_first += 1
            tally.misses.append(f"{text!r} answered with {article.part_number!r}: {hits[:1]}")
        if not any(rung >= Rung.INFIX for _, rung in hits):
            began = time.perf_counter()
            found = similar(KIND, [text], READER, limit=10_000)
            tally.seconds.append(time.perf_counter() - began)
            tally.reachable += 1
            tally.labelled += article.key in found


def engines(which: str) -> Iterator[Any]:
    if which in ("both", "postgresql"):
        yield PostgresEngine()
    if which in ("both", "elasticsearch"):
        from tests.services import elasticsearch

        with elasticsearch.in_use() as node:
            settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX = node.url, f"bench-{secrets.token_hex(4)}"
            settings.ELASTICSEARCH_SECONDS = (
                30.0  # what is asked here is what it answers; the time is measured beside it
            )
            yield ElasticEngine.installed()
            for name in Index.objects.values_list("name", flat=True):
                ElasticEngine.installed().drop(name)


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)] * 1000 if seconds else 0.0


def show(name: str, tallies: dict[str, Tally], misses: bool) -> dict[str, Any]:
    print(f"\n{name:<46}{'asked':>8}{'S@1':>9}{'S@10':>9}{'p50 ms':>9}{'p95 ms':>9}")
    figures: dict[str, Any] = {}
    for way, tally in tallies.items():
        first, ten = 100 * tally.first / tally.asked, 100 * tally.among_ten / tally.asked
        spent = percentile(tally.seconds, 0.5), percentile(tally.seconds, 0.95)
        figures[way] = {"asked": tally.asked, "s1": first, "s10": ten, "p50_ms": spent[0], "p95_ms": spent[1]}
        if way == "one edit away":
            labelled = 100 * tally.labelled / max(1, tally.reachable)
            figures[way] |= {"false_first": tally.false_first, "similar": labelled}
            print(
                f"{way:<46}{tally.asked:>8}   false first: {tally.false_first}, among similar: {labelled:.2f} %", end=""
            )
            print(f" {spent[0]:>8.2f}{spent[1]:>9.2f}")
        else:
            print(f"{way:<46}{tally.asked:>8}{first:>8.2f}%{ten:>8.2f}%{spent[0]:>9.2f}{spent[1]:>9.2f}", end="")
            if tally.ceiling:
                figures[way]["s10_ceiling"] = 100 * tally.ceiling / tally.asked
                print(f"  of {figures[way]['s10_ceiling']:.1f}% that the best order reaches", end="")
            if tally.reachable:
                figures[way]["s10_of_ten"] = 100 * tally.among_reachable / tally.reachable
                print(f"  {figures[way]['s10_of_ten']:.1f}% where ten or fewer hold it", end="")
            print()
        for miss in tally.misses[: 12 if misses else 0]:
            print("     ", miss)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--engine", default="both", choices=["postgresql", "elasticsearch", "both"])
    parser.add_argument("--misses", action="store_true", help="show the first dozen of each way")
    options = parser.parse_args()
    shelf = articles()
    by_key = {article.key: article.document for article in shelf}
    searchable: Searchable[Any] = Searchable(
        kind=KIND,
        documents=lambda keys: (by_key[key] for key in keys),
        keys=lambda: iter(by_key),
        access=lambda _: READER,
        permitted=lambda _, keys: set(keys),
    )
    figures: dict[str, Any] = {"articles": len(shelf), "every": options.every}
    with own_database():
        began = time.perf_counter()
        rebuild(searchable, "postgresql")
        print(
            f"{len(shelf)} articles, written in {time.perf_counter() - began:.0f} s; every {options.every}th asked about"
        )
        for engine in engines(options.engine):
            if engine.name != "postgresql":
                rebuild(searchable, engine.name)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            tallies = Bench(engine, shelf, options.every).run()
            figures[engine.name] = show(engine.name, tallies, options.misses)
    target = Path(os.environ.get("PORTAL_VAR", ROOT / "var")) / "bench" / "codes.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
