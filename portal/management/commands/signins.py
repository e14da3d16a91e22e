"""`manage.py signins`: who may sign in to the demo, as JSON or as a table."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.people import signins


class Command(BaseCommand):
    help = "Print the demo's sign-ins as JSON; --table for people."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--table", action="store_true", help="a table instead of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = signins()
        if not options["table"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"Password of everyone: {rows[0]['password']}")
        for row in rows:
            secret = f"  code from {row['otp_secret']}" if "otp_secret" in row else ""
            self.stdout.write(
                f"{row['dealer'] or 'head office':<16}{row['role']:<15}{row['email']:<32}{secret}".rstrip()
            )
