"""The ledger is append-only: the database refuses what the code never does."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from ordering.sales.enums import EntryKind, Measure, Source
from ordering.sales.errors import DocumentLineTaken
from ordering.sales.models import LedgerEntry
from ordering.sales.queries import daily_volume, volume, volumes
from ordering.sales.services import NewEntry, post_entries
from portal.lib.errors import NotAllowed
from tests.factories import make_dealer, make_member
from tests.factories_pricing import OFFICE, make_sale

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 5)


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sales_ledgerentry SET net = net + 1",
        "UPDATE sales_ledgerentry SET net = net WHERE false",
        "DELETE FROM sales_ledgerentry",
        "TRUNCATE sales_ledgerentry",
        "TRUNCATE sales_ledgerentry CASCADE",
    ],
)
def test_raw_sql_cannot_change_the_ledger(sql: str) -> None:
    make_sale(make_dealer(), DAY, 100)
    assert refused(sql)
    assert list(LedgerEntry.objects.values_list("net", flat=True)) == [Decimal("100.00")]


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("UPDATE sales_ledgerentry SET net = 1", [Decimal(1)]),
        ("DELETE FROM sales_ledgerentry", []),
        ("TRUNCATE sales_ledgerentry", []),
    ],
)
def test_without_the_triggers_the_same_sql_changes_it(sql: str, left: list[Decimal]) -> None:
    make_sale(make_dealer(), DAY, 100)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sales_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(sql)
    assert list(LedgerEntry.objects.values_list("net", flat=True)) == left


def test_orm_cannot_change_the_ledger() -> None:
    make_sale(make_dealer(), DAY, 100)
    entry = LedgerEntry.objects.get()
    entry.net = Decimal(1)
    for change in (
        entry.save,
        entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(net=1),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert LedgerEntry.objects.get().net == Decimal(100)


def entry(**changes: object) -> NewEntry:
    base = NewEntry(
        dealer_id=make_dealer().pk,
        date=DAY,
        document="26-1",
        line="1",
        kind=EntryKind.SHIPPED,
        quantity=Decimal(2),
        net=Decimal("10.50"),
        currency="RUB",
        source=Source.PORTAL,
    )
    return replace(base, **changes)


def test_the_same_statement_twice_is_one_entry() -> None:
    said = entry()
    assert post_entries([said], by=OFFICE) == 1
    assert post_entries([said, replace(said, line="2")], by=OFFICE) == 1
    assert LedgerEntry.objects.count() == 2


def test_another_statement_about_the_line_is_refused_whole() -> None:
    said = entry()
    post_entries([said], by=OFFICE)
    with pytest.raises(DocumentLineTaken, match="26-1/1"):
        post_entries([replace(said, line="2"), replace(said, net=Decimal("99.00"))], by=OFFICE)
    assert LedgerEntry.objects.count() == 1


def test_a_line_is_stated_once_for_each_kind_and_source() -> None:
    said = entry()
    others = [replace(said, kind=EntryKind.ORDERED), replace(said, source=Source.ERP), replace(said, line="2")]
    assert post_entries([said, *others], by=OFFICE) == 4


def test_a_dealers_person_posts_for_the_own_dealer_only(principal_of) -> None:
    member = make_member(Role.BUYER)
    post_entries([entry(dealer_id=member.dealer_id)], by=principal_of(member))
    with pytest.raises(NotAllowed):
        post_entries([entry(line="2")], by=principal_of(member))
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("changes", [{"net": Decimal(1)}, {"quantity": Decimal(1)}])
def test_returns_are_negative(changes: dict[str, Decimal]) -> None:
    said = entry(kind=EntryKind.RETURNED, quantity=Decimal(-1), net=Decimal(-5))
    with pytest.raises(IntegrityError, match="ledger_returns_are_negative"), transaction.atomic():
        post_entries([replace(said, **changes)], by=OFFICE)
    assert post_entries([said], by=OFFICE) == 1


def test_volume_counts_a_half_open_window_one_currency_and_the_kinds_of_the_measure() -> None:
    dealer, other = make_dealer(), make_dealer()
    kinds = Measure.SHIPPED.kinds
    start, end = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    make_sale(dealer, start, 100)
    make_sale(dealer, end - dt.timedelta(days=1), 10)
    make_sale(dealer, end, 1000)
    make_sale(dealer, start - dt.timedelta(days=1), 1000)
    make_sale(dealer, start, 7, currency="KZT")
    make_sale(dealer, start, 5000, kind=EntryKind.ORDERED)
    make_sale(dealer, start, -30, kind=EntryKind.RETURNED, quantity=-1)
    make_sale(dealer, start, -2, kind=EntryKind.CORRECTED, quantity=0)
    make_sale(other, start, 3)
    assert volume(dealer.pk, start, end, "RUB", kinds) == Decimal("78.00")
    assert volume(dealer.pk, start, end, "RUB", Measure.ORDERED.kinds) == Decimal("5000.00")
    assert volume(dealer.pk, start, end, "EUR", kinds) == 0
    assert volumes(start, end, "RUB", kinds) == {dealer.pk: Decimal("78.00"), other.pk: Decimal("3.00")}
    assert daily_volume(dealer.pk, start, end, "RUB", kinds) == {
        start: Decimal("68.00"),
        dt.date(2026, 1, 31): Decimal("10.00"),
    }
