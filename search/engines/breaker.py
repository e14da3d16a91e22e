"""Remembers that an engine is down, so that readers don't wait for it one after another."""

import logging
import time
from threading import Lock

logger = logging.getLogger("search")

PAUSE = 10.0  # seconds an engine is left alone after it failed
SLOW = 0.5  # seconds: an engine that takes so long for one reader after another is no better than a hung one
STRIKES = 3  # slow answers in a row


class Breaker:
    """Closed: ask. Open: don't, until the pause is over; then one caller tries and the others go on
    without.

    One for a process; each change of state is logged once.
    """

    def __init__(self, engine: str, *, pause: float = PAUSE) -> None:
        self._engine = engine
        self._pause = pause
        self._lock = Lock()
        self._ask_again_at: float | None = None
        self._strikes = 0

    @property
    def is_open(self) -> bool:
        return self._ask_again_at is not None

    def allows(self) -> bool:
        """Whether this caller should ask the engine."""
        with self._lock:
            if self._ask_again_at is None:
                return True
            if time.monotonic() < self._ask_again_at:
                return False
            self._ask_again_at = time.monotonic() + self._pause  # this caller tries, for all
            return True

    def failed(self, error: Exception | str) -> None:
        with self._lock:
            self._open(f"does not answer, PostgreSQL does instead: {error}")

    def succeeded(self, seconds: float = 0.0) -> None:
        """It answered, after so many seconds. One that is slow again and again is left alone as well."""
        with self._lock:
            self._strikes = self._strikes + 1 if seconds >= SLOW else 0
            was_open = self._ask_again_at is not None
            if self._strikes >= STRIKES or (was_open and self._strikes):
                self._open(f"is slow ({seconds:.1f} s), PostgreSQL answers instead")
                return
            if was_open:
                logger.warning("%s answers again", self._engine)
            self._ask_again_at = None

    def _open(self, why: str) -> None:
        if self._ask_again_at is None:
            logger.warning("%s %s", self._engine, why)
        self._ask_again_at = time.monotonic() + self._pause
