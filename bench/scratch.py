"""A database of a benchmark's own on the tests' PostgreSQL: empty, up to date, dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from tests.services.database import ensure_template


@contextmanager
def database(name: str) -> Iterator[None]:
    """Everything inside speaks to a new database of this name. Needs the tests' settings and the development environment."""
    _outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _outside(f'CREATE DATABASE "{name}" TEMPLATE "{ensure_template(settings.VAR)}"')
    _speak_to(name)
    try:
        yield
    finally:
        _speak_to("postgres")
        _outside(f'DROP DATABASE "{name}" WITH (FORCE)')


def _speak_to(name: str) -> None:
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _outside(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001
        cursor.execute(statement)
