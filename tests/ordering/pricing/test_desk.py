"""Price files and publishing on the head office's desk."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import StaffRole
from ordering.pricing.models import Contract, PriceList, PriceListVersion, Promotion
from portal.lib.clock import business_date
from tests.factories import make_dealer, make_region, make_staff
from tests.factories_pricing import make_article, make_contract, make_price_list, make_promotion, make_version

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


@pytest.mark.parametrize(("text", "said"), [("sku,price\nA-1,x\nA-1,y\n", "Row 3, A-1"), ("a,b\n1,2\n", "no column")])
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


def test_after_an_import_the_page_says_what_it_changes_and_what_was_left_out(manager) -> None:
    article = make_article("A-1")
    price_list = make_price_list({article: 10})
    answer = send(manager, price_list, "sku,price\nA-1,12\nNONE,5\n", publish="", valid_from="2027-01-01")
    draft = price_list.versions.get(number=2)
    assert answer["Location"] == f"/cms/pricelistversion/edit/{draft.pk}/?valid_from=2027-01-01"
    page = manager.get(answer["Location"])
    for words in (
        "june.csv is read: 2 rows, 1 article with other prices.", "1 row is left out", "NONE (row 3)",
        "What this version changes from 1\xa0Jan\xa02027", 'value="2027-01-01"',
    ):  # fmt: skip
        assert words in page.content.decode()


def test_a_draft_is_compared_with_what_holds_on_the_day_thought_of(manager) -> None:
    article, tomorrow = make_article("A-1"), business_date() + dt.timedelta(days=1)
    price_list = make_price_list({article: 10})
    make_version(price_list, {article: 12}, valid_from=tomorrow)
    draft = make_version(price_list, {article: 12}, publish=False)
    path = f"/cms/pricelistversion/edit/{draft.pk}/"
    assert manager.get(path).context["changes"].raised == 1
    look = manager.post(path, {"valid_from": tomorrow, "look": "1"})
    assert look["Location"] == f"{path}?valid_from={tomorrow}"
    changes = manager.get(look["Location"]).context["changes"]
    assert (changes.raised, changes.same) == (0, 1)
    draft.refresh_from_db()
    assert draft.published_at is None
    assert manager.get(f"{path}?valid_from=never").status_code == 200


def test_whoever_only_reads_sees_the_version_and_no_way_to_change_it(client_of) -> None:
    article = make_article("A-1")
    price_list = make_price_list({article: 10})
    draft = make_version(price_list, {article: 12}, publish=False)
    analyst = client_of(make_staff(StaffRole.ANALYST))
    page = analyst.get(f"/cms/pricelistversion/inspect/{draft.pk}/").content.decode()
    for words in ("Nobody sees it before it is published", "raised: <b>1</b>", f"/cms/prices/grid/edits/{draft.pk}/"):
        assert words in page
    held = analyst.get(f"/cms/pricelistversion/inspect/{price_list.versions.get(number=1).pk}/").content.decode()
    assert "It holds now" in held
    for words in ("/discard/", "/grid/draft/", "Scope key"):
        assert words not in page + held


def test_a_published_version_only_shows(manager) -> None:
    today = business_date()
    price_list = make_price_list({make_article(): 10})
    held = price_list.versions.get()
    coming = make_version(price_list, {}, valid_from=today + dt.timedelta(days=3))
    path = "/cms/pricelistversion/edit/{}/"
    assert not manager.get(path.format(held.pk)).context["form"].fields
    page = manager.get(path.format(coming.pk))
    assert list(page.context["form"].fields) == ["withdraw"]
    # Without the tick nothing is taken back.
    assert "This field is required" in manager.post(path.format(coming.pk), {}).content.decode()
    answer = manager.post(path.format(coming.pk), {"withdraw": "on"}, follow=True)
    assert "Version 2 is taken back" in answer.content.decode()
    assert "It was taken back before its first day" in answer.content.decode()
    states = [
        state for state in ("In force", "Over") if state in manager.get("/cms/pricelistversion/").content.decode()
    ]
    assert states == ["In force", "Over"]


def test_every_page_says_of_a_version_from_when_it_holds(manager) -> None:
    tomorrow = business_date() + dt.timedelta(days=1)
    coming = make_version(make_price_list(), {make_article(): 10}, valid_from=tomorrow)
    grid = "/cms/prices/grid/"
    for page in (f"{grid}edits/{coming.pk}/", f"{grid}?c=v{coming.pk}", f"{grid}compare/?after={coming.pk}"):
        assert "version 1 from" in manager.get(page).content.decode(), page


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


CONTRACT = {
    "name_ru": "Договор",
    "name_en": "Agreement",
    "currency": "RUB",
    "sku": "a-1",
    "prices": "1: 100; 10: 95,50",
    "first_day": "2026-06-01",
    "publish": "on",
}


def test_a_contract_is_made_and_ended_on_the_desk(manager) -> None:
    article, dealer = make_article("A-1"), make_dealer()
    assert manager.post("/cms/contract/new/", {**CONTRACT, "dealer": dealer.pk}).status_code == 302
    contract = Contract.objects.get()
    assert (contract.product, contract.breaks, contract.since) == (article, [(1, 100), (10, 95.5)], dt.date(2026, 6, 1))
    assert contract.published_at
    path = f"/cms/contract/edit/{contract.pk}/"
    assert "prices" not in manager.get(path).context["form"].fields
    today = business_date()
    assert "stays" in manager.post(path, {"last_day": today - dt.timedelta(days=1)}).content.decode()
    assert manager.post(path, {"last_day": today}).status_code == 302
    contract.refresh_from_db()
    assert contract.last_day == today


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sku": "none"}, "no article none"),
        ({"prices": "1: x"}, "1: x"),
        ({"prices": "1: 100; 10: 1,450"}, "1.450 or 1450.00"),
        ({"last_day": "2026-01-01"}, "before the first"),
        ({"prices": ""}, "one thing and one price"),
        ({"percent": "5"}, "one thing and one price"),
    ],
)
def test_a_wrong_contract_is_said_on_the_form(manager, change, said) -> None:
    make_article("A-1")
    answer = manager.post("/cms/contract/new/", {**CONTRACT, "dealer": make_dealer().pk, **change})
    assert (answer.status_code, Contract.objects.count()) == (200, 0)
    assert said in answer.content.decode()


def test_a_promotion_is_drafted_changed_and_published(manager) -> None:
    fields = {
        "name_ru": "Акция",
        "name_en": "Week",
        "percent": "5",
        "first_day": "2026-06-01",
        "last_day": "2026-06-07",
    }
    assert manager.post("/cms/promotion/new/", fields).status_code == 302
    promotion = Promotion.objects.get()
    assert promotion.published_at is None
    path = f"/cms/promotion/edit/{promotion.pk}/"
    assert manager.post(path, {**fields, "percent": "7", "publish": "on"}).status_code == 302
    promotion.refresh_from_db()
    assert (promotion.percent, promotion.last_day, promotion.published_at is not None) == (7, dt.date(2026, 6, 7), True)


@pytest.mark.parametrize("model", ["contract", "promotion"])
def test_who_reads_deals_on_the_desk(client_of, model) -> None:
    make_contract(make_dealer("Buyer"), make_article("A-1"), 5, name_en="Seen")
    make_promotion(percent=5, name_en="Seen")
    for role, may_read, may_write in (
        (StaffRole.PROGRAMME, True, True),
        (StaffRole.ADMINISTRATOR, True, True),
        (StaffRole.ANALYST, True, False),
        (StaffRole.MANAGER, True, False),
        (StaffRole.EDITOR, False, False),
    ):
        desk = client_of(make_staff(role))
        assert ("Seen" in desk.get(f"/cms/{model}/", follow=True).content.decode()) is may_read
        assert (desk.get(f"/cms/{model}/new/").status_code == 200) is may_write
