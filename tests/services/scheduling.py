"""Which tests share a worker: those of one module do, and all that walk through the demo.

A module's tests share what it builds once (a loaded demo, a rebuilt index), so it is the unit of work. pytest-xdist's own
`xdist_group` does not group under pytest 9.2: it renames items in an attribute that pytest reads no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

DEMO = "tests/end_to_end/"
# What starts servers of its own takes longest: it begins while the other workers have enough to do.
FIRST = (DEMO, "tests/portal/demo/test_load.py", "tests/search/test_survival.py", "tests/search/test_relevance.py")


def unit(nodeid: str) -> str:
    """The unit of work a test belongs to."""
    module = nodeid.partition("::")[0]
    return DEMO if module.startswith(DEMO) else module


def turn(nodeid: str) -> int:
    """When the test's unit is handed out: 0 is first."""
    return next((place for place, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


class UnitScheduling(LoadScopeScheduling):
    """Hands out units in the order in which the workers collected them (`--no-loadscope-reorder`)."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def slow_units_first(items: list[pytest.Item]) -> None:
    """Put the slow units in front; the order within and of all others stays (as pytest-randomly shuffled it)."""
    items.sort(key=lambda item: turn(item.nodeid))
