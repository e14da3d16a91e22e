"""Two versions compared, and who is affected by one."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.principals import of_membership, of_user
from ordering.orders.models import Cart, CartLine
from ordering.orders.queries import carts_reached
from ordering.pricing.enums import Change
from ordering.pricing.queries import PriceContext, affected_dealers, by_region, changes_between, unit_prices
from ordering.pricing.services import publish_version
from ordering.sales.enums import EntryKind
from portal.lib.clock import business_date
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_category
from tests.factories_pricing import (
    OFFICE,
    make_article,
    make_contract,
    make_price_list,
    make_sale,
    make_version,
)  # fmt: skip

pytestmark = pytest.mark.django_db
GRID = "/cms/prices/grid/"
DAY = dt.timedelta(days=1)


def version_of(price_list):
    return price_list.versions.order_by("-number").first()


def test_versions_of_two_lists_are_compared() -> None:
    up, down, new, gone = (make_article(sku) for sku in ("UP", "DOWN", "NEW", "GONE"))
    base = version_of(make_price_list({up: 10, down: 10, gone: 5}))
    south = version_of(make_price_list({up: 11, down: 1, new: 5}, region=make_region()))
    found = {which: [row.sku for row in changes_between(base, south, which=which).rows] for which in Change}
    assert found == {
        Change.ALL: ["DOWN", "GONE", "UP", "NEW"],
        Change.RAISED: ["UP"], Change.LOWERED: ["DOWN"], Change.NEW: ["NEW"], Change.GONE: ["GONE"],
        Change.SUSPICIOUS: ["DOWN"],
    }  # fmt: skip
    assert changes_between(base, south, page=2).rows == []


def test_comparing_on_the_page(client_of) -> None:
    article = make_article("A-1")
    price_list = make_price_list({article: 10})
    draft = make_version(price_list, {article: 15}, publish=False)
    dollars = version_of(make_price_list({article: 10}, currency="USD"))
    first = price_list.versions.get(number=1)
    analyst = client_of(make_staff(StaffRole.ANALYST))
    page = analyst.get(f"{GRID}compare/", {"before": first.pk, "after": draft.pk, "which": "raised"}).content.decode()
    assert "raised: 1" in page
    assert "more than 30" in page
    page = analyst.get(f"{GRID}compare/", {"before": first.pk, "after": dollars.pk}).content.decode()
    assert "different currencies" in page
    for wrong in ({}, {"before": "x", "after": 0}, {"before": first.pk, "after": draft.pk, "which": "x", "page": "-1"}):
        assert analyst.get(f"{GRID}compare/", wrong).status_code == 200
    assert client_of(make_staff(StaffRole.EDITOR)).get(f"{GRID}compare/").status_code == 403


@pytest.fixture
def south():
    return make_region(name="South")


def test_who_is_affected_and_by_how_much(south) -> None:
    town, today = make_region(name="Town", parent=south), business_date()
    changed, same, gone = make_article("CH"), make_article("SA"), make_article("GO")
    price_list = make_price_list({changed: 100, same: 10, gone: 3}, region=south)
    draft = make_version(price_list, {changed: 110, same: 10}, publish=False)
    inside, deep = make_dealer("Inside", region=south), make_dealer("Deep", region=town)
    outside, silent = make_dealer("Outside"), make_dealer("Silent", region=south)
    make_dealer("Dollars", region=south, currency="USD")
    for dealer in (inside, deep, outside):
        make_sale(dealer, today - 30 * DAY, 1000, product=changed)
        make_sale(dealer, today - 30 * DAY, 500, product=same)
    make_sale(inside, today - 400 * DAY, 9999, product=changed)  # longer ago than a year
    make_sale(inside, today - 5 * DAY, -200, product=changed, kind=EntryKind.RETURNED, quantity=-1)
    make_sale(inside, today - 5 * DAY, 40, product=gone)
    found = affected_dealers(draft, version_of_day(price_list), today)
    assert [(one.name, one.articles, one.net, one.effect) for one in found] == [
        ("Deep", 1, 1000, 100), ("Inside", 2, 840, 80), ("Silent", 0, 0, 0),
    ]  # fmt: skip
    assert silent.name == "Silent"
    regions = [(one.name_en, one.dealers, one.buyers, one.net, one.effect) for one in by_region(found)]
    assert regions == [("Town", 1, 1, 1000, 100), ("South", 2, 1, 840, 80)]


def version_of_day(price_list):
    return price_list.versions.published().first()


def test_what_a_nearer_list_or_a_contract_prices_is_not_at_stake(south) -> None:
    town, today = make_region(name="Town", parent=south), business_date()
    article = make_article()
    price_list = make_price_list({article: 100}, region=south)
    draft = make_version(price_list, {article: 110}, publish=False)
    names = ("plain", "own", "town", "agreed")
    dealers = {name: make_dealer(name, region=town if name == "town" else south) for name in names}
    for dealer in dealers.values():
        make_sale(dealer, business_date() - DAY, 100, product=article)

    def at_stake():
        found = affected_dealers(draft, version_of_day(price_list), today)
        return {one.name for one in found if one.articles}

    assert at_stake() == set(names)  # the control: nobody has anything nearer yet
    make_price_list({article: 90}, dealer=dealers["own"])
    make_price_list({article: 95}, region=town)
    make_contract(dealers["agreed"], article, 80)
    make_price_list({article: 105})  # the base is asked after the region's
    assert at_stake() == {"plain"}


def test_of_contracts_the_nearest_says_whether_the_price_stays(south) -> None:
    """Every way to have none, a fixed one or one in percent for the branch, the section and the article, against the prices
    that those dealers really have before and after."""
    branch = make_category()
    section = make_category(parent=branch)
    article, today = make_article(category=section), business_date()
    price_list = make_price_list({article: 100}, region=south)
    draft = make_version(price_list, {article: 110}, publish=False)
    dealers = []
    for kinds in itertools.product((None, "fixed", "percent"), repeat=3):
        dealer = make_dealer(" ".join(str(kind) for kind in kinds), region=south)
        for kind, target in zip(kinds, (branch, section, article), strict=True):
            if kind:
                make_contract(dealer, target, **({"prices": 80} if kind == "fixed" else {"percent": 5}))
        make_contract(dealer, make_category(), 70)  # for what lies beside
        make_contract(dealer, section, 60, start=today - 9 * DAY, end=today - 2 * DAY, currency="USD")
        make_sale(dealer, today - DAY, 100, product=article)
        dealers.append(dealer)
    found = affected_dealers(draft, version_of_day(price_list), today)
    at_stake = {one.name for one in found if one.articles}

    def prices() -> dict[str, Decimal]:
        return {
            dealer.name: unit_prices(PriceContext.of_dealer(dealer.pk), [article.pk])[article.pk] for dealer in dealers
        }

    before = prices()
    publish_version(version=draft, valid_from=today, by=OFFICE)
    after = prices()
    assert at_stake == {name for name in before if before[name] != after[name]}
    assert (len(at_stake), len(dealers)) == (14, 27)


def test_what_lies_in_open_carts(south) -> None:
    article, other, today = make_article(), make_article(), business_date()
    price_list = make_price_list({article: {1: 122, 10: 100}, other: 5}, region=south, tax_included=True)
    draft = make_version(price_list, {article: {1: 122, 10: 110}, other: 5}, publish=False)
    inside, agreed, outside = make_dealer("In", region=south), make_dealer("Agreed", region=south), make_dealer("Out")
    make_contract(agreed, article, 80)
    members = [make_member(Role.BUYER, dealer=dealer) for dealer in (inside, inside, agreed, outside)]
    left = make_member(Role.BUYER, dealer=inside, is_active=False)
    for member in [*members, left]:
        cart = Cart.objects.create(membership=member)
        CartLine.objects.create(cart=cart, product=article, quantity=20)
        CartLine.objects.create(cart=cart, product=other, quantity=7)
    manager = of_user(make_staff(StaffRole.PROGRAMME))
    found = carts_reached(manager, draft, version_of_day(price_list), today)
    # Twice 20 at 100 with 22 % tax are twice 1,639.34 without, at 110 twice 1,803.28.
    assert (found.holders, found.dealers, found.net, found.effect) == (2, 1, Decimal("3278.68"), Decimal("327.88"))
    CartLine.objects.filter(product=article).update(quantity=9)  # below the quantity whose price changes
    assert carts_reached(manager, draft, version_of_day(price_list), today).holders == 0
    CartLine.objects.filter(product=article).update(quantity=10)
    for nobody in (of_user(make_staff(StaffRole.EDITOR)), of_membership(members[0])):
        assert carts_reached(nobody, draft, version_of_day(price_list), today).holders == 0
    assert carts_reached(manager, draft, version_of_day(price_list), today).holders == 2


def test_carts_on_the_page(client_of, south) -> None:
    article = make_article()
    price_list = make_price_list({article: 100}, region=south)
    draft = make_version(price_list, {article: 110}, publish=False)
    manager = client_of(make_staff(StaffRole.PROGRAMME))
    path = f"{GRID}affected/{draft.pk}/"
    page = manager.get(path).content.decode()  # a list that reaches nobody yet
    assert "The list reaches 0 dealers" in page
    assert "No open cart holds anything that changes" in page
    member = make_member(Role.BUYER, dealer=make_dealer(region=south))
    CartLine.objects.create(cart=Cart.objects.create(membership=member), product=article, quantity=3)
    page = manager.get(path).content.decode()
    assert "<b>1 open cart</b> holds something that changes (1 dealer)" in page
    assert "₽300" in page


def test_affected_from_a_day_to_come(client_of, south) -> None:
    """The draft is thought to hold then: against what the list says then, with the contracts of then."""
    article, today = make_article(), business_date()
    price_list = make_price_list({article: 100}, region=south)
    make_version(price_list, {article: 110}, valid_from=today + 5 * DAY)
    draft = make_version(price_list, {article: 110}, publish=False)
    make_sale(make_dealer(region=south), today - 363 * DAY, 1000, product=article)
    page = client_of(make_staff(StaffRole.ANALYST))
    path = f"{GRID}affected/{draft.pk}/"
    assert page.get(path).context["buyers"] == 1
    assert page.get(path, {"on": today + 5 * DAY}).context["buyers"] == 0
    make_version(price_list, {article: 120}, valid_from=today + 9 * DAY)
    answer = page.get(path, {"on": today + 9 * DAY})
    assert (answer.context["buyers"], answer.context["net"]) == (1, 1000)
    for wrong in ("x", "0001-01-01", "9999-12-31"):
        assert page.get(path, {"on": wrong}).status_code == 200


def test_a_dealers_own_list_reaches_that_dealer_only() -> None:
    article, one, today = make_article(), make_dealer("One"), business_date()
    make_dealer("Two")
    own = make_price_list({article: 100}, dealer=one)
    make_price_list({article: 50}, region=one.home_region)
    draft = make_version(own, {article: 90}, publish=False)
    make_sale(one, today, "33.33", product=article)
    (found,) = affected_dealers(draft, version_of_day(own), today)
    assert (found.name, found.net, found.effect) == ("One", Decimal("33.33"), Decimal("-3.33"))


def test_the_page_of_the_affected_asks_a_fixed_number_of_questions(client_of, south) -> None:
    article, manager = make_article(), client_of(make_staff(StaffRole.PROGRAMME))
    price_list = make_price_list({article: 100}, region=south)
    draft = make_version(price_list, {article: 110}, publish=False)
    path = f"{GRID}affected/{draft.pk}/"

    def questions():
        manager.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert manager.get(path).status_code == 200
        return len(seen)

    make_sale(make_dealer("D0", region=south), business_date(), 100, product=article)
    few = questions()
    for n in range(1, 40):
        make_sale(make_dealer(f"D{n}", region=south), business_date(), 100, product=article)
    assert questions() == few
    assert "D39" in manager.get(path).content.decode()
    assert client_of(make_staff(StaffRole.MANAGER)).get(path).status_code == 403
