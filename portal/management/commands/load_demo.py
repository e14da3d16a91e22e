"""`manage.py load_demo`: the world of the demo; what is there already stays as it is."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.load import load
from portal.lib.clock import business_date


class Command(BaseCommand):
    help = "Add the demo data that is missing. Run again: nothing changes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes-i-know", action="store_true", help="load it outside the demo's settings, too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "DEMO", False) and not options["yes_i_know"]:
            raise CommandError(
                "These are not the demo's settings: invented people with a public password would be able to sign in here."
                " If that is what you want, add --yes-i-know."
            )
        outcome = load(today=business_date(), say=self.stdout.write)
        ending = "Loaded" if outcome.added else "Everything is there already; checked"
        self.stdout.write(f"{ending} in {outcome.seconds:.1f} s")
