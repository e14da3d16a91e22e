"""One embedded PostgreSQL cluster on disk: where it lives and what can be seen of it from outside.

One folder, private to the account that runs the server:

    var/postgres/data       the cluster
    var/postgres/log        the server's log
    var/postgres/prepared   pid of the server whose role and database were checked
    var/postgres.lock       held while someone starts or stops it
"""

import fcntl
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from portal.running.unprivileged import Account, server_account

_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107, and PostgreSQL puts a ".lock" beside it
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+~-]+")  # pg_ctl hands its options to a shell
_LINES_OF_A_STARTED_SERVER = 8  # of postmaster.pid


class PostgresError(RuntimeError):
    """The embedded PostgreSQL cannot start or stop; the text says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A cluster by its folder, which need not exist yet."""

    home: Path

    @classmethod
    def under(cls, var: Path) -> "Cluster":
        return cls(home=var.expanduser().resolve() / "postgres")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def prepared(self) -> Path:
        return self.home / "prepared"

    @cached_property
    def account(self) -> Account:
        return server_account()

    @cached_property
    def socket_folder(self) -> Path:
        """The cluster's own folder; where its path is too long for a socket, a short temporary one."""
        path = str(self.home / _SOCKET_NAME)
        if len(path.encode()) <= _LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(path):
            return self.home
        digest = sha256(f"{os.geteuid()}:{self.home}".encode()).hexdigest()[:12]
        # Not gettempdir(): whatever TMPDIR says, every caller must find the same folder.
        return Path("/tmp") / f"partner-portal-{digest}"  # noqa: S108 - `_make_socket_folder` checks it

    def address(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder))}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time starts or stops this cluster. A killed holder lets go."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with self.home.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def pid_file(self) -> list[str]:
        """Lines of `postmaster.pid`: pid, folder, start, port, socket folder, host, memory, state."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise PostgresError(
                f"{self.home} belongs to another account. Run this as that account, "
                "or set PORTAL_VAR to a folder of your own."
            ) from error

    def answers(self) -> bool:
        """Whether a server has started up and listens. Quick."""
        lines = self.pid_file()
        if len(lines) < _LINES_OF_A_STARTED_SERVER or lines[7].strip() != "ready":
            return False
        try:
            with closing(socket.socket(socket.AF_UNIX)) as probe:
                probe.settimeout(5)
                probe.connect(str(self.socket_folder / _SOCKET_NAME))
        except OSError:
            return False
        return True

    def is_prepared(self) -> bool:
        """Whether the running server's role and database have been checked. Quick."""
        try:
            return self.answers() and self.prepared.read_text() == self.pid_file()[0]
        except (OSError, IndexError):
            return False

    def processes(self) -> set[int]:
        """Pids of all PostgreSQL processes that work in this cluster's folder, even a deleted one."""
        import psutil  # slow to import, and a running server does not need it

        found = set()
        for process in psutil.process_iter(["name"]):
            try:
                if process.info["name"] == "postgres" and self._is_data(process.cwd()):
                    found.add(process.pid)
            except psutil.Error:
                continue
        return found

    def _is_data(self, folder: str) -> bool:
        return folder.removesuffix(" (deleted)") == str(self.data)

    def postmaster(self) -> int | None:
        """Pid of the server; None where none runs: a stale file's pid may be another program's by now."""
        lines = self.pid_file()
        pid = int(lines[0]) if lines else None
        return pid if pid in self.processes() else None

    def end_leftovers(self) -> None:
        """End what a killed server left behind. Only with the lock held and no server running."""
        import psutil  # as above

        for action in (psutil.Process.terminate, psutil.Process.kill):
            for pid in self.processes():
                with suppress(psutil.NoSuchProcess):
                    action(psutil.Process(pid))
            # Not wait_procs(): in a container nobody may collect the dead, and it would wait for ghosts.
            deadline = time.monotonic() + 3
            while self.processes() and time.monotonic() < deadline:
                time.sleep(0.05)

    def forget_files_of_the_dead(self) -> None:
        """Remove the lock files of a killed server. Only with the lock held and no server running.

        The next server would take them for those of a living one wherever their pid is in use: by another
        program, or by the dead server itself as long as nobody has collected it.
        """
        for stale in (self.data / "postmaster.pid", *self.socket_folder.glob(f"{_SOCKET_NAME}*")):
            stale.unlink(missing_ok=True)
