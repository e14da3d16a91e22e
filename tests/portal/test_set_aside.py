"""What an engine refused, on the administrator's screen: seen with its reason, tried again, or forgotten."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import StaffRole
from accounts.models import AuditEvent
from search.models import Change, Entry
from tests.factories import make_staff
from tests.factories_catalog import make_product

pytestmark = pytest.mark.django_db
LIST = reverse("search_set_aside:index")


@pytest.fixture
def administrator(client_of, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda work, **_: work())  # a test never commits
    return client_of(make_staff(StaffRole.ADMINISTRATOR))


def refused(key: str) -> Change:
    return Change.objects.create(
        engine="postgresql", kind="product", key=key, error="no such colour <b>", attempts=5, set_aside=True
    )


def test_the_list_shows_what_was_refused_and_why(administrator):
    row = refused("1")
    Change.objects.create(engine="postgresql", kind="product", key="2", error="waits")
    page = administrator.get(LIST).content.decode()
    assert "product 1 for postgresql" in page
    assert "no such colour &lt;b&gt;" in page
    assert "product 2" not in page
    assert LIST in administrator.get(reverse("wagtailadmin_home")).content.decode()
    assert "Try again" in administrator.get(reverse("search_set_aside:edit", args=[row.pk])).content.decode()


def test_tried_again_it_is_found_at_once(administrator):
    row = refused(str(make_product("TV-1").pk))
    assert administrator.post(reverse("search_set_aside:edit", args=[row.pk])).status_code == 302
    assert (Change.objects.count(), Entry.objects.get().key) == (0, row.key)
    assert AuditEvent.objects.get(verb="search.tried_again").subject == f"product {row.key}"


def test_forgotten_it_is_gone_and_the_engine_keeps_what_it_has(administrator):
    row = refused(str(make_product("TV-1").pk))
    assert administrator.post(reverse("search_set_aside:delete", args=[row.pk])).status_code == 302
    assert (Change.objects.count(), Entry.objects.count()) == (0, 0)
    assert AuditEvent.objects.filter(verb="search.given_up").exists()


def test_nobody_else_opens_it(client_of):
    row = refused("1")
    desk = client_of(make_staff(StaffRole.EDITOR))
    for name, arguments in (("index", []), ("edit", [row.pk]), ("delete", [row.pk])):
        desk.post(reverse(f"search_set_aside:{name}", args=arguments))
        assert desk.get(reverse(f"search_set_aside:{name}", args=arguments)).status_code == 302
    assert Change.objects.filter(set_aside=True).exists()
