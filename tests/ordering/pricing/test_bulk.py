"""Rules over many prices of a draft: what they make, the look before, the undoing after."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import StaffRole
from ordering.catalog.models import Brand, Product
from ordering.pricing.enums import Rounding
from ordering.pricing.errors import EditRefused, PricesMoved, VersionPublished
from ordering.pricing.models import DraftEdit, Price
from ordering.pricing.queries import rule_changes
from ordering.pricing.rules.bulk import MADE, BulkRule
from ordering.pricing.services import apply_rule, make_draft, publish_version, undo_edit
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, NotAllowed
from tests.factories import make_region, make_staff
from tests.factories_pricing import OFFICE, make_article, make_price_list

pytestmark = pytest.mark.django_db
GRID = "/cms/prices/grid/"


@pytest.mark.parametrize(
    ("amount", "percent", "rounding", "made"),
    [
        ("95.50", "3", Rounding.MINOR, "98.37"),  # 98.365, half-up
        ("95.50", "3", Rounding.NONE, "98.365"),
        ("100", "3", Rounding.ENDS_90, "102.90"),
        ("100.40", "0", Rounding.ENDS_90, "100.90"),  # halfway between 99.90 and 100.90
        ("100.39", "0", Rounding.ENDS_90, "99.90"),
        ("99.50", "0", Rounding.ENDS_99, "99.99"),
        ("0.30", "0", Rounding.ENDS_99, "0.99"),
        ("0.0001", "-50", Rounding.NONE, "0.0001"),
        ("4.99", "0", Rounding.TENS, "10"),
        ("1455", "0", Rounding.TENS, "1460"),
        ("1450", "0", Rounding.HUNDREDS, "1500"),
        ("0.2", "0", Rounding.WHOLE, "1"),
        ("348.35", "-4", Rounding.MINOR, "334.42"),
    ],
)
def test_what_a_rule_makes(amount, percent, rounding, made) -> None:
    assert BulkRule(Decimal(percent), rounding).made(Decimal(amount), "RUB") == Decimal(made)


@settings(max_examples=60, deadline=None)
@given(
    st.decimals("0.0001", "99999999", places=4),
    st.decimals("-99.99", "900", places=2),
    st.sampled_from(Rounding),
    st.sampled_from(["RUB", "JPY", "KWD"]),
)
def test_sql_makes_the_same_price(amount, percent, rounding, currency) -> None:
    rule = BulkRule(percent, rounding)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MADE} FROM (SELECT %(amount)s::numeric(16, 4) AS amount) p",
                       {"amount": amount, **rule.values(currency)})  # fmt: skip
        assert cursor.fetchone()[0] == rule.made(amount, currency)


@pytest.fixture
def bosch():
    return Brand.objects.create(code="bosch", name="Bosch")


@pytest.fixture
def draft(bosch):
    one, two, other = make_article("A-1", brand=bosch), make_article("A-2", brand=bosch), make_article("B-1")
    return make_draft(price_list=make_price_list({one: {1: 100, 10: 95}, two: 50, other: 10}), by=OFFICE)


def says(version) -> dict[tuple[str, int], Decimal]:
    rows = version.prices.values_list("product__sku", "min_quantity", "amount")
    return {(sku, quantity): amount for sku, quantity, amount in rows}


def look(version, rule, articles):
    return rule_changes(version, rule, articles, version.price_list.currency)


def apply(version, rule, articles, **others):
    fingerprint = others.pop("fingerprint", None) or look(version, rule, articles).fingerprint
    words = {"reason": "spring", "by": OFFICE} | others
    return apply_rule(version=version, rule=rule, articles=articles, fingerprint=fingerprint, **words)


def test_three_percent_for_a_brand_is_looked_at_applied_and_undone(draft, bosch) -> None:
    articles, rule = Product.objects.filter(brand=bosch), BulkRule(Decimal(3), Rounding.ENDS_90)
    before = says(draft)
    found = look(draft, rule, articles)
    assert (found.raised, found.lowered, found.new, found.gone, found.same, found.suspicious) == (3, 0, 0, 0, 0, 0)
    assert says(draft) == before
    made = apply(draft, rule, articles, fingerprint=found.fingerprint)
    expected = {("A-1", 1): Decimal("102.90"), ("A-1", 10): Decimal("97.90"), ("A-2", 1): Decimal("51.90")}
    assert says(draft) == before | expected
    assert (made.prices.count(), made.rule["percent"]) == (3, "3")
    undo_edit(edit=made, by=OFFICE)
    assert says(draft) == before


def test_prices_are_taken_from_another_list_whole(draft) -> None:
    one, new = Product.objects.get(sku="A-1"), make_article("N-1")
    south = make_price_list({one: {1: 200, 5: 180}, new: 7}, region=make_region())
    rule = BulkRule(Decimal(-10), Rounding.MINOR, source_id=south.versions.get().pk)
    found = look(draft, rule, Product.objects.all())
    assert (found.raised, found.new, found.gone, found.suspicious) == (1, 2, 1, 1)
    made = apply(draft, rule, Product.objects.all())
    assert says(draft) == {("A-1", 1): 180, ("A-1", 5): 162, ("N-1", 1): Decimal("6.3"), ("A-2", 1): 50, ("B-1", 1): 10}
    undo_edit(edit=made, by=OFFICE)
    assert says(draft) == {("A-1", 1): 100, ("A-1", 10): 95, ("A-2", 1): 50, ("B-1", 1): 10}


def test_what_was_not_looked_at_is_not_applied(draft, bosch) -> None:
    articles, rule = Product.objects.filter(brand=bosch), BulkRule(Decimal(3))
    seen = look(draft, rule, articles).fingerprint
    Price.objects.filter(version=draft, product__sku="A-2").update(amount=60)
    with pytest.raises(PricesMoved):
        apply(draft, rule, articles, fingerprint=seen)
    assert says(draft)["A-1", 1] == 100
    apply(draft, rule, articles)  # the control: a fresh look
    assert says(draft)["A-2", 1] == Decimal("61.80")


def test_what_makes_no_price_list_is_refused(draft, principal_of) -> None:
    one = Product.objects.get(sku="A-1")
    dollars = make_price_list({one: 1}, currency="USD").versions.get()
    gross = make_price_list({one: 1}, region=make_region(), tax_included=True).versions.get()
    every = Product.objects.all()
    for refusal, rule, words in (
        (EditRefused, BulkRule(Decimal(-100)), {}),
        (EditRefused, BulkRule(Decimal(1001)), {}),
        (EditRefused, BulkRule(source_id=dollars.pk), {}),
        (EditRefused, BulkRule(source_id=gross.pk), {}),
        (EditRefused, BulkRule(source_id=0x7FFFFFFF), {}),
        (EditRefused, BulkRule(), {}),  # changes nothing
        (Invalid, BulkRule(Decimal(3)), {"reason": " "}),
        (NotAllowed, BulkRule(Decimal(3)), {"by": principal_of(make_staff(StaffRole.ANALYST))}),
    ):
        with pytest.raises(refusal):
            apply(draft, rule, every, **words)
    Price.objects.filter(version=draft, product=one).update(amount="999999999999")
    with pytest.raises(EditRefused, match="too large"):
        apply(draft, BulkRule(Decimal(3)), every)
    assert not DraftEdit.objects.exists()
    publish_version(version=draft, valid_from=business_date(), by=OFFICE)
    with pytest.raises(VersionPublished):
        apply(draft, BulkRule(Decimal(-3)), every)


def test_a_rule_on_the_page(client_of, draft, bosch) -> None:
    manager = client_of(make_staff(StaffRole.PROGRAMME))
    path = f"{GRID}rule/{draft.pk}/"
    asked = {"c": f"v{draft.pk}", "brand": bosch.pk}
    assert "2 articles of the filter" in manager.get(path, asked).content.decode()
    sent = asked | {"percent": "+3,5 %", "rounding": "minor", "reason": "spring"}
    answer = manager.post(path, sent | {"preview": "1", "reason": ""})
    changes = answer.context["changes"]
    assert (changes.raised, says(draft)["A-1", 1]) == (3, 100)
    assert "Change 3 prices" in answer.content.decode()
    stale = manager.post(path, sent | {"apply": "1", "fingerprint": "0" * 32})
    assert "look again" in stale.content.decode()
    # Without a reason nothing is done, and what would be is still there to be agreed to.
    unsaid = manager.post(path, sent | {"apply": "1", "fingerprint": changes.fingerprint, "reason": " "})
    assert "Say why" in unsaid.content.decode()
    assert [one.context["changes"].fingerprint for one in (stale, unsaid)] == [changes.fingerprint] * 2
    assert "Change 3 prices" in unsaid.content.decode()
    answer = manager.post(path, sent | {"apply": "1", "fingerprint": changes.fingerprint})
    assert answer.headers["Location"] == f"{GRID}?c=v{draft.pk}&brand={bosch.pk}"
    assert says(draft)["A-1", 1] == Decimal("103.50")
    for wrong in ({"percent": "x"}, {"percent": "1,234"}, {"source": "v0"}, {"reason": ""}, {"rounding": "never"}):
        assert manager.post(path, sent | wrong | {"apply": "1"}).status_code == 200
    assert client_of(make_staff(StaffRole.ANALYST)).get(path).status_code == 403
    assert DraftEdit.objects.count() == 1
