"""A database of a benchmark's own on the tests' PostgreSQL: empty, up to date, dropped afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection, connections

from tests.services.database import ensure_template

PATIENCE: Final = 120


@contextmanager
def database(name: str) -> Iterator[None]:
    """Everything inside speaks to a new database of this name. Needs the tests' settings and the development environment."""
    _drop(name)
    _outside(f'CREATE DATABASE "{name}" TEMPLATE "{ensure_template(settings.VAR)}"')
    _speak_to(name)
    try:
        yield
    finally:
        _speak_to("postgres")
        _drop(name)


def _drop(name: str) -> None:
    """Waits for an autovacuum that is busy with it: it is the server's own, which we may not end."""
    for left in reversed(range(PATIENCE)):
        try:
            _outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            break
        except (ProgrammingError, OperationalError):
            if not left:
                raise
        time.sleep(1)


def _speak_to(name: str) -> None:
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _outside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001
        cursor.execute(statement)
