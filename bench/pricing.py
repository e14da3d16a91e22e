"""What the price of a list costs: 24 articles with a dealer's own prices as JSON, beside the plain SQL of the same rows.

`python bench/pricing.py [ROUNDS]`: prints a table and writes JSON to `var/bench/pricing.json`. CPU of this process and of its
PostgreSQL backend together (the backend's only where the server runs on this machine), over whatever the database holds.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
django.setup()

import orjson  # noqa: E402
import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Dealer  # noqa: E402
from ordering.pricing.models import Price  # noqa: E402
from ordering.pricing.queries import PriceContext, list_versions, quote  # noqa: E402

LIST = 24
PLAIN = """
    SELECT p.product_id, a.tax_rate, p.version_id, p.id, p.min_quantity, p.amount
    FROM pricing_price p JOIN catalog_product a ON a.id = p.product_id
    WHERE p.version_id = ANY(%s) AND p.product_id = ANY(%s)
"""


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


def main(rounds: int) -> None:
    dealer = Dealer.objects.filter(is_active=True).order_by("pk").first()
    if dealer is None:
        sys.exit("The database holds no dealer: run `make demo` first, or load_demo.")
    context = PriceContext.of_dealer(dealer.pk)
    versions = [version.version_id for version in list_versions(context)]
    products = list(
        Price.objects.filter(version__in=versions)
        .order_by("product")
        .values_list("product", flat=True)
        .distinct()[:LIST]
    )
    items = [(product, 7) for product in products]

    def plain() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, [versions, products])
            return orjson.dumps(cursor.fetchall(), default=str)

    def quoted() -> bytes:
        return orjson.dumps([receipt.in_words("en") for receipt in quote(context, items).values()])

    def from_nothing() -> bytes:
        found = quote(PriceContext.of_dealer(dealer.pk), items)
        return orjson.dumps([{"amount": str(receipt.unit_price)} for receipt in found.values()])

    server = backend()
    rows = {
        "plain SQL of the same rows": cpu_ms(plain, rounds, server),
        "quote with receipts": cpu_ms(quoted, rounds, server),
        "context and quote, prices only": cpu_ms(from_nothing, rounds, server),
    }
    print(f"{len(products)} articles of {Price.objects.count()} prices, CPU-ms a list ({rounds} rounds)")
    for name, spent in rows.items():
        print(f"  {name:<34}{spent:>8.2f}")
    target = Path(os.environ.get("PORTAL_VAR", "var")) / "bench" / "pricing.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"articles": len(products), "cpu_ms": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
