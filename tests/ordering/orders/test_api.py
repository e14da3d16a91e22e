"""The cart and the orders over the API, as the design's table promises them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.enums import Role
from ordering.orders.models import CartLine, Order
from ordering.pricing.models import PriceList
from tests.clients import api_client_of
from tests.factories import make_member
from tests.factories_orders import Shop, make_shop
from tests.factories_pricing import make_version

pytestmark = pytest.mark.django_db
API = "/api/v1"


def machine(shop: Shop) -> APIClient:
    return api_client_of(shop.buyer)


def fill(client: APIClient, shop: Shop, quantity: int = 2) -> dict:
    return client.post(f"{API}/cart/lines/", {"sku": shop.products[0].sku, "quantity": quantity}, format="json").json()


def test_from_an_empty_cart_to_a_cancelled_order() -> None:
    shop = make_shop()
    client = machine(shop)
    assert client.get(f"{API}/cart/").json() == {
        "lines": [], "net": "0.00", "tax": "0.00", "total": "0.00", "currency": "RUB", "problems": [],
    }  # fmt: skip
    line = fill(client, shop)
    assert (line["sku"], line["quantity"], line["price"], line["total"]) == (
        shop.products[0].sku, 2, {"amount": "100.0000", "currency": "RUB"}, "244.00",
    )  # fmt: skip
    assert line["availability"] == {"state": "in_stock", "quantity": 10}
    changed = client.patch(f"{API}/cart/lines/{line['id']}/", {"quantity": 3}, format="json").json()
    assert changed["quantity"] == 3
    assert client.get(f"{API}/cart/").json()["total"] == "366.00"

    placed = client.post(f"{API}/orders/", {"expected_total": "366.00", "reference": "VY-7"}, format="json")
    assert placed.status_code == 201
    order = placed.json()
    assert (order["status"], order["total"], order["reference"], order["may_cancel"]) == (
        "placed",
        "366.00",
        "VY-7",
        True,
    )
    assert order["lines"][0]["receipt"]["unit_price"] == "100.0000"
    assert client.get(f"{API}/cart/").json()["lines"] == []

    number = order["number"]
    listed = client.get(f"{API}/orders/", {"status": "placed", "q": number, "from": "2020-01-01"}).json()
    assert (listed["count"], listed["results"][0]["number"]) == (1, number)
    assert client.get(f"{API}/orders/{number}/").json() == order
    repeated = client.post(f"{API}/orders/{number}/repeat/").json()
    assert (repeated["added"], repeated["lines"][0]["is_different"]) == (1, False)
    cancelled = [client.post(f"{API}/orders/{number}/cancel/", {"reason": "no"}, format="json") for _ in range(2)]
    assert [answer.status_code for answer in cancelled] == [200, 200]
    assert cancelled[1].json()["status"] == "cancelled"


def test_the_same_key_answers_the_same_and_another_body_is_refused() -> None:
    shop = make_shop()
    client = machine(shop)
    fill(client, shop)
    key = {"HTTP_IDEMPOTENCY_KEY": "k-1"}
    first = client.post(f"{API}/orders/", {"comment": "a"}, format="json", **key)
    again = client.post(f"{API}/orders/", {"comment": "a"}, format="json", **key)
    other = client.post(f"{API}/orders/", {"comment": "b"}, format="json", **key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_refusals_are_problems_with_codes_and_what_to_do() -> None:
    shop = make_shop(2, pack=5, on_hand=10)
    client = machine(shop)
    packs = client.post(f"{API}/cart/lines/", {"sku": shop.products[0].sku, "quantity": 7}, format="json")
    assert (packs.status_code, packs["content-type"]) == (422, "application/problem+json")
    body = packs.json()
    assert (body["code"], body["pack"], body["lower"], body["upper"]) == ("not_a_multiple", 5, 5, 10)
    unknown = client.post(f"{API}/cart/lines/", {"sku": "nothing", "quantity": 1}, format="json")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    for wrong in (
        {"quantity": 1},
        {"sku": "x", "quantity": "many"},
        {"sku": "x", "quantity": 0},
        [],
        {"sku": "x" * 99},
    ):
        assert client.post(f"{API}/cart/lines/", wrong, format="json").status_code == 400
    assert client.post(f"{API}/orders/", {}, format="json").json()["code"] == "cart_empty"

    fill(client, shop, 15)
    short = client.post(f"{API}/orders/", {}, format="json")
    assert (short.status_code, short.json()["lines"]) == (
        409, [{"sku": shop.products[0].sku, "asked": 15, "available": 10}],
    )  # fmt: skip
    line = CartLine.objects.get()
    client.patch(f"{API}/cart/lines/{line.pk}/", {"quantity": 5}, format="json")
    make_version(PriceList.objects.get(), {shop.products[0]: "90"}, valid_from=line.cart.updated_at.date())
    moved = client.post(f"{API}/orders/", {"expected_total": "610.00"}, format="json")
    assert (moved.status_code, moved.json()["code"], moved.json()["total"]) == (409, "prices_changed", "549.00")
    assert moved.json()["changes"][0]["now"] == "90.0000"
    assert Order.objects.count() == 0
    assert client.get(f"{API}/orders/", {"from": "yesterday"}).status_code == 400
    assert client.get(f"{API}/orders/", {"status": "somewhere"}).status_code == 400


def test_a_method_that_is_not_there_is_no_missing_right() -> None:
    client = machine(make_shop())
    assert [client.generic(method, f"{API}/orders/").status_code for method in ("PUT", "PATCH", "DELETE")] == [405] * 3
    assert APIClient().put(f"{API}/orders/").status_code == 401


def test_a_refusal_speaks_the_callers_language() -> None:
    client = machine(make_shop())
    said = {}
    for language in ("en", "ru"):
        words = {"HTTP_ACCEPT_LANGUAGE": language}
        said[language] = [
            client.get(f"{API}/orders/", {"from": "yesterday"}, **words).json()["errors"]["from"][0],
            client.post(f"{API}/cart/quick/", {}, format="json", **words).json()["detail"],
            client.get(f"{API}/pages/2000000000/", **words).json()["detail"],
            client.get(f"{API}/nowhere/", **words).json()["detail"],
        ]
    assert said["en"] == [
        "Give a day as YYYY-MM-DD.", "Send `text`, or a `file`.", "There is nothing here.", "There is nothing at this address.",
    ]  # fmt: skip
    assert [english for english, russian in zip(said["en"], said["ru"], strict=True) if english == russian] == []


def test_who_gets_in() -> None:
    shop, other = make_shop(), make_shop()
    order = shop.order(1)
    reader = api_client_of(make_member(Role.READER, dealer=shop.dealer))
    seller = api_client_of(make_member(Role.SELLER, dealer=shop.dealer))
    line = fill(machine(shop), shop)["id"]
    for method, path in (
        ("get", "/cart/"), ("post", "/cart/lines/"), ("patch", f"/cart/lines/{line}/"), ("delete", f"/cart/lines/{line}/"),
        ("post", "/cart/quick/"), ("get", "/orders/"), ("post", "/orders/"), ("get", f"/orders/{order.number}/"),
        ("post", f"/orders/{order.number}/cancel/"), ("post", f"/orders/{order.number}/repeat/"),
    ):  # fmt: skip
        assert getattr(api_client_of(), method)(API + path).status_code == 401, path
        assert getattr(reader, method)(API + path).status_code == 403, path
        if order.number in path or str(line) in path:
            answer = getattr(machine(other), method)(API + path, {"quantity": 1}, format="json") if method != "get" else (
                machine(other).get(API + path)
            )  # fmt: skip
            assert answer.status_code == 404, path
    assert seller.post(f"{API}/orders/", {}, format="json").status_code == 403
    assert seller.get(f"{API}/orders/{order.number}/").status_code == 404
    assert seller.get(f"{API}/cart/").status_code == 200
    assert CartLine.objects.filter(pk=line).exists()


def test_quick_order_answers_each_line_and_adds_when_asked() -> None:
    shop = make_shop()
    client = machine(shop)
    text = f"{shop.products[0].sku} 2\nnothing 1"
    answer = client.post(f"{API}/cart/quick/", {"text": text}, format="json").json()
    assert [(line["line"], line["verdict"], line["sku"]) for line in answer["lines"]] == [
        (1, "ok", shop.products[0].sku), (2, "unknown", None),
    ]  # fmt: skip
    assert (answer["ready"], answer["added"], CartLine.objects.count()) == (1, 0, 0)
    assert client.post(f"{API}/cart/quick/", {"text": text, "add": True}, format="json").json()["added"] == 1
    assert CartLine.objects.get().quantity == 2
    assert client.post(f"{API}/cart/quick/", {}, format="json").status_code == 422
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("list.csv", f"sku;qty\n{shop.products[1].sku};3\n".encode())
    lines = client.post(f"{API}/cart/quick/", {"file": file}, format="multipart").json()["lines"]
    assert [(line["line"], line["verdict"], line["quantity"]) for line in lines] == [(2, "ok", 3)]


def test_a_list_and_an_order_cost_the_same_queries_for_one_and_for_a_hundred() -> None:
    counted = []
    for orders, lines in ((1, 1), (100, 1), (1, 100)):
        shop = make_shop(lines, on_hand=1000)
        numbers = [shop.order(*[1] * lines).number for _ in range(orders)]
        client = machine(shop)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{API}/orders/", {"page_size": 100}).json()["results"]) == orders
        listed = len(queries)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{API}/orders/{numbers[0]}/").json()["lines"]) == lines
        counted.append((listed, len(queries)))
    assert counted[0] == counted[1] == counted[2]
