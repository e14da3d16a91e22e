"""`manage.py check_search`: whether the search indexes hold what the database says, and mend them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.searchables import SEARCHABLES
from search import indexing, names
from search.checking import Drift, check, repair
from search.engines.base import Engine
from search.errors import EngineDownError
from search.queries import health


class Command(BaseCommand):
    help = "Compare the search indexes with the database by sums of buckets; --repair writes again what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=names.in_use(), help="only this engine (default: all in use)")
        parser.add_argument(
            "--kind", choices=list(SEARCHABLES), action="append", help="only this kind; may be repeated"
        )
        parser.add_argument("--repair", action="store_true", help="write again what differs, and compare once more")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = options["kind"] or list(SEARCHABLES)
        chosen = [engine for engine in indexing.engines_in_use() if options["engine"] in (None, engine.name)]
        drifted = [drift for engine in chosen for kind in kinds if (drift := self.compare(engine, kind))]
        if drifted and options["repair"]:
            for drift in drifted:
                repair(drift)
            indexing.process(SEARCHABLES)
            by_name = {engine.name: engine for engine in chosen}
            drifted = [left for drift in drifted if (left := self.compare(by_name[drift.engine], drift.kind))]
        for figures in health():
            age = f", the oldest for {figures.oldest}" if figures.oldest else ""
            self.stdout.write(f"{figures.engine}: {figures.waiting} changes wait{age}, {figures.set_aside} set aside")
        if drifted:
            remedy = "manage.py rebuild_search" if options["repair"] else "manage.py check_search --repair"
            raise CommandError(f"The index and the database differ. Run: {remedy}")

    def compare(self, engine: Engine, kind: str) -> Drift:
        try:
            drift = check(SEARCHABLES[kind], engine)
        except EngineDownError as error:
            raise CommandError(f"{engine.name} does not answer, nothing was changed: {error}") from error
        self.stdout.write(
            str(drift) if drift else f"{engine.name} {kind}: {drift.expected} documents, all as they should be"
        )
        return drift
