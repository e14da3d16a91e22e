"""After a transactional test Django empties every table. Two things of ours stand in its way, both on purpose.

Append-only tables refuse it: the triggers are for programs and people, so the emptying steps past them, as their
owner may. And the migrations leave rows (the root of the pages, languages, permissions) that a test which comes
later needs: they are put back from a copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

SCHEMA = "pristine"
REFUSING = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0"
KEPT = """
    SELECT table_name, string_agg(quote_ident(column_name), ', ')
      FROM information_schema.columns WHERE table_schema = %s GROUP BY table_name
"""


def keep() -> None:
    """Copies what the migrations left, once for a database."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE IF NOT EXISTS {SCHEMA}."{table}" AS TABLE public."{table}"')


def flush(self: DatabaseOperations, sql_list: Iterable[Any]) -> None:
    """In place of Django's `execute_sql_flush`."""
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        cursor.execute(REFUSING)
        refusing = cursor.fetchall()
        for table, trigger in refusing:
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
        for sql in sql_list:
            cursor.execute(sql)
        for table, trigger in refusing:
            cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{trigger}"')
        cursor.execute(KEPT, [SCHEMA])
        for table, columns in cursor.fetchall():
            into, kept = f'public."{table}" ({columns})', f'{SCHEMA}."{table}"'
            cursor.execute(
                f"INSERT INTO {into} OVERRIDING SYSTEM VALUE SELECT {columns} FROM {kept} ON CONFLICT DO NOTHING"
            )


def install() -> None:
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
