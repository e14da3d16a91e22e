"""Two people at once, and a process killed between any two statements: real threads, real processes, real PostgreSQL.

Each guard has its negative control: the same scene with the guard taken away shows the harm.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection

from accounts.enums import Role
from accounts.models import IdempotencyKey
from accounts.principals import Principal
from ordering.catalog import services as catalog
from ordering.catalog.errors import NotEnoughStock
from ordering.catalog.models import Stock
from ordering.orders.errors import EmptyCart
from ordering.orders.models import Cart, CartLine, Letter, Order, OrderLine, Reservation
from ordering.orders.services import add_lines, cancel_order, place_order, placing
from ordering.sales.models import LedgerEntry
from search.models import Change
from tests.factories import make_member
from tests.factories_orders import NOON, Shop, acting, make_shop
from tests.services.forking import forked

pytestmark = pytest.mark.usefixtures("own_database")


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
        thread.join(30)
    return answers


@contextmanager
def meeting(module: Any, name: str, parties: int = 2) -> Iterator[None]:
    """Everybody who calls this function waits at its door for the others (or half a second): the worst moment, every time."""
    original, door = getattr(module, name), threading.Barrier(parties)

    def wait_then(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            door.wait(0.5)
        return result

    setattr(module, name, wait_then)
    try:
        yield
    finally:
        setattr(module, name, original)


def two_buyers(shop: Shop) -> tuple[Principal, Principal]:
    other = acting(make_member(Role.BUYER, dealer=shop.dealer))
    return shop.principal, other


def both_order_the_last(shop: Shop) -> list[Any]:
    first, second = two_buyers(shop)
    for who in (first, second):
        shop.fill_cart(1, by=who)
    return together(
        lambda: place_order(by=first, key="a", placed_at=NOON), lambda: place_order(by=second, key="b", placed_at=NOON)
    )


def test_the_last_unit_goes_to_one_and_the_other_is_told() -> None:
    shop = make_shop(1, on_hand=1)
    answers = both_order_the_last(shop)
    placed = [answer for answer in answers if isinstance(answer, Order)]
    refused = [answer for answer in answers if isinstance(answer, NotEnoughStock)]
    assert (len(placed), len(refused)) == (1, 1)
    assert refused[0].extra["lines"] == [{"sku": shop.products[0].sku, "asked": 1, "available": 0}]
    assert shop.products[0].sku in str(refused[0])
    assert (Order.objects.count(), Stock.objects.get().reserved, LedgerEntry.objects.count()) == (1, 1, 1)


def unlocked(product_ids: Any) -> list[Stock]:
    rows = Stock.objects.filter(product__in=set(product_ids)).select_related("product", "warehouse")
    return list(rows.order_by("product_id", "warehouse_id"))


def test_without_the_lock_the_other_gets_a_crash_instead_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_locked", unlocked)
    shop = make_shop(1, on_hand=1)
    with meeting(catalog, "_hold"):
        answers = both_order_the_last(shop)
    assert sorted(type(answer) for answer in answers if not isinstance(answer, Order)) == [IntegrityError]
    assert Stock.objects.get().reserved == 1


def test_without_lock_and_check_one_unit_is_sold_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_locked", unlocked)
    shop = make_shop(1, on_hand=1)
    with without_constraint("catalog_stock", "stock_reserved_is_there"), meeting(catalog, "_hold"):
        answers = both_order_the_last(shop)
        assert [type(answer) for answer in answers] == [Order, Order]
        assert (Stock.objects.get().on_hand, Stock.objects.get().reserved) == (1, 2)
        Stock.objects.update(reserved=0)


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def test_the_same_key_twice_at_once_is_one_order() -> None:
    shop = make_shop(1)
    shop.fill_cart(2)
    principal = shop.principal
    act = lambda: place_order(by=principal, key="same", placed_at=NOON)  # noqa: E731
    first, second = together(act, act)
    assert first == second == Order.objects.get()
    assert (Stock.objects.get().reserved, LedgerEntry.objects.count(), Letter.objects.count()) == (2, 1, 1)


def test_without_the_key_the_second_try_loses_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "once", keyless)
    shop = make_shop(1)
    shop.fill_cart(2)
    principal = shop.principal
    act = lambda: place_order(by=principal, key="same", placed_at=NOON)  # noqa: E731
    answers = together(act, act)
    assert sorted(type(answer).__name__ for answer in answers) == ["EmptyCart", "Order"]
    assert any(isinstance(answer, EmptyCart) for answer in answers)


def test_without_key_and_cart_lock_there_are_two_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "once", keyless)
    monkeypatch.setattr(placing, "locked_cart", lambda by: Cart.objects.get(membership=by.membership_id))
    shop = make_shop(1)
    shop.fill_cart(2)
    principal = shop.principal
    act = lambda: place_order(by=principal, key="same", placed_at=NOON)  # noqa: E731
    with meeting(placing, "_priced"):
        answers = together(act, act)
    assert [type(answer) for answer in answers] == [Order, Order]
    assert Stock.objects.get().reserved == 4


@contextmanager
def keyless(**_said: Any) -> Iterator[Any]:
    """`accounts.idempotency.once` that remembers nothing."""
    from types import SimpleNamespace

    from django.db import transaction

    with transaction.atomic():
        yield SimpleNamespace(result=None, keep=lambda result: None)


def test_carts_filled_in_opposite_orders_never_wait_in_a_circle() -> None:
    shop = make_shop(8, on_hand=100)
    buyers = [acting(make_member(Role.BUYER, dealer=shop.dealer)) for _ in range(4)]
    ids = [product.pk for product in shop.products]
    for index, buyer in enumerate(buyers):
        add_lines(by=buyer, lines=[(pk, 1) for pk in (ids if index % 2 else ids[::-1])])
    answers = together(*[lambda b=b, i=i: place_order(by=b, key=f"k{i}", placed_at=NOON) for i, b in enumerate(buyers)])
    assert [type(answer) for answer in answers] == [Order] * 4
    assert set(Stock.objects.values_list("reserved", flat=True)) == {4}


def test_cancelled_twice_at_once_gives_back_once() -> None:
    shop = make_shop(1)
    order = shop.order(3)
    principal = shop.principal
    act = lambda: cancel_order(by=principal, number=order.number, at=NOON)  # noqa: E731
    assert [type(answer) for answer in together(act, act)] == [Order, Order]
    assert Stock.objects.get().reserved == 0
    assert [entry.quantity for entry in LedgerEntry.objects.order_by("pk")] == [3, -3]
    assert order.events.filter(kind="cancelled").count() == 1


COMMIT = -1


def place_and_die(principal: Principal, at_statement: int) -> bool:
    """Places the order in a process of its own that is killed before its n-th statement, or before the COMMIT.

    Answers whether it was.
    """
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == at_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def place() -> None:
        if at_statement == COMMIT:
            connection.commit = lambda: os.kill(os.getpid(), signal.SIGKILL)
        with connection.execute_wrapper(count):
            place_order(by=principal, key="one key", placed_at=NOON)

    status = forked(place)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def rows_of_orders() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Order, OrderLine, Reservation, LedgerEntry, Letter, IdempotencyKey)
    } | {"reserved": sum(Stock.objects.values_list("reserved", flat=True)), "lines left": CartLine.objects.count()}


def test_killed_between_any_two_statements_there_is_all_of_an_order_or_nothing() -> None:
    shop = make_shop(2)
    principal = shop.principal
    shop.fill_cart(2, 1)
    before, marks = rows_of_orders(), Change.objects.count()
    kills = 0
    for statement in (COMMIT, *range(1, 100)):
        if not place_and_die(principal, statement):
            break
        kills += 1
        assert rows_of_orders() == before, f"killed before statement {statement}"
        assert Change.objects.count() == marks
    assert kills > 15
    whole = rows_of_orders()
    assert whole == {
        "Order": 1, "OrderLine": 2, "Reservation": 2, "LedgerEntry": 2, "Letter": 1, "IdempotencyKey": 1,
        "reserved": 3, "lines left": 0,
    }  # fmt: skip
    assert Change.objects.count() > marks
    # Somebody who never got the answer asks again with the same key.
    assert place_order(by=principal, key="one key", placed_at=NOON) == Order.objects.get()
    assert rows_of_orders() == whole


def test_without_one_transaction_a_kill_leaves_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "once", untogether)
    # Locks are a transaction's: without one there can be none.
    monkeypatch.setattr(placing, "locked_cart", lambda by: Cart.objects.get(membership=by.membership_id))
    monkeypatch.setattr(catalog, "_locked", unlocked)
    shop = make_shop(2)
    principal = shop.principal
    halves = 0
    for statement in (15, 18, 21):
        CartLine.objects.all().delete()
        shop.fill_cart(2, 1)
        before = rows_of_orders()
        assert place_and_die(principal, statement)
        halves += rows_of_orders() != before
    assert halves > 0


@contextmanager
def untogether(**_said: Any) -> Iterator[Any]:
    """`once` without a transaction: every statement is on its own."""
    from types import SimpleNamespace

    yield SimpleNamespace(result=None, keep=lambda result: None)
