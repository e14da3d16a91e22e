"""Fixtures that give a test a real service, or skip it where there is none (see `plugin`)."""

import os
from collections.abc import Iterator
from typing import Never

import pytest
from django.conf import settings

from tests.services import browser, elasticsearch
from tests.services.database import ensure_template
from tests.services.missing import MARK, ServiceMissingError


def missing(error: ServiceMissingError) -> Never:
    """Skip the test that asked for the service; with `CI=true`, fail it."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(f"CI=true, and this must run: {error}", pytrace=False)
    pytest.skip(f"{MARK}{error}")


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """Address of a real Elasticsearch: `ELASTICSEARCH_URL`, or the node that all workers share."""
    given = os.environ.get("ELASTICSEARCH_URL")
    if given:
        yield given
        return
    try:
        with elasticsearch.in_use() as node:
            yield node.url
    except ServiceMissingError as error:
        missing(error)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """What pytest-playwright launches: the system's Chromium."""
    try:
        return {**browser_type_launch_args, **browser.launch_arguments()}
    except ServiceMissingError as error:
        missing(error)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Test databases begin as copies of a migrated one: two seconds for each worker instead of thirty."""
    for database in settings.DATABASES.values():
        database.setdefault("TEST", {})["TEMPLATE"] = ensure_template(settings.VAR)
