"""Placing an order: what is written, what refuses, and that a refusal writes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import AuditEvent, Dealer
from ordering.catalog.errors import NotEnoughStock
from ordering.catalog.models import Stock
from ordering.orders.enums import EventKind, OrderStatus
from ordering.orders.errors import CannotOrder, EmptyCart, PricesChanged
from ordering.orders.models import BuyingTerms, CartLine, Letter, Order, OrderLine, Reservation
from ordering.orders.rules import Shown
from ordering.orders.services import OrderDetails, place_order
from ordering.pricing.models import PriceList
from ordering.pricing.receipts import Receipt
from ordering.sales.models import LedgerEntry
from portal.lib.errors import NotAllowed
from search.models import Change
from tests.factories import make_member
from tests.factories_orders import NOON, acting, make_shop, make_stock
from tests.factories_pricing import make_version

pytestmark = pytest.mark.django_db


def left_alone(shop) -> bool:
    """Nothing of an order is anywhere, and the cart is as it was."""
    return (
        not Order.objects.exists()
        and not LedgerEntry.objects.exists()
        and not Letter.objects.exists()
        and not Reservation.objects.exists()
        and not Stock.objects.exclude(reserved=0).exists()
        and CartLine.objects.filter(cart__membership=shop.buyer).exists()
    )


def test_an_order_is_written_whole() -> None:
    shop = make_shop(2)
    order = shop.order(3, 4, details=OrderDetails(comment=" Call first ", reference="VY-1"))

    assert order.number.startswith("26-1")
    assert (order.status, order.currency) == (OrderStatus.PLACED, "RUB")
    assert (order.net, order.tax, order.total) == (Decimal("700.00"), Decimal("154.00"), Decimal("854.00"))
    assert (order.comment, order.reference, order.dealer) == ("Call first", "VY-1", shop.dealer)
    lines = list(order.lines.order_by("position"))
    assert [(line.sku, line.ordered, line.net, line.backordered) for line in lines] == [
        (shop.products[0].sku, 3, Decimal("300.0000"), 0),
        (shop.products[1].sku, 4, Decimal("400.0000"), 0),
    ]
    assert Receipt.from_json(lines[0].receipt).total == lines[0].total
    assert [stock.reserved for stock in Stock.objects.order_by("product")] == [3, 4]
    assert sorted(Reservation.objects.values_list("quantity", flat=True)) == [3, 4]
    assert list(LedgerEntry.objects.order_by("line").values_list("document", "line", "kind", "quantity", "net")) == [
        (order.number, "1", "ordered", Decimal(3), Decimal("300.00")),
        (order.number, "2", "ordered", Decimal(4), Decimal("400.00")),
    ]
    assert {change.key for change in Change.objects.filter(kind="product")} >= {str(p.pk) for p in shop.products}
    assert [event.kind for event in order.events.all()] == [EventKind.PLACED]
    assert AuditEvent.objects.get(verb="order.placed").subject == f"order {order.number}"
    assert Letter.objects.get().to == shop.buyer.user
    assert not CartLine.objects.exists()


def test_the_same_key_answers_the_same_order() -> None:
    shop = make_shop()
    first = shop.order(1, key="once")
    again = place_order(by=shop.principal, key="once", placed_at=NOON)
    assert again == first
    assert Order.objects.count() == 1


def test_an_empty_cart_is_refused() -> None:
    shop = make_shop()
    with pytest.raises(EmptyCart):
        place_order(by=shop.principal, key="k", placed_at=NOON)


@pytest.mark.parametrize("role", [Role.SELLER, Role.READER])
def test_only_those_who_may_order_do(role: str) -> None:
    shop = make_shop()
    with pytest.raises(NotAllowed):
        place_order(by=acting(make_member(role, dealer=shop.dealer)), key="k", placed_at=NOON)


def test_another_total_than_shown_places_nothing_and_says_what_changed() -> None:
    shop = make_shop()
    shop.fill_cart(2, 1)
    make_version(PriceList.objects.get(), {shop.products[0]: "120", shop.products[1]: "100"}, valid_from=NOON.date())
    shown = {
        product.sku: Shown(quantity, Decimal("100.0000"))
        for product, quantity in zip(shop.products, (2, 1), strict=True)
    }

    with pytest.raises(PricesChanged) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON, expected_total=Decimal("366.00"), shown=shown)

    assert refused.value.extra == {
        "changes": [
            {
                "sku": shop.products[0].sku,
                "name": shop.products[0].name_en,
                "was": "100.0000",
                "now": "120.0000",
                "quantity_was": 2,
                "quantity_now": 2,
                "difference": "40.00",
            }
        ],
        "expected_total": "366.00",
        "total": "414.80",
        "currency": "RUB",
    }
    assert left_alone(shop)
    order = place_order(by=shop.principal, key="k", placed_at=NOON, expected_total=Decimal("414.80"))
    assert order.total == Decimal("414.80")


def test_a_line_that_came_in_another_tab_is_a_change() -> None:
    shop = make_shop()
    shop.fill_cart(1, 1)
    shown = {shop.products[0].sku: Shown(1, Decimal("100.0000"))}
    with pytest.raises(PricesChanged) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON, shown=shown)
    assert [(c["sku"], c["quantity_was"], c["quantity_now"]) for c in refused.value.extra["changes"]] == [
        (shop.products[1].sku, 0, 1)
    ]
    assert left_alone(shop)


def test_too_little_stock_names_what_there_is() -> None:
    shop = make_shop(on_hand=2)
    shop.fill_cart(3, 1)
    with pytest.raises(NotEnoughStock) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON)
    assert refused.value.extra["lines"] == [{"sku": shop.products[0].sku, "asked": 3, "available": 2}]
    assert left_alone(shop)


def test_an_article_that_may_be_backordered_is_split() -> None:
    shop = make_shop(1, on_hand=2, backorder=True)
    line = shop.order(5).lines.get()
    assert (line.ordered, line.backordered) == (5, 3)
    assert Stock.objects.get().reserved == 2


def test_an_article_that_is_not_kept_in_stock_is_ordered_whole() -> None:
    shop = make_shop(1, on_hand=None)
    line = shop.order(5).lines.get()
    assert (line.ordered, line.backordered) == (5, 5)


def test_the_own_region_gives_first() -> None:
    shop = make_shop(1, on_hand=5)
    near = make_stock(shop.products[0], 3)
    near.warehouse.region = shop.dealer.home_region
    near.warehouse.save()
    shop.order(4)
    assert dict(Reservation.objects.values_list("warehouse", "quantity")) == {
        near.warehouse_id: 3,
        Stock.objects.exclude(pk=near.pk).get().warehouse_id: 1,
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "discontinued"}, "discontinued"),
        ({"state": "announced"}, "not_on_sale_yet"),
        ({"pack": 2}, "not_a_multiple"),
    ],
)
def test_what_can_no_longer_be_ordered_blocks(change: dict, code: str) -> None:
    shop = make_shop(1)
    shop.fill_cart(3)
    type(shop.products[0]).objects.update(**change)
    with pytest.raises(CannotOrder) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON)
    assert [problem["code"] for problem in refused.value.extra["problems"]] == [code]
    assert left_alone(shop)


def test_an_article_without_a_price_blocks() -> None:
    shop = make_shop(1)
    shop.fill_cart(1)
    Dealer.objects.update(currency="EUR")
    with pytest.raises(CannotOrder) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON)
    assert [problem["code"] for problem in refused.value.extra["problems"]] == ["no_price"]


def test_below_the_smallest_order_blocks_and_says_how_much_is_missing() -> None:
    shop = make_shop(1)
    BuyingTerms.objects.create(dealer=shop.dealer, minimum_order=Decimal(500))
    shop.fill_cart(3)
    with pytest.raises(CannotOrder) as refused:
        place_order(by=shop.principal, key="k", placed_at=NOON)
    assert [(p["code"], p["missing"]) for p in refused.value.extra["problems"]] == [("minimum_order", "200.00")]


def test_above_the_limit_the_owner_approves() -> None:
    shop = make_shop(1)
    BuyingTerms.objects.create(dealer=shop.dealer, approval_above=Decimal(200))
    assert shop.order(2).status == OrderStatus.PLACED
    assert shop.order(3).status == OrderStatus.AWAITING_APPROVAL
    owner = acting(make_member(Role.OWNER, dealer=shop.dealer))
    assert shop.order(4, by=owner).status == OrderStatus.PLACED


def test_what_was_agreed_never_changes() -> None:
    order = make_shop(1).order(1)
    for change in (
        lambda: OrderLine.objects.update(unit_price=1),
        lambda: OrderLine.objects.update(receipt={}),
        lambda: Order.objects.filter(pk=order.pk).update(total=1, net=1, tax=0),
    ):
        with pytest.raises(Exception, match=r"(?i)read|cannot|pgtrigger"), transaction.atomic():
            change()


def test_the_database_itself_refuses_to_reserve_more_than_there_is() -> None:
    stock = make_stock(make_shop(1, on_hand=None).products[0], 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(pk=stock.pk).update(reserved=3)


def test_numbers_come_from_a_sequence() -> None:
    shop = make_shop(1)
    numbers = [int(shop.order(1).number.removeprefix("26-")) for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(st.tuples(st.decimals("0.0001", "9999.9999", places=4), st.integers(1, 999)), min_size=1, max_size=4)
)
def test_sums_are_sums_of_rounded_lines(lines: list) -> None:
    with transaction.atomic():
        shop = make_shop(len(lines), on_hand=None, prices=[price for price, _quantity in lines])
        order = shop.order(*(quantity for _price, quantity in lines))
        written = list(order.lines.all())
        assert order.net == sum(line.net for line in written)
        assert order.tax == sum(line.tax for line in written)
        assert order.total == sum(line.total for line in written) == order.net + order.tax
        assert all(line.net == line.net.quantize(Decimal("0.01")) for line in written)
        transaction.set_rollback(True)
