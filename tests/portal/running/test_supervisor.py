"""One parent, its children: they start together and end together. With real processes and real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
PARENT = """
import os, sys
from portal.running import supervisor
supervisor.STOP_SECONDS = 1.5
def child(name, program, **more):
    return supervisor.Child(name, [sys.executable, "-c", program], os.environ, **more)
WAIT = "import pathlib, os, time; pathlib.Path({path!r}).write_text(str(os.getpid())); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAIT
one = child("one", WAIT.format(path="one"))
two = child("two", STUBBORN.format(path="two"))
dying = child("dying one", "raise SystemExit(3)", attempts=1)
sys.exit(supervisor.Supervisor([{children}]).run())
"""


def start(folder: Path, children: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PARENT.replace("{children}", children)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def pid_in(file: Path) -> int:
    assert until(lambda: file.exists() and file.read_text() != ""), f"{file.name} has not started"
    return int(file.read_text())


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_even_a_child_that_ignores_it(tmp_path: Path, number: signal.Signals) -> None:
    parent = start(tmp_path, "one, two")
    children = [pid_in(tmp_path / "one"), pid_in(tmp_path / "two")]
    time.sleep(0.2)
    assert all(map(lives, children)), "control"

    parent.send_signal(number)
    parent.communicate(timeout=5)

    assert parent.returncode == 0
    assert not any(map(lives, children))


def test_kill_9_of_the_parent_ends_the_children(tmp_path: Path) -> None:
    parent = start(tmp_path, "one")
    child = pid_in(tmp_path / "one")

    parent.kill()
    parent.communicate()

    assert until(lambda: not lives(child), 5)


def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    parent = start(tmp_path, "one")
    first = pid_in(tmp_path / "one")
    (tmp_path / "one").unlink()

    os.kill(first, signal.SIGKILL)
    second = pid_in(tmp_path / "one")
    parent.terminate()
    said = parent.communicate()[1]

    assert second != first
    assert "The one ended (signal 9): starting it again in 1 s." in said
    assert parent.returncode == 0


def test_a_child_that_keeps_dying_ends_them_all(tmp_path: Path) -> None:
    parent = start(tmp_path, "one, dying")

    said = parent.communicate(timeout=15)[1]

    assert parent.returncode == 1
    assert "Stopping: the dying one does not stay up." in said
    assert not lives(pid_in(tmp_path / "one"))
