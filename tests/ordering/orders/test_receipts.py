"""Receipts kept with order lines: made again from their rules; and what an article cost the last time."""

import datetime as dt
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.enums import Role, StaffRole
from ordering.orders.models import Order, OrderLine
from ordering.orders.queries import last_prices, recomputed_lines
from ordering.orders.services import add_to_cart, place_order
from ordering.pricing.queries import PriceContext
from ordering.programme.models import Tier
from portal.lib.clock import business_date
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_catalog import make_brand, make_category, make_stock
from tests.factories_pricing import (
    OFFICE,
    file_rows,
    make_article,
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(principal_of):
    """An order of 16 at 348.35, less 4 %: domain.md's golden case, made by a contract in percent over a dearer list."""
    category = make_category()
    article, dealer = make_article("G-1", category=category, brand=make_brand()), make_dealer()
    price_list = make_price_list({article: "348.35"})
    make_award(dealer, make_programme([("silver", 0, 4)]).tiers.get())
    make_stock(article, 1000)
    member = make_member(Role.BUYER, dealer=dealer)
    return article, dealer, price_list, member, principal_of(member)


def order(by, article, quantity=16, key="k"):
    add_to_cart(by=by, sku=article.sku, quantity=quantity)
    return place_order(by=by, key=key, placed_at=timezone.now())


def recompute(number):
    out = StringIO()
    call_command("recompute_receipt", number, stdout=out)
    return out.getvalue()


def test_the_golden_case_is_the_same_everywhere(shop, client_of, api_client) -> None:
    article, dealer, _list, member, by = shop
    placed = order(by, article)
    line = placed.lines.get()
    assert (line.net, line.tax, line.total) == (Decimal("5350.66"), Decimal("1177.15"), Decimal("6527.81"))
    assert placed.total == Decimal("6527.81")
    said = api_client(member).get("/api/v1/products/G-1/price/?quantity=16").json()
    assert (said["unit_price"], said["total"]) == ("334.4160", "6527.81")
    page = client_of(member).get("/prices/G-1/?quantity=16").content.decode().replace("\xa0", " ")
    assert "6,527.81" in page
    row = file_rows(PriceContext.of_dealer(dealer.pk))[0]
    assert row["price"] == Decimal("334.4160")


def test_a_receipt_is_made_again_from_its_ids(shop) -> None:
    article, dealer, price_list, _member, by = shop
    make_contract(dealer, article.category, percent=5)
    make_promotion(percent=3, combines=True)
    placed = order(by, article)
    # What is published later changes nothing of what was paid.
    make_version(price_list, {article: "999"}, valid_from=business_date())
    make_contract(dealer, article, 1, start=business_date() + dt.timedelta(days=1))
    assert recompute(placed.number) == f"{placed.number}/1 G-1: {placed.total:.4f} agrees\n"
    assert recompute(f"{placed.number}/1") == recompute(placed.number)


def test_a_difference_is_said(shop, client_of) -> None:
    article, _dealer, _list, _member, by = shop
    placed = order(by, article)
    Tier.objects.update(discount=5)
    with pytest.raises(CommandError, match="1 of 1"):
        recompute(placed.number)
    found = {one.what: (one.kept, one.now) for one in recomputed_lines(OFFICE, placed.number)[0].differences}
    assert found["unit_price"] == ("334.4160", "330.9325")
    assert found[f"tier {Tier.objects.get().pk}"] == ("-13.9340", "-17.4175")
    for role in (StaffRole.MANAGER, StaffRole.ANALYST):
        path = f"/cms/orders_desk/inspect/{placed.pk}/"
        desk = client_of(make_staff(role))
        assert "330.9325" in desk.get(f"{path}?recompute=1").content.decode()
        assert "330.9325" not in desk.get(path).content.decode()


def test_a_tampered_receipt_is_found(shop) -> None:
    """The negative control: figures that no rule gives, written past the trigger."""
    placed = order(shop[4], shop[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_orderline DISABLE TRIGGER USER")
        kept = OrderLine.objects.get().receipt | {"total": "1.00"}
        cursor.execute("UPDATE orders_orderline SET receipt = %s", [json.dumps(kept)])
        cursor.execute("ALTER TABLE orders_orderline ENABLE TRIGGER USER")
    assert [one.what for one in recomputed_lines(OFFICE, placed.number)[0].differences] == ["total"]


def test_an_unknown_order_is_said() -> None:
    for text in ("26-1", "26-1/x"):
        with pytest.raises(CommandError):
            recompute(text)


def test_the_price_since_the_last_order(shop, client_of, principal_of) -> None:
    article, _dealer, price_list, member, by = shop
    assert last_prices(by, [article.pk]) == {}
    order(by, article)
    make_version(price_list, {article: "400"}, valid_from=business_date())
    last = last_prices(by, [article.pk])[article.pk]
    assert (last.unit_price, last.change_to(Decimal(384))) == (Decimal("334.4160"), Decimal("14.8"))
    page = client_of(member).get("/catalogue/G-1/").content.decode()
    assert "Last ordered on" in page
    assert "14.8" in page
    assert last_prices(principal_of(make_member(Role.OWNER)), [article.pk]) == {}
    assert last_prices(principal_of(make_member(Role.READER, dealer=member.dealer)), [article.pk]) == {}
    assert Order.objects.count() == 1
