"""Fixtures that every room's tests share. Rows come from `tests/factories*.py`, called as plain functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from accounts import principals
from accounts.models import Membership, User
from accounts.principals import Principal

from .clients import PortalClient, api_client_of
from .services import pristine

REAL_DATA = Path(os.environ.get("REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After pytest-django's own: what the migrations left is kept, to be put back after transactional tests."""
    with django_db_blocker.unblock():
        pristine.keep()
    pristine.install()


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """Nothing of the former test is left in the cache or in the active language."""
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> Client:
    """A stranger's English browser."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def principal_of() -> Callable[[Membership | User], Principal]:
    """`principal_of(membership)`, `principal_of(user)`: the actor, as a request would make it."""

    def make(who: Membership | User) -> Principal:
        if isinstance(who, Membership):
            return principals.of_membership(Membership.objects.select_related("user", "dealer").get(pk=who.pk))
        return principals.of_user(who)

    return make


@pytest.fixture
def client_of() -> Callable[[Membership | User], PortalClient]:
    """`client_of(membership)`: a browser signed in as that member or head-office person."""
    return PortalClient


@pytest.fixture
def api_client() -> Callable[..., APIClient]:
    """`api_client(membership)`: a machine with that member's token; `api_client()`: a stranger."""
    return api_client_of


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files (REAL_DATA, by default ../shared/data)."""
    if not REAL_DATA.is_dir():
        message = f"REAL DATA MISSING: {REAL_DATA} is not there, so real files were not tried. Set REAL_DATA."
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"} and "REAL_DATA" in os.environ:
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return REAL_DATA
