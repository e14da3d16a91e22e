"""Contracts and promotions: which counts, what the database refuses, who learns of them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from ordering.pricing.enums import StepKind
from ordering.pricing.errors import ContractsOverlap, DealPublished, DealRefused
from ordering.pricing.models import Contract, Promotion
from ordering.pricing.queries import PriceContext, priced_articles, quote
from ordering.pricing.services import end_deal, publish_deal, save_deal
from portal.lib.errors import NotAllowed
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_catalog import make_category
from tests.factories_pricing import (
    OFFICE,
    make_article,
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def tree():
    """An article in a leaf of a branch of a root, at 100 in the base list, and a dealer whose tier takes 10 % off."""
    root = make_category()
    branch = make_category(parent=root)
    leaf = make_category(parent=branch)
    article, dealer = make_article(category=leaf), make_dealer()
    make_price_list({article: {1: 100, 10: 90}})
    make_award(dealer, make_programme([("only", 0, 10)]).tiers.get())
    return root, branch, article, dealer


def receipt_of(dealer, article, quantity=1, on=TODAY):
    return quote(PriceContext.of_dealer(dealer.pk, on), [(article.pk, quantity)]).get(article.pk)


def unit(dealer, article, quantity=1, on=TODAY):
    return receipt_of(dealer, article, quantity, on).unit_price


def test_the_nearest_contract_counts(tree) -> None:
    root, branch, article, dealer = tree
    make_contract(dealer, root, percent=50)
    assert unit(dealer, article) == 45
    make_contract(dealer, branch, percent=20)
    assert unit(dealer, article) == 72
    make_contract(dealer, article, {1: 60, 5: 50})
    assert [unit(dealer, article, n) for n in (1, 4, 5, 10)] == [54, 54, 45, 45]
    assert unit(make_dealer(), article) == 100


def test_a_fixed_price_needs_no_list_and_a_percent_does(tree) -> None:
    root, _branch, _article, dealer = tree
    bare, branchless = make_article(category=root), make_article()
    make_contract(dealer, root, percent=50)
    assert receipt_of(dealer, bare) is None
    make_contract(dealer, branchless, 40)
    assert unit(dealer, branchless) == 36
    listed = priced_articles(PriceContext.of_dealer(dealer.pk, TODAY), OFFICE)
    assert (branchless in listed, bare in listed) == (True, False)


def test_a_contract_forbids_tier_and_promotions(tree) -> None:
    _root, _branch, article, dealer = tree
    make_promotion(percent=30, combines=True)
    assert unit(dealer, article) == 63
    make_contract(dealer, article, percent=5, forbids_discounts=True)
    assert unit(dealer, article) == 95
    assert [step.kind for step in receipt_of(dealer, article).steps] == [StepKind.BASE, StepKind.CONTRACT, StepKind.TAX]


def test_a_promotion_beside_the_tier_or_instead_of_it(tree) -> None:
    _root, branch, article, dealer = tree
    make_promotion(branch, percent=8)
    assert unit(dealer, article) == 90  # the tier is better
    make_promotion(article, percent=15)
    assert unit(dealer, article) == 85  # better than the tier, alone
    assert [s.kind for s in receipt_of(dealer, article).steps] == [StepKind.BASE, StepKind.PROMOTION, StepKind.TAX]
    make_promotion(percent=8, combines=True)
    assert unit(dealer, article) == Decimal("82.8")
    make_promotion(article, amount=70)
    assert unit(dealer, article) == 70
    make_promotion(article, amount=75, combines=True)
    assert unit(dealer, article) == Decimal("67.5")
    make_promotion(article, amount=1, currency="KZT")
    assert unit(dealer, article) == Decimal("67.5")


def test_the_receipt_says_contract_break_tier_and_promotion(tree) -> None:
    _root, branch, article, dealer = tree
    contract = make_contract(dealer, branch, percent=5, name_ru="Рамочный договор")
    promotion = make_promotion(percent=2, combines=True, name_ru="Неделя дисков")
    receipt = receipt_of(dealer, article, 10)
    assert [(s.kind, s.name_ru, s.amount, s.value) for s in receipt.steps[:-1]] == [
        (StepKind.BASE, receipt.steps[0].name_ru, 100, None),
        (StepKind.CONTRACT, "Рамочный договор", 95, -5),
        (StepKind.BREAK, "Количество от 10", Decimal("85.5"), 10),
        (StepKind.TIER, "Уровень «only по-русски»", Decimal("-8.55"), -10),
        (StepKind.PROMOTION, "Неделя дисков", Decimal("-1.539"), -2),
    ]
    assert (receipt.steps[1].id, receipt.steps[4].id) == (contract.pk, promotion.pk)
    assert receipt.unit_price == receipt.own_price == Decimal("75.411")


def test_the_price_holds_until_a_deal_ends_or_begins(tree) -> None:
    _root, branch, article, dealer = tree
    assert receipt_of(dealer, article).valid_until is None
    make_promotion(percent=5, start=TODAY + 20 * DAY)  # never better than the tier
    assert receipt_of(dealer, article).valid_until is None
    make_promotion(percent=50, start=TODAY + 9 * DAY)
    assert receipt_of(dealer, article).valid_until == TODAY + 8 * DAY
    make_contract(dealer, branch, percent=1, start=TODAY + 6 * DAY)
    assert receipt_of(dealer, article).valid_until == TODAY + 5 * DAY
    make_contract(dealer, article, 50, end=TODAY + 3 * DAY)
    assert receipt_of(dealer, article).valid_until == TODAY + 2 * DAY


def test_two_contracts_for_the_same_thing_never_overlap(tree) -> None:
    _root, branch, article, dealer = tree
    make_contract(dealer, article, 50, end=TODAY)
    make_contract(dealer, branch, percent=5)
    make_contract(make_dealer(), article, 40)
    make_contract(dealer, article, 1, currency="KZT")
    draft = make_contract(dealer, article, 60, start=TODAY - DAY, publish=False)
    with pytest.raises(ContractsOverlap):
        publish_deal(deal=draft, by=OFFICE)
    with pytest.raises(IntegrityError, match="published_contracts_no_overlap"), transaction.atomic():
        Contract.objects.filter(pk=draft.pk).update(published_at=timezone.now())
    Contract.objects.filter(pk=draft.pk).update(validity=DateRange(TODAY, None))
    draft.refresh_from_db()
    assert publish_deal(deal=draft, by=OFFICE).published_at
    # The negative control: without the constraint they would overlap.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pricing_contract DROP CONSTRAINT published_contracts_no_overlap")
    make_contract(dealer, article, 70)
    assert Contract.objects.in_force(TODAY).filter(product=article, dealer=dealer, currency="RUB").count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"percent": 7},
        {"name_en": "other"},
        {"forbids_discounts": True},
        {"published_at": None},
        {"validity": DateRange(TODAY - 9 * DAY, None)},
        {"validity": DateRange(TODAY + DAY, TODAY + 10 * DAY)},
        {"validity": DateRange(TODAY, TODAY + 11 * DAY)},
    ],
)
def test_what_is_published_stays(tree, change) -> None:
    contract = make_contract(tree[3], tree[2], percent=5, start=TODAY, end=TODAY + 10 * DAY)
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**change)
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        contract.delete()
    contract.name_en = "changed"
    with pytest.raises(DealPublished):
        save_deal(deal=contract, by=OFFICE)


def test_a_draft_changes_and_makes_no_price(tree) -> None:
    contract = make_contract(tree[3], tree[2], percent=5, publish=False)
    promotion = make_promotion(percent=60, publish=False)
    contract.percent = Decimal(6)
    assert save_deal(deal=contract, by=OFFICE).percent == 6
    promotion.delete()
    assert unit(tree[3], tree[2]) == 90


def test_ending_earlier(tree) -> None:
    _root, branch, article, dealer = tree
    contract = make_contract(dealer, article, 50)
    for day, to_come in ((TODAY - DAY, contract), (TODAY + DAY, make_contract(dealer, branch, 1, end=TODAY))):
        with pytest.raises(DealRefused):
            end_deal(deal=to_come, last_day=day, today=TODAY, by=OFFICE)
    end_deal(deal=contract, last_day=TODAY, today=TODAY, by=OFFICE)
    assert [unit(dealer, article, on=TODAY + n * DAY) for n in (0, 1)] == [45, 90]
    never = make_promotion(percent=90, start=TODAY + 5 * DAY)
    end_deal(deal=never, last_day=TODAY, today=TODAY, by=OFFICE)
    assert unit(dealer, article, on=TODAY + 6 * DAY) == 90
    assert AuditEvent.objects.filter(verb__in=("contract.ended", "promotion.ended")).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": Decimal(5), "quantities": [1], "amounts": [5]},
        {"percent": None},
        {"percent": Decimal(100)},
        {"percent": None, "quantities": [2], "amounts": [5]},
        {"percent": None, "quantities": [1, 1], "amounts": [5, 6]},
        {"percent": None, "quantities": [1], "amounts": [0]},
        {"percent": None, "quantities": [1, 5], "amounts": [5]},
        {"currency": "rub"},
        {"product": None},
        {"validity": DateRange(empty=True)},
    ],
)
def test_half_a_contract_is_refused(wrong) -> None:
    whole = {"percent": Decimal(5), "product": make_article(), "validity": DateRange(TODAY, None), "currency": "RUB"}
    with pytest.raises(DealRefused):
        save_deal(deal=Contract(name_en="x", dealer=make_dealer(), **{**whole, **wrong}), by=OFFICE)
    assert not Contract.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"percent": None}, {"percent": None, "currency": "RUB"}, {"amount": 5}, {"percent": None, "amount": 5}]
)
def test_half_a_promotion_is_refused(wrong) -> None:
    with pytest.raises(DealRefused):
        save_deal(
            deal=Promotion(name_en="x", validity=DateRange(TODAY, None), **{"percent": Decimal(5), **wrong}), by=OFFICE
        )


def test_who_makes_deals(tree, principal_of) -> None:
    contract = make_contract(tree[3], tree[2], 5, publish=False)
    for who in (make_staff(StaffRole.ANALYST), make_staff(StaffRole.MANAGER), make_member(Role.OWNER, dealer=tree[3])):
        by = principal_of(who)
        for act in (
            lambda by=by: save_deal(deal=contract, by=by),
            lambda by=by: publish_deal(deal=contract, by=by),
            lambda by=by: end_deal(deal=contract, last_day=TODAY, today=TODAY, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_promotion_is_for_its_audience(tree) -> None:
    _root, _branch, article, dealer = tree
    make_promotion(percent=50, audience=make_audience(dealers=[make_dealer()]))
    make_promotion(percent=40, audience=make_audience(roles=["reader"], dealers=[dealer]))
    assert unit(dealer, article) == 90
    make_promotion(percent=30, audience=make_audience(roles=["seller"], dealers=[dealer]))
    assert unit(dealer, article) == 70  # the company's price: whoever's cart it is


def test_nobody_reads_anothers_deals(tree, principal_of) -> None:
    _root, _branch, article, dealer = tree
    rival = make_dealer()
    ours, theirs = make_contract(dealer, article, 50), make_contract(rival, article, 40)
    draft = make_contract(dealer, tree[0], 50, publish=False)
    promotion = make_promotion(percent=5, audience=make_audience(dealers=[rival]))

    def seen(who):
        by = principal_of(who)
        return {*Contract.objects.visible_to(by), *Promotion.objects.visible_to(by)}

    assert seen(make_member(Role.BUYER, dealer=dealer)) == {ours}
    assert seen(make_member(Role.SELLER, dealer=rival)) == {theirs, promotion}
    assert seen(make_member(Role.READER, dealer=dealer)) == set()
    assert seen(make_staff(StaffRole.EDITOR)) == set()
    for role in (StaffRole.MANAGER, StaffRole.PROGRAMME, StaffRole.ANALYST, StaffRole.ADMINISTRATOR):
        assert seen(make_staff(role)) == {ours, theirs, draft, promotion}
