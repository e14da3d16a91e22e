"""What a large ledger costs: 1,000,000 lines of 10,000 dealers posted, checked, and a programme simulated over them.

`python bench/ledger.py [ROWS] [DEALERS]`: prints a table and writes JSON to `var/bench/ledger.json`. It works in a database of
its own on the tests' PostgreSQL (needs the development environment), dropped afterwards.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from django.db import connection  # noqa: E402
from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: E402

from accounts.models import Dealer, Region  # noqa: E402
from bench import scratch  # noqa: E402
from ordering.catalog.models import Category, Product  # noqa: E402
from ordering.programme.models import DraftTier, Programme, ProgrammeDraft, Simulation, Tier  # noqa: E402
from ordering.programme.services import ask_simulation, run_next_simulation  # noqa: E402
from ordering.sales.enums import EntryKind, Source  # noqa: E402
from ordering.sales.queries import differences  # noqa: E402
from ordering.sales.services import NewEntry, post_entries  # noqa: E402
from tests.factories_pricing import OFFICE  # noqa: E402

NAME = "bench_ledger"
DAYS = 365
CATEGORIES = 20


def build_world(dealers: int) -> None:
    region = Region.objects.create(code="all", name_ru="Все", name_en="All", path="/1/")
    Dealer.objects.bulk_create(
        (Dealer(code=f"d-{n}", name=f"Dealer {n}", home_region=region) for n in range(dealers)), batch_size=2000
    )
    categories = [
        Category.objects.create(code=f"c-{n}", name_ru=f"Р{n}", name_en=f"C{n}", path=f"/{n}/")
        for n in range(CATEGORIES)
    ]
    Product.objects.bulk_create(
        Product(sku=f"S-{n}", sku_key=f"s-{n}", name_en=f"A{n}", category=categories[n % CATEGORIES])
        for n in range(500)
    )


def entries(rows: int, dealers: list[int], products: list[int]) -> Iterator[NewEntry]:
    """Ten lines a document; amounts and days spread without chance, so that two runs are one."""
    first = dt.date(2025, 12, 1)
    for n in range(rows):
        document = n // 10
        yield NewEntry(
            dealer_id=dealers[document * 7919 % len(dealers)],
            date=first + dt.timedelta(days=document * 31 % DAYS),
            document=f"B-{document}",
            line=str(n % 10),
            kind=EntryKind.SHIPPED,
            quantity=Decimal(n % 9 + 1),
            net=Decimal(n * 7 % 90_000 + 100).scaleb(-2) * 10,
            currency="RUB",
            source=Source.ERP,
            product_id=products[n * 13 % len(products)],
        )


def simulate_year() -> None:
    """Thresholds and rates of a draft beside those that ran, for every dealer, over twelve months."""
    programme = Programme.objects.create(
        code="p", name_ru="П", name_en="P", validity=DateRange(dt.date(2020, 1, 1), None)
    )
    draft = ProgrammeDraft.objects.create(name_ru="Ч", name_en="D")
    for code, threshold, discount in (("a", 0, 4), ("b", 40_000, 8), ("c", 60_000, 11)):
        names = {"code": code, "name_ru": code, "name_en": code}
        Tier.objects.create(programme=programme, threshold=threshold, discount=discount, **names)
        DraftTier.objects.create(draft=draft, threshold=threshold // 2, discount=discount + 1, **names)
    months = {"first_month": dt.date(2025, 12, 1), "last_month": dt.date(2026, 11, 1)}
    simulation = ask_simulation(simulation=Simulation(draft=draft, **months), by=OFFICE)
    run_next_simulation()
    simulation.job.refresh_from_db()
    if simulation.job.state != "done":
        sys.exit(f"The simulation ended as {simulation.job.state}: {simulation.job.error}")


def timed(name: str, work: Callable[[], Any], told: dict[str, float]) -> Any:
    began = time.monotonic()
    result = work()
    told[name] = round(time.monotonic() - began, 2)
    print(f"{name:<44}{told[name]:>9.2f} s", flush=True)
    return result


def main(rows: int, dealers: int) -> None:
    told: dict[str, float] = {"rows": rows, "dealers": dealers}
    with scratch.database(NAME):
        build_world(dealers)
        ids = list(Dealer.objects.order_by("pk").values_list("pk", flat=True))
        products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        timed("lines posted", lambda: post_entries(entries(rows, ids, products), by=OFFICE), told)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE sales_ledgerentry, sales_dailytotal")
        wrong = timed("totals checked against the lines", lambda: list(differences()), told)
        if wrong:
            sys.exit(f"{len(wrong)} totals differ")
        timed("a draft simulated over the year", simulate_year, told)
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
