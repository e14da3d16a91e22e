"""Daily totals are kept with the entries, whoever posts at the same time; a closed period stays as it was decided on."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from ordering.catalog.models import Product
from ordering.sales import services
from ordering.sales.enums import EntryKind, Measure, Source
from ordering.sales.models import DailyTotal, LedgerEntry
from ordering.sales.queries import differences, history, volume
from ordering.sales.services import NewEntry, close_period, merge_totals, post_entries
from tests.factories import make_dealer, make_member
from tests.factories_catalog import make_category
from tests.factories_pricing import OFFICE, make_article, make_sale

DAY = dt.date(2026, 5, 5)
JUNE = dt.date(2026, 6, 1)
KINDS = Measure.SHIPPED.kinds


def sums() -> list[tuple[Any, ...]]:
    rows = DailyTotal.objects.order_by("date", "kind", "category", "pk")
    return list(rows.values_list("date", "kind", "category__code", "net", "quantity", "entries"))


@pytest.mark.django_db
def test_totals_are_kept_by_dealer_currency_kind_category_and_day() -> None:
    dealer, other, tools = make_dealer(), make_dealer(), make_category("tools")
    drill = make_article(category=tools)
    said = make_sale(dealer, DAY, "10.50", product=drill, quantity=2)
    make_sale(dealer, DAY, 5, product=drill)
    make_sale(dealer, DAY, 7)
    make_sale(dealer, DAY, -3, product=drill, kind=EntryKind.RETURNED, quantity=-1)
    post_entries([said], by=OFFICE)  # said twice, counted once
    make_sale(other, DAY, 100, currency="KZT")
    assert list(differences()) == []
    before = volume(dealer.pk, DAY, JUNE, "RUB", KINDS)
    assert (before, DailyTotal.objects.count()) == (Decimal("19.50"), 5)
    merge_totals()
    assert sums() == [
        (DAY, "returned", "tools", -3, -1, 1),
        (DAY, "shipped", "tools", Decimal("15.50"), 3, 2),
        (DAY, "shipped", None, 7, 1, 1),
        (DAY, "shipped", None, 100, 1, 1),
    ]
    assert (volume(dealer.pk, DAY, JUNE, "RUB", KINDS), list(differences())) == (before, [])


@pytest.mark.django_db
def test_an_article_that_moves_takes_no_past_sales_along() -> None:
    one, other = make_category("one"), make_category("other")
    drill = make_article(category=one)
    make_sale(make_dealer(), DAY, 5, product=drill)
    Product.objects.filter(pk=drill.pk).update(category=other)
    assert list(differences()) == []
    assert sums() == [(DAY, "shipped", "one", 5, 1, 1)]


@pytest.mark.django_db
def test_check_ledger_names_what_differs_and_ends_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    dealer = make_dealer(code="north")
    make_sale(dealer, DAY, 5)
    call_command("check_ledger")
    assert "are the sums" in capsys.readouterr().out
    DailyTotal.objects.update(net=6)
    DailyTotal.objects.create(dealer=dealer, currency="RUB", kind="paid", date=DAY, net=1, quantity=1, entries=1)
    with pytest.raises(CommandError, match="2 days differ"):
        call_command("check_ledger")
    said = capsys.readouterr().err
    assert "2026-05-05 north shipped (no category): the entries say 5.00 RUB, quantity 1.000, 1 entries" in said
    assert "north paid (no category): the entries say nothing; the totals say 1.00 RUB" in said
    call_command("check_ledger", "--rebuild")
    assert list(differences()) == []


@pytest.mark.django_db
def test_what_comes_late_counts_in_the_next_period_and_is_dated_in_its_own(principal_of) -> None:
    dealer = make_dealer()
    may = dt.date(2026, 5, 1)
    make_sale(dealer, DAY, 100)
    close_period(currency="RUB", kinds=KINDS, before=JUNE)
    make_sale(dealer, DAY, 7)
    make_sale(dealer, DAY, -20, kind=EntryKind.RETURNED, quantity=-1)
    make_sale(dealer, DAY, 1, currency="KZT")
    make_sale(dealer, DAY, 50, kind=EntryKind.ORDERED)
    close_period(currency="RUB", kinds=KINDS, before=may)  # a closed day never opens again
    make_sale(dealer, dt.date(2026, 4, 30), 3)
    assert volume(dealer.pk, may, JUNE, "RUB", KINDS) == 100
    assert volume(dealer.pk, JUNE, dt.date(2026, 7, 1), "RUB", KINDS) == -10
    assert volume(dealer.pk, may, JUNE, "KZT", KINDS) == 1
    assert volume(dealer.pk, may, JUNE, "RUB", Measure.ORDERED.kinds) == 50
    who = principal_of(make_member("owner", dealer=dealer))
    assert history(who, may, JUNE).totals.net == 87
    assert [entry.is_late for entry in LedgerEntry.objects.order_by("pk")] == [False, True, True, False, False, True]
    assert list(differences()) == []


# What threads do to each other.


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Runs these at the same moment, each in a thread with a connection of its own; answers results or errors."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers[index] = act()
        except Exception as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def entry(dealer_id: int, document: str, line: int, **changes: Any) -> NewEntry:
    base = NewEntry(
        dealer_id=dealer_id, date=DAY, document=document, line=str(line), kind=EntryKind.SHIPPED, quantity=Decimal(1),
        net=Decimal("1.01"), currency="RUB", source=Source.ERP,
    )  # fmt: skip
    return replace(base, **changes)


def four_post_in_opposite_orders() -> list[Any]:
    """Each posts for all dealers in one transaction, two of them in the reverse order: the classic deadlock."""
    dealers = [make_dealer().pk for _n in range(3)]
    met = threading.Barrier(4)

    def post(number: int) -> Callable[[], int]:
        def act() -> int:
            with transaction.atomic():
                added = 0
                for line, dealer_id in enumerate(dealers if number % 2 else reversed(dealers)):
                    added += post_entries([entry(dealer_id, f"D-{number}", line)], by=OFFICE)
                    if line == 0:
                        with suppress(threading.BrokenBarrierError):
                            met.wait(2)
            return added

        return act

    return together(*(post(number) for number in range(4)))


@pytest.mark.usefixtures("own_database")
def test_many_who_post_at_once_neither_wait_in_a_circle_nor_lose_anything() -> None:
    assert four_post_in_opposite_orders() == [3] * 4
    assert (LedgerEntry.objects.count(), list(differences())) == (12, [])
    merge_totals()
    assert (DailyTotal.objects.count(), list(differences())) == (3, [])


UPSERT = """
CREATE UNIQUE INDEX one_row ON sales_dailytotal (dealer_id, currency, kind, date);
CREATE OR REPLACE FUNCTION one_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO sales_dailytotal AS t (dealer_id, currency, kind, category_id, date, net, quantity, entries)
SELECT dealer_id, currency, kind, NULL, counts_on, sum(net), sum(quantity), count(*) FROM added GROUP BY 1, 2, 3, 5
ON CONFLICT (dealer_id, currency, kind, date) DO UPDATE SET net = t.net + excluded.net, quantity = t.quantity + excluded.quantity,
entries = t.entries + excluded.entries; RETURN NULL; END $$;
ALTER TABLE sales_ledgerentry DISABLE TRIGGER USER;
CREATE TRIGGER one_row AFTER INSERT ON sales_ledgerentry REFERENCING NEW TABLE AS added EXECUTE FUNCTION one_row();
ALTER TABLE sales_ledgerentry ENABLE TRIGGER {place};
"""


def trigger_named(part: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger_{part}%"])
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("own_database")
def test_with_one_row_a_day_to_change_they_would_wait_in_a_circle() -> None:
    with connection.cursor() as cursor:
        cursor.execute(UPSERT.format(place=trigger_named("place")))
    answers = four_post_in_opposite_orders()
    assert any(isinstance(answer, OperationalError) and "deadlock" in str(answer) for answer in answers)


def post_while_the_period_is_decided_on() -> tuple[Decimal, Decimal]:
    """The sum the decision was made by, and what the closed period holds when all is done."""
    dealer_id = make_dealer().pk
    posted, done = threading.Event(), threading.Event()

    def post() -> None:
        with transaction.atomic():
            post_entries([entry(dealer_id, "D-1", 1)], by=OFFICE)
            posted.set()
            done.wait(0.5)

    def decide() -> Decimal:
        posted.wait(5)
        with transaction.atomic():
            close_period(currency="RUB", kinds=KINDS, before=JUNE)
            found = volume(dealer_id, DAY, JUNE, "RUB", KINDS)
        done.set()
        return found

    seen = together(post, decide)[1]
    return seen, volume(dealer_id, DAY, JUNE, "RUB", KINDS)


@pytest.mark.usefixtures("own_database")
def test_a_decision_waits_for_what_is_being_posted() -> None:
    assert post_while_the_period_is_decided_on() == (Decimal("1.01"), Decimal("1.01"))


@pytest.mark.usefixtures("own_database")
def test_without_the_lock_the_closed_period_would_change_after_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_hold_open", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE sales_ledgerentry DISABLE TRIGGER {trigger_named('open')}")
    assert post_while_the_period_is_decided_on() == (Decimal(0), Decimal("1.01"))


@pytest.mark.django_db
def test_what_is_inserted_past_the_service_is_placed_and_counted_too() -> None:
    category = make_category("tools")
    close_period(currency="RUB", kinds=KINDS, before=JUNE)
    LedgerEntry.objects.create(
        dealer=make_dealer(), date=DAY, document="X", line="1", kind="shipped", quantity=1, net=5, currency="RUB",
        source="erp", product=make_article(category=category),
    )  # fmt: skip
    assert sums() == [(JUNE, "shipped", "tools", 5, 1, 1)]
