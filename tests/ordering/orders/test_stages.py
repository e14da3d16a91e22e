"""An order on its way: confirmed, shipped in parts, completed or cancelled; what stock and ledger say after each step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role, StaffRole
from accounts.principals import Principal, of_user
from ordering.catalog.errors import NotEnoughStock
from ordering.catalog.models import Stock
from ordering.orders.enums import OrderStatus, Stage
from ordering.orders.errors import WrongStage
from ordering.orders.models import BuyingTerms, Order, OrderEvent, Reservation
from ordering.orders.queries import order_view, orders_of, stage_counts, track
from ordering.orders.rules import share_of
from ordering.orders.services import approve_order, cancel_order, complete_order, confirm_order, ship_lines
from ordering.sales.models import LedgerEntry
from portal.lib.errors import Invalid, Missing, NotAllowed
from tests.factories import make_member, make_staff
from tests.factories_orders import NOON, acting, make_shop

TODAY = NOON.date()
database = pytest.mark.django_db


def office() -> Principal:
    return of_user(make_staff(StaffRole.MANAGER))


def stage_of(order: Order, on: dt.date = TODAY) -> str:
    return Order.objects.with_progress(on).get(pk=order.pk).stage


def stock() -> list[tuple[int, int]]:
    return list(Stock.objects.order_by("pk").values_list("on_hand", "reserved"))


@database
def test_the_whole_way() -> None:
    shop, desk = make_shop(2), office()
    order = shop.order(3, 1)
    assert stage_of(order) == Stage.PLACED
    confirm_order(by=desk, number=order.number, at=NOON, promised_on=TODAY + dt.timedelta(days=2))
    assert stage_of(order) == Stage.CONFIRMED
    assert stage_of(order, TODAY + dt.timedelta(days=3)) == Stage.LATE
    ship_lines(by=desk, number=order.number, at=NOON, quantities={1: 2}, document="W-1")
    assert stage_of(order) == Stage.PART_SHIPPED
    assert stock() == [(8, 1), (10, 1)]
    ship_lines(by=desk, number=order.number, at=NOON)
    assert stage_of(order) == Stage.SHIPPED
    assert stage_of(order, TODAY + dt.timedelta(days=3)) == Stage.SHIPPED
    assert stock() == [(7, 0), (9, 0)]
    assert not Reservation.objects.exists()
    complete_order(by=desk, number=order.number, at=NOON)
    assert stage_of(order) == Stage.COMPLETED
    shipped = LedgerEntry.objects.filter(kind="shipped").order_by("pk").values_list("line", "quantity", "net")
    assert list(shipped) == [
        ("1/1", Decimal(2), Decimal("200.00")),
        ("1/2", Decimal(1), Decimal("100.00")),
        ("2/2", Decimal(1), Decimal("100.00")),
    ]
    assert [event.kind for event in OrderEvent.objects.order_by("pk")] == [
        "placed", "confirmed", "shipped", "shipped", "completed",
    ]  # fmt: skip
    assert [step.status for step in track(order_view(shop.principal, order.number))] == ["done"] * 5


@database
def test_the_track_stands_on_the_stage_the_order_is_in_and_only_what_is_promised_counts() -> None:
    shop, desk = make_shop(1), office()
    number = shop.order(3).number

    def seen() -> tuple[list[str], int, int]:
        view = order_view(shop.principal, number)
        return [step.status for step in track(view)], view.order.units_confirmed, view.lines[0].confirmed

    assert seen() == (["now", "", "", "", ""], 0, 0)
    # Late by its promise, the order still stands where it really is.
    confirm_order(by=desk, number=number, at=NOON, promised_on=dt.date(2020, 1, 1))
    assert seen() == (["done", "now", "", "", ""], 3, 3)
    ship_lines(by=desk, number=number, at=NOON, quantities={1: 1})
    assert seen() == (["done", "done", "now", "", ""], 2, 2)
    ship_lines(by=desk, number=number, at=NOON)
    assert seen() == (["done", "done", "done", "now", ""], 0, 0)


@database
def test_cancelling_gives_everything_back_once() -> None:
    shop = make_shop(2)
    order = shop.order(3, 1)
    for _again in range(2):
        cancel_order(by=shop.principal, number=order.number, at=NOON, reason="a mistake")
    assert stage_of(order) == Stage.CANCELLED
    assert stock() == [(10, 0), (10, 0)]
    assert sum(LedgerEntry.objects.values_list("net", flat=True)) == 0
    assert LedgerEntry.objects.count() == 4
    assert OrderEvent.objects.get(kind="cancelled").facts == {"reason": "a mistake"}
    assert set(order.lines.values_list("cancelled", flat=True)) == {3, 1}


@database
def test_what_is_being_picked_is_not_cancelled() -> None:
    shop, desk = make_shop(1), office()
    order = shop.order(3)
    confirm_order(by=desk, number=order.number, at=NOON)
    ship_lines(by=desk, number=order.number, at=NOON, quantities={1: 1})
    for who in (shop.principal, desk):
        with pytest.raises(WrongStage):
            cancel_order(by=who, number=order.number, at=NOON)
    assert stock() == [(9, 2)]


@database
def test_who_may_do_what() -> None:
    shop, other, desk = make_shop(1), make_shop(1), office()
    order = shop.order(1)
    for step in (confirm_order, ship_lines, complete_order):
        with pytest.raises(NotAllowed):
            step(by=shop.principal, number=order.number, at=NOON)
    with pytest.raises(Missing):
        cancel_order(by=other.principal, number=order.number, at=NOON)
    seller = make_member(Role.SELLER, dealer=shop.dealer)
    with pytest.raises(Missing):
        cancel_order(by=acting(seller), number=order.number, at=NOON)
    Order.objects.update(prepared_by=seller.user)
    with pytest.raises(NotAllowed):
        cancel_order(by=acting(seller), number=order.number, at=NOON)
    with pytest.raises(WrongStage):
        complete_order(by=desk, number=order.number, at=NOON)
    assert stage_of(order) == Stage.PLACED


@database
def test_an_owner_approves_what_is_above_the_limit() -> None:
    shop = make_shop(1)
    BuyingTerms.objects.create(dealer=shop.dealer, approval_above=Decimal(100))
    order = shop.order(2)
    assert [step.status for step in track(order_view(shop.principal, order.number))][:2] == ["now", ""]
    with pytest.raises(NotAllowed):
        approve_order(by=shop.principal, number=order.number, at=NOON)
    with pytest.raises(WrongStage):
        confirm_order(by=office(), number=order.number, at=NOON)
    owner = acting(make_member(Role.OWNER, dealer=shop.dealer))
    assert approve_order(by=owner, number=order.number, at=NOON).status == OrderStatus.PLACED
    with pytest.raises(WrongStage):
        approve_order(by=owner, number=order.number, at=NOON)


@database
def test_more_than_is_left_does_not_ship() -> None:
    shop, desk = make_shop(1), office()
    order = shop.order(3)
    confirm_order(by=desk, number=order.number, at=NOON)
    for quantities in ({1: 4}, {2: 1}, {1: -1}, {}, {1: 0}):
        with pytest.raises(Invalid):
            ship_lines(by=desk, number=order.number, at=NOON, quantities=quantities)
    assert stock() == [(10, 3)]


@database
def test_what_waited_ships_once_goods_have_come() -> None:
    shop, desk = make_shop(1, on_hand=2, backorder=True), office()
    order = shop.order(5)
    confirm_order(by=desk, number=order.number, at=NOON)
    with pytest.raises(NotEnoughStock):
        ship_lines(by=desk, number=order.number, at=NOON, quantities={1: 5})
    assert stock() == [(2, 2)]
    Stock.objects.update(on_hand=4)
    ship_lines(by=desk, number=order.number, at=NOON, quantities={1: 4})
    line = order.lines.get()
    assert (line.shipped, line.backordered, stock()) == (4, 1, [(0, 0)])


@database
def test_what_is_not_kept_in_stock_just_leaves() -> None:
    shop, desk = make_shop(1, on_hand=None), office()
    order = shop.order(5)
    confirm_order(by=desk, number=order.number, at=NOON)
    ship_lines(by=desk, number=order.number, at=NOON, quantities={1: 5})
    assert stage_of(order) == Stage.SHIPPED


@database
def test_lists_are_searched_filtered_and_counted() -> None:
    shop, other = make_shop(2), make_shop(1)
    first, second = shop.order(1), shop.order(1, 1)
    other.order(1)
    cancel_order(by=shop.principal, number=second.number, at=NOON)
    principal = shop.principal
    assert list(orders_of(principal)) == [second, first]
    assert list(orders_of(principal, stage="open")) == [first]
    assert list(orders_of(principal, stage=Stage.CANCELLED)) == [second]
    assert list(orders_of(principal, words=shop.products[1].sku)) == [second]
    assert list(orders_of(principal, words=first.number)) == [first]
    assert list(orders_of(principal, since=TODAY + dt.timedelta(days=1))) == []
    assert list(orders_of(principal, since=TODAY, until=TODAY)) == [second, first]
    counts = stage_counts(principal)
    assert (counts[Stage.PLACED], counts[Stage.CANCELLED], sum(counts.values())) == (1, 1, 2)
    with pytest.raises(Missing):
        order_view(other.principal, first.number)


@given(amount=st.decimals("0", "99999.99", places=2), parts=st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_the_parts_of_a_line_add_up_to_it(amount: Decimal, parts: list[int]) -> None:
    whole, before, said = sum(parts), 0, Decimal(0)
    for part in parts:
        said += share_of(amount, part=part, before=before, whole=whole, currency="RUB")
        before += part
    assert said == amount
