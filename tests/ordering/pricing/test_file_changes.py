"""What changed since a list was taken along: against the prices as they were, whatever became of their rules since."""

import csv
import datetime as dt
import io
import json
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.enums import Role
from ordering.catalog import services as catalog_services
from ordering.catalog.models import CatalogueChange, FormerTerms, Product
from ordering.pricing import services
from ordering.pricing.models import TakenList
from ordering.pricing.queries import file_lines
from ordering.pricing.services import end_deal, withdraw_version
from ordering.programme.models import TierException
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member, make_region
from tests.factories_catalog import make_category
from tests.factories_pricing import (
    OFFICE,
    make_article,
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    make_version,
)

API = "/api/v1/price-list/"
DAY = dt.timedelta(days=1)
# A commit of its own for every change: a transaction that is not over was seen by nobody.
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def make_world():
    drills = make_category("drills")
    dealer = make_dealer("Ours", region=make_region(), code="ours")
    articles = [make_article(sku, category=drills, name_en=f"{sku} name") for sku in "ABC"]
    base = make_price_list({articles[0]: 100, articles[1]: {1: 200, 10: 180}}, name_en="Base")
    return make_member(Role.BUYER, dealer=dealer), articles, base


def take(client, **asked) -> dict:
    """A JSON list, read to its end."""
    answer = client.get(API, asked)
    assert answer.status_code == 200, answer.content
    return json.loads(b"".join(answer.streaming_content))


def changes(client, **asked) -> list[tuple]:
    """(SKU, from quantity, what, old, new, percent) since the last download, or since a stamp."""
    return [
        (
            row["sku"],
            row["min_quantity"],
            row["change"],
            short(row["old_price"]),
            short(row["price"]),
            short(row["percent"]),
        )
        for row in take(client, **{"since": "last"} | asked)["results"]
    ]


def short(value: str | None) -> str | None:
    return value and format(Decimal(value).normalize(), "f")


@pytest.mark.django_db
def test_changed_new_and_gone() -> None:
    member, (a, b, c), base = make_world()
    client = api_client_of(member)
    first = take(client)["stamp"]
    make_version(base, {a: 110, b: {1: 200, 20: 150}, c: 7}, valid_from=business_date())
    expected = [
        ("A", 1, "changed", "100", "110", "10"),
        ("B", 10, "gone", "180", None, None),
        ("B", 20, "new", None, "150", None),
        ("C", 1, "new", None, "7", None),
    ]
    assert changes(client) == expected
    # Those were the last: since them nothing; the first is still there to be compared with.
    assert changes(client) == []
    assert changes(client, since=first) == expected
    table = list(csv.DictReader(io.StringIO(
        b"".join(client.get(API, {"since": first, "format": "csv"}).streaming_content).decode("utf-8-sig")
    ), delimiter=";"))  # fmt: skip
    assert (table[0]["Change"], table[0]["Old price without VAT"], table[0]["Change, %"]) == (
        "changed",
        "100.0000",
        "10.00",
    )
    assert table[1]["Your price without VAT"] == ""
    assert take(client, since=first)["changes_since"] == first


@pytest.mark.django_db
def test_nothing_to_compare_with() -> None:
    member, *_ = make_world()
    client = api_client_of(member)
    rival = make_member(Role.BUYER, dealer=make_dealer("Rival", region=member.dealer.home_region))
    theirs = take(api_client_of(rival))["stamp"]
    for since in ("last", theirs, "0" * 16):
        answer = client.get(API, {"since": since})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_version")
    ours = take(client)["stamp"]
    # A copy of the database begins its transactions anew: what it did not see cannot be told there.
    TakenList.objects.update(snapshot=f"{10**12}:{10**12}:")
    assert client.get(API, {"since": ours}).status_code == 404
    member.dealer.currency = "KZT"
    member.dealer.save()
    TakenList.objects.update(snapshot="3:3:")
    assert client.get(API, {"since": ours}).json()["code"] == "currency_changed"


@pytest.mark.django_db
def test_a_part_of_the_list_is_no_news_of_the_rest() -> None:
    member, (a, b, _c), base = make_world()
    client = api_client_of(member)
    take(client)
    make_version(base, {a: 110, b: 220}, valid_from=business_date())
    take(client, sku="A")
    assert [row[0] for row in changes(client, sku="A")] == []
    assert {row[0] for row in changes(client)} == {"A", "B"}
    assert [row[0] for row in changes(client, sku="B")] == []


@pytest.mark.django_db
def test_prices_to_come_are_no_prices_of_today() -> None:
    member, (a, b, _c), base = make_world()
    client = api_client_of(member)
    take(client)
    day = business_date() + 5 * DAY
    make_version(base, {a: 110, b: 200}, valid_from=day)
    assert ("A", 1, "changed", "100", "110", "10") in changes(client, on=day.isoformat())
    assert changes(client) == []  # against today's, not against those of the day to come
    with time_machine.travel(timezone.now() + 6 * DAY, tick=False):
        client = api_client_of(member)
        assert changes(client) != []


@pytest.mark.django_db
def test_what_was_told_counts_though_it_was_taken_back() -> None:
    """A contract and a list that never held, a promotion ended, a tier that came: told, and then otherwise."""
    member, (a, b, c), _base = make_world()
    dealer, client, today = member.dealer, api_client_of(member), business_date()
    day = today + 5 * DAY
    contract = make_contract(dealer, a, 50, start=day)
    promotion = make_promotion(b, percent=10, start=today - DAY)
    own = make_price_list({c: 9}, dealer=dealer, valid_from=today)
    coming = make_version(own, {c: 8}, valid_from=day)
    stamp = take(client, on=day.isoformat())["stamp"]
    end_deal(deal=contract, last_day=today, today=today, by=OFFICE)
    end_deal(deal=promotion, last_day=today, today=today, by=OFFICE)
    withdraw_version(version=coming, today=today, by=OFFICE)
    make_award(dealer, make_programme([("silver", 0, 50)]).tiers.get(), start=day)
    assert changes(client, since=stamp, on=day.isoformat()) == [
        ("B", 1, "changed", "180", "100", "-44.44"),
        ("B", 10, "changed", "162", "90", "-44.44"),
        ("C", 1, "changed", "8", "4.5", "-43.75"),
    ]


@committed
def test_taxes_names_and_sections_as_they_were() -> None:
    member, (a, b, c), _base = make_world()
    other = make_category("other")
    own = make_price_list({c: "122"}, dealer=member.dealer, tax_included=True)
    assert own
    tier = make_award(member.dealer, make_programme([("silver", 0, 10)]).tiers.get()).tier
    TierException.objects.create(tier=tier, category=a.category, discount=Decimal(20))
    client = api_client_of(member)
    stamp = take(client)["stamp"]
    assert changes(client) == []
    Product.objects.filter(pk=c.pk).update(tax_rate=Decimal(10))  # with tax in its price: without tax it is another one
    Product.objects.filter(pk=a.pk).update(name_en="Another name", category=other)  # out of the exception
    Product.objects.filter(pk=b.pk).update(sku="B-2", sku_key="b-2")
    Product.objects.filter(pk=b.pk).update(name_en="B again")
    expected = [
        ("A", 1, "changed", "80", "90", "12.5"),
        ("B-2", 1, "renamed", "160", "160", "0"),
        ("B-2", 10, "renamed", "144", "144", "0"),
        ("C", 1, "changed", "80", "88.7273", "10.91"),
    ]
    said = take(client, since=stamp)["results"]
    assert changes(client, since=stamp) == expected
    assert [row["former_sku"] for row in said] == [None, "B", "B", None]
    # Back again: nothing to tell, though much happened.
    Product.objects.filter(pk=c.pk).update(tax_rate=Decimal(22))
    Product.objects.filter(pk=a.pk).update(category=a.category)
    Product.objects.filter(pk=b.pk).update(sku="B", sku_key="b")
    assert changes(client, since=stamp) == []


@committed
def test_a_branch_that_was_moved_and_an_article_that_is_new() -> None:
    member, (a, _b, _c), _base = make_world()
    root, inner = make_category("root"), make_category("inner")
    Product.objects.filter(pk=a.pk).update(category=inner)
    make_contract(member.dealer, root, 5)
    client = api_client_of(member)
    stamp = take(client)["stamp"]
    inner.path = f"{root.path}{inner.pk}/"
    inner.save()
    make_article("D", category=root)
    assert changes(client, since=stamp) == [("A", 1, "changed", "100", "5", "-95"), ("D", 1, "new", None, "5", None)]


@committed
def test_without_the_catalogue_as_it_was_a_tax_would_be_missed(monkeypatch) -> None:
    """The control."""
    member, (a, _b, _c), _base = make_world()
    make_price_list({a: "122"}, dealer=member.dealer, tax_included=True)
    client = api_client_of(member)
    stamp = take(client)["stamp"]
    Product.objects.filter(pk=a.pk).update(tax_rate=Decimal(10))
    monkeypatch.setattr(file_lines, "UNSEEN", "false")
    monkeypatch.setattr(
        file_lines,
        "CATALOGUE_THEN",
        file_lines.CATALOGUE_THEN.replace("WHERE transaction", "WHERE false AND transaction"),
    )
    assert [row["old_price"] for row in take(client, since=stamp)["results"]] == []


@committed
def test_a_change_that_is_not_committed_yet_was_not_seen() -> None:
    """A list taken while somebody is changing a tax rate: the change comes after it, whatever the clock says."""
    member, (a, _b, _c), _base = make_world()
    make_price_list({a: "122"}, dealer=member.dealer, tax_included=True)
    client = api_client_of(member)
    changed, taken = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Product.objects.filter(pk=a.pk).update(tax_rate=Decimal(10))
            changed.set()
            taken.wait(20)
        connection.close()

    editor = threading.Thread(target=change)
    editor.start()
    assert changed.wait(20)
    stamp = take(client)["stamp"]
    taken.set()
    editor.join()
    assert changes(client, since=stamp) == [("A", 1, "changed", "100", "110.9091", "10.91")]


@pytest.mark.django_db
def test_the_notes_of_changes_are_merged_and_their_sum_stays() -> None:
    member, (a, _b, _c), _base = make_world()
    client = api_client_of(member)
    stamp = take(client)["stamp"]
    Product.objects.filter(pk=a.pk).update(tax_rate=Decimal(10))
    sums = sum(CatalogueChange.objects.values_list("changes", flat=True))
    catalog_services.merge_changes(keep_former_since=timezone.now() - DAY)
    assert list(CatalogueChange.objects.values_list("changes", flat=True)) == [sums]
    assert FormerTerms.objects.count() == 1
    services.tidy_files(at=timezone.now() + dt.timedelta(days=500))
    assert (FormerTerms.objects.count(), TakenList.objects.count()) == (0, 0)
    assert client.get(API, {"since": stamp}).status_code == 404


AMOUNTS = st.integers(1, 4).map(lambda n: Decimal(n * 100))
SIDES = st.fixed_dictionaries({
    "base": st.dictionaries(st.sampled_from("ABC"), st.dictionaries(st.sampled_from([1, 5]), AMOUNTS, min_size=1), max_size=3),
    "contract": st.none() | st.tuples(st.sampled_from("ABC"), AMOUNTS),
    "promotion": st.none() | st.integers(1, 3).map(lambda n: n * 10),
})  # fmt: skip


@pytest.fixture
def place(db):
    return make_world()


@given(before=SIDES, after=SIDES)
@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_changes_are_the_difference_of_two_lists(place, before, after) -> None:
    """Over random worlds: what the file of changes says is what two whole lists say side by side."""
    member, articles, base = place
    by_sku, today, stamp = {one.sku: one for one in articles}, business_date(), ""
    with transaction.atomic():
        client = api_client_of(member)
        whole = []
        for day, side in ((today, before), (today + DAY, after)):
            make_version(base, {by_sku[sku]: breaks for sku, breaks in side["base"].items()}, valid_from=day)
            if side["contract"]:
                sku, amount = side["contract"]
                make_contract(member.dealer, by_sku[sku], amount, start=day, end=day + DAY)
            if side["promotion"]:
                make_promotion(percent=side["promotion"], start=day, end=day + DAY)
            said = take(client, on=day.isoformat())
            whole.append({(row["sku"], row["min_quantity"]): short(row["price"]) for row in said["results"]})
            stamp = stamp if day > today else said["stamp"]
        old, new = whole
        expected = {
            key: (old.get(key), new.get(key)) for key in old.keys() | new.keys() if old.get(key) != new.get(key)
        }
        assert {row[:2]: row[3:5] for row in changes(client, since=stamp, on=(today + DAY).isoformat())} == expected
        transaction.set_rollback(True)
