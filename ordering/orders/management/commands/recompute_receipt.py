"""`manage.py recompute_receipt 26-10418` or `26-10418/3`: a kept price receipt made again from its rules."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.enums import StaffRole
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.orders.queries import recomputed_lines

OFFICE = Principal(role=StaffRole.ADMINISTRATOR, rights=rights_of(StaffRole.ADMINISTRATOR))


class Command(BaseCommand):
    help = "Makes the price receipts of an order (or of one line: NUMBER/N) again from their rules. Ends 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("order", help="number, or number/position")

    def handle(self, *, order: str, **options: Any) -> None:
        number, _slash, position = order.partition("/")
        if position and not position.isdecimal():
            raise CommandError(f"“{position}” is not the position of a line.")
        lines = recomputed_lines(OFFICE, number, int(position) if position else None)
        if not lines:
            raise CommandError(f"There is no order or line {order}.")
        for one in lines:
            verdict = "differs" if one.differences else "agrees"
            self.stdout.write(f"{number}/{one.line.position} {one.line.sku}: {one.line.total} {verdict}")
            for found in one.differences:
                self.stdout.write(f"  {found.what}: kept {found.kept}, now {found.now or 'gone'}")
        count = sum(1 for one in lines if one.differences)
        if count:
            raise CommandError(f"{count} of {len(lines)} receipts differ from what their rules say now.")
