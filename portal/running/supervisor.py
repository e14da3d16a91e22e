"""Several programs under one parent: they start together and end together, whatever ends first.

A child that dies is started again, later each time; one that keeps dying ends all of them. A parent that is
killed (kill -9) takes its children along, where the system can tell them (Linux).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

STOP_SECONDS = 7.0  # what is still running then is killed; the whole end stays under 10 seconds
_PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def die_with_parent() -> None:
    """Ask Linux to send this process SIGTERM when its parent dies. Elsewhere: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program, started again when it dies: after 1, 2, 4 … seconds, `attempts` times in a row.

    Running for `settled_after` seconds ends the row.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    attempts: int = 5
    settled_after: float = 60.0
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _deaths: int = field(default=0, init=False)
    _started_at: float = field(default=0.0, init=False)
    _start_again_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        parent = os.getpid()

        def follow_parent() -> None:
            die_with_parent()
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

        # A session of its own: Ctrl-C reaches the parent alone, which then ends its children in order.
        self._process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            preexec_fn=follow_parent,  # noqa: PLW1509 - the parent has one thread
            start_new_session=True,
        )
        self._started_at = time.monotonic()

    def look_after(self) -> bool:
        """Start it again if it is due. False once it has died too often."""
        if self._process is not None and self._process.poll() is None:
            return True
        if self._process is not None:
            self._note_death(self._process.returncode)
        if self._deaths > self.attempts:
            return False
        if time.monotonic() >= self._start_again_at:
            self.start()
        return True

    def _note_death(self, code: int) -> None:
        self._signal(signal.SIGKILL)  # its own children, if any are left
        self._process = None
        if time.monotonic() - self._started_at > self.settled_after:
            self._deaths = 0
        self._deaths += 1
        pause = 2 ** (self._deaths - 1)
        self._start_again_at = time.monotonic() + pause
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        again = f"starting it again in {pause} s" if self._deaths <= self.attempts else "giving up"
        print(f"The {self.name} ended ({how}): {again}.", file=sys.stderr, flush=True)

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """The child and all that it started."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


class Supervisor:
    """Runs children until a signal, or until one of them cannot be kept running.

    `look_around` is called twice a second meanwhile.
    """

    def __init__(self, children: Sequence[Child], *, look_around: Callable[[], None] = lambda: None) -> None:
        self._children = children
        self._look_around = look_around
        self._told_to_end = False

    def run(self) -> int:
        """Start all, look after them, end all. Answers the exit code: 0 after SIGINT or SIGTERM, else 1."""
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return 0 if self._keep_running() else 1
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._told_to_end = True

    def _keep_running(self) -> bool:
        for child in self._children:
            child.start()
        while not self._told_to_end:
            for child in self._children:
                if not child.look_after():
                    print(f"Stopping: the {child.name} does not stay up.", file=sys.stderr, flush=True)
                    return False
            self._look_around()
            self._sleep(0.5)
        return True

    def _sleep(self, seconds: float) -> None:
        """A signal does not cut time.sleep() short: sleep in small pieces."""
        deadline = time.monotonic() + seconds
        while not self._told_to_end and time.monotonic() < deadline:
            time.sleep(0.1)

    def _end_all(self) -> None:
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not all(child.has_ended() for child in self._children):
            time.sleep(0.05)
        for child in self._children:
            child.kill()
