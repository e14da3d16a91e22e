"""What price-list files cost, beside PostgreSQL's own COPY and a workbook library, over lists of growing length.

`python bench/price_files.py [ROWS …]` (100,000 and 1,000,000 by default): prints a table and writes JSON to
`var/bench/price_files.json`. CPU of this process and of its PostgreSQL backend together, the median of several runs, and the
most memory of this process. It works in a database of its own on the tests' PostgreSQL (needs the development environment),
dropped afterwards.

- *COPY of the same query*: the same rows with the numbers and texts as they are, without headings, guards or decimal commas.
- *rustpy-xlsxwriter, rows in memory*: the library alone, given every value ready made; it reads no database.
- *rustpy-xlsxwriter, same query*: the same file from the same rows of the database, as it was made before.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402
from rustpy_xlsxwriter import FastExcel, Format  # noqa: E402

from bench import scratch  # noqa: E402
from ordering.pricing.enums import FileFormat  # noqa: E402
from ordering.pricing.queries import PriceContext, Recipe, Selection, made_of  # noqa: E402
from ordering.pricing.queries.file_bytes import file_blocks  # noqa: E402
from ordering.pricing.queries.file_lines import LIST_COLUMNS, Then, rows_sql  # noqa: E402
from tests.factories import make_dealer, make_region  # noqa: E402
from tests.factories_catalog import make_brand, make_category  # noqa: E402
from tests.factories_pricing import (  # noqa: E402
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    new_version,
)

NAME = "bench_price_files"
ARTICLES = """
    INSERT INTO catalog_product (sku, sku_key, mpn, name_ru, name_en, sort_key_ru, sort_key_en, brand_id, category_id, unit,
        pack, tax_rate, state, backorder, description_ru, description_en, attributes, picture, created_at, updated_at)
    SELECT 'TV-' || lpad(n::text, 7, '0'), 'tv-' || lpad(n::text, 7, '0'), 'MPN' || n * 7,
        'Дрель аккумуляторная ударная ' || n || ' 18 В', 'Cordless impact drill ' || n || ' 18 V, two batteries', '', '',
        %(brand)s, (%(categories)s::bigint[])[n %% 40 + 1], 'pcs', 1, 22, 'active', false, '', '', '{}', '', now(), now()
    FROM generate_series((SELECT count(*) FROM catalog_product) + 1, %(rows)s) n
"""
PRICES = """
    INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT %s, id, 1, 10 + id %% 9999 + (id * 7 %% 10000)::numeric / 10000 FROM catalog_product WHERE id %% %s = 0
"""


class World:
    """A dealer with a tier, a contract for a section, a promotion, a base list and a region's list that grow."""

    def __init__(self) -> None:
        region = make_region()
        self.dealer = make_dealer("Bench", region=region)
        self.categories = [make_category(f"c-{n}") for n in range(40)]
        self.brand = make_brand("Brand")
        silver, other = make_programme([("silver", 0, 8), ("other", 1, 8)]).tiers.order_by("threshold")
        make_award(self.dealer, silver)
        # Another dealer, whose tier has exceptions and who holds a brand's tier beside it.
        self.excepted = make_dealer("Excepted", region=region)
        for one in self.categories[5:15]:
            other.exceptions.create(category=one, discount=3)
        make_award(self.excepted, other)
        make_award(self.excepted, make_programme([("fan", 0, 10)], brand=make_brand("Other")).tiers.get())
        make_contract(self.dealer, self.categories[3], percent=5)
        make_promotion(self.categories[4], percent=3)
        self.lists = [(make_price_list(name_en="Base"), 1), (make_price_list(name_en="South", region=region), 5)]

    def grow(self, rows: int) -> None:
        keys = [one.pk for one in self.categories]
        with connection.cursor() as cursor:
            cursor.execute(ARTICLES, {"brand": self.brand.pk, "categories": keys, "rows": rows})
            for price_list, each in self.lists:
                cursor.execute(
                    "UPDATE pricing_pricelistversion SET validity = 'empty' WHERE price_list_id = %s", [price_list.pk]
                )
                version = new_version(price_list=price_list, source="bench")
                cursor.execute(PRICES, [version.pk, each])
                cursor.execute(
                    "UPDATE pricing_pricelistversion SET validity = '[2020-01-01,)', published_at = now() WHERE id = %s",
                    [version.pk],
                )
            cursor.execute("VACUUM ANALYZE")


class Meter:
    """CPU of this process and its backend, and the most memory of this process while the work runs."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.server = psutil.Process(cursor.fetchone()[0])
        self.own = psutil.Process()

    def run(self, work: Callable[[], Any], rounds: int) -> dict[str, float]:
        """Medians of the rounds: CPU-ms, seconds of wall clock, MB above what was held before."""
        found = []
        for _round in range(rounds):
            gc.collect()
            held, most, ended = self.own.memory_info().rss, [0], threading.Event()
            watch = threading.Thread(target=self._watch, args=(most, ended))
            watch.start()
            began, served, clock = time.process_time(), sum(self.server.cpu_times()[:2]), time.monotonic()
            work()
            spent = time.process_time() - began + sum(self.server.cpu_times()[:2]) - served
            took = time.monotonic() - clock
            ended.set()
            watch.join()
            found.append((spent * 1000, took, max(0, most[0] - held) / 2**20))
        cpu, wall, memory = (statistics.median(column) for column in zip(*found, strict=True))
        return {"cpu_ms": round(cpu, 1), "seconds": round(wall, 2), "mb": round(memory, 1)}

    def _watch(self, most: list[int], ended: threading.Event) -> None:
        while not ended.wait(0.05):
            most[0] = max(most[0], self.own.memory_info().rss)


def copied(context: PriceContext) -> None:
    """COPY of the file's rows as they are."""
    rows, values = rows_sql(made_of(context).basis, "en")
    columns = ", ".join(column.value for column in LIST_COLUMNS)
    statement = f"COPY (SELECT {columns} FROM ({rows}) r ORDER BY sku_key, min_quantity) TO STDOUT (FORMAT csv)"
    with tempfile.TemporaryFile() as target, connection.cursor() as cursor, cursor.copy(statement, values) as lines:
        for line in lines:
            target.write(line)


def written(recipe: Recipe) -> None:
    with tempfile.TemporaryFile() as target:
        for block in file_blocks(recipe):
            target.write(block)


def fetched(context: PriceContext) -> Iterator[dict[str, Any]]:
    """The file's rows as a workbook library takes them."""
    rows, values = rows_sql(made_of(context).basis, "en")
    names = [column.name for column in LIST_COLUMNS]
    columns = ", ".join(column.value for column in LIST_COLUMNS)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({rows}) r ORDER BY sku_key, min_quantity", values)
        while some := cursor.fetchmany(2000):
            for row in some:
                cells = (float(value) if isinstance(value, Decimal) else value for value in row)
                yield dict(zip(names, cells, strict=True))


def by_library(rows: Iterator[dict[str, Any]]) -> None:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        book = FastExcel(target.name).freeze(row=1)
        money = Format().set_num_format("#,##0.00##")
        book.sheet(
            "Prices",
            rows,
            column_widths={column.name: column.width for column in LIST_COLUMNS},
            column_formats={column.name: money for column in LIST_COLUMNS if column.kind == "price"},
            header_format=Format().set_bold(),
            autofilter=True,
        )
        book.save()


def measure(world: World, rows: int, rounds: int) -> dict[str, dict[str, float]]:
    context = PriceContext.of_dealer(world.dealer.pk)
    meter, made = Meter(), made_of(context)
    excepted = made_of(PriceContext.of_dealer(world.excepted.pk))
    then = Then(made.basis, made.catalogue.snapshot, made.read_at, catalogue_changed=True)
    table: dict[str, Callable[[], None]] = {
        "COPY of the same query": lambda: copied(context),
        "CSV": lambda: written(Recipe(made, FileFormat.CSV, "en")),
        "CSV, a tier with ten exceptions": lambda: written(Recipe(excepted, FileFormat.CSV, "en")),
        "CSV in Russian": lambda: written(Recipe(made, FileFormat.CSV, "ru")),
        "JSON": lambda: written(Recipe(made, FileFormat.JSON, "en")),
        "XLSX": lambda: written(Recipe(made, FileFormat.XLSX, "en")),
        "rustpy-xlsxwriter, same query": lambda: by_library(fetched(context)),
        "changes since (none), CSV": lambda: written(Recipe(made, FileFormat.CSV, "en", Selection(), then, made.stamp)),
    }
    found = {name: meter.run(work, rounds) for name, work in table.items()}
    if rows <= 200_000:  # a million of them would need gigabytes
        ready = list(fetched(context))
        found["rustpy-xlsxwriter, rows in memory"] = meter.run(lambda: by_library(iter(ready)), rounds)
    return found


def show(rows: int, found: dict[str, dict[str, float]]) -> dict[str, float]:
    print(f"\n{rows:,} rows{'':<26}{'CPU-ms':>10}{'s':>8}{'rows/s':>10}{'MB':>8}")
    for name, one in found.items():
        print(f"  {name:<38}{one['cpu_ms']:>8.0f}{one['seconds']:>8.2f}{rows / one['seconds']:>10.0f}{one['mb']:>8.1f}")
    plain, sheet = found["COPY of the same query"]["cpu_ms"], found["XLSX"]
    ratios = {
        "CSV / COPY, CPU": found["CSV"]["cpu_ms"] / plain,
        "CSV with exceptions / CSV, CPU": found["CSV, a tier with ten exceptions"]["cpu_ms"] / found["CSV"]["cpu_ms"],
        "Russian CSV / COPY, CPU": found["CSV in Russian"]["cpu_ms"] / plain,
        "XLSX rows/s, library = 1 (same query)": found["rustpy-xlsxwriter, same query"]["seconds"] / sheet["seconds"],
        "XLSX rows/CPU-s, library = 1 (same query)": found["rustpy-xlsxwriter, same query"]["cpu_ms"] / sheet["cpu_ms"],
    }
    if alone := found.get("rustpy-xlsxwriter, rows in memory"):
        ratios["XLSX with its query rows/s, library without one = 1"] = alone["seconds"] / sheet["seconds"]
    for name, ratio in ratios.items():
        print(f"  {name:<56}{ratio:>6.2f}")
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def main(sizes: list[int]) -> None:
    told: dict[str, Any] = {}
    with scratch.database(NAME):
        world = World()
        for rows in sorted(sizes):
            world.grow(rows)
            found = measure(world, rows, rounds=5 if rows <= 200_000 else 1)
            told[str(rows)] = {"measured": found, "ratios": show(rows, found)}
    target = Path(os.environ.get("PORTAL_VAR", "var")) / "bench" / "price_files.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [100_000, 1_000_000])
