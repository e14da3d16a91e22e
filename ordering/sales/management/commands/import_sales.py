"""`manage.py import_sales FILE`: past sales into the ledger."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.enums import StaffRole
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.sales.errors import SalesFileRefused
from ordering.sales.importing import SalesFile, import_sales
from portal.lib.errors import DomainError

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Adds past sales of a file (CSV, XLSX, JSON lines, also .gz) to the ledger. All rows or none: a row that cannot be "
        "taken is named with its number and what to do. The same file again adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--currency", default="RUB", help="ISO 4217, where the file has no such column")
        parser.add_argument("--dealer", default="", help="code of the dealer where a row names none")
        parser.add_argument("--make-dealers", action="store_true", help="unknown dealers and regions are made")
        parser.add_argument(
            "--without-articles", action="store_true", help="rows whose article is unknown are taken without it"
        )

    def handle(self, *, file: Path, currency: str, dealer: str, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        began = time.monotonic()
        asked = SalesFile(currency.upper(), dealer, options["make_dealers"], options["without_articles"])
        by = Principal(role=StaffRole.ADMINISTRATOR, rights=rights_of(StaffRole.ADMINISTRATOR))
        try:
            report = import_sales(source=file, asked=asked, by=by, name=file.name)
        except SalesFileRefused as refused:
            for row in refused.extra.get("refusals", [])[:SHOWN]:
                self.stderr.write(f"Row {row['row']}, {row['document'] or '–'}: {row['remedy']}")
            raise CommandError(str(refused)) from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE sales_ledgerentry, sales_dailytotal")
        self.stdout.write(
            f"{report.rows} rows read, {report.added} new entries ({report.without_article} without article), "
            f"{report.dealers} dealers and {report.regions} regions made, in {time.monotonic() - began:.1f} s"
        )
