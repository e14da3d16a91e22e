"""The cart: what goes in, what is refused with a way out, and how it is handed to a colleague."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.principals import Principal
from ordering.orders.errors import BadQuantity, EmptyCart, NotAMultiple
from ordering.orders.models import Cart, CartLine
from ordering.orders.queries import cart_summary, cart_view, repeat_preview
from ordering.orders.rules import whole_quantity
from ordering.orders.services import (
    add_lines,
    add_to_cart,
    clear_cart,
    hand_over,
    remove_line,
    repeat_order,
    set_line,
)
from ordering.pricing.models import PriceList
from portal.lib.errors import Missing, NotAllowed
from portal.lib.money import Money
from tests.factories import make_member, make_staff
from tests.factories_orders import NOON, acting, make_shop
from tests.factories_pricing import make_article, make_version

pytestmark = pytest.mark.django_db


def quantities(principal: Principal) -> list[int]:
    return list(CartLine.objects.visible_to(principal).in_order().values_list("quantity", flat=True))


def test_the_same_article_twice_is_one_line() -> None:
    shop = make_shop()
    add_to_cart(by=shop.principal, sku=shop.products[0].sku.lower(), quantity=2)
    line = add_to_cart(by=shop.principal, sku=shop.products[0].sku, quantity=3)
    assert line.quantity == 5
    assert quantities(shop.principal) == [5]


@pytest.mark.parametrize(("quantity", "lower", "upper"), [(35, 25, 50), (3, None, 25), (26, 25, 50)])
def test_no_multiple_of_the_pack_is_answered_with_both_neighbours(quantity: int, lower: int | None, upper: int) -> None:
    shop = make_shop(1, pack=25)
    with pytest.raises(NotAMultiple) as refused:
        add_to_cart(by=shop.principal, sku=shop.products[0].sku, quantity=quantity)
    assert (refused.value.extra["lower"], refused.value.extra["upper"]) == (lower, upper)
    assert quantities(shop.principal) == []


def test_setting_a_line_judges_the_pack_and_keeps_the_old_quantity() -> None:
    shop = make_shop(1, pack=5)
    line = add_to_cart(by=shop.principal, sku=shop.products[0].sku, quantity=10)
    with pytest.raises(NotAMultiple):
        set_line(by=shop.principal, line_id=line.pk, quantity=12)
    assert quantities(shop.principal) == [10]
    set_line(by=shop.principal, line_id=line.pk, quantity=15)
    assert quantities(shop.principal) == [15]


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "1e3", "many", "1000001", "²", "١"])
def test_what_is_no_quantity(typed: str) -> None:
    with pytest.raises(BadQuantity):
        whole_quantity(typed)


def test_the_database_keeps_quantities_positive_and_articles_single() -> None:
    shop = make_shop(1)
    shop.fill_cart(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CartLine.objects.update(quantity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CartLine.objects.create(cart=Cart.objects.get(), product=shop.products[0], quantity=1)


def test_nobody_reaches_into_another_cart() -> None:
    shop = make_shop(1)
    shop.fill_cart(1)
    line = CartLine.objects.get()
    colleague = acting(make_member(Role.BUYER, dealer=shop.dealer))
    for act in (
        lambda: set_line(by=colleague, line_id=line.pk, quantity=2),
        lambda: remove_line(by=colleague, line_id=line.pk),
    ):
        with pytest.raises(Missing):
            act()
    assert quantities(shop.principal) == [1]


def test_readers_and_the_head_office_have_no_cart() -> None:
    from accounts.principals import of_user

    shop = make_shop(1)
    for who in (acting(make_member(Role.READER, dealer=shop.dealer)), of_user(make_staff()), Principal.nobody()):
        with pytest.raises(NotAllowed):
            add_to_cart(by=who, sku=shop.products[0].sku, quantity=1)
        assert cart_summary(who) == (None, 0)


def test_the_same_key_adds_once() -> None:
    shop = make_shop(1)
    lines = [(shop.products[0].pk, 2)]
    assert [add_lines(by=shop.principal, lines=lines, key="k") for _ in range(2)] == [1, 1]
    assert quantities(shop.principal) == [2]
    add_lines(by=shop.principal, lines=lines)  # without the key: the harm
    assert quantities(shop.principal) == [4]


def test_the_summary_is_the_sum_without_tax() -> None:
    shop = make_shop(2)
    shop.fill_cart(2, 1)
    assert cart_summary(shop.principal) == (Money(Decimal("300.00"), "RUB"), 2)


def test_the_cart_says_which_price_has_changed_since() -> None:
    shop = make_shop(1)
    shop.fill_cart(2)
    make_version(PriceList.objects.get(), {shop.products[0]: "110"}, valid_from=NOON.date())
    view = cart_view(shop.principal, NOON.date())
    assert view.positions[0].price_before == Money(Decimal("100.0000"), "RUB")
    assert [problem.code for problem in view.problems] == ["price_changed"]
    assert view.totals.total == Decimal("268.40")


def test_short_stock_blocks_in_the_cart_too_unless_it_may_wait() -> None:
    shop = make_shop(1, on_hand=2)
    shop.fill_cart(5)
    assert [(p.code, p.facts) for p in cart_view(shop.principal, NOON.date()).blockers] == [
        ("not_enough_stock", {"asked": 5, "available": 2})
    ]
    waits = make_shop(1, on_hand=2, backorder=True)
    waits.fill_cart(5)
    view = cart_view(waits.principal, NOON.date())
    assert (view.blockers, [p.code for p in view.problems]) == ([], ["part_backordered"])


def test_a_seller_hands_the_cart_to_who_may_order() -> None:
    shop = make_shop(2)
    seller = acting(make_member(Role.SELLER, dealer=shop.dealer))
    shop.fill_cart(1, 1)
    shop.fill_cart(2, by=seller)
    handover = hand_over(by=seller, to_membership=shop.buyer.pk, at=NOON, note="for Friday")
    assert (handover.lines, handover.note) == (1, "for Friday")
    assert quantities(seller) == []
    assert quantities(shop.principal) == [3, 1]
    assert [h.by_id for h in cart_view(shop.principal, NOON.date()).handovers] == [seller.user_id]
    order = shop.order()
    assert order.prepared_by_id == seller.user_id
    assert not Cart.objects.get(membership=shop.buyer).handovers.exists()
    # The seller follows the order, and none of the others.
    from ordering.orders.models import Order

    shop.order(1)
    assert list(Order.objects.visible_to(seller)) == [order]


def test_a_cart_is_handed_only_to_colleagues_who_may_order() -> None:
    shop, other = make_shop(1), make_shop(1)
    seller = acting(make_member(Role.SELLER, dealer=shop.dealer))
    with pytest.raises(EmptyCart):
        hand_over(by=seller, to_membership=shop.buyer.pk, at=NOON)
    shop.fill_cart(1, by=seller)
    reader = make_member(Role.READER, dealer=shop.dealer)
    for stranger in (other.buyer, reader):
        with pytest.raises(Missing):
            hand_over(by=seller, to_membership=stranger.pk, at=NOON)
    assert quantities(seller) == [1]


def test_an_order_repeated_says_what_is_different() -> None:
    shop = make_shop(4)
    order = shop.order(1, 2, 3, 4)
    _same, dearer, gone, packed = shop.products
    make_version(
        PriceList.objects.get(), {p: "120" if p == dearer else "100" for p in shop.products}, valid_from=NOON.date()
    )
    successor = make_article()
    type(gone).objects.filter(pk=gone.pk).update(state="discontinued", successor=successor)
    type(gone).objects.filter(pk=packed.pk).update(pack=3)
    repeated = repeat_order(by=shop.principal, number=order.number, key="k")
    repeat_order(by=shop.principal, number=order.number, key="k")
    assert [(one.added, one.is_different) for one in repeated] == [(1, False), (2, True), (0, True), (0, True)]
    assert repeated[1].price_now == Decimal("120.0000")
    assert repeated[2].successor == successor
    assert quantities(shop.principal) == [1, 2]


def test_another_dealers_order_cannot_be_repeated() -> None:
    mine, theirs = make_shop(1), make_shop(1)
    order = theirs.order(1)
    with pytest.raises(Missing):
        repeat_order(by=mine.principal, number=order.number)


def test_a_cart_of_any_length_costs_the_same_queries(django_assert_max_num_queries, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for lines in (1, 100):
        shop = make_shop(lines)
        shop.fill_cart(*[1] * lines)
        principal = shop.principal
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(cart_view(principal, NOON.date()).positions) == lines
        counted.append(len(queries))
        order = shop.order()
        with CaptureQueriesContext(connection) as queries:
            assert len(repeat_preview(principal, order)) == lines
        counted.append(len(queries))
    assert counted[:2] == counted[2:]


def test_clearing() -> None:
    shop = make_shop(2)
    shop.fill_cart(1, 1)
    clear_cart(by=shop.principal)
    assert quantities(shop.principal) == []
