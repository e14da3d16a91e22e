"""A system account for servers that refuse to run as root (PostgreSQL, Elasticsearch).

As an ordinary user nothing here does anything: the server runs as that user.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

ACCOUNT_NAME = "partner-portal"


class RunAs(TypedDict, total=False):
    """Keyword arguments of `subprocess.run` and `Popen` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account a server runs under. `switched` says whether that is another one than ours."""

    uid: int
    gid: int
    switched: bool

    @property
    def run_as(self) -> RunAs:
        """What to pass to `subprocess` so that the child runs under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switched else {}

    def owns(self, folder: Path) -> None:
        """Make the folder where it is missing, private to this account (mode 0700)."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.switched:
            os.chown(folder, self.uid, self.gid)

    def may_reach(self, path: Path) -> None:
        """Let this account walk down to `path`.

        A clone under `/root` or `mktemp -d` is closed to every account but root. Each closed folder
        on the way gets "others may pass" (`o+x`): not to list it, not to read what is in it.
        """
        if not self.switched:
            return
        for folder in path.parents:
            status = folder.stat()
            if status.st_uid != self.uid and not status.st_mode & stat.S_IXOTH:
                print(f"{folder}: chmod o+x, the account '{ACCOUNT_NAME}' must pass", file=sys.stderr)
                folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)

    def may_read(self, tree: Path) -> None:
        """Let this account read and run what is in `tree` (installed by a root with a narrow umask)."""
        if not self.switched or _is_open(tree):
            return
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _is_open(tree: Path) -> bool:
    wanted = stat.S_IROTH | stat.S_IXOTH
    return all(path.stat().st_mode & wanted == wanted for path in (tree, *tree.glob("bin/*")))


def server_account() -> Account:
    """The account for servers: ourselves, or as root the system account (made where it is missing).

    Raises RuntimeError where root cannot make the account; then nothing changed.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), switched=False)
    entry = _entry()
    if entry is None:
        _create()
        entry = _entry()
    if entry is None:
        raise RuntimeError(
            f"Servers do not run as root, and the system account '{ACCOUNT_NAME}' could not be made. "
            f"Make it (useradd --system {ACCOUNT_NAME}) or run this as an ordinary user."
        )
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, switched=True)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        return None


def _create() -> None:
    # A minimal root's PATH can lack the sbin folders.
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
    # Two processes may get here together: the second one's failure is no failure if the account exists.
    subprocess.run(command, check=False, capture_output=True)
