"""What the database itself refuses of price lists, and how a new version supersedes."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.enums import StaffRole
from accounts.models import AuditEvent
from ordering.pricing.errors import ListsOverlap, VersionPublished
from ordering.pricing.models import Price, PriceList, PriceListVersion
from ordering.pricing.services import publish_version
from portal.lib.errors import NotAllowed
from tests.factories import make_dealer, make_region, make_staff
from tests.factories_pricing import OFFICE, make_article, make_price_list, make_version

pytestmark = pytest.mark.django_db
MAY = dt.date(2026, 5, 1)
JUNE = dt.date(2026, 6, 1)
JULY = dt.date(2026, 7, 1)


def run(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, params)


def publish_raw(price_list: PriceList, start: dt.date, end: dt.date | None) -> None:
    """Past all services: what a careless script would write."""
    with transaction.atomic():
        PriceListVersion.objects.create(
            price_list=price_list,
            number=price_list.versions.count() + 1,
            validity=DateRange(start, end),
            published_at=timezone.now(),
        )


def scopes() -> dict[str, dict]:
    return {"base": {}, "region": {"region": make_region()}, "dealer": {"dealer": make_dealer()}}


@pytest.mark.parametrize("scope", ["base", "region", "dealer"])
def test_two_lists_of_one_scope_and_currency_never_overlap(scope: str) -> None:
    whose = scopes()[scope]
    one, other = make_price_list(**whose), make_price_list(**whose)
    publish_raw(one, MAY, JULY)
    with pytest.raises(IntegrityError, match="published_lists_no_overlap"):
        publish_raw(other, JUNE, None)
    publish_raw(other, JULY, None)


def test_lists_of_different_scopes_or_currencies_do() -> None:
    region, dealer = make_region(), make_dealer()
    for whose in (
        {},
        {"currency": "KZT"},
        {"region": region},
        {"region": make_region()},
        {"region": region, "currency": "KZT"},
        {"dealer": dealer},
        {"dealer": make_dealer()},
    ):
        publish_raw(make_price_list(**whose), MAY, None)
    assert PriceListVersion.objects.count() == 7


def test_drafts_may_overlap() -> None:
    for _n in range(2):
        PriceListVersion.objects.create(price_list=make_price_list(), number=1, validity=DateRange(MAY, None))


def test_without_the_constraint_they_would_overlap() -> None:
    one, other = make_price_list(), make_price_list()
    publish_raw(one, MAY, None)
    run("ALTER TABLE pricing_pricelistversion DROP CONSTRAINT published_lists_no_overlap")
    publish_raw(other, MAY, None)
    assert PriceListVersion.objects.in_force(MAY).count() == 2


CHANGES = [
    "UPDATE pricing_price SET amount = 1",
    "DELETE FROM pricing_price",
    (
        "INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)"
        " SELECT version_id, product_id, 99, 1 FROM pricing_price LIMIT 1"
    ),
    "UPDATE pricing_pricelistversion SET published_at = NULL",
    "UPDATE pricing_pricelistversion SET number = 77",
    "UPDATE pricing_pricelistversion SET validity = daterange('2020-01-01', NULL)",
    "UPDATE pricing_pricelist SET currency = 'KZT'",
    "UPDATE pricing_pricelist SET tax_included = true",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_a_published_version_never_changes(sql: str) -> None:
    make_price_list({make_article(): {1: 100, 5: 90}}, valid_from=MAY)
    with pytest.raises(IntegrityError, match="publish"):
        run(sql)
    assert sorted(Price.objects.values_list("amount", flat=True)) == [90, 100]


@pytest.mark.parametrize("sql", CHANGES)
def test_a_draft_does(sql: str) -> None:
    make_version(make_price_list(), {make_article(): {1: 100, 5: 90}}, publish=False)
    run(sql)


def test_a_published_version_is_never_deleted() -> None:
    price_list = make_price_list({make_article(): 100})
    with pytest.raises(IntegrityError, match="publish"), transaction.atomic():
        run("DELETE FROM pricing_pricelistversion")
    with pytest.raises(IntegrityError, match="publish"), transaction.atomic():
        price_list.versions.get().delete()


def test_a_new_version_supersedes_from_its_day() -> None:
    article = make_article()
    price_list = make_price_list({article: 100}, valid_from=MAY)
    make_version(price_list, {article: 110}, valid_from=JULY)
    make_version(price_list, {article: 105}, valid_from=JUNE)
    validities = list(price_list.versions.order_by("number").values_list("validity", flat=True))
    assert validities == [DateRange(MAY, JUNE), DateRange(JULY, None), DateRange(JUNE, JULY)]


def test_a_version_of_the_same_day_takes_the_place() -> None:
    article = make_article()
    price_list = make_price_list({article: 100}, valid_from=MAY)
    make_version(price_list, {article: 110}, valid_from=MAY)
    in_force = PriceListVersion.objects.in_force(MAY).get()
    assert (in_force.number, in_force.validity) == (2, DateRange(MAY, None))


def test_publishing_beside_another_list_of_the_scope_is_refused_with_its_name() -> None:
    article = make_article()
    make_price_list({article: 100}, name_en="Winter", valid_from=MAY)
    other = make_price_list()
    with pytest.raises(ListsOverlap, match="Winter"):
        make_version(other, {article: 90}, valid_from=JUNE)
    assert not other.versions.get().published_at
    make_version(other, {article: 90}, valid_from=MAY - dt.timedelta(days=1), publish=False)


def test_publishing_twice_is_refused() -> None:
    version = make_price_list({make_article(): 100}).versions.get()
    with pytest.raises(VersionPublished):
        publish_version(version=version, valid_from=JUNE, by=OFFICE)


def test_publishing_is_for_those_who_manage_prices(principal_of) -> None:
    version = make_version(make_price_list(), {make_article(): 100}, publish=False)
    with pytest.raises(NotAllowed):
        publish_version(version=version, valid_from=MAY, by=principal_of(make_staff(StaffRole.ANALYST)))
    publish_version(version=version, valid_from=MAY, by=principal_of(make_staff(StaffRole.PROGRAMME)))


def test_publishing_leaves_an_audit_row_and_history() -> None:
    price_list = make_price_list({make_article(): 100}, valid_from=MAY, code="south")
    event = AuditEvent.objects.get(verb="prices.published")
    assert (event.subject, event.facts) == ("south 1", {"valid_from": "2026-05-01", "prices": 1})
    version = price_list.versions.get()
    history = version.events.order_by("pgh_id")
    assert [row.published_at is not None for row in history] == [False, True]
    assert history.last().pgh_context.metadata["role"] == "administrator"


@pytest.mark.parametrize(
    "values",
    [{"scope": "base", "region": True}, {"scope": "region"}, {"scope": "dealer"}, {"scope": "dealer", "region": True}],
)
def test_a_list_is_for_exactly_whom_its_scope_says(values: dict) -> None:
    region = make_region() if values.pop("region", None) else None
    with pytest.raises(IntegrityError, match="price_list_scope_is_whole"), transaction.atomic():
        PriceList.objects.create(code="x", name_ru="x", name_en="x", region=region, **values)


def test_amounts_are_positive() -> None:
    version = make_version(make_price_list(), {}, publish=False)
    with pytest.raises(IntegrityError, match="price_is_positive"), transaction.atomic():
        Price.objects.create(version=version, product=make_article(), amount=Decimal(0))


@pytest.mark.django_db(transaction=True)
def test_of_two_lists_published_at_once_one_holds_and_the_other_is_told() -> None:
    article = make_article()
    versions = [make_version(make_price_list(), {article: 5 + n}, publish=False) for n in range(2)]
    ready, told = threading.Barrier(2), []

    def publish(version: PriceListVersion) -> None:
        ready.wait()
        try:
            publish_version(version=version, valid_from=MAY, by=OFFICE)
        except ListsOverlap:
            told.append(version.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[version]) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert PriceListVersion.objects.in_force(MAY).count() == 1
