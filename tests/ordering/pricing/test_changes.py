"""What a version would change, and taking it back before its day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import StaffRole
from accounts.models import AuditEvent
from ordering.pricing.enums import Suspicion
from ordering.pricing.errors import VersionPublished
from ordering.pricing.models import PriceListVersion
from ordering.pricing.queries import PriceContext, quote, version_changes
from ordering.pricing.services import withdraw_version
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed
from tests.factories import make_dealer, make_staff
from tests.factories_pricing import OFFICE, make_article, make_price_list, make_version

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def manager(client_of):
    return client_of(make_staff(StaffRole.PROGRAMME))


def test_raised_lowered_new_gone_and_suspicious() -> None:
    names = ("same", "up", "down", "new", "gone", "much", "thousand", "digits")
    articles = {name: make_article(name) for name in names}
    former = {"same": 10, "up": 10, "down": 10, "gone": 10, "much": 10, "thousand": "2.5", "digits": "2024.994"}
    coming = {"same": 10, "up": 12, "down": 9, "new": 5, "much": "13.01", "thousand": 2600, "digits": 2024994}
    price_list = make_price_list({articles[name]: amount for name, amount in former.items()})
    draft = make_version(price_list, {articles[name]: amount for name, amount in coming.items()}, publish=False)
    found = version_changes(draft, business_date())
    assert (found.raised, found.lowered, found.new, found.gone, found.same, found.suspicious) == (4, 1, 1, 1, 1, 3)
    assert [row.sku for row in found.rows[:3]] == ["thousand", "digits", "much"]
    assert {row.sku: (row.percent, row.suspicion) for row in found.rows if row.suspicion} == {
        "much": (Decimal("30.1"), Suspicion.MUCH),
        "thousand": (Decimal("103900.0"), Suspicion.THOUSANDFOLD),
        "digits": (Decimal("99900.0"), Suspicion.DECIMAL_SIGN),
    }
    assert {row.sku for row in found.rows} == set(names) - {"same"}


def test_a_file_is_shown_before_it_is_published(manager) -> None:
    article = make_article("A-1")
    price_list = make_price_list({article: 10})
    file = SimpleUploadedFile("june.csv", b"sku,price\nA-1,15\n")
    tomorrow = business_date() + DAY
    sent = {"price_list": price_list.pk, "file": file, "valid_from": tomorrow}
    assert manager.post("/cms/pricelistversion/new/", sent).status_code == 302
    draft = price_list.versions.get(number=2)
    assert draft.published_at is None
    path = f"/cms/pricelistversion/edit/{draft.pk}/"
    page = manager.get(path).content.decode()
    assert "more than 30" in page
    assert "withdraw" not in page
    assert manager.post(path, {"valid_from": tomorrow}).status_code == 302
    dealer = make_dealer()
    assert cost(dealer, article, tomorrow) == 15
    assert "What this version changes" not in manager.get(path).content.decode()
    assert manager.post(path, {"valid_from": tomorrow, "withdraw": "on"}).status_code == 302
    assert cost(dealer, article, tomorrow) == 10


def cost(dealer, article, on):
    return quote(PriceContext.of_dealer(dealer.pk, on), [(article.pk, 1)])[article.pk].unit_price


def test_a_version_is_taken_back_before_its_day(principal_of) -> None:
    article, dealer, today = make_article(), make_dealer(), business_date()
    price_list = make_price_list({article: 10})
    second = make_version(price_list, {article: 20}, valid_from=today + 5 * DAY)
    make_version(price_list, {article: 30}, valid_from=today + 9 * DAY)
    with pytest.raises(NotAllowed):
        withdraw_version(version=second, today=today, by=principal_of(make_staff(StaffRole.ANALYST)))
    withdraw_version(version=second, today=today, by=OFFICE)
    assert [cost(dealer, article, today + n * DAY) for n in (0, 5, 8, 9)] == [10, 10, 10, 30]
    assert AuditEvent.objects.filter(verb="prices.withdrawn").count() == 1
    for gone in (second, price_list.versions.get(number=1)):
        with pytest.raises(VersionPublished):
            withdraw_version(version=gone, today=today, by=OFFICE)


def test_what_has_ended_stays_ended() -> None:
    """The trigger lets an end move only while it is to come: the past is never lengthened."""
    article, today = make_article(), business_date()
    price_list = make_price_list({article: 10}, valid_from=today - 9 * DAY)
    make_version(price_list, {article: 20}, valid_from=today - 5 * DAY)
    PriceListVersion.objects.filter(number=2).update(validity=DateRange(empty=True))
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        PriceListVersion.objects.filter(number=1).update(validity=DateRange(today - 9 * DAY, None))
    # The negative control: without the trigger the past would change.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pricing_pricelistversion DISABLE TRIGGER USER")
    assert PriceListVersion.objects.filter(number=1).update(validity=DateRange(today - 9 * DAY, None)) == 1
