"""The discount over the API, the programme's page, and the desk."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from ordering.programme.models import Programme
from ordering.programme.queries import standing, what_if
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_pricing import make_article, make_award, make_card, make_price_list, make_programme, make_sale

pytestmark = pytest.mark.django_db
NOV = dt.date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def dealer():
    dealer, rival = make_dealer(), make_dealer()
    programme = make_programme()
    make_award(dealer, programme.tiers.get(code="silver"), start=dt.date(2026, 4, 1))
    make_sale(dealer, NOV, 5_489_200)
    make_sale(rival, NOV, 7_777_777)
    return dealer


def test_the_discount(dealer, api_client) -> None:
    said = api_client(make_member(dealer=dealer)).get("/api/v1/discount/").json()
    assert said["tier"]["code"] == "silver"
    assert (said["discount"], said["currency"], said["volume"]) == ("8.00", "RUB", "5489200.00")
    assert said["window"] == {"first": "2025-12-01", "last": "2026-11-30"}
    assert (said["next_tier"]["code"], said["next_tier"]["distance"]) == ("gold", "510800.00")
    assert said["lost_on"] == "2027-12-01"
    assert [tier["code"] for tier in said["tiers"]] == ["bronze", "silver", "gold"]


def test_a_seller_sees_the_tier_but_not_the_companys_figures(dealer, api_client, client_of) -> None:
    seller = make_member(Role.SELLER, dealer=dealer)
    said = api_client(seller).get("/api/v1/discount/").json()
    assert (said["tier"]["code"], said["discount"]) == ("silver", "8.00")
    assert (said["volume"], said["next_tier"], said["lost_on"]) == (None, None, None)
    page = client_of(seller).get("/programme/?sum=1000").content.decode()
    assert "5,489,200" not in page
    assert "510,800" not in page
    assert "What if" not in page


def test_without_a_programme(api_client, client_of) -> None:
    member = make_member(dealer=make_dealer(currency="KZT"))
    said = api_client(member).get("/api/v1/discount/").json()
    assert (said["programme"], said["tier"], said["discount"], said["tiers"]) == (None, None, "0", [])
    assert "No programme runs yet" in client_of(member).get("/programme/").content.decode()


def test_who_sees_the_programme(dealer, api_client, client_of, client) -> None:
    for role, status in ((Role.OWNER, 200), (Role.BUYER, 200), (Role.SELLER, 200), (Role.READER, 403)):
        member = make_member(role, dealer=dealer)
        assert api_client(member).get("/api/v1/discount/").status_code == status
        assert client_of(member).get("/programme/").status_code == status
    assert api_client().get("/api/v1/discount/").status_code == 401
    assert client.get("/programme/").status_code == 302


def test_what_a_sum_would_change(dealer, client_of) -> None:
    """The sample of the design: 550,000 more make Gold and save 14,916 in a usual month."""
    page = client_of(make_member(dealer=dealer)).get("/programme/?sum=550 000").content.decode()
    assert "₽6,039,200" in page
    assert "Gold, −11" in page
    assert "₽14,916" in page
    assert "7,777,777" not in page


def test_what_if_nothing_changes(dealer) -> None:
    where = standing(dealer.pk, dt.date(2026, 11, 23))
    answer = what_if(where, where.distance - 1)
    assert (answer.tier.code, answer.saving, answer.next_tier.code, answer.distance) == ("silver", None, "gold", 1)
    assert what_if(where, where.distance).tier.code == "gold"


@pytest.mark.parametrize("text", ["x", "-5", "0", "1e9", "9" * 20])
def test_a_sum_that_is_none_is_said_beside_the_field(dealer, client_of, text) -> None:
    page = client_of(make_member(dealer=dealer)).get("/programme/", {"sum": text})
    assert page.status_code == 200
    assert "is not a sum" in page.content.decode()


DESK = [
    "/cms/pricelist/",
    "/cms/pricelistversion/",
    "/cms/price/",
    "/cms/partner_programme/",
    "/cms/tier/",
    "/cms/tieraward/",
    "/cms/ledgerentry/",
]


@pytest.mark.parametrize("path", DESK)
def test_the_desk_opens_by_right(dealer, client_of, path) -> None:
    opens = {StaffRole.ADMINISTRATOR, StaffRole.ANALYST} | (set() if "ledger" in path else {StaffRole.PROGRAMME})
    for role in StaffRole:
        status = client_of(make_staff(role)).get(path).status_code
        assert (status == 200) == (role in opens), (role, status)
    assert client_of(make_member(Role.OWNER, dealer=dealer)).get(path).status_code != 200


@pytest.mark.parametrize("path", DESK)
@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_the_desk_exports(dealer, client_of, path, export) -> None:
    answer = client_of(make_staff(StaffRole.ANALYST)).get(f"{path}?export={export}")
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) > 20


@pytest.mark.parametrize("path", DESK)
def test_the_desk_costs_the_same_for_one_row_and_for_forty(client_of, path) -> None:
    client = client_of(make_staff(StaffRole.ADMINISTRATOR))
    counts = []
    for number in (1, 40):
        for n in range(number):
            make_sale(rival := make_dealer(), NOV, 1, product=make_article(), client=make_card(rival))
            start = dt.date(2000 + len(counts) * 100 + n, 1, 1)
            programme = make_programme(start=start, end=dt.date(start.year, 12, 31))
            make_award(make_dealer(), programme.tiers.first())
            make_price_list({make_article(): 5}, region=make_region())
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_analyst_changes_nothing(dealer, client_of) -> None:
    client = client_of(make_staff(StaffRole.ANALYST))
    tier = Programme.objects.get().tiers.first()
    for path in ("/cms/tier/new/", f"/cms/tier/edit/{tier.pk}/", "/cms/pricelist/new/", "/cms/pricelistversion/new/"):
        assert client.get(path).status_code != 200
    assert client_of(make_staff(StaffRole.PROGRAMME)).get(f"/cms/tier/edit/{tier.pk}/").status_code == 200


def test_a_second_programme_of_a_currency_is_refused_on_the_desk(dealer, client_of) -> None:
    client = client_of(make_staff(StaffRole.PROGRAMME))
    answer = client.post(
        "/cms/partner_programme/new/",
        {
            "code": "two", "currency": "RUB", "name_ru": "Вторая", "name_en": "Second",
            "validity_0": "2026-12-01", "validity_1": "", "measure": "shipped", "window": "rolling", "window_months": "12",
            "evaluation": "monthly", "grace_months": "0",
        },
    )  # fmt: skip
    assert "runs then" in answer.content.decode()
    assert Programme.objects.count() == 1
