"""Reads of the ledger: volumes for programmes, histories for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import CharField, Count, F, Func, Max, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from ordering.catalog.models import Category

from .enums import GroupBy, Measure
from .models import DailyTotal, LedgerEntry
from .periods import Period

if TYPE_CHECKING:
    from accounts.principals import Principal

    from .querysets import DailyTotalQuerySet, LedgerQuerySet

NOTHING: Final = Decimal(0)


def _counted(
    period: Period, currency: str, kinds: Iterable[str], brand_id: int | None
) -> tuple[DailyTotalQuerySet | LedgerQuerySet, str]:
    """The rows to add up, and the name of the day they count on: daily totals, or of one brand the entries themselves.

    Totals know no brands: they would have several times the rows for what one decision a month asks.
    """
    counted = tuple(kinds)
    if brand_id is None:
        return DailyTotal.objects.counted(period, currency, counted), "date"
    entries = LedgerEntry.objects.filter(kind__in=counted, currency=currency, product__brand=brand_id)
    return entries.counting_in(period), "counts_on"


def volume(
    dealer_id: int, start: dt.date, end: dt.date, currency: str, kinds: Iterable[str], *, brand_id: int | None = None
) -> Decimal:
    """Net amount of a dealer's entries of these kinds that count in `[start, end)`, in one currency; of a brand or of all."""
    rows, _day = _counted(Period(start, end), currency, kinds, brand_id)
    return rows.filter(dealer=dealer_id).aggregate(sum=Sum("net"))["sum"] or NOTHING


def volumes(
    start: dt.date, end: dt.date, currency: str, kinds: Iterable[str], *, brand_id: int | None = None
) -> dict[int, Decimal]:
    """The same for every dealer that has entries, in one query: dealer id → net amount."""
    rows, _day = _counted(Period(start, end), currency, kinds, brand_id)
    return {row["dealer"]: row["sum"] for row in rows.values("dealer").annotate(sum=Sum("net")).order_by()}


def daily_volume(
    dealer_id: int, start: dt.date, end: dt.date, currency: str, kinds: Iterable[str], *, brand_id: int | None = None
) -> dict[dt.date, Decimal]:
    """Net amount of each day of `[start, end)` that has entries: lets a caller sum many windows with one query."""
    rows, day = _counted(Period(start, end), currency, kinds, brand_id)
    sums = rows.filter(dealer=dealer_id).values(day).annotate(sum=Sum("net")).order_by()
    return {row[day]: row["sum"] for row in sums}


@dataclass(frozen=True, slots=True)
class Difference:
    """A day whose totals are not the sum of its entries. `entries` and `totals` are (net, quantity, count); None: no rows."""

    dealer: str
    currency: str
    kind: str
    category: str
    date: dt.date
    entries: tuple[Decimal, Decimal, int] | None
    totals: tuple[Decimal, Decimal, int] | None


KEY: Final = "dealer_id, currency, kind, coalesce(category_id, 0) AS category_id"
DIFFERENCES: Final = f"""
    WITH said AS (
        SELECT {KEY}, counts_on AS date, sum(net) AS net, sum(quantity) AS quantity, count(*) AS entries
        FROM sales_ledgerentry GROUP BY dealer_id, currency, kind, category_id, counts_on
    ), kept AS (
        SELECT {KEY}, date, sum(net) AS net, sum(quantity) AS quantity, sum(entries) AS entries
        FROM sales_dailytotal GROUP BY dealer_id, currency, kind, category_id, date
    )
    SELECT dealer.code, differing.currency, kind, coalesce(category.code, ''), date, n1, q1, e1, n2, q2, e2
    FROM (
        SELECT dealer_id, currency, kind, category_id, date, said.net AS n1, said.quantity AS q1, said.entries AS e1,
               kept.net AS n2, kept.quantity AS q2, kept.entries AS e2
        FROM said FULL JOIN kept USING (dealer_id, currency, kind, category_id, date)
        WHERE (said.net, said.quantity, said.entries) IS DISTINCT FROM (kept.net, kept.quantity, kept.entries)
    ) differing
    JOIN accounts_dealer dealer ON dealer.id = dealer_id LEFT JOIN catalog_category category ON category.id = category_id
    ORDER BY date, dealer.code, differing.currency, kind
"""  # noqa: S608 (names of our own)


def differences() -> Iterator[Difference]:
    """Where the daily totals and the entries disagree: nothing, as long as nobody went round the ledger. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        for dealer, currency, kind, category, date, *sums in cursor:
            said, kept = (part if part[0] is not None else None for part in (tuple(sums[:3]), tuple(sums[3:])))
            yield Difference(dealer, currency, kind, category, date, said, kept)


def last_entry_date(principal: Principal, measure: Measure = Measure.SHIPPED) -> dt.date | None:
    """The latest business date the principal's figures reach to: how fresh they are."""
    entries = LedgerEntry.objects.visible_to(principal).filter(kind__in=measure.kinds)
    last: dt.date | None = entries.aggregate(last=Max("date"))["last"]
    return last


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals of a period: net amount, different articles, documents, quantity."""

    net: Decimal
    articles: int
    documents: int
    quantity: Decimal

    @property
    def average(self) -> Decimal | None:
        """Net amount of a document; None where there is none."""
        return self.net / self.documents if self.documents else None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A month, category, article or client. `key` is the first day, the category code, the SKU or the client id."""

    key: str
    name_ru: str
    name_en: str
    net: Decimal
    quantity: Decimal
    compared_net: Decimal


@dataclass(frozen=True, slots=True)
class History:
    """Sales of a period beside those of the period compared, in one currency."""

    period: Period
    compared: Period
    currency: str
    measure: Measure
    group_by: GroupBy
    totals: Figures
    compared_totals: Figures
    rows: tuple[HistoryRow, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a grouping reads: the column grouped by, and those of its names."""

    key: str
    name_ru: str
    name_en: str


# A category's path is "/1/7/": the second part is the id of the branch it hangs on.
TOP_CATEGORY: Final = Func(
    F("product__category__path"), Value("/"), Value(2), function="split_part", output_field=CharField()
)
CUTS: Final = {
    GroupBy.PRODUCT: _Cut("product__sku", "product__name_ru", "product__name_en"),
    GroupBy.CLIENT: _Cut("client_id", "client__name", "client__name"),
}


def history(
    principal: Principal,
    start: dt.date,
    end: dt.date,
    group_by: GroupBy = GroupBy.MONTH,
    *,
    compared: Period | None = None,
    currency: str | None = None,
    measure: Measure = Measure.SHIPPED,
) -> History:
    """Sales that the principal may see with dates in `[start, end)`, beside `compared` (by default a year earlier).

    Months come in order, each beside the month at the same place of the compared period; other rows by amount.
    A constant number of queries.
    """
    period = Period(start, end)
    compared = compared or period.year_before()
    currency = currency or principal.currency
    entries = LedgerEntry.objects.visible_to(principal).counted_by(measure, currency)
    if group_by is GroupBy.MONTH:
        rows = _months(entries, period, compared)
    elif group_by is GroupBy.CATEGORY:
        rows = _top_categories(entries, period, compared)
    else:
        rows = _cut(entries, period, compared, CUTS[group_by])
    return History(
        period=period,
        compared=compared,
        currency=currency,
        measure=measure,
        group_by=group_by,
        totals=_figures(entries.within(period)),
        compared_totals=_figures(entries.within(compared)),
        rows=rows,
    )


def _figures(entries: LedgerQuerySet) -> Figures:
    sums = entries.aggregate(
        net=Sum("net"),
        articles=Count("product", distinct=True),
        documents=Count("document", distinct=True),
        quantity=Sum("quantity"),
    )
    return Figures(sums["net"] or NOTHING, sums["articles"], sums["documents"], sums["quantity"] or NOTHING)


def _sum_within(field: str, period: Period) -> Any:
    return Coalesce(Sum(field, filter=Q(date__gte=period.start, date__lt=period.end)), NOTHING)


def _in_either(entries: LedgerQuerySet, period: Period, compared: Period) -> LedgerQuerySet:
    return entries.filter(
        Q(date__gte=period.start, date__lt=period.end) | Q(date__gte=compared.start, date__lt=compared.end)
    )


def _months(entries: LedgerQuerySet, period: Period, compared: Period) -> tuple[HistoryRow, ...]:
    months, compared_months = period.months(), compared.months()
    sums = {
        row["month"]: row
        for row in _in_either(entries, period, compared)
        .values(month=TruncMonth("date"))
        .annotate(
            now=_sum_within("net", period),
            pieces=_sum_within("quantity", period),
            then=_sum_within("net", compared),
        )
        .order_by()
    }
    rows = []
    for place, month in enumerate(months):
        before = sums.get(compared_months[place]) if place < len(compared_months) else None
        now = sums.get(month)
        rows.append(
            HistoryRow(
                key=month.isoformat(),
                name_ru=month.isoformat()[:7],
                name_en=month.isoformat()[:7],
                net=now["now"] if now else NOTHING,
                quantity=now["pieces"] if now else NOTHING,
                compared_net=before["then"] if before else NOTHING,
            )
        )
    return tuple(rows)


def _sums_by(entries: LedgerQuerySet, period: Period, compared: Period, **keys: Any) -> list[dict[str, Any]]:
    """Sums of both periods by these keys, the largest first."""
    rows: Any = _in_either(entries, period, compared).values(**keys)
    sums = rows.annotate(
        now=_sum_within("net", period),
        pieces=_sum_within("quantity", period),
        then=_sum_within("net", compared),
    )
    return list(sums.order_by("-now", "-then", "key"))


def _row(sums: dict[str, Any], key: Any, name_ru: str | None, name_en: str | None) -> HistoryRow:
    return HistoryRow(
        key="" if key is None else str(key),
        name_ru=name_ru or "",
        name_en=name_en or "",
        net=sums["now"],
        quantity=sums["pieces"],
        compared_net=sums["then"],
    )


def _cut(entries: LedgerQuerySet, period: Period, compared: Period, cut: _Cut) -> tuple[HistoryRow, ...]:
    sums = _sums_by(entries, period, compared, key=F(cut.key), ru=F(cut.name_ru), en=F(cut.name_en))
    return tuple(_row(row, row["key"], row["ru"], row["en"]) for row in sums)


def _top_categories(entries: LedgerQuerySet, period: Period, compared: Period) -> tuple[HistoryRow, ...]:
    """By the branches of the catalogue's tree: a handful, whatever its depth."""
    sums = _sums_by(entries, period, compared, key=TOP_CATEGORY)
    tops = Category.objects.in_bulk([int(row["key"]) for row in sums if row["key"]])
    rows = []
    for row in sums:
        top = tops.get(int(row["key"])) if row["key"] else None
        rows.append(_row(row, top.code, top.name_ru, top.name_en) if top else _row(row, None, None, None))
    return tuple(rows)
