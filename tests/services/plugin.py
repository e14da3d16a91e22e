"""pytest plugin: real services for the tests, and a loud word about those that are missing.

A test that asks for `elasticsearch_url`, `page` or `browser` is skipped where the service cannot be had, and
the summary says what did not run and how to get it. With `CI=true` the same is a failure.
"""

from collections.abc import Generator

import pytest
from xdist.remote import Producer

from tests.services import fixtures, scheduling
from tests.services.missing import MARK


def pytest_configure(config: pytest.Config) -> None:
    """Bring our fixtures in after all plugins, so that they override pytest-playwright's."""
    config.pluginmanager.register(fixtures, "services-fixtures")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> scheduling.UnitScheduling:
    """Keep tests that share a server on one worker."""
    return scheduling.UnitScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the slowest begin first."""
    scheduling.slow_units_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Say above pytest's own summary what did not run for want of a service."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple) and MARK in report.longrepr[2]:
            reason = report.longrepr[2].partition(MARK)[2]
            reasons[reason] = reasons.get(reason, 0) + 1
    if reasons:
        terminalreporter.section("NOT RUN for want of a service", sep="!", red=True, bold=True)
        for reason, count in reasons.items():
            terminalreporter.line(f"{count} test(s): {reason}", red=True)
    yield
