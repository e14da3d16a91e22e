"""Prices out of files: all rows or none, as a list's new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Right

from ..errors import PriceFileRefused
from ..models import PriceList, PriceListVersion
from ..price_files import PriceRow, Refusal
from .lists import new_version, publish_version

if TYPE_CHECKING:
    from accounts.principals import Principal

REPORTED: Final = 1000


@dataclass(slots=True)
class ImportReport:
    """What an import did. `version` is None when the list says all of it already. Unknown SKUs were left out."""

    price_list: PriceList
    version: PriceListVersion | None = None
    rows: int = 0
    articles: int = 0
    changed: int = 0
    unknown_count: int = 0
    unknown: list[tuple[int, str]] = field(default_factory=list)


def import_prices(
    *,
    rows: Iterable[PriceRow | Refusal],
    price_list: PriceList,
    valid_from: dt.date,
    source: str,
    by: Principal,
    publish: bool = True,
) -> ImportReport:
    """Add a file's prices to a list as its new version, published from a day on (or left a draft).

    The new version is what holds on that day, with every article that the file names replaced by the file's breaks. The
    same prices again make no version. SKUs that the catalogue does not know are left out and reported.

    Raises PriceFileRefused naming the rows (`extra["refusals"]`) when any row cannot be taken, NotAllowed; then nothing
    changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason=f"prices imported: {source}"):
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        report = ImportReport(price_list)
        _take_in(rows, report)
        _refuse_contradictions()
        _match(report)
        before = PriceListVersion.objects.in_force(valid_from).filter(price_list=price_list).first()
        report.changed = _count_changed(before)
        if before and not report.changed:
            return report
        version = new_version(price_list=price_list, source=source)
        _fill(version, before)
        report.version = publish_version(version=version, valid_from=valid_from, by=by) if publish else version
    return report


def _take_in(rows: Iterable[PriceRow | Refusal], report: ImportReport) -> None:
    """Copy the rows beside the tables. Raises PriceFileRefused with every refused row (the first thousand of them)."""
    refused: list[Refusal] = []
    count = 0

    def taken() -> Iterator[PriceRow]:
        nonlocal count
        for row in rows:
            report.rows += 1
            if isinstance(row, PriceRow):
                yield row
            else:
                count += 1
                if len(refused) < REPORTED:
                    refused.append(row)

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_price")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming_price (number int, sku text, sku_key text, product_id bigint,"
            " min_quantity int, amount numeric(16, 4)) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_price (number, sku, sku_key, min_quantity, amount) FROM STDIN") as copy:
            for row in taken():
                copy.write_row((row.number, row.sku, row.sku_key, row.min_quantity, row.amount))
    if refused:
        raise refusal(refused, count)


def refusal(refused: list[Refusal], count: int) -> PriceFileRefused:
    """The refusal of a whole file: its message names the first rows."""
    lines = "\n".join(str(row) for row in refused[:20])
    return PriceFileRefused(
        _("%(count)s rows cannot be taken, so none was:\n%(rows)s") % {"count": count, "rows": lines},
        refusals=[{"row": row.number, "sku": row.sku, "remedy": row.remedy} for row in refused],
        count=count,
    )


CONTRADICTIONS: Final = """
    SELECT i.number, i.sku, f.number, f.amount FROM incoming_price i
    JOIN (SELECT DISTINCT ON (sku_key, min_quantity) * FROM incoming_price ORDER BY sku_key, min_quantity, number) f
      USING (sku_key, min_quantity)
    WHERE i.amount <> f.amount ORDER BY i.number LIMIT %s
"""
NO_FIRST_PRICE: Final = """
    SELECT min(number), min(sku), min(min_quantity) FROM incoming_price
    GROUP BY sku_key HAVING min(min_quantity) > 1 ORDER BY 1 LIMIT %s
"""


def _refuse_contradictions() -> None:
    """Rows that are right one by one and not together."""
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTIONS, [REPORTED])
        refused = [
            Refusal(
                number,
                sku,
                _("Row %(row)s says %(amount)s for the same SKU and quantity. Keep one of them.")
                % {"row": row, "amount": amount},
            )
            for number, sku, row, amount in cursor.fetchall()
        ]
        cursor.execute(NO_FIRST_PRICE, [REPORTED])
        refused += [
            Refusal(
                number, sku, _("Prices begin at %(quantity)s units. Add the price from 1.") % {"quantity": quantity}
            )
            for number, sku, quantity in cursor.fetchall()
        ]
    if refused:
        raise refusal(sorted(refused, key=lambda row: row.number), len(refused))


def _match(report: ImportReport) -> None:
    """Find the articles. Raises PriceFileRefused when the catalogue knows none of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incoming_price i SET product_id = a.id FROM catalog_product a WHERE a.sku_key = i.sku_key"
        )
        cursor.execute(
            "SELECT count(DISTINCT product_id), count(*) FILTER (WHERE product_id IS NULL) FROM incoming_price"
        )
        report.articles, report.unknown_count = cursor.fetchone() or (0, 0)
        cursor.execute(
            "SELECT number, sku FROM incoming_price WHERE product_id IS NULL ORDER BY number LIMIT %s", [REPORTED]
        )
        report.unknown = cursor.fetchall()
    if not report.articles:
        raise PriceFileRefused(
            _(
                "The catalogue knows none of the file's SKUs (%(rows)s rows). Import the articles first, or check the SKU column."
            )
            % {"rows": report.rows}
        )


CHANGED: Final = """
    SELECT count(DISTINCT product_id) FROM (
        (SELECT product_id, min_quantity, amount FROM incoming_price WHERE product_id IS NOT NULL
         EXCEPT SELECT product_id, min_quantity, amount FROM pricing_price WHERE version_id = %(before)s)
        UNION ALL
        (SELECT product_id, min_quantity, amount FROM pricing_price
         WHERE version_id = %(before)s AND product_id IN (SELECT product_id FROM incoming_price)
         EXCEPT SELECT product_id, min_quantity, amount FROM incoming_price)
    ) different
"""
FILL: Final = """
    INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT %(version)s, product_id, min_quantity, amount FROM (
        SELECT DISTINCT product_id, min_quantity, amount FROM incoming_price WHERE product_id IS NOT NULL
        UNION ALL
        SELECT product_id, min_quantity, amount FROM pricing_price
        WHERE version_id = %(before)s AND product_id NOT IN (SELECT product_id FROM incoming_price WHERE product_id IS NOT NULL)
    ) prices ORDER BY product_id, min_quantity
"""


def _count_changed(before: PriceListVersion | None) -> int:
    """How many articles the file prices otherwise than the version that holds."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"before": before.pk if before else None})
        return int((cursor.fetchone() or [0])[0])


def _fill(version: PriceListVersion, before: PriceListVersion | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"version": version.pk, "before": before.pk if before else None})
