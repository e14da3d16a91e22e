"""`manage.py rebuild_search`: write the search indexes anew while search goes on answering."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.searchables import SEARCHABLES
from search import names
from search.engines.elasticsearch import ElasticEngine
from search.errors import AlreadyRunningError, EngineDownError
from search.queries import documents_by_kind, health
from search.rebuilding import expected, rebuild


class Command(BaseCommand):
    help = "Write the search indexes anew from the database; --check only compares and changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=names.in_use(), help="only this engine (default: all in use)")
        parser.add_argument(
            "--kind", choices=list(SEARCHABLES), action="append", help="only this kind; may be repeated"
        )
        parser.add_argument("--check", action="store_true", help="compare the counts with the database")

    def handle(self, *args: Any, **options: Any) -> None:
        engines = [options["engine"]] if options["engine"] else list(names.in_use())
        kinds = options["kind"] or list(SEARCHABLES)
        if options["check"]:
            self.check_counts(engines, kinds)
            return
        for engine in engines:
            for kind in kinds:
                self.rebuild(engine, kind)

    def rebuild(self, engine: str, kind: str) -> None:
        searchable, began = SEARCHABLES[kind], time.monotonic()
        keys = searchable.keys()
        total = sum(1 for _ in keys)
        try:
            with tqdm(total=total, desc=f"{engine} {kind}", unit="", leave=False, disable=None) as bar:
                count = rebuild(searchable, engine, progress=bar.update)
        except AlreadyRunningError as error:
            raise CommandError(f"Another rebuild of {error} is running. Wait for it to end.") from error
        except EngineDownError as error:
            raise CommandError(f"{engine} does not answer, its old index stays in use: {error}") from error
        self.stdout.write(f"{engine} {kind}: {count} documents in {time.monotonic() - began:.1f} s")

    def check_counts(self, engines: list[str], kinds: list[str]) -> None:
        """Print what each engine holds and lacks. Raises CommandError where the counts differ."""
        differs = False
        for engine in engines:
            for kind in kinds:
                there = expected(SEARCHABLES[kind])
                held = documents_by_kind().get(kind, 0) if engine == names.POSTGRESQL else _held(kind)
                differs |= held != there
                self.stdout.write(f"{engine} {kind}: {held} of {there}")
        for figures in health():
            age = f", the oldest for {figures.oldest}" if figures.oldest else ""
            self.stdout.write(f"{figures.engine}: {figures.waiting} changes wait{age}, {figures.set_aside} set aside")
        if differs:
            raise CommandError("The index and the database differ. Run: manage.py rebuild_search")


def _held(kind: str) -> int:
    engine = ElasticEngine.installed()
    return engine.count(kind) if engine.holders(kind) else 0
