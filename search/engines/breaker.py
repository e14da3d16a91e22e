"""Remembers that an engine is down, so that readers don't wait for it one after another."""

import logging
import time
from threading import Lock

logger = logging.getLogger("search")

PAUSE = 10.0  # seconds an engine is left alone after it failed


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

    def failed(self, error: Exception) -> None:
        with self._lock:
            if self._ask_again_at is None:
                logger.warning("%s does not answer, PostgreSQL does instead: %s", self._engine, error)
            self._ask_again_at = time.monotonic() + self._pause

    def succeeded(self) -> None:
        with self._lock:
            if self._ask_again_at is not None:
                logger.warning("%s answers again", self._engine)
            self._ask_again_at = None
