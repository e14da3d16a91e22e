"""The demo on one machine: `python -m portal.running.demo run|stop|reset`, behind `make`.

`run` is the one parent. It starts PostgreSQL, brings the database up to date, and then keeps two programs
running: the web server, and the worker. The worker is the clock as well: procrastinate defers periodic tasks
(the minute's publishing, stalled jobs) from inside the worker, so a third process would be one more to die.

The parent looks after PostgreSQL too while it runs, and stops it at the end.
"""

import argparse
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from portal.running import messages, postgres
from portal.running.cluster import PostgresError
from portal.running.supervisor import Child, Supervisor, die_with_parent

ROOT = Path(__file__).resolve().parents[2]
WEB_WORKERS = 2
THREADS_OF_A_WEB_WORKER = 4
SECONDS_FOR_A_STOP = 15
# What decides whether the database has to be brought up to date. Data that is there already is kept.
PREPARED_FROM = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "portal/demo/**/*",
    "portal/management/**/*.py",
    "requirements.txt",
)


class DemoError(RuntimeError):
    """The demo cannot start; the text says why and what to do."""


def var_folder() -> Path:
    """Where the data lives: `PORTAL_VAR`, by default `var/` in the clone."""
    return Path(os.environ.get("PORTAL_VAR") or ROOT / "var").expanduser().resolve()


def run(var: Path, port: int) -> int:
    """Run the demo until Ctrl-C, SIGTERM or a child that does not stay up. Answers the exit code.

    Raises DemoError or PostgresError where it cannot start; then nothing is left running.
    """
    url = f"http://127.0.0.1:{port}"
    with _only_one(var, url):
        _check_free(port)
        embedded = not os.environ.get("DATABASE_URL")
        environment = _environment(var, url)
        try:
            if embedded:
                postgres.ensure_running(var)
            _prepare(var, environment, always=not embedded)
            return _serve(var, url, environment, keep_postgres=embedded)
        except KeyboardInterrupt:
            return 130
        finally:
            if embedded:
                postgres.stop(var)


def stop(var: Path) -> None:
    """End the demo that runs from this folder, if any, then PostgreSQL: the demo's and the tests'."""
    pid = _running_demo(var)
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_FOR_A_STOP
        while _running_demo(var) and time.monotonic() < deadline:
            time.sleep(0.1)
        if _running_demo(var):
            os.kill(pid, signal.SIGKILL)  # the web server and the worker follow it
    stopped = [postgres.stop(folder) for folder in (var, var / "test")]
    print("Stopped." if pid or any(stopped) else "Nothing was running.")


def reset(var: Path) -> None:
    """Stop, and forget everything under `var`. Raises DemoError where that folder is not one of ours."""
    stop(var)
    if not var.exists():
        return
    ours = var == ROOT / "var" or (var / "postgres").is_dir() or (var / "test" / "postgres").is_dir()
    if not ours or var == ROOT or var in ROOT.parents:
        raise DemoError(f"{var} does not look like the portal's data; remove it yourself if it is.")
    shutil.rmtree(var)
    print(f"Forgot {var}. `make demo` begins anew.")


def _environment(var: Path, url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        **os.environ,
        "PORTAL_VAR": str(var),
        "PORTAL_URL": url,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def _only_one(var: Path, url: str) -> Iterator[None]:
    """One demo per folder. The lock goes with the process, however it ends."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(
                f"The demo already runs from {var}: {_note(lock.read())['url']}. Stop it: make stop"
            ) from None
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "url": url}))
        lock.flush()
        yield


def _note(text: str) -> dict[str, str | int]:
    with suppress(ValueError):
        note: dict[str, str | int] = json.loads(text)
        return note
    return {"pid": 0, "url": "it is just starting"}


def _running_demo(var: Path) -> int:
    """Pid of the demo that runs from this folder; 0 where none does."""
    with suppress(FileNotFoundError), (var / "demo.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(_note(lock.read())["pid"])
    return 0


def _check_free(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise DemoError(f"Port {port} needs root: choose one above 1023, e.g. PORT=8010 make demo") from None
        except OSError:
            raise DemoError(
                f"Port {port} is taken by another program. Choose another one: PORT=8010 make demo"
            ) from None


def _prepare(var: Path, environment: dict[str, str], *, always: bool) -> None:
    """Bring translations, tables and demo data up to date; quick where nothing has changed since."""
    messages.compile_stale(ROOT / "locale")
    notes = var / "demo"
    notes.mkdir(mode=0o700, exist_ok=True)
    (var / "static").mkdir(exist_ok=True)  # empty: the demo serves static files from where they are written
    stamp = notes / "prepared"
    fingerprint = _fingerprint()
    if not always and stamp.exists() and stamp.read_text() == fingerprint:
        return
    print("Bringing the database up to date …", flush=True)
    _manage(environment, "migrate", "--no-input", "--verbosity", "0")
    print("Loading the demo data …", flush=True)
    _manage(environment, "load_demo")
    with (notes / "signins.txt").open("w") as signins:
        _manage(environment, "signins", "--table", stdout=signins.fileno())
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    digest = sha256()
    for pattern in PREPARED_FROM:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _manage(environment: dict[str, str], *arguments: str, stdout: int | None = None) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments], check=False, cwd=ROOT, env=environment, stdout=stdout
    )
    if result.returncode:
        raise DemoError(f"`manage.py {' '.join(arguments)}` failed (exit code {result.returncode}), see above.")


def _serve(var: Path, url: str, environment: dict[str, str], *, keep_postgres: bool) -> int:
    # Without its --respawn-failed-workers, which never gives up: the supervisor starts it again, and does.
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
        "--host", "127.0.0.1", "--port", url.rpartition(":")[2],
        "--workers", str(WEB_WORKERS), "--blocking-threads", str(THREADS_OF_A_WEB_WORKER),
        "--workers-kill-timeout", "4", "--log-level", "warning",
        "portal.wsgi:application",
    ]  # fmt: skip
    worker = [
        "nice", "-n", "10",  # pages first, above all while everything starts
        sys.executable, "manage.py", "procrastinate", "worker",
        "--concurrency", "2", "--shutdown-graceful-timeout", "4",
    ]  # fmt: skip
    children = [Child("web server", web, environment), Child("worker", worker, environment)]
    announce = _announcement(url, var / "demo" / "signins.txt")

    def look_around() -> None:
        if keep_postgres:
            try:
                postgres.ensure_running(var)
            except PostgresError as error:
                print(error, file=sys.stderr, flush=True)
        announce()

    os.chdir(ROOT)
    return Supervisor(children, look_around=look_around).run()


def _announcement(url: str, signins: Path) -> Callable[[], None]:
    """What prints the address and the sign-ins, once, as soon as the portal answers."""
    announced = False

    def announce() -> None:
        nonlocal announced
        if announced or not _answers(url):
            return
        announced = True
        print(f"\n{signins.read_text()}\nThe portal is at {url} — Ctrl-C ends it.\n", flush=True)

    return announce


def _answers(url: str) -> bool:
    try:
        with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)) as connection:
            connection.request("GET", "/health/")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.running.demo", description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=["run", "stop", "reset"])
    parser.add_argument("--port", default="8000", help="the web server's port (default 8000)")
    parser.add_argument(
        "--end-with-parent", action="store_true", help="end when the program that started this one ends"
    )
    options = parser.parse_args()
    var = var_folder()
    try:
        if options.action == "run":
            if options.end_with_parent:
                die_with_parent()
            signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
            return run(var, _port(options.port))
        stop(var) if options.action == "stop" else reset(var)
    except (DemoError, PostgresError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoError(f"PORT must be a number from 1 to 65535, not '{text}'. Example: PORT=8010 make demo")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
