"""The only way into the ledger, and what is kept of it beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ordering.catalog.models import Product
from ordering.catalog.search import SEARCHABLE as ARTICLES
from ordering.clients.models import DealerClient
from portal.lib.errors import NotAllowed
from search import feed

from .enums import EntryKind, Source
from .errors import DocumentLineTaken
from .models import LEDGER_LOCK, TOTALS

if TYPE_CHECKING:
    from accounts.principals import Principal

BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A statement about a document line. `net` is without tax; returns have negative `quantity` and `net`."""

    dealer_id: int
    date: dt.date
    document: str
    line: str
    kind: EntryKind
    quantity: Decimal
    net: Decimal
    currency: str
    source: Source
    product_id: int | None = None
    client_id: int | None = None  # the dealer's own card


# The entry's fields in the order of the statements below.
COLUMNS: Final = (
    ("dealer_id", "bigint"),
    ("date", "date"),
    ("document", "text"),
    ("line", "text"),
    ("kind", "text"),
    ("quantity", "numeric"),
    ("net", "numeric"),
    ("currency", "text"),
    ("source", "text"),
    ("product_id", "bigint"),
    ("client_id", "bigint"),
)
NAMES: Final = ", ".join(name for name, _type in COLUMNS)
SAID: Final = ", ".join(f"given.{name}" for name, _type in COLUMNS)
GIVEN: Final = f"unnest({', '.join(f'%s::{kind}[]' for _name, kind in COLUMNS)}) AS given ({NAMES})"
INSERT: Final = f"""
    INSERT INTO sales_ledgerentry ({NAMES}, counts_on, category_id)
    SELECT {SAID}, greatest(given.date, closed.before), product.category_id
    FROM {GIVEN} LEFT JOIN sales_periodclosing closed USING (currency, kind)
    LEFT JOIN catalog_product product ON product.id = given.product_id
    ORDER BY given.source, given.kind, given.document, given.line
    ON CONFLICT (source, kind, document, line) DO NOTHING
"""  # noqa: S608 (names and types of our own)
CONTRADICTED: Final = f"""
    SELECT DISTINCT given.document || '/' || given.line
    FROM {GIVEN} JOIN sales_ledgerentry held USING (source, kind, document, line)
    WHERE (held.dealer_id, held.date, held.quantity, held.net, held.currency)
          IS DISTINCT FROM (given.dealer_id, given.date, given.quantity, given.net, given.currency)
       OR (held.product_id, held.client_id) IS DISTINCT FROM (given.product_id, given.client_id)
    ORDER BY 1
"""  # noqa: S608 (names and types of our own)


def post_entries(entries: Iterable[NewEntry], *, by: Principal) -> int:
    """Add statements to the ledger and return how many were new.

    The same statement posted again (same source, kind, document and line, same contents) is not doubled: importing twice
    is safe. A dealer's person posts only for the own dealer. Daily totals grow in the same statement; an entry whose
    period is closed counts from the first open day (triggers of the models).

    Raises DocumentLineTaken when the ledger says something else about one of the lines, NotAllowed for another
    dealer's entry or client; then nothing changed.
    """
    added = 0
    with transaction.atomic():
        _hold_open()
        for batch in _batches(entries):
            _check_dealer(batch, by)
            _check_clients(batch)
            added += _add(batch)
    return added


def _hold_open() -> None:
    """Nobody closes a period before this transaction ends. A statement of its own: those after it see what is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LEDGER_LOCK])


def _batches(entries: Iterable[NewEntry]) -> Iterator[list[NewEntry]]:
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _check_dealer(batch: list[NewEntry], by: Principal) -> None:
    if by.dealer_id and any(entry.dealer_id != by.dealer_id for entry in batch):
        raise NotAllowed(_("Sales are posted for your own company only."))


def _check_clients(batch: list[NewEntry]) -> None:
    """A client is the dealer's own card: with another dealer's, that dealer's words would stand in this one's history."""
    named = {(entry.client_id, entry.dealer_id) for entry in batch if entry.client_id}
    if not named:
        return
    cards = DealerClient.objects.filter(pk__in=[client_id for client_id, _dealer in named])
    if strangers := named.difference(cards.values_list("pk", "dealer_id")):
        raise NotAllowed(_("Sales are posted to the dealer's own clients only."), clients=sorted(strangers))


def _add(batch: list[NewEntry]) -> int:
    columns: list[list[Any]] = [[getattr(entry, name) for entry in batch] for name, _type in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, columns)
        added: int = cursor.rowcount
        if added < len(batch):
            cursor.execute(CONTRADICTED, columns)
            if taken := [row[0] for row in cursor.fetchall()]:
                raise DocumentLineTaken(documents=taken)
    return added


CLOSE: Final = """
    INSERT INTO sales_periodclosing AS held (currency, kind, before) SELECT %s, unnest(%s::text[]), %s
    ON CONFLICT (currency, kind) DO UPDATE SET before = greatest(held.before, excluded.before)
"""
MERGE: Final = """
    WITH gone AS (
        DELETE FROM sales_dailytotal total USING (
            SELECT dealer_id, currency, kind, category_id, date FROM sales_dailytotal
            GROUP BY dealer_id, currency, kind, category_id, date HAVING count(*) > 1
        ) doubled
        WHERE (total.dealer_id, total.currency, total.kind, total.date)
            = (doubled.dealer_id, doubled.currency, doubled.kind, doubled.date)
          AND total.category_id IS NOT DISTINCT FROM doubled.category_id
        RETURNING total.*
    )
    INSERT INTO sales_dailytotal (dealer_id, currency, kind, category_id, date, net, quantity, entries)
    SELECT dealer_id, currency, kind, category_id, date, sum(net), sum(quantity), sum(entries)
    FROM gone GROUP BY dealer_id, currency, kind, category_id, date
"""


def close_period(*, currency: str, kinds: Iterable[str], before: dt.date) -> None:
    """What is dated before this day has been decided upon: entries that come later count from this day on.

    Call it in the transaction of the decision, before the sums are read: it waits until everyone who is posting has
    finished, and whoever posts next waits for the decision. A closed day never opens again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        cursor.execute(CLOSE, [currency, sorted(kinds), before])


def merge_totals() -> None:
    """Make one daily total of those that stand under one key. Readers and posters never wait for it, and sums never change."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MERGE)


DEMAND: Final = """
    WITH lines AS (
        SELECT product_id, dealer_id, least(count(DISTINCT (document, line)), %(most)s) AS counted
          FROM sales_ledgerentry
         WHERE product_id IS NOT NULL AND kind = ANY(%(kinds)s) AND date > %(after)s AND date <= %(until)s
         GROUP BY product_id, dealer_id
    ), demand AS (
        SELECT product_id, least(4, greatest(1, floor(log(4, sum(counted)))))::smallint AS level
          FROM lines GROUP BY product_id HAVING count(*) >= %(dealers)s
    ), gone AS (
        DELETE FROM sales_demand held
         WHERE NOT EXISTS (SELECT FROM demand WHERE demand.product_id = held.product_id) RETURNING held.product_id
    ), new AS (
        INSERT INTO sales_demand AS held (product_id, level) SELECT product_id, level FROM demand
        ON CONFLICT (product_id) DO UPDATE SET level = excluded.level WHERE held.level <> excluded.level
        RETURNING held.product_id
    )
    SELECT product_id FROM gone UNION ALL SELECT product_id FROM new
"""
_YEAR: Final = dt.timedelta(days=365)
_FEWEST_DEALERS: Final = 5  # that bought an article before anything is said of it
_MOST_OF_A_DEALER: Final = 12  # lines of one dealer that count


def count_demand(*, until: dt.date) -> int:
    """How much each article was asked for in the year until this day; answers how many articles' levels changed, which
    search is told of, in its slow lane.

    Nothing can be read back of one dealer's sales: fewer than five dealers are nothing, a dealer counts a dozen times at most
    whatever was bought, lines are counted and not money, and a level holds four times the one below.
    """
    kinds = [EntryKind.ORDERED.value, EntryKind.SHIPPED.value]
    params: dict[str, Any] = {
        "most": _MOST_OF_A_DEALER,
        "dealers": _FEWEST_DEALERS,
        "kinds": kinds,
        "after": until - _YEAR,
        "until": until,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DEMAND, params)
        changed = [row[0] for row in cursor.fetchall()]
        feed.mark_found(ARTICLES.kind, Product.objects.filter(pk__in=changed).values_list("pk"))
    return len(changed)


def rebuild_totals() -> None:
    """Make the daily totals anew from the entries, for when somebody went round the ledger. Posting waits meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        cursor.execute("DELETE FROM sales_dailytotal")
        cursor.execute(TOTALS.format(entries="sales_ledgerentry"))
