"""A database of one's own for tests that commit: from several threads, from processes that are killed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.services.database import ensure_template


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A fresh copy of the migrated database, in which everything is really committed; dropped afterwards.

    Emptying the shared one instead would take away the rows that migrations made.
    """
    name, shared = f"{connection.settings_dict['NAME']}_own", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        run_outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        run_outside(f'CREATE DATABASE "{name}" TEMPLATE "{ensure_template(settings.VAR)}"')
        use_database(name)
        try:
            yield name
        finally:
            use_database(shared)
            run_outside(f'DROP DATABASE "{name}" WITH (FORCE)')


def run_outside(statement: str) -> None:
    """A statement about databases, which cannot be run inside the one it is about."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def use_database(name: str) -> None:
    """Whoever connects from now on, in this thread or another, connects to this database."""
    connection.close()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
