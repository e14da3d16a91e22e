"""What a large ledger costs: 1,000,000 lines of 10,000 dealers posted, checked, and drafts of programmes simulated over them.

The first draft is plain; the second has exceptions by category and brand and premiums, and a brand's programme beside it.

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
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from django.db import connection  # noqa: E402
from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: E402

from accounts.models import Dealer, Region  # noqa: E402
from bench import scratch  # noqa: E402
from ordering.catalog.models import Brand, Category, Product  # noqa: E402
from ordering.programme.models import (  # noqa: E402
    Premium,
    PremiumSlice,
    Programme,
    Simulation,
    Tier,
    TierException,
)
from ordering.programme.services import ask_simulation, draft_of, run_next_simulation, save_draft  # noqa: E402
from ordering.sales.enums import EntryKind, Source  # noqa: E402
from ordering.sales.queries import differences  # noqa: E402
from ordering.sales.services import NewEntry, post_entries  # noqa: E402
from tests.factories_pricing import OFFICE  # noqa: E402

NAME = "bench_ledger"
DAYS = 365
CATEGORIES = 20
BRANDS = 5


def build_world(dealers: int) -> None:
    region = Region.objects.create(code="all", name_ru="Все", name_en="All", path="/1/")
    Dealer.objects.bulk_create(
        (Dealer(code=f"d-{n}", name=f"Dealer {n}", home_region=region) for n in range(dealers)), batch_size=2000
    )
    categories = [
        Category.objects.create(code=f"c-{n}", name_ru=f"Р{n}", name_en=f"C{n}", path=f"/{n}/")
        for n in range(CATEGORIES)
    ]
    brands = [Brand.objects.create(code=f"b-{n}", name=f"B{n}") for n in range(BRANDS)]
    Product.objects.bulk_create(
        Product(
            sku=f"S-{n}",
            sku_key=f"s-{n}",
            name_en=f"A{n}",
            category=categories[n % CATEGORIES],
            brand=brands[n // CATEGORIES % BRANDS],
        )
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


def programme(code: str, brand: Brand | None = None) -> Programme:
    made = Programme.objects.create(
        code=code, name_ru=code, name_en=code, validity=DateRange(dt.date(2020, 1, 1), None), brand=brand
    )
    for level, threshold, discount in (("a", 0, 4), ("b", 40_000, 8), ("c", 60_000, 11)):
        Tier.objects.create(
            programme=made, code=level, name_ru=level, name_en=level, threshold=threshold, discount=discount
        )
    return made


def enrich(made: Programme) -> None:
    """Ten exceptions a tier, a premium of each kind, and a programme of a brand beside it."""
    for tier in made.tiers.all():
        for number, category in enumerate(Category.objects.order_by("pk")[:8]):
            TierException.objects.create(tier=tier, category=category, discount=tier.discount + number)
        for brand in Brand.objects.order_by("pk")[:2]:
            TierException.objects.create(tier=tier, brand=brand, discount=tier.discount / 2)
    for kind in ("stepped", "retrospective"):
        premium = Premium.objects.create(programme=made, name_ru=kind, name_en=kind, kind=kind)
        for threshold in (0, 10_000, 20_000):
            PremiumSlice.objects.create(premium=premium, threshold=threshold, percent=threshold // 10_000 + 1)
    programme("branded", Brand.objects.order_by("-pk")[0])


def simulate_year(of: Programme) -> None:
    """Thresholds and rates of a draft beside those that ran, for every dealer, over twelve months."""
    draft = draft_of(of)
    for tier in draft.tiers.all():
        tier.threshold, tier.discount = tier.threshold // 2, tier.discount + 1
    save_draft(draft=draft, by=OFFICE)
    months = {"first_month": dt.date(2025, 12, 1), "last_month": dt.date(2026, 11, 1)}
    simulation = ask_simulation(simulation=Simulation(draft=draft, **months), by=OFFICE)
    run_next_simulation()
    simulation.job.refresh_from_db()
    if simulation.job.state != "done":
        sys.exit(f"The simulation ended as {simulation.job.state}: {simulation.job.error}")


def timed(name: str, work: Callable[[], Any], told: dict[str, float]) -> Any:
    """Says seconds by the clock and of CPU, this process and its PostgreSQL backend together; keeps both."""
    server = psutil.Process(connection.cursor().connection.info.backend_pid)
    began, spent = time.monotonic(), time.process_time() + sum(server.cpu_times()[:2])
    result = work()
    told[name] = round(time.monotonic() - began, 2)
    told[f"{name}, CPU"] = round(time.process_time() + sum(server.cpu_times()[:2]) - spent, 2)
    print(f"{name:<52}{told[name]:>9.2f} s{told[f'{name}, CPU']:>9.2f} s of CPU", flush=True)
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
        made = programme("plain")
        timed("a draft simulated over the year", lambda: simulate_year(made), told)
        enrich(made)
        timed("a draft with exceptions, premiums and a brand's", lambda: simulate_year(made), told)
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
