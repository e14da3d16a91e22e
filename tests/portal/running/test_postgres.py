"""The embedded PostgreSQL, for real: every test starts servers of its own under a temporary folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.running import postgres
from portal.running.cluster import Cluster, PostgresError
from portal.running.unprivileged import Account

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: every start of pytest closes that folder's parent to the account of the server."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        yield Path(name)


@pytest.fixture
def var(folder: Path) -> Iterator[Path]:
    yield folder / "var"
    postgres.stop(folder / "var")


def ask(address: str, query: str) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def keep_a_row(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 + 1 AS answer")


def postmaster(var: Path) -> int:
    pid = Cluster.under(var).postmaster()
    assert pid is not None
    return pid


def kill_9_the_server(var: Path) -> None:
    os.kill(postmaster(var), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Cluster.under(var).postmaster() is not None and time.monotonic() < deadline:
        time.sleep(0.01)  # until it has died, it may still take a connection


def test_starts_once_and_is_found_again_quickly(var: Path) -> None:
    address = postgres.ensure_running(var)
    pid = postmaster(var)

    started = time.perf_counter()
    again = postgres.ensure_running(var)
    took = time.perf_counter() - started

    assert (again, postmaster(var)) == (address, pid)
    assert took < 0.05
    assert ask(address, "SELECT current_database()") == "portal"
    assert ask(address, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(address, "SHOW fsync") == "on"
    assert ask(address, "SELECT lower('ЁЛКА') = 'ёлка' AND to_tsvector('russian', 'скидками') @@ 'скидк'") is True


def test_stop_keeps_the_data(var: Path) -> None:
    keep_a_row(postgres.ensure_running(var))

    assert postgres.stop(var) is True
    assert Cluster.under(var).processes() == set()
    assert postgres.stop(var) is False, "control: nothing left to stop"

    assert ask(postgres.ensure_running(var), "SELECT answer FROM kept") == 42


def test_survives_kill_9_of_the_server_with_a_busy_connection(var: Path) -> None:
    address = postgres.ensure_running(var)
    keep_a_row(address)
    busy = psycopg.connect(address)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12::bigint)")
    time.sleep(0.2)

    kill_9_the_server(var)
    orphans = Cluster.under(var).processes()
    assert orphans, "control: the busy backend outlives its server, and would hold up the next one"

    assert ask(postgres.ensure_running(var), "SELECT answer FROM kept") == 42
    assert not orphans & Cluster.under(var).processes()
    busy.close()


def test_believes_no_stale_pid_file(var: Path) -> None:
    keep_a_row(postgres.ensure_running(var))
    pid_file = Cluster.under(var).data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    postgres.stop(var)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    os.chown(pid_file, Cluster.under(var).account.uid, -1)

    assert ask(postgres.ensure_running(var), "SELECT answer FROM kept") == 42


def test_belongs_to_no_process(var: Path) -> None:
    """The process that started it is killed with its whole group, as a closed terminal would."""
    program = (
        "import sys, time, pathlib\nfrom portal.running import postgres\n"
        "print(postgres.ensure_running(pathlib.Path(sys.argv[1])), flush=True)\ntime.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program, str(var)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert starter.stdout is not None
    address = starter.stdout.readline().strip()
    os.killpg(starter.pid, signal.SIGKILL)
    starter.communicate()

    assert ask(address, "SELECT 1") == 1


def test_many_starts_at_once_make_one_server(var: Path) -> None:
    program = (
        "import sys, pathlib\nfrom portal.running import postgres\n"
        "print(postgres.ensure_running(pathlib.Path(sys.argv[1])))"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", program, str(var)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = {starter.communicate(timeout=60)[0].strip() for starter in starters}

    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert len(answers) == 1
    children = Cluster.under(var).processes() - {postmaster(var)}
    assert {psutil.Process(pid).ppid() for pid in children} == {postmaster(var)}
    assert ask(answers.pop(), "SELECT 1") == 1


def test_a_killed_first_start_is_begun_again(var: Path) -> None:
    place = Cluster.under(var)
    unfinished = place.home / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    place.account.owns(place.home)
    place.account.owns(unfinished)

    assert ask(postgres.ensure_running(var), "SELECT 1") == 1


def test_a_deleted_folder_is_begun_again_while_its_server_still_runs(var: Path) -> None:
    keep_a_row(postgres.ensure_running(var))
    orphan = postmaster(var)
    shutil.rmtree(var)

    address = postgres.ensure_running(var)

    assert postmaster(var) != orphan
    assert not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE
    assert ask(address, "SELECT to_regclass('kept')") is None


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    var = folder / ("long" * 25)
    place = Cluster.under(var)
    try:
        assert ask(postgres.ensure_running(var), "SELECT 1") == 1
    finally:
        postgres.stop(var)
        shutil.rmtree(place.socket_folder)

    with pytest.raises(OSError, match="too long"):  # control
        socket.socket(socket.AF_UNIX).bind(str(place.home / ".s.PGSQL.5432"))


def test_refuses_a_socket_folder_that_someone_else_prepared(folder: Path) -> None:
    var = folder / ("long" * 25)
    socket_folder = Cluster.under(var).socket_folder
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    socket_folder.symlink_to(elsewhere)
    try:
        with pytest.raises(PostgresError, match="not ours"):
            postgres.ensure_running(var)
    finally:
        socket_folder.unlink()


def test_tests_trade_safety_for_speed(var: Path) -> None:
    address = postgres.ensure_running(var, durable=False)

    assert ask(address, "SHOW fsync") == "off"


def test_says_what_the_server_said_when_it_does_not_start(var: Path) -> None:
    postgres.ensure_running(var)
    postgres.stop(var)
    with (Cluster.under(var).data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(PostgresError, match="no_such_setting"):
        postgres.ensure_running(var)


def test_opens_only_what_is_closed_on_the_way(folder: Path) -> None:
    account = Account(uid=65534, gid=65534, switched=True)
    (folder / "closed" / "open" / "data").mkdir(parents=True)
    (folder / "closed").chmod(0o700)
    (folder / "closed" / "open").chmod(0o755)
    (folder / "closed" / "open" / "data").chmod(0o700)

    account.may_reach(folder / "closed" / "open" / "data")

    modes = [oct((folder / name).stat().st_mode & 0o777) for name in ("closed", "closed/open", "closed/open/data")]
    assert modes == ["0o701", "0o755", "0o700"], "others may pass, nobody may list"
