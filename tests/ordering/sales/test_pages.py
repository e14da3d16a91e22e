"""Sales on the page and over the API."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from ordering.catalog.models import Category
from ordering.clients.models import DealerClient
from ordering.sales.enums import EntryKind, GroupBy
from ordering.sales.forms import read_question
from ordering.sales.periods import Period
from ordering.sales.queries import history
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_pricing import make_article, make_card, make_sale

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
CANARY, CANARY_NAME = 777_777, "Kingfisher"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def dealer():
    dealer, rival = make_dealer(), make_dealer()
    tools = Category.objects.create(code="tools", name_ru="Инструмент", name_en="Tools", path="x")
    tools.path = f"/{tools.pk}/"
    tools.save()
    drills = Category.objects.create(code="drills", name_ru="Дрели", name_en="Drills", parent=tools, path="y")
    drills.path = f"{tools.path}{drills.pk}/"
    drills.save()
    drill = make_article("D-1", name_en="Drill", category=drills)
    saw = make_article("S-1", name_en="Saw", category=tools)
    builder, _other = make_card(dealer, "Builder"), make_card(dealer, "Other")
    theirs = make_card(rival, CANARY_NAME, client=builder.client)
    make_sale(dealer, dt.date(2026, 1, 10), 100, product=drill, client=builder, quantity=2, document="1")
    make_sale(dealer, dt.date(2026, 1, 31), 50, product=saw, document="1", line="2")
    make_sale(dealer, dt.date(2026, 11, 23), 30, product=drill, client=_other)
    make_sale(dealer, dt.date(2026, 11, 1), -10, product=drill, kind=EntryKind.RETURNED, quantity=-1)
    make_sale(dealer, dt.date(2025, 1, 15), 75, product=drill)
    make_sale(dealer, dt.date(2025, 12, 15), 1000, product=drill)
    make_sale(dealer, dt.date(2026, 2, 1), 5, product=None, currency="EUR")
    make_sale(dealer, dt.date(2026, 2, 1), 9999, kind=EntryKind.ORDERED)
    make_sale(rival, dt.date(2026, 1, 10), CANARY, product=drill, client=theirs)
    return dealer


def test_history_by_month(dealer, api_client) -> None:
    answer = api_client(make_member(dealer=dealer)).get("/api/v1/sales/")
    said = answer.json()
    assert said["period"] == {"first": "2026-01-01", "last": "2026-11-23"}
    assert said["compared"] == {"first": "2025-01-01", "last": "2025-11-23"}
    assert said["totals"] == {
        "net": "170.00",
        "quantity": "3.000",
        "articles": 2,
        "documents": 3,
        "compared_net": "75.00",
    }
    assert (said["currency"], said["measure"], said["up_to"], said["count"]) == ("RUB", "shipped", "2026-11-23", 11)
    rows = {row["key"]: (row["net"], row["compared_net"]) for row in said["results"]}
    assert (rows["2026-01-01"], rows["2026-11-01"], rows["2026-02-01"]) == (
        ("150.00", "75.00"),
        ("20.00", "0"),
        ("0", "0"),
    )


@pytest.mark.parametrize(
    ("group_by", "rows"),
    [
        ("category", [("tools", "Tools", "170.00", "75.00")]),
        ("product", [("D-1", "Drill", "120.00", "75.00"), ("S-1", "Saw", "50.00", "0")]),
        ("client", [("Builder", "100.00"), ("", "40.00"), ("Other", "30.00")]),
    ],
)
def test_history_cut_otherwise(dealer, api_client, group_by, rows) -> None:
    results = api_client(make_member(dealer=dealer)).get(f"/api/v1/sales/?group_by={group_by}").json()["results"]
    if group_by == "client":
        assert [(r["name"], r["net"]) for r in results] == rows
        # Negative control: the other dealer's name of the same company is in that dealer's own history.
        rival = DealerClient.objects.get(name=CANARY_NAME).dealer
        theirs = api_client(make_member(dealer=rival)).get("/api/v1/sales/?group_by=client").json()["results"]
        assert [r["name"] for r in theirs] == [CANARY_NAME]
    else:
        assert [(r["key"], r["name"], r["net"], r["compared_net"]) for r in results] == rows


def test_period_measure_currency_and_pages(dealer, api_client) -> None:
    client = api_client(make_member(dealer=dealer))
    assert client.get("/api/v1/sales/?from=2026-01-31&to=2026-01-31").json()["totals"]["net"] == "50.00"
    assert client.get("/api/v1/sales/?measure=ordered").json()["totals"]["net"] == "9999.00"
    assert client.get("/api/v1/sales/?currency=EUR").json()["totals"]["net"] == "5.00"
    assert client.get("/api/v1/sales/?group_by=product&page_size=1000").status_code == 200  # as every list: 100 at most
    page = client.get("/api/v1/sales/?group_by=product&page_size=1&page=2").json()
    assert ([row["key"] for row in page["results"]], page["next"]) == (["S-1"], None)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("from=x", "period_not_understood", "from"),
        ("to=2026-13-01", "period_not_understood", "to"),
        ("from=2026-02-01&to=2026-01-01", "period_not_understood", "from"),
        ("from=1000-01-01", "period_not_understood", "from"),
        ("group_by=colour", "invalid", None),
        ("currency=rubles", "invalid", None),
    ],
)
def test_what_is_wrong_is_a_problem(dealer, api_client, query, code, field) -> None:
    answer = api_client(make_member(dealer=dealer)).get(f"/api/v1/sales/?{query}")
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] == code
    assert answer.json().get("field") == field


def test_a_seller_sees_the_own_clients_only(dealer, api_client, principal_of) -> None:
    seller = make_member(Role.SELLER, dealer=dealer)
    assert api_client(seller).get("/api/v1/sales/").json()["totals"]["net"] == "0"
    DealerClient.objects.filter(dealer=dealer, name="Builder").update(seller=seller)
    assert api_client(seller).get("/api/v1/sales/").json()["totals"]["net"] == "100.00"
    colleague = make_member(Role.SELLER, dealer=dealer)
    assert history(principal_of(colleague), dt.date(2026, 1, 1), TODAY).totals.net == 0


def test_who_sees_sales(dealer, api_client, client_of, client) -> None:
    for role, status in ((Role.OWNER, 200), (Role.BUYER, 200), (Role.SELLER, 200), (Role.READER, 403)):
        member = make_member(role, dealer=dealer)
        assert api_client(member).get("/api/v1/sales/").status_code == status
        assert client_of(member).get("/sales/").status_code == status
    assert api_client(make_staff(StaffRole.EDITOR)).get("/api/v1/sales/").status_code == 403
    assert api_client().get("/api/v1/sales/").status_code == 401
    assert client.get("/sales/").status_code == 302


@pytest.mark.parametrize("by", ["category", "product", "client"])
def test_the_page(dealer, client_of, by) -> None:
    answer = client_of(make_member(dealer=dealer)).get(f"/sales/?by={by}").content.decode()
    assert "₽170" in answer
    assert "777" not in answer
    assert "<svg" in answer
    words = {"category": "Tools", "product": "Drill", "client": "Client not named"}
    assert words[by] in answer


def test_an_empty_page_says_so(client_of) -> None:
    assert "No shipments in this period" in client_of(make_member()).get("/sales/").content.decode()


def test_a_period_that_is_none_leads_back_with_a_word(dealer, client_of) -> None:
    answer = client_of(make_member(dealer=dealer)).get("/sales/?period=own&from=x", follow=True)
    assert answer.redirect_chain == [("/sales/", 302)]
    assert "is not a day" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "period", "beside"),
    [
        ({}, ("2026-01-01", "2027-01-01"), ("2025-01-01", "2026-01-01")),
        ({"compare": "before"}, ("2026-01-01", "2027-01-01"), ("2025-01-01", "2026-01-01")),
        ({"period": "quarter", "compare": "before"}, ("2026-10-01", "2027-01-01"), ("2026-07-01", "2026-10-01")),
        ({"period": "months"}, ("2025-12-01", "2026-12-01"), ("2024-12-01", "2025-12-01")),
        (
            {"period": "own", "from": "2026-03-10", "to": "2026-03-19", "compare": "before"},
            ("2026-03-10", "2026-03-20"),
            ("2026-02-28", "2026-03-10"),
        ),
        ({"period": "nonsense", "by": "month"}, ("2026-01-01", "2027-01-01"), ("2025-01-01", "2026-01-01")),
    ],
)
def test_questions(asked, period, beside) -> None:
    question = read_question(asked, today=TODAY)
    assert question.period == Period(*map(dt.date.fromisoformat, period))
    found = question.beside(question.period)
    assert found.start == dt.date.fromisoformat(beside[0])
    assert abs((found.end - dt.date.fromisoformat(beside[1])).days) <= 1


@pytest.mark.parametrize("group_by", list(GroupBy))
def test_one_and_a_hundred_rows_cost_the_same(dealer, client_of, group_by) -> None:
    client = client_of(make_member(dealer=dealer))
    counts = []
    for _n in range(2):
        client.get("/sales/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/sales/?by={group_by.value}")
            client.get(f"/api/v1/sales/?group_by={group_by.value}")
        counts.append(len(queries))
        for _m in range(60):
            make_sale(dealer, dt.date(2026, 5, 5), 1, product=make_article(), client=make_card(dealer))
    assert counts[0] == counts[1]
