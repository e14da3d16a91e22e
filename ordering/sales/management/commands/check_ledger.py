"""`manage.py check_ledger`: whether the daily totals are the sums of the ledger's entries."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ordering.sales.queries import Difference, differences
from ordering.sales.services import rebuild_totals

SHOWN = 20


class Command(BaseCommand):
    help = "Compares the daily totals with the ledger's entries, names each difference and ends with 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make the totals anew where they differ")

    def handle(self, *, rebuild: bool, **_options: Any) -> None:
        found = list(islice(differences(), SHOWN + 1))
        for difference in found[:SHOWN]:
            self.stderr.write(words(difference))
        if not found:
            self.stdout.write("The daily totals are the sums of the ledger.")
            return
        count = f"more than {SHOWN}" if len(found) > SHOWN else len(found)
        if not rebuild:
            raise CommandError(f"{count} days differ. Find out who wrote round the ledger, then add --rebuild.")
        rebuild_totals()
        self.stdout.write(f"{count} days differed; the totals are made anew.")


def words(difference: Difference) -> str:
    """A difference in a line: the key, what the entries say, what the totals say."""
    key = f"{difference.date} {difference.dealer} {difference.kind} {difference.category or '(no category)'}"
    said, kept = (
        f"{sums[0]} {difference.currency}, quantity {sums[1]}, {sums[2]} entries" if sums else "nothing"
        for sums in (difference.entries, difference.totals)
    )
    return f"{key}: the entries say {said}; the totals say {kept}"
