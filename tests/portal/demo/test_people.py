"""Dealers, people, clients, sales and orders: valid, and the same every time."""

import base64
import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from stdnum.ru import inn

from accounts.enums import Role, StaffRole
from portal.demo import clients as base
from portal.demo.articles import articles
from portal.demo.history import sales
from portal.demo.orders import CART, COUNT, Fate, recent_orders
from portal.demo.people import DEALERS, REGIONS, company_tax_id, people, signins, trader_tax_id

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def ledger() -> list:
    return list(sales(TODAY))


def test_tax_ids_are_valid_and_nobody_shares_one() -> None:
    numbers = [dealer.tax_id for dealer in DEALERS] + [client.tax_id for client in base.clients()]
    assert [number for number in numbers if not inn.is_valid(number)] == []
    assert len(set(numbers)) == len(numbers) == 2040
    assert (company_tax_id("990102457"), len(trader_tax_id("9901022771"))) == ("9901024571", 12)
    assert not inn.is_valid("9901024572")


def test_five_regions_forty_dealers_two_thousand_clients() -> None:
    assert len([region for region in REGIONS if region.parent == "russia"]) == 5
    assert len(DEALERS) == len({dealer.code for dealer in DEALERS}) == 40
    assert {dealer.region for dealer in DEALERS} <= {region.code for region in REGIONS}
    assert len(base.clients()) == base.COUNT == 2000
    for field in ("name", "domain", "phone", "email"):
        assert len({getattr(client, field) for client in base.clients()}) == 2000
    assert all(client.dealers for client in base.clients())


def test_nothing_leads_to_a_real_address() -> None:
    assert all(person.email.endswith(".example") for person in people())
    assert all(client.domain.endswith(".example") for client in base.clients())


def test_every_role_can_be_signed_in_to() -> None:
    rows = signins()
    dealers = defaultdict(set)
    for row in rows:
        dealers[row["dealer"]].add(row["role"])
        assert set(row) - {"otp_secret"} == {"role", "email", "password", "dealer"}
    assert dealers[None] == set(StaffRole.values)
    assert len([name for name, roles in dealers.items() if name and roles == set(Role.values)]) >= 2
    assert len({row["email"] for row in rows}) == len(rows)
    secrets = [row["otp_secret"] for row in rows if "otp_secret" in row]
    assert len(set(secrets)) == 5
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_one_person_belongs_to_two_dealers() -> None:
    both = {person.email: person.memberships for person in people() if len(person.memberships) > 1}
    assert both == {"irina@verstak-yug.example": (("verstak-yug", "owner"), ("verstak-kavkaz", "reader"))}


def test_the_same_day_makes_the_same_sales_and_orders(ledger: list) -> None:
    assert list(sales(TODAY)) == ledger
    assert recent_orders(TODAY) == recent_orders(TODAY)
    assert list(sales(TODAY - dt.timedelta(days=1))) != ledger


def test_the_ledger_covers_three_years_up_to_yesterday(ledger: list) -> None:
    assert 60_000 <= len(ledger) <= 100_000
    assert min(row.date for row in ledger) <= dt.date(2023, 11, 30)
    assert max(row.date for row in ledger) < TODAY
    assert len({(row.kind, row.document, row.line) for row in ledger}) == len(ledger)
    known = {article.sku for article in articles()}
    assert {row.sku for row in ledger} <= known


def test_signs_follow_the_kind(ledger: list) -> None:
    assert {row.kind for row in ledger} == {"shipped", "returned"}
    assert all((row.quantity < 0) == (row.net < 0) == (row.kind == "returned") for row in ledger)
    returned = sum(row.kind == "returned" for row in ledger)
    assert 0.005 < returned / len(ledger) < 0.02


def test_volumes_spread_over_three_tiers_and_seasons_show(ledger: list) -> None:
    year: dict[str, Decimal] = defaultdict(Decimal)
    months: dict[int, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row.date >= dt.date(2025, 11, 23):
            year[row.dealer] += row.net
        if row.date.year == 2025:
            months[row.date.month] += row.net
    tiers = Counter(
        "gold" if sum_ >= 6_000_000 else "silver" if sum_ >= 3_000_000 else "bronze" for sum_ in year.values()
    )
    assert sum(tiers.values()) == 40
    assert min(tiers["gold"], tiers["silver"], tiers["bronze"]) >= 8
    assert 4_500_000 < year["verstak-yug"] < 5_990_000
    assert months[10] > 1.3 * float(months[1])


@pytest.mark.parametrize("today", [TODAY, dt.date(2027, 3, 1), dt.date(2028, 2, 29)])
def test_the_stock_bears_the_recent_orders_whatever_the_day(today: dt.date) -> None:
    stock = {article.sku: article for article in articles()}
    wanted: Counter[str] = Counter()
    orders = recent_orders(today)
    assert len(orders) == COUNT
    assert len({order.key for order in orders}) == COUNT
    for order in orders:
        assert order.placed_at.date() <= today
        for sku, quantity in order.lines:
            assert quantity > 0
            assert quantity % stock[sku].pack == 0
            assert stock[sku].state == "active"
            wanted[sku] += quantity
    short = [
        sku for sku, pieces in wanted.items() if pieces > sum(stock[sku].stock.values()) and not stock[sku].backorder
    ]
    assert short == []
    assert {order.fate for order in orders} == set(Fate)


def test_the_cart_is_made_of_whole_packs() -> None:
    packs = {article.sku: article.pack for article in articles()}
    assert [sku for sku, quantity in CART if quantity % packs[sku]] == []
