"""What a simulation reads of the ledger: set-based, so many queries for one dealer as for ten thousand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Any, Final

from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from ordering.catalog.models import Category
from ordering.sales.enums import Measure
from ordering.sales.models import DailyTotal, LedgerEntry
from ordering.sales.periods import Period

from .simulation_rules import NOTHING, Bucket, Sold, Terms

CHUNK: Final = 20_000
# Net by dealer, month and bucket. Totals have no brands: where a brand matters, the entries themselves are read.
SOLD: Final = """
    SELECT s.dealer_id, date_trunc('month', s.{day})::date AS month, cut.nearest, {brand}, sum(s.net)
    FROM {rows} LEFT JOIN unnest(%(categories)s::bigint[], %(nearest)s::bigint[]) AS cut(category, nearest)
        ON cut.category = s.category_id
    WHERE s.currency = %(currency)s AND s.kind = ANY(%(kinds)s) AND s.{day} >= %(start)s AND s.{day} < %(end)s
        AND s.dealer_id = ANY(%(dealers)s) {only}
    GROUP BY 1, 2, 3, 4 ORDER BY 1
"""
OF_TOTALS: Final = {"rows": "sales_dailytotal s", "day": "date", "brand": "NULL::bigint", "only": ""}
OF_ENTRIES: Final = {
    "rows": "sales_ledgerentry s LEFT JOIN catalog_product p ON p.id = s.product_id",
    "day": "counts_on",
    "brand": "CASE WHEN p.brand_id = ANY(%(brands)s) THEN p.brand_id END",
    "only": "AND (%(brand)s::bigint IS NULL OR p.brand_id = %(brand)s)",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """How sales are cut into buckets: by the categories and brands that any of the terms names."""

    brand_id: int | None  # of these articles alone, where a draft is of a brand
    brands: frozenset[int]
    nearest: Mapping[int, int]  # category → the nearest at or above it that an exception names
    paths: Mapping[int, str]  # of the named ones

    @classmethod
    def by(cls, brand_id: int | None, terms: Iterable[Terms]) -> Cut:
        """One query, for the tree of categories, where an exception names any."""
        everything = list(terms)
        said = [one for of in everything for tier in of.tiers for one in tier.exceptions]
        brands = {one.brand_id for one in said} | {of.brand_id for of in everything} | {brand_id}
        named = {one.category_id for one in said if one.category_id}
        paths = dict(Category.objects.values_list("pk", "path")) if named else {}
        nearest = {}
        for pk, path in paths.items():
            above = [int(part) for part in path.split("/") if part]
            found = next((category for category in reversed(above) if category in named), None)
            if found:
                nearest[pk] = found
        return cls(brand_id, frozenset(filter(None, brands)), nearest, {pk: paths[pk] for pk in named if pk in paths})


def sold(period: Period, currency: str, dealers: Sequence[int], cut: Cut) -> Iterator[tuple[int, Sold]]:
    """For each of the dealers who bought, ascending: its net shipped by month and bucket. One query, read piece by piece."""
    asked = {
        "categories": list(cut.nearest), "nearest": list(cut.nearest.values()), "brands": sorted(cut.brands),
        "brand": cut.brand_id, "currency": currency, "kinds": list(Measure.SHIPPED.kinds), "start": period.start,
        "end": period.end, "dealers": list(dealers),
    }  # fmt: skip
    buckets: dict[tuple[int | None, int | None], Bucket] = {}
    query = SOLD.format(**(OF_ENTRIES if cut.brands else OF_TOTALS))
    for dealer_id, rows in groupby(_rows(query, asked), key=lambda row: row[0]):
        by_month: dict[dt.date, list[tuple[Bucket, Decimal]]] = {}
        for _dealer, month, category_id, brand_id, net in rows:
            key = (category_id, brand_id)
            bucket = buckets.get(key)
            if bucket is None:
                bucket = buckets[key] = Bucket(cut.paths.get(category_id, ""), brand_id)
            by_month.setdefault(month, []).append((bucket, net))
        yield dealer_id, by_month


def _rows(query: str, asked: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, asked)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


Counts = tuple[tuple[str, ...], int | None]


@dataclass(frozen=True, slots=True)
class Volumes:
    """What counts in the windows of any of the terms: of each dealer the running total before each month, and after the last."""

    months: Sequence[dt.date]
    totals: Mapping[Counts, Mapping[int, list[Decimal]]]

    @classmethod
    def read(cls, period: Period, currency: str, dealers: Sequence[int], terms: Iterable[Terms]) -> Volumes:
        """A query for each measure that any of the terms counts by, and one more where a brand's programme does."""
        months = period.months()
        totals: dict[Counts, Mapping[int, list[Decimal]]] = {}
        wanted: dict[tuple[str, ...], set[int | None]] = {}
        for of in terms:
            wanted.setdefault(of.kinds, set()).add(of.brand_id)
        for kinds, brands in wanted.items():
            if None in brands:
                whole = DailyTotal.objects.counted(period, currency, kinds).filter(dealer__in=dealers)
                totals |= _running(kinds, months, whole.values("dealer", month=TruncMonth("date")))
            if named := brands - {None}:
                entries = LedgerEntry.objects.filter(kind__in=kinds, currency=currency, dealer__in=dealers)
                of_brands = entries.counting_in(period).filter(product__brand__in=named)
                by = of_brands.values("dealer", brand=F("product__brand"), month=TruncMonth("counts_on"))
                totals |= _running(kinds, months, by)
        return cls(months, totals)

    def within(self, dealer_id: int, terms: Terms, window: Period) -> Decimal:
        """A dealer's volume in a window. Windows begin and end on first days of months: months add up to them exactly."""
        running = self.totals.get(terms.counts, {}).get(dealer_id)
        return running[self._place(window.end)] - running[self._place(window.start)] if running else NOTHING

    def _place(self, day: dt.date) -> int:
        first = self.months[0]
        return max(0, min((day.year - first.year) * 12 + day.month - first.month, len(self.months)))


def _running(kinds: tuple[str, ...], months: Sequence[dt.date], sums: Any) -> dict[Counts, Mapping[int, list[Decimal]]]:
    places = {month: place for place, month in enumerate(months)}
    net: dict[Counts, dict[int, list[Decimal]]] = {}
    for row in sums.annotate(sum=Sum("net")).order_by().iterator(chunk_size=CHUNK):
        of = net.setdefault((kinds, row.get("brand")), {})
        of.setdefault(row["dealer"], [NOTHING] * len(places))[places[row["month"]]] = row["sum"]
    return {
        counts: {dealer: list(accumulate(by_month, initial=NOTHING)) for dealer, by_month in of.items()}
        for counts, of in net.items()
    }
