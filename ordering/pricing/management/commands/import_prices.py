"""`manage.py import_prices FILE`: a file's prices as the new version of a list."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from tqdm import tqdm

from accounts.enums import StaffRole
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.pricing.errors import PriceFileRefused
from ordering.pricing.price_files import read_price_file
from ordering.pricing.services import ImportReport, base_list, import_prices, list_by_code
from portal.lib.clock import business_date
from portal.lib.errors import DomainError

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Adds the prices of a file (CSV, XLSX, JSON lines, also .gz) to a price list as its new version. All rows or none: "
        "a row that cannot be taken is named with its number and what to do. The same prices again make no version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--list", dest="code", help="code of the price list; the base list of the currency by default"
        )
        parser.add_argument("--currency", help="ISO 4217; the list's own by default, RUB without a list")
        parser.add_argument("--minor-units", action="store_true", help="prices are whole numbers of cents or kopecks")
        parser.add_argument("--valid-from", type=dt.date.fromisoformat, help="YYYY-MM-DD, today by default")

    def handle(self, *, file: Path, code: str | None, currency: str | None, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        began = time.monotonic()
        try:
            report = self._import(file, code, currency, **options)
        except PriceFileRefused as refused:
            self._say_refused(refused)
        except DomainError as error:
            raise CommandError(str(error)) from None
        else:
            self._say(report, time.monotonic() - began)

    def _import(
        self,
        file: Path,
        code: str | None,
        currency: str | None,
        *,
        minor_units: bool,
        valid_from: dt.date | None,
        **_options: Any,
    ) -> ImportReport:
        with transaction.atomic():
            price_list = list_by_code(code) if code else base_list(currency=(currency or "RUB").upper())
            if currency and price_list.currency != currency.upper():
                raise CommandError(
                    f"The list {price_list.code} is in {price_list.currency}, not in {currency.upper()}."
                )
            rows = read_price_file(file, currency=price_list.currency, minor_units=minor_units)
            report = import_prices(
                rows=tqdm(rows, unit=" rows", disable=not self.stderr.isatty(), file=self.stderr),
                price_list=price_list,
                valid_from=valid_from or business_date(),
                source=file.name,
                by=Principal(role=StaffRole.ADMINISTRATOR, rights=rights_of(StaffRole.ADMINISTRATOR)),
            )
        if report.version:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE pricing_price")
        return report

    def _say_refused(self, refused: PriceFileRefused) -> None:
        for row in refused.extra.get("refusals", [])[:SHOWN]:
            self.stderr.write(f"Row {row['row']}, {row['sku'] or '–'}: {row['remedy']}")
        count = refused.extra.get("count")
        if count is None:
            raise CommandError(str(refused))
        more = f" (the first {SHOWN} are above)" if count > SHOWN else ""
        raise CommandError(f"{count} rows cannot be taken{more}. Nothing was changed.")

    def _say(self, report: ImportReport, seconds: float) -> None:
        name = f"{report.price_list.code} ({report.price_list.currency})"
        if report.version:
            self.stdout.write(
                f"{name}: version {report.version.number} from {report.version.since}, {report.rows} rows read, "
                f"{report.articles} articles, {report.changed} new or changed, in {seconds:.1f} s"
            )
        else:
            self.stdout.write(f"{name}: nothing new in {report.rows} rows, no new version, in {seconds:.1f} s")
        for number, sku in report.unknown[:SHOWN]:
            self.stderr.write(f"Row {number}, {sku}: the catalogue does not know this SKU; left out")
        if report.unknown_count:
            self.stderr.write(
                f"{report.unknown_count} rows left out: import their articles first, then this file again."
            )
