"""What the price of a list costs: 24 articles with a dealer's own prices as JSON, beside the plain SQL of the same rows.

`python bench/pricing.py [ROUNDS]`: the same list in a network of 40 dealers and 20,000 articles, with 10,000 dealers, and with
1,000,000 articles: CPU of this process and of its PostgreSQL backend together (the backend's only where the server runs on this
machine), in databases of its own, dropped afterwards. Prints a table and writes JSON to `var/bench/pricing.json`. Building the
largest takes about two minutes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

import orjson  # noqa: E402
import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Dealer  # noqa: E402
from bench import scratch  # noqa: E402
from ordering.pricing.queries import PriceContext, list_versions, price_of, quote  # noqa: E402
from portal.lib.clock import business_date  # noqa: E402

LIST: Final = 24
WORLDS: Final = ((20_000, 40), (20_000, 10_000), (1_000_000, 40))
PLAIN: Final = """
    SELECT p.product_id, a.tax_rate, p.version_id, p.id, p.min_quantity, p.amount
    FROM pricing_price p JOIN catalog_product a ON a.id = p.product_id
    WHERE p.version_id = ANY(%s) AND p.product_id = ANY(%s)
"""
TABLES: Final = (
    *("accounts_region", "accounts_dealer", "catalog_category", "catalog_product", "pricing_pricelist"),
    *("pricing_pricelistversion", "pricing_price", "pricing_contract", "pricing_promotion"),
    *("programme_programme", "programme_tier", "programme_tieraward"),
)


def build(articles: int, dealers: int) -> None:
    """The network of `pricing_world.sql`. Triggers are off while it is built: they keep history nobody reads here."""
    world = Path(__file__).with_name("pricing_world.sql").read_text()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(world, {"articles": articles, "dealers": dealers})
        cursor.execute("VACUUM ANALYZE")


def backend() -> psutil.Process | None:
    """The PostgreSQL process that serves this connection, where it can be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return psutil.Process(pid) if psutil.pid_exists(pid) else None


def cpu_ms(work: Callable[[], object], rounds: int, server: psutil.Process | None) -> float:
    """Milliseconds of CPU of one round, this process and the server's together."""
    for _warm in range(20):
        work()
    began, served = time.process_time(), sum(server.cpu_times()[:2]) if server else 0.0
    for _round in range(rounds):
        work()
    ended = time.process_time() + (sum(server.cpu_times()[:2]) - served if server else 0.0)
    return (ended - began) / rounds * 1000


def measure(rounds: int) -> dict[str, float]:
    """Of a dealer with lists of every scope and contracts: CPU-ms by what was done."""
    dealer = Dealer.objects.order_by("pk").first()
    context = PriceContext.of_dealer(dealer.pk)
    versions = [version.version_id for version in list_versions(context)]
    products = list(range(1, LIST + 1))
    items = [(product, 7) for product in products]

    def plain(asked: list[int] = products) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, [versions, asked])
            return orjson.dumps(cursor.fetchall(), default=str)

    def listed() -> bytes:
        found = quote(PriceContext.of_dealer(dealer.pk, business_date()), items)
        return orjson.dumps([{"product": pk, "amount": str(receipt.unit_price)} for pk, receipt in found.items()])

    server = backend()
    return {
        "plain SQL of the same rows": cpu_ms(plain, rounds, server),
        "list with own prices, as JSON": cpu_ms(listed, rounds, server),
        "list with whole receipts": cpu_ms(
            lambda: orjson.dumps([one.in_words("en") for one in quote(context, items).values()]), rounds, server
        ),
        "plain SQL of one article": cpu_ms(lambda: plain([7]), rounds, server),
        "one receipt": cpu_ms(lambda: price_of(context, 7, 7), rounds, server),
    }


def main(rounds: int) -> None:
    told: dict[str, dict[str, float]] = {}
    for articles, dealers in WORLDS:
        with scratch.database("bench_pricing"):
            build(articles, dealers)
            told[f"{articles:,} articles, {dealers:,} dealers"] = measure(rounds)
    print(f"CPU-ms, {rounds} rounds; {LIST} articles a list")
    print(" " * 34 + "".join(f"{name:>36}" for name in told))
    for name in next(iter(told.values())):
        print(f"  {name:<32}" + "".join(f"{figures[name]:>36.2f}" for figures in told.values()))
    target = Path("var/bench/pricing.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
