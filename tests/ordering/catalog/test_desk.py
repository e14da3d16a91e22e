"""The catalogue on the head office's desk: read by many, written by editors, through services."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from search.models import Change
from tests.clients import PortalClient
from tests.factories import make_member, make_region, make_staff
from tests.factories_catalog import make_brand, make_category, make_product, make_stock, make_warehouse

pytestmark = pytest.mark.django_db

SCREENS = ("product", "category", "attribute", "brand", "warehouse", "stock")


@pytest.mark.parametrize(
    "role", [StaffRole.EDITOR, StaffRole.MANAGER, StaffRole.PROGRAMME, StaffRole.ANALYST, StaffRole.ADMINISTRATOR]
)
def test_every_head_office_role_reads_the_catalogue(client_of: Callable[..., PortalClient], role: str) -> None:
    make_stock(make_product("TV-1", category=make_category("drills")), 5)
    client = client_of(make_staff(role))
    assert {screen: client.get(f"/cms/{screen}/").status_code for screen in SCREENS} == dict.fromkeys(SCREENS, 200)
    assert "TV-1" in client.get("/cms/product/").content.decode()


def test_a_dealers_person_does_not(client_of: Callable[..., PortalClient]) -> None:
    client = client_of(make_member(Role.OWNER))
    assert {client.get(f"/cms/{screen}/").status_code for screen in SCREENS}.isdisjoint({200})


def test_an_editor_describes_an_article_and_its_facts_stay(client_of: Callable[..., PortalClient]) -> None:
    product = make_product("TV-1", name_en="Drill")
    client = client_of(make_staff(StaffRole.EDITOR))
    answer = client.post(
        f"/cms/product/edit/{product.pk}/",
        {"description_ru": "Сверлит", "description_en": "Drills", "picture": "", "sku": "HACKED", "name_en": "Hacked"},
    )
    assert answer.status_code == 302
    product.refresh_from_db()
    assert (product.description_ru, product.description_en, product.sku, product.name_en) == (
        "Сверлит",
        "Drills",
        "TV-1",
        "Drill",
    )
    assert AuditEvent.objects.filter(verb="product.described", subject="TV-1").count() == 1
    assert Change.objects.filter(kind="product", key=str(product.pk)).exists()


def test_who_may_not_write_changes_nothing(client_of: Callable[..., PortalClient]) -> None:
    product = make_product("TV-1")
    client_of(make_staff(StaffRole.ANALYST)).post(f"/cms/product/edit/{product.pk}/", {"description_en": "Changed"})
    product.refresh_from_db()
    assert product.description_en == ""


@pytest.mark.parametrize("screen", ["product", "category", "warehouse", "stock"])
def test_a_list_and_its_export_cost_the_same_for_one_row_and_for_many(
    client_of: Callable[..., PortalClient], screen: str
) -> None:
    """Every row names its brand, category, region or article: 20,000 rows once took two queries each, and a minute."""

    def stock_one(number: int) -> None:
        category = make_category(f"drills-{number}", parent=make_category(f"tools-{number}"))
        product = make_product(f"TV-{number}", category=category, brand=make_brand(f"Brand {number}"))
        make_stock(product, 5, warehouse=make_warehouse(f"W{number}", region=make_region()))

    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/cms/{screen}/{query}")
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        return len(queries)

    client = client_of(make_staff(StaffRole.EDITOR))
    stock_one(1)
    client.get(f"/cms/{screen}/")  # what is asked once a process: content types, the menu
    ways = ("", "?export=csv", "?export=xlsx")
    of_one = [asked(way) for way in ways]
    for number in range(2, 8):
        stock_one(number)
    assert [asked(way) for way in ways] == of_one
