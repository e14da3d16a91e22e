"""Price files and publishing on the head office's desk."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import StaffRole
from ordering.pricing.models import PriceList, PriceListVersion
from tests.factories import make_region, make_staff
from tests.factories_pricing import make_article, make_price_list, make_version

pytestmark = pytest.mark.django_db
NEW = "/cms/pricelistversion/new/"


def send(client, price_list, text: str, **extra):
    file = SimpleUploadedFile("june.csv", text.encode())
    return client.post(
        NEW, {"price_list": price_list.pk, "file": file, "valid_from": "2026-06-01", "publish": "on", **extra}
    )


@pytest.fixture
def manager(client_of):
    return client_of(make_staff(StaffRole.PROGRAMME))


def test_a_file_becomes_a_published_version(manager) -> None:
    make_article("A-1")
    price_list = make_price_list()
    assert send(manager, price_list, "sku,price\nA-1,10\n").status_code == 302
    version = price_list.versions.get()
    assert (version.since, version.source, version.prices.get().amount) == (dt.date(2026, 6, 1), "june.csv", 10)
    assert version.published_at


@pytest.mark.parametrize(("text", "said"), [("sku,price\nA-1,x\n", "Row 2, A-1"), ("a,b\n1,2\n", "no column")])
def test_a_bad_file_is_said_on_the_form(manager, text, said) -> None:
    make_article("A-1")
    answer = send(manager, make_price_list(), text)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not PriceListVersion.objects.exists()


def test_a_draft_is_published_from_a_day(manager) -> None:
    version = make_version(make_price_list(), {make_article(): 5}, publish=False)
    path = f"/cms/pricelistversion/edit/{version.pk}/"
    assert manager.post(path, {"valid_from": "2026-07-01"}).status_code == 302
    version.refresh_from_db()
    assert (version.since, version.published_at is not None) == (dt.date(2026, 7, 1), True)
    assert "published already" in manager.post(path, {"valid_from": "2026-08-01"}).content.decode()


def test_a_list_is_kept_by_the_service(manager) -> None:
    region = make_region()
    fields = {
        "code": "south",
        "name_ru": "Юг",
        "name_en": "South",
        "scope": "region",
        "region": region.pk,
        "currency": "RUB",
    }
    assert manager.post("/cms/pricelist/new/", fields).status_code == 302
    assert PriceList.objects.get(code="south").region == region
    answer = manager.post("/cms/pricelist/new/", {**fields, "code": "west", "region": ""})
    assert answer.status_code == 200
    assert not PriceList.objects.filter(code="west").exists()
