"""`manage.py import_products FILE`: articles from CSV, a workbook or JSON lines."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts import services as accounts
from accounts.principals import Principal
from ordering.catalog.importing import Outcome, Report, RowNote, import_products
from portal.lib.errors import DomainError
from portal.lib.spreadsheets import read_rows
from portal.tasks import wake_indexer

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = (
        "Creates and updates articles from FILE (.csv, .xlsx, .jsonl, also .gz). Columns are recognised by their names; "
        "--mapping names them. Bad rows are reported and left out whole; the same file again changes nothing. "
        "A running worker makes the articles findable within seconds; without one: manage.py rebuild_search."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping",
            default="",
            help="field=column pairs with commas (sku=Code,name_ru=Имя), or a JSON file of them",
        )
        parser.add_argument("--report", type=Path, help="writes what became of each row to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with ExitStack() as stack:
            bar = stack.enter_context(tqdm(unit=" rows", desc=path.name, disable=None))
            lines = stack.enter_context(options["report"].open("w", newline="")) if options["report"] else None
            writer = csv.writer(lines) if lines else None
            if writer:
                writer.writerow(["row", "sku", "outcome", "message"])

            def each(note: RowNote) -> None:
                bar.update()
                if writer:
                    writer.writerow([note.row, note.sku, note.outcome, note.message])

            try:
                report = import_products(
                    read_rows(path), report=Report(each=each), given=mapping_of(options["mapping"])
                )
            except DomainError as error:
                raise CommandError(str(error)) from error
        counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
        accounts.audit(by=Principal.nobody(), verb="articles.imported", subject=path.name, **counts)
        wake_indexer()
        self.tell(report)
        if report.counts[Outcome.REJECTED]:
            raise CommandError(
                f"{report.counts[Outcome.REJECTED]} rows were left out. Mend them and run the file again."
            )

    def tell(self, report: Report) -> None:
        """The counts, and the first rows worth reading."""
        self.stdout.write(", ".join(f"{outcome.value} {report.counts[outcome]}" for outcome in Outcome))
        if report.ignored_columns:
            self.stdout.write(f"Columns left out: {', '.join(report.ignored_columns[:20])}")
        for note in report.problems[:SHOWN_PROBLEMS]:
            self.stdout.write(f"row {note.row}, {note.sku}: {note.message}")
        if len(report.problems) > SHOWN_PROBLEMS:
            self.stdout.write(f"… and {len(report.problems) - SHOWN_PROBLEMS} more: --report FILE lists them all.")


def mapping_of(text: str) -> dict[str, str]:
    """The mapping in a command's option: a JSON file, or pairs."""
    if not text:
        return {}
    try:
        if text.endswith(".json"):
            return dict(json.loads(Path(text).read_text()))
        return {name.strip(): column.strip() for name, column in (pair.split("=", 1) for pair in text.split(","))}
    except (OSError, ValueError) as error:
        raise CommandError(
            f"--mapping {text}: write field=column,field=column or name a JSON file. ({error})"
        ) from error
