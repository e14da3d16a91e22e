"""The ledger over the API: an ERP states lines once, a bad one is named, and everyone sees their own."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from ordering.sales.enums import EntryKind, Source
from ordering.sales.models import LedgerEntry
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_catalog import make_product
from tests.factories_pricing import make_article, make_card, make_sale

pytestmark = pytest.mark.django_db
ENTRIES = "/api/v1/sales/entries/"


@pytest.fixture
def erp():
    return api_client_of(make_staff(StaffRole.MANAGER))


def line(dealer, number=1, **said):
    return {"dealer": dealer.code, "date": "2026-11-20", "document": "INV-7", "line": str(number), "quantity": "2",
            "net": "150.50", "currency": "RUB"} | said  # fmt: skip


def state(client, *lines):
    return client.post(ENTRIES, {"entries": list(lines)}, format="json")


def test_lines_are_stated_once_and_kinds_follow_the_signs(erp) -> None:
    dealer, article = make_dealer(), make_product("DR-18")
    lines = [line(dealer, sku="dr-18"), line(dealer, 2, quantity="-1", net="-75.25"), line(dealer, 3, kind="paid")]
    made = state(erp, *lines)
    assert made.status_code == 201, made.json()["refusals"]
    assert (made.status_code, made.json()) == (201, {"entries": 3, "added": 3})
    assert state(erp, *lines).json() == {"entries": 3, "added": 0}
    found = {one.line: one for one in LedgerEntry.objects.all()}
    assert [found[n].kind for n in "123"] == [EntryKind.SHIPPED, EntryKind.RETURNED, EntryKind.PAID]
    assert (found["1"].product, found["1"].source, found["1"].dealer) == (article, Source.ERP, dealer)
    assert AuditEvent.objects.filter(verb="sales.imported").count() == 2
    other = state(erp, line(dealer, net="150.51"))
    assert (other.status_code, other.json()["code"]) == (409, "document_line_taken")


def test_a_bad_line_is_named_and_none_is_taken(erp) -> None:
    dealer = make_dealer()
    answer = state(erp, line(dealer), line(dealer, 2, sku="NONE-1"), {**line(dealer, 3), "dealer": "nobody"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "sales_file_refused")
    assert [(one["row"], one["document"]) for one in body["refusals"]] == [(2, "INV-7"), (3, "INV-7")]
    assert "NONE-1" in body["refusals"][0]["remedy"]
    assert not LedgerEntry.objects.exists()
    for wrong in ({"net": "1.234"}, {"date": "20.11.2026"}, {"currency": "rub"}, {"kind": "stolen"}, {"document": ""}):
        assert state(erp, line(dealer, **wrong)).status_code == 400, wrong
    assert state(erp).status_code == 400
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("code", ["ООО 1", "1 №", "дилер-1"])
def test_a_line_of_an_unknown_dealer_is_nobodys(erp, code) -> None:
    make_dealer(code="1")
    assert state(erp, {**line(make_dealer()), "dealer": code}).status_code == 422
    assert not LedgerEntry.objects.exists()


def test_one_line_looks_up_what_it_names_only(erp) -> None:
    dealer = make_dealer()
    for n in range(3):
        make_product(f"S-{n}")
    with CaptureQueriesContext(connection) as queries:
        assert state(erp, line(dealer, sku="S-1")).status_code == 201
    asked = [one["sql"] for one in queries if 'FROM "catalog_product"' in one["sql"]]
    assert asked
    assert all("sku_key" in sql and " IN (" in sql for sql in asked)


def test_only_the_head_office_states_and_each_reads_the_own(erp) -> None:
    mine, theirs = make_dealer(), make_dealer()
    owner, seller = make_member(Role.OWNER, dealer=mine), make_member(Role.SELLER, dealer=mine)
    today = business_date()
    make_sale(mine, today, 10, document="A-1", client=make_card(mine, "Client X", seller=seller))
    make_sale(mine, today, 20, document="A-2")
    make_sale(theirs, today, 40, document="B-1")
    make_sale(mine, today - dt.timedelta(days=800), 80, document="OLD")
    for stranger in (owner, seller, make_member(Role.READER, dealer=mine), make_staff(StaffRole.ANALYST)):
        assert state(api_client_of(stranger), line(mine)).status_code == 403

    def documents(client, **asked):
        return {one["document"] for one in client.get(ENTRIES, asked).json()["results"]}

    assert documents(api_client_of(owner)) == {"A-1", "A-2"}
    assert documents(api_client_of(owner), document="OLD") == {"OLD"}
    assert documents(api_client_of(owner), document="B-1") == set()
    assert documents(api_client_of(owner), dealer=theirs.code) == set()
    told = api_client_of(seller).get(ENTRIES).json()["results"]
    assert [(one["document"], one["client"], one["net"]) for one in told] == [("A-1", "Client X", "10.00")]
    for blind in (
        api_client_of(make_member(Role.READER, dealer=mine)),
        erp,
    ):  # managers keep dealers, and read no figures
        assert documents(blind) == set()
        assert documents(blind, document="A-1", dealer=mine.code) == set()
    analyst = api_client_of(make_staff(StaffRole.ANALYST))
    assert documents(analyst) == {"A-1", "A-2", "B-1"}
    assert documents(analyst, dealer=theirs.code) == {"B-1"}
    assert analyst.get(ENTRIES, {"from": "2026-13-01"}).status_code == 422


def test_pages_of_the_ledger_ask_as_often_for_two_lines_as_for_twenty() -> None:
    owner = make_member(Role.OWNER)
    client = api_client_of(owner)
    client.get(ENTRIES)

    def queries(more: int) -> int:
        for _ in range(more):
            make_sale(owner.dealer, business_date(), 1, product=make_article(), client=make_card(owner.dealer))
        with CaptureQueriesContext(connection) as found:
            assert client.get(ENTRIES).status_code == 200
        return len(found)

    assert queries(2) == queries(18)
