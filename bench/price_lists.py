"""A price list of 100,000 rows: imported out of a file with validation, then published while people ask for prices.

`python bench/price_lists.py [ROWS]`: prints a table and writes JSON to `var/bench/price_lists.json`. It works in a database of
its own, dropped afterwards. It fails where one answer of 24 articles mixes two versions: the articles cost 1 before, 2 after.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from django.db import connection  # noqa: E402

from accounts.models import Dealer, Region  # noqa: E402
from bench import scratch  # noqa: E402
from ordering.catalog.models import Product  # noqa: E402
from ordering.pricing.models import PriceList  # noqa: E402
from ordering.pricing.price_files import read_price_file  # noqa: E402
from ordering.pricing.queries import PriceContext, quote  # noqa: E402
from ordering.pricing.services import import_prices, publish_version  # noqa: E402
from portal.lib.clock import business_date  # noqa: E402
from tests.factories_pricing import OFFICE  # noqa: E402

PEOPLE: Final = 20
ASKED_EACH: Final = 5
LIST: Final = 24


def build(rows: int) -> PriceList:
    region = Region.objects.create(code="all", name_ru="Все", name_en="All", path="/1/")
    Dealer.objects.create(code="d", name="Dealer", home_region=region)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product DISABLE TRIGGER USER")
        cursor.execute(
            """INSERT INTO catalog_product (sku, sku_key, mpn, name_ru, name_en, sort_key_ru, sort_key_en, unit,
                pack, tax_rate, state, backorder, description_ru, description_en, attributes, picture, created_at, updated_at)
            SELECT 'S-' || n, 's-' || n, '', '', 'Article ' || n, '', '', 'pcs', 1, 22,
                'active', false, '', '', '{}', '', now(), now()
            FROM generate_series(1, %s) n""",
            [rows],
        )
        cursor.execute("VACUUM ANALYZE catalog_product")
    return PriceList.objects.create(code="base", name_ru="Основной", name_en="Base")


def imported(path: Path, price_list: PriceList, *, publish: bool) -> tuple[object, float]:
    began = time.monotonic()
    report = import_prices(
        rows=read_price_file(path, currency="RUB"),
        price_list=price_list,
        valid_from=business_date(),
        source=path.name,
        by=OFFICE,
        publish=publish,
    )
    return report.version, time.monotonic() - began


class Asking:
    """People who ask for the same articles again and again; `mixed` are answers of two versions."""

    def __init__(self, skus: list[str]) -> None:
        self.products = list(Product.objects.filter(sku__in=skus).values_list("pk", flat=True))
        self.dealer = Dealer.objects.get().pk
        self.answers: list[set[int]] = []
        self.over = threading.Event()

    def ask(self) -> None:
        try:
            asked = 0
            while asked < ASKED_EACH or not self.over.is_set():
                found = quote(PriceContext.of_dealer(self.dealer), [(product, 1) for product in self.products])
                self.answers.append({int(receipt.unit_price) for receipt in found.values()} | {-len(found)})
                asked += 1
        finally:
            connection.close()


def main(rows: int) -> None:
    told: dict[str, float] = {"rows": rows}
    with scratch.database("bench_price_lists"), tempfile.TemporaryDirectory() as folder:
        price_list = build(rows)
        for amount in (1, 2):
            lines = "".join(f"S-{n};{amount}\n" for n in range(1, rows + 1))
            Path(folder, f"{amount}.csv").write_text(f"sku;price\n{lines}")
        _first, told["imported and published, s"] = imported(Path(folder, "1.csv"), price_list, publish=True)
        draft, told["imported as a draft, s"] = imported(Path(folder, "2.csv"), price_list, publish=False)
        asking = Asking([f"S-{n}" for n in range(1, rows, rows // LIST)][:LIST])
        people = [threading.Thread(target=asking.ask) for _n in range(PEOPLE)]
        for one in people:
            one.start()
        time.sleep(0.5)
        began = time.monotonic()
        publish_version(version=draft, valid_from=business_date(), by=OFFICE)  # type: ignore[arg-type]
        told["published while they ask, s"] = time.monotonic() - began
        asking.over.set()
        for one in people:
            one.join()
        kinds = {frozenset(answer) for answer in asking.answers}
        told["answers meanwhile"] = len(asking.answers)
        told["answers of two versions"] = sum(1 for answer in asking.answers if len(answer) != 2)
        if kinds != {frozenset({1, -LIST}), frozenset({2, -LIST})}:
            sys.exit(f"answers were not of one version each, or never of the new one: {kinds}")
    for name, figure in told.items():
        print(f"{name:<34}{figure:>12,.2f}")
    target = Path("var/bench/price_lists.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
