"""The pages of cart, quick order and orders, as people use them."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from ordering.orders.models import CartLine, Order
from ordering.pricing.models import PriceList
from tests.clients import PortalClient
from tests.factories import make_member, make_staff
from tests.factories_orders import NOON, Shop, acting, make_shop
from tests.factories_pricing import make_version

pytestmark = pytest.mark.django_db


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, as a browser would send it."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def place(client: PortalClient, **fields: str):
    page = client.get("/cart/").content.decode()
    names = ("shown", "expected_total", "idempotency_key")
    return client.post("/cart/place/", {name: hidden(page, name) for name in names} | fields)


def test_from_the_catalogue_to_an_order() -> None:
    shop = make_shop()
    client = PortalClient(shop.buyer)
    added = client.post("/cart/add/", {"sku": shop.products[0].sku, "quantity": "2"}, HTTP_HX_REQUEST="true")
    assert (added.status_code, shop.products[0].sku in added.content.decode()) == (200, True)
    answer = place(client, reference="VY-1", comment="ring first")
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.number}/")
    assert (order.reference, order.comment) == ("VY-1", "ring first")
    page = client.get(answer["Location"]).content.decode()
    for words in (order.number, shop.products[0].name_en, "VY-1", "ring first"):
        assert words in page
    assert order.number in client.get("/orders/").content.decode()
    assert order.number in client.get(f"/orders/{order.number}/print/").content.decode()


def test_a_form_sent_twice_places_once() -> None:
    shop = make_shop()
    shop.fill_cart(2)
    client = PortalClient(shop.buyer)
    page = client.get("/cart/").content.decode()
    form = {name: hidden(page, name) for name in ("shown", "expected_total", "idempotency_key")}
    first, second = client.post("/cart/place/", form), client.post("/cart/place/", form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_changed_price_places_nothing_says_what_and_keeps_what_was_typed() -> None:
    shop = make_shop()
    shop.fill_cart(2)
    client = PortalClient(shop.buyer)
    page = client.get("/cart/").content.decode()
    form = {name: hidden(page, name) for name in ("shown", "expected_total", "idempotency_key")}
    make_version(PriceList.objects.get(), {shop.products[0]: "120"}, valid_from=NOON.date())
    refused = client.post("/cart/place/", form | {"comment": "ring first"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert Order.objects.count() == 0
    assert "ring first" in text
    assert json.loads(hidden(text, "shown")) == {shop.products[0].sku: [2, "120.0000"]}
    again = {name: hidden(text, name) for name in ("shown", "expected_total", "idempotency_key")}
    assert client.post("/cart/place/", again).status_code == 302


def test_somebody_was_quicker() -> None:
    shop = make_shop(1, on_hand=1)
    shop.fill_cart(1)
    client = PortalClient(shop.buyer)
    page = client.get("/cart/").content.decode()
    form = {name: hidden(page, name) for name in ("shown", "expected_total", "idempotency_key")}
    shop.order(1, by=acting(make_member(Role.BUYER, dealer=shop.dealer)))
    refused = client.post("/cart/place/", form)
    assert refused.status_code == 409
    assert f"{shop.products[0].sku}: 0 of 1 in stock" in refused.content.decode()


def test_lines_are_changed_removed_and_put_back() -> None:
    shop = make_shop(2, pack=5, on_hand=100)
    shop.fill_cart(5, 10)
    client = PortalClient(shop.buyer)
    first, second = CartLine.objects.order_by("pk")
    client.post(f"/cart/lines/{first.pk}/", {"quantity": "15"})
    client.post(f"/cart/lines/{second.pk}/", {"quantity": "7"})
    assert list(CartLine.objects.order_by("pk").values_list("quantity", flat=True)) == [15, 10]
    assert "take 5 or 10" in client.get("/cart/").content.decode()
    client.post(f"/cart/lines/{second.pk}/", {"remove": "1"})
    undo = re.search(r'action="(/cart/put-back/[^"]+)"', client.get("/cart/").content.decode())
    assert undo
    client.post(undo[1])
    assert CartLine.objects.filter(product=shop.products[1]).get().quantity == 10


def test_a_form_of_another_dealers_tab_is_refused() -> None:
    shop = make_shop()
    shop.fill_cart(2)
    client = PortalClient(shop.buyer)
    refused = client.post("/cart/clear/", {"_membership": "0"})
    assert refused.status_code == 409
    assert CartLine.objects.count() == 1


def test_quick_order_checks_mends_and_puts() -> None:
    shop = make_shop(2, on_hand=1000, pack=25)
    client = PortalClient(shop.buyer)
    a, b = (product.sku for product in shop.products)
    text = f"{a} 25\n{b} 35\nnothing 1"
    page = client.post("/quick-order/", {"text": text}).content.decode()
    assert "Put 1 line into the cart" in page
    mended = client.post("/quick-order/", {"text": text, "fix": f"2:{b};50"}).content.decode()
    assert "Put 2 lines into the cart" in mended
    put = client.post("/quick-order/", {"text": f"{a} 25\n{b} 50\nnothing 1", "put": "1", "idempotency_key": "k"})
    assert sorted(CartLine.objects.values_list("quantity", flat=True)) == [25, 50]
    assert ">nothing 1</textarea>" in put.content.decode()
    file = SimpleUploadedFile("list.csv", f"{a};25\n{b};50\n".encode())
    assert "Put 2 lines into the cart" in client.post("/quick-order/", {"file": file}).content.decode()
    broken = client.post("/quick-order/", {"file": SimpleUploadedFile("list.xlsx", b"nothing")})
    assert broken.status_code == 422


def test_cancelling_and_repeating_from_the_page() -> None:
    shop = make_shop()
    order = shop.order(2)
    client = PortalClient(shop.buyer)
    assert "cancel-order" in client.get(f"/orders/{order.number}/").content.decode()
    client.post(f"/orders/{order.number}/cancel/", {"reason": "no"})
    assert Order.objects.get().status == "cancelled"
    assert "To pay <b>–</b> <s" in client.get(f"/orders/{order.number}/").content.decode()
    repeated = client.post(f"/orders/{order.number}/repeat/", {"idempotency_key": "k"})
    assert "are in the cart" in client.get(repeated["Location"]).content.decode()
    assert CartLine.objects.get().quantity == 2


def test_who_sees_which_page() -> None:
    shop, other = make_shop(), make_shop()
    order = shop.order(1)
    reader = PortalClient(make_member(Role.READER, dealer=shop.dealer))
    for path in ("/cart/", "/quick-order/", "/orders/", f"/orders/{order.number}/", f"/orders/{order.number}/print/"):
        assert reader.get(path).status_code == 403, path
    for path in (f"/orders/{order.number}/", f"/orders/{order.number}/print/", f"/cart/?repeated={order.number}"):
        assert PortalClient(other.buyer).get(path).status_code == 404, path
    assert PortalClient(other.buyer).post(f"/orders/{order.number}/cancel/").status_code == 404
    seller = PortalClient(make_member(Role.SELLER, dealer=shop.dealer))
    assert seller.get("/cart/").status_code == 200
    assert seller.post("/cart/place/", {}).status_code == 403


def test_pages_cost_the_same_queries_for_one_and_for_a_hundred() -> None:
    counted = []
    for rows in (1, 100):
        shop = make_shop(rows, on_hand=1000)
        client = PortalClient(shop.buyer)
        number = shop.order(*[1] * rows).number
        for _ in range(rows - 1):
            shop.order(1)
        shop.fill_cart(*[1] * rows)
        costs = []
        for path in (
            "/cart/",
            "/orders/?status=all",
            f"/orders/{number}/",
            f"/orders/{number}/print/",
            f"/cart/?repeated={number}",
        ):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            costs.append(len(queries))
        counted.append(costs)
    assert counted[0] == counted[1]


def test_the_order_desk_moves_an_order() -> None:
    shop: Shop = make_shop()
    order = shop.order(2)
    desk = PortalClient(make_staff(StaffRole.MANAGER))
    inspect = f"/cms/orders_desk/inspect/{order.pk}/"
    assert order.number in desk.get("/cms/orders_desk/").content.decode()
    assert shop.products[0].sku in desk.get(inspect).content.decode()
    for step in (
        {"step": "confirm", "promised_on": "2026-12-01"},
        {"step": "ship", "ship-1": "2"},
        {"step": "complete"},
    ):
        assert desk.post(f"/cms/orders_desk/{order.number}/act/", step)["Location"] == inspect
    assert Order.objects.get().status == "completed"
    export = desk.get("/cms/orders_desk/?export=csv")
    assert order.number.encode() in b"".join(export.streaming_content)
    analyst = PortalClient(make_staff(StaffRole.ANALYST))
    assert analyst.get(inspect).status_code == 200
    analyst.post(f"/cms/orders_desk/{order.number}/act/", {"step": "cancel"})
    assert Order.objects.get().status == "completed"
    # Nobody adds, edits or deletes an order by hand.
    assert desk.get(f"/cms/orders_desk/edit/{order.pk}/").status_code in {302, 403, 404}
