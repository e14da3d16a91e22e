"""The API's description holds the portal's own API only: Wagtail's admin API is not ours to describe."""

from typing import Any


def only_version_one(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [endpoint for endpoint in endpoints if str(endpoint[0]).startswith("/api/v1/")]
