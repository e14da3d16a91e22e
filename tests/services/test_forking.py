"""A child process never talks through its parent's connection, whatever loop is running there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from .forking import forked


@contextmanager
def running(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """As in a worker in which Playwright was started: the loop counts as running while ordinary code runs."""
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(before)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True, available_apps=["search"])
def test_a_child_connects_anew_though_its_parent_keeps_connections_in_two_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    loop = asyncio.new_event_loop()
    told, tell = os.pipe()
    with running(None):
        first = backend()
    with running(loop):
        second = backend()
        assert second != first  # the two places; with one there would be nothing to guard
        status = forked(lambda: os.write(tell, str(backend()).encode()))
        assert status == 0
        assert int(os.read(told, 20)) not in {first, second}
        connection.close()
    loop.close()
    with running(None):
        assert backend() == first  # nobody spoiled the parent's own
