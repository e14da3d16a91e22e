"""`manage.py rebuild_search`: write the search indexes anew while search goes on answering."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.searchables import SEARCHABLES
from search import names
from search.errors import AlreadyRunningError, DiffersError, EngineDownError
from search.rebuilding import rebuild, unfinished


class Command(BaseCommand):
    help = "Write the search indexes anew from the database. One that was cut short is gone on with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=names.in_use(), help="only this engine (default: all in use)")
        parser.add_argument(
            "--kind", choices=list(SEARCHABLES), action="append", help="only this kind; may be repeated"
        )
        parser.add_argument("--anew", action="store_true", help="forget what an earlier rebuild has written so far")

    def handle(self, *args: Any, **options: Any) -> None:
        engines = [options["engine"]] if options["engine"] else list(names.in_use())
        kinds = options["kind"] or list(SEARCHABLES)
        for engine in engines:
            for kind in kinds:
                self.rebuild(engine, kind, anew=options["anew"])

    def rebuild(self, engine: str, kind: str, *, anew: bool) -> None:
        """Write one kind; the bar shows the rate and the time that remains. Raises CommandError."""
        searchable, began = SEARCHABLES[kind], time.monotonic()
        keys = searchable.keys()
        total = sum(1 for _ in keys)
        try:
            if not anew and (run := unfinished(searchable, engine)):
                self.stdout.write(f"{engine} {kind}: going on with the rebuild begun {run.begun_at:%Y-%m-%d %H:%M} UTC")
            with tqdm(total=total, desc=f"{engine} {kind}", unit=" documents", leave=False, disable=None) as bar:
                count = rebuild(searchable, engine, progress=bar.update, anew=anew)
        except AlreadyRunningError as error:
            raise CommandError(f"Another rebuild of {error} is running. Wait for it to end.") from error
        except EngineDownError as error:
            raise CommandError(f"{engine} does not answer, its old index stays in use: {error}") from error
        except DiffersError as error:
            raise CommandError(
                f"The new index does not hold what the database says, so the old one stays in use. {error}. "
                "Run rebuild_search again; if it stays so, look at what the engine set aside."
            ) from error
        self.stdout.write(f"{engine} {kind}: {count} documents in {time.monotonic() - began:.1f} s")
