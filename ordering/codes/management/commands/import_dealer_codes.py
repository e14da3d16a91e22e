"""`manage.py import_dealer_codes DEALER FILE`: what a dealer calls the articles."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.enums import Role
from accounts.models import Dealer
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.catalog.importing import Outcome, Report
from ordering.codes.importing import import_codes
from portal.lib.errors import DomainError
from portal.lib.spreadsheets import read_rows

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Keeps the own codes of DEALER (its code) from FILE (.csv, .xlsx): one column the dealer's code, another the SKU, "
        "barcode or part number. Rows that name no article are reported and left out; the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dealer")
        parser.add_argument("file", type=Path)

    def handle(self, *, dealer: str, file: Path, **_options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        found = Dealer.objects.filter(code=dealer).first()
        if found is None:
            raise CommandError(f"There is no dealer {dealer}.")
        by = Principal(dealer_id=found.pk, role=Role.OWNER, rights=rights_of(Role.OWNER))
        try:
            report = import_codes(by=by, rows=read_rows(file), report=Report())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{outcome.value} {report.counts[outcome]}" for outcome in Outcome))
        for note in report.problems[:SHOWN]:
            self.stdout.write(f"row {note.row}, {note.sku or '–'}: {note.message}")
        if rejected := report.counts[Outcome.REJECTED]:
            raise CommandError(f"{rejected} rows were left out. Mend them and run the file again.")
