"""Test databases in two seconds: migrated once for all workers and runs, then copied by PostgreSQL.

All migrations of Django, Wagtail and ours take half a minute of CPU. So the first run that sees a set of
migrations makes a template database of them, and each test database begins as a copy of it. `migrate` then
still runs on the copy, as it would on an empty one, and finds nothing to do.
"""

import fcntl
import os
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from portal.running import postgres

ROOT = Path(__file__).resolve().parents[2]
_PREFIX = "migrated_"


def ensure_template(var: Path) -> str:
    """Name of the database that holds all tables and no rows of ours; made where it is missing.

    `var` is the tests' folder. Raises CalledProcessError where the migrations fail.
    """
    address = os.environ.get("DATABASE_URL") or postgres.ensure_running(var, durable=False)
    name = _PREFIX + _fingerprint()
    var.mkdir(parents=True, exist_ok=True)
    with (var / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            if name not in _templates(connection):
                for outdated in _templates(connection):
                    connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(outdated)))
                _make(connection, address, name)
    return name


def _make(connection: "psycopg.Connection[tuple[object, ...]]", address: str, name: str) -> None:
    """Under another name until it is complete: a killed attempt is no template."""
    unfinished = f"{_PREFIX}unfinished"
    connection.execute(SQL("CREATE DATABASE {}").format(Identifier(unfinished)))
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": urlsplit(address)._replace(path=f"/{unfinished}").geturl(),
        },
        check=True,
    )
    # Nobody may connect: PostgreSQL does not copy a database that is in use.
    connection.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(Identifier(unfinished)))
    connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name)))


def _templates(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
    return [str(name) for (name,) in names]


def _fingerprint() -> str:
    """Of everything that decides which tables there are: our migrations, the settings, the packages' versions."""
    digest = sha256()
    for pattern in ("requirements.txt", "portal/settings/*.py", "*/migrations/*.py", "*/*/migrations/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
