"""How fast search answers, in both engines, beside the same engine asked without the portal.

`python bench/search.py [ARTICLES] [--engine postgresql|elasticsearch] [--rounds N] [--keep]`: makes that many articles up
(the same ones every time: names in Russian and English, part numbers, barcodes, eight facets, the prices of twenty lists),
indexes them, and prints a table; JSON goes to `var/bench/search-ARTICLES.json`. In a database and indices of its own
(`bench_search_ARTICLES`), dropped at the end unless `--keep`; kept ones are used again.

What is measured is what `search.engines.search` does, but for leaving a slow engine alone. The floor is the answering request
sent bare: the same bytes to Elasticsearch over http.client, the same SQL to PostgreSQL. Both by turns, each question three
times, of which the best counts: others use the machine too.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from tqdm import tqdm  # noqa: E402

from search import names, synonyms  # noqa: E402
from search.access import EVERYONE, Access  # noqa: E402
from search.documents import Document, Words  # noqa: E402
from search.engines import climb  # noqa: E402
from search.engines.base import Engine  # noqa: E402
from search.engines.elasticsearch import ElasticEngine, client  # noqa: E402
from search.engines.postgresql import PostgresEngine  # noqa: E402
from search.models import Entry, Index  # noqa: E402
from search.query import Query, Results  # noqa: E402
from search.rebuilding import rebuild  # noqa: E402
from search.searchable import Searchable  # noqa: E402

KINDS = [("Дрель", "Drill"), ("Шуруповёрт", "Screwdriver"), ("Перфоратор", "Rotary hammer"), ("Болт", "Bolt"),
         ("Гайка", "Nut"), ("Шайба", "Washer"), ("Подшипник", "Bearing"), ("Фильтр масляный", "Oil filter"),
         ("Ремень клиновой", "V-belt"), ("Насос", "Pump"), ("Клапан", "Valve"), ("Кабель", "Cable"),
         ("Выключатель", "Switch"), ("Светильник", "Lamp"), ("Диск отрезной", "Cutting disc"), ("Бур", "Drill bit"),
         ("Пила циркулярная", "Circular saw"), ("Лобзик", "Jigsaw"), ("Компрессор", "Compressor"), ("Редуктор", "Gearbox"),
         ("Датчик давления", "Pressure sensor"), ("Манометр", "Gauge"), ("Шланг", "Hose"), ("Хомут", "Clamp")]  # fmt: skip
TRAITS = [("ударная", "impact"), ("аккумуляторная", "cordless"), ("сетевой", "mains"), ("усиленный", "reinforced"),
          ("оцинкованный", "galvanised"), ("нержавеющий", "stainless"), ("промышленный", "industrial"),
          ("компактный", "compact"), ("бесщёточный", "brushless"), ("влагозащищённый", "waterproof"),
          ("морозостойкий", "frost-proof"), ("запасной", "spare")]  # fmt: skip
COMMON = ("для ремонта", "for repair")  # in every second name
PROSE = """надёжный корпус выдерживает удары падения пыль влагу мастерская гарантия производитель поставка комплект инструкция
    кейс рукоятка двигатель обороты нагрузка защита перегрев точность сборка монтаж обслуживание замена резьба покрытие
    сталь алюминий пластик температура давление расход мощность напряжение частота длина ширина высота масса хранение
    перевозка упаковка сертификат стандарт допуск посадка смазка уплотнение износ ресурс склад производство"""
SAID = PROSE.split()
TURNS = 3
BRANDS, CATEGORIES, LISTS = 120, 400, 20
ATTRIBUTES, PROSE_WORDS = 12, 45
FACETS = ("category", "brand", "availability", "colour", "voltage", "material", "country", "series")
AVAILABILITY = ("in_stock", "low", "to_order", "out", "discontinued")
READER = Access.of(EVERYONE)
URL, PATIENCE = settings.ELASTICSEARCH_URL, 60.0  # seconds: how long it takes is measured here, not cut off


def article(number: int) -> Document:
    """The article of this number, the same in every run."""
    chance = random.Random(number)
    kind, trait, other = chance.choice(KINDS), chance.choice(TRAITS), chance.choice(TRAITS)
    size, brand, category = chance.randint(4, 400), chance.randrange(BRANDS), chance.randrange(CATEGORIES)
    code = f"{chance.choice('ABDKMSTX')}{chance.choice('AEKRT')}-{number:07d}"
    common = COMMON if number % 2 else ("", "")
    price = round(chance.lognormvariate(7, 1.2), 2)
    return Document(
        kind="product",
        key=str(number),
        title=Words(
            ru=f"{kind[0]} {trait[0]} {other[0]} {size} мм {code} {common[0]}",
            en=f"{kind[1]} {trait[1]} {other[1]} {size} mm {code} {common[1]}",
        ),
        keywords=Words(ru=f"Бренд{brand}\nРаздел {category % 20}", en=f"Section {category % 20}"),
        body=Words(
            ru=f"{kind[0]} для работ с размером {size}x{chance.randint(2, 90)}. Серия S{chance.randrange(900)}. "
            + " ".join(chance.choices(SAID, k=PROSE_WORDS))
        ),
        codes=(code, f"{chance.randrange(10**9):09d}"),
        barcodes=(f"{4_600_000_000_000 + number}",),
        readers=frozenset({EVERYONE}),
        facets={
            "category": (f"r{category % 20}", str(category)),
            "brand": (str(brand),),
            "availability": (chance.choice(AVAILABILITY),),
            **{name: (f"v{chance.randrange(12)}",) for name in FACETS[3:]},
            "attribute/": tuple(f"a{at}={chance.randrange(30)}" for at in chance.sample(range(40), ATTRIBUTES)),
        },
        numbers={f"list_{at}": round(price * (0.7 + at / 50), 2) for at in range(LISTS)},
        weight=chance.choice((0.0, 0.3, 0.6, 0.9, 1.0)),
    )


def catalogue(count: int) -> Searchable[Access]:
    return Searchable(
        kind="product",
        documents=lambda keys: (article(int(key)) for key in keys),
        keys=lambda: map(str, range(count)),
        access=lambda actor: actor,
        permitted=lambda _, keys: set(keys),
    )


def questions(count: int, rounds: int) -> dict[str, list[Query]]:
    """By what is measured, as many different questions as there are rounds."""
    chance = random.Random(7)
    numbers = [chance.randrange(count) for _ in range(rounds)]

    def ask(text: str, **conditions: Any) -> Query:
        return Query(kind="product", text=text, access=READER, **conditions)

    def words(number: int, language: str) -> str:
        title = article(number).title
        return " ".join((title.ru if language == "ru" else title.en).split()[:2])

    texts = [words(number, "ru" if at % 2 else "en") for at, number in enumerate(numbers)]
    return {
        "search": [ask(text) for text in texts],
        "search, 8 facets": [
            ask(text, facets=FACETS, selected={"availability": ("in_stock", "low")}) for text in texts
        ],
        "a common word": [ask(COMMON[at % 2].split()[-1]) for at in range(rounds)],
        "a common word, 8 facets": [ask(COMMON[at % 2].split()[-1], facets=FACETS) for at in range(rounds)],
        "suggest": [ask(text[: 3 + at % 6], as_you_type=True, limit=8) for at, text in enumerate(texts)],
        "code lookup": [ask(article(number).codes[0].lower()) for number in numbers],
        "a piece of a code": [ask(article(number).codes[0][3:9]) for number in numbers],
        "deep page": [ask(text, offset=480) for text in texts],
        "catalogue, 8 facets": [ask("", facets=FACETS) for _ in range(rounds)],
    }


@dataclass
class Heard:
    """What went to the engine last."""

    bodies: list[Any] = field(default_factory=list)


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def percentile(spent: Sequence[float], share: float) -> float:
    ordered = sorted(spent)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def search(engine_name: str, query: Query) -> Results:
    """As `search.engines.search`, whatever the time it takes."""
    engine = ElasticEngine.installed() if engine_name == names.ELASTICSEARCH else PostgresEngine()
    return climb(engine, [query], synonyms.stored() if query.text else synonyms.NONE)


def measure(engine: str, listed: Iterable[Query], bare: Callable[[Any], object], heard: Heard) -> dict[str, float]:
    """p50 and p95 of the portal's answer, and of the bare request; their ratios."""
    portal, floor = [], []
    for query in listed:
        search(engine, query)  # warm: both find the same pages in memory
        ours, theirs = [], []
        for _turn in range(TURNS):
            heard.bodies.clear()
            ours.append(milliseconds(lambda query=query: search(engine, query)))
            last = heard.bodies[-1]
            theirs.append(milliseconds(lambda last=last: bare(last)))
        portal.append(min(ours))
        floor.append(min(theirs))
    line = {"p50": percentile(portal, 0.5), "p95": percentile(portal, 0.95)}
    line |= {"floor p50": percentile(floor, 0.5), "floor p95": percentile(floor, 0.95)}
    return line | {"ratio p50": line["p50"] / line["floor p50"], "ratio p95": line["p95"] / line["floor p95"]}


@contextmanager
def postgresql_heard(heard: Heard) -> Iterator[Callable[[Any], object]]:
    """Hear the SQL; the bare request is the statements of one answer, on the same connection."""

    def listen(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        if "search_entry" in f"{statement} {params}":
            heard.bodies.append([*(heard.bodies[-1] if heard.bodies else []), (statement, params)])
        return execute(statement, params, many, context)

    def bare(statements: Any) -> None:
        with connection.connection.cursor() as cursor:
            for statement, params in statements:
                cursor.execute(statement, params)
                cursor.fetchall()

    with connection.execute_wrapper(listen):
        yield bare


@contextmanager
def elasticsearch_heard(engine: ElasticEngine, heard: Heard) -> Iterator[Callable[[Any], object]]:
    """Hear what is sent; the bare request is the same bytes over one plain connection."""
    node = next(iter(engine.reading.transport.node_pool.all()))
    address, perform = urlsplit(settings.ELASTICSEARCH_URL), node.perform_request
    plain = http.client.HTTPConnection(address.hostname or "", address.port)

    def listen(method: str, target: str, body: Any = None, headers: Any = None, request_timeout: Any = None) -> Any:
        heard.bodies.append((method, target, body, dict(headers or {})))
        return perform(method, target, body, headers, request_timeout)

    def bare(request: Any) -> None:
        method, target, body, headers = request
        plain.request(method, target, body, headers)
        plain.getresponse().read()

    node.perform_request = listen  # type: ignore[method-assign]
    try:
        yield bare
    finally:
        del node.perform_request
        plain.close()


def fill(engine: Engine, count: int) -> float | None:
    """Index the articles unless they are there; answers articles a second."""
    is_there = (
        Index.objects.filter(state="live").exists() if engine.name == names.ELASTICSEARCH else Entry.objects.exists()
    )
    if is_there:
        return None
    began = time.perf_counter()
    with tqdm(total=count, desc=engine.name, unit=" articles", leave=False, disable=None) as bar:
        rebuild(catalogue(count), engine.name, progress=bar.update)
    spent = time.perf_counter() - began
    if engine.name == names.POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE search_entry")
    return count / spent


def run(engine_name: str, count: int, rounds: int) -> dict[str, Any]:
    heard, engine = Heard(), PostgresEngine()
    is_elastic = engine_name == names.ELASTICSEARCH
    if is_elastic:
        patient = client(URL, PATIENCE)
        engine = ElasticEngine(patient, patient, seconds=10**9)  # type: ignore[assignment]
    rate = fill(engine, count)
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_SECONDS = (URL if is_elastic else ""), PATIENCE
    listening = elasticsearch_heard(engine, heard) if is_elastic else postgresql_heard(heard)  # type: ignore[arg-type]
    try:
        with listening as bare:
            rows = {
                name: measure(engine_name, listed, bare, heard) for name, listed in questions(count, rounds).items()
            }
    finally:
        settings.ELASTICSEARCH_URL = URL
    return {"articles_per_second": rate, "milliseconds": rows}


@contextmanager
def own_place(count: int, *, keep: bool) -> Iterator[None]:
    """A database and names of indices of the benchmark's own."""
    name = f"bench_search_{count}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    home, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    settings.SEARCH_INDEX_PREFIX = f"bench-{count}"
    executor = MigrationExecutor(connection)
    executor.migrate([target for target in executor.loader.graph.leaf_nodes() if target[0] == "search"])
    try:
        yield
    finally:
        if not keep:
            for index in Index.objects.values_list("name", flat=True):
                ElasticEngine.installed().drop(index)
        connection.close()
        connection.settings_dict["NAME"] = home
        if not keep:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')


def table(found: dict[str, Any]) -> None:
    for engine, facts in found.items():
        rate = facts["articles_per_second"]
        print(f"{engine}: " + (f"{rate:,.0f} articles/s indexed" if rate else "indexed by an earlier run"))
        columns = [("p50", 8, 1), ("p95", 8, 1), ("floor p50", 11, 1), ("floor p95", 11, 1), ("ratio p50", 11, 2)]
        columns.append(("ratio p95", 11, 2))
        print(f"  {'milliseconds':<26}" + "".join(f"{name:>{width}}" for name, width, _ in columns))
        for name, line in facts["milliseconds"].items():
            print(f"  {name:<26}" + "".join(f"{line[cell]:>{width}.{digits}f}" for cell, width, digits in columns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?", type=int, default=10_000)
    parser.add_argument("--engine", choices=names.in_use(), action="append")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    with own_place(chosen.articles, keep=chosen.keep):
        engines = chosen.engine or list(names.in_use())
        found = {engine: run(engine, chosen.articles, chosen.rounds) for engine in engines}
    print(f"{chosen.articles:,} articles, {chosen.rounds} questions each")
    table(found)
    target = Path(os.environ.get("PORTAL_VAR", "var")) / "bench" / f"search-{chosen.articles}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"articles": chosen.articles, **found}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
