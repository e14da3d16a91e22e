"""Exceptions of a tier by category and brand, and tiers given by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import StaffRole
from accounts.models import AuditEvent, DealerTier
from ordering.programme.enums import AwardReason, ProposalState
from ordering.programme.errors import AlreadyDecided, ApproverMustBeAnother, AwardNotDated, AwardsOverlap
from ordering.programme.models import AwardProposal, TierAward, TierException
from ordering.programme.queries import standing, tiers_on
from ordering.programme.rules import DiscountException, article_percent
from ordering.programme.services import approve_award, evaluate, propose_award, refuse_award
from portal.lib.errors import NotAllowed
from tests.factories import make_dealer, make_staff
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import OFFICE, make_award, make_programme, make_sale, tier_on

DEC = dt.date(2026, 12, 1)
JAN = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
OTHERS = [
    DiscountException(1, None, Decimal(2)),
    DiscountException(7, None, Decimal(3)),
    DiscountException(None, 5, Decimal(1)),
]


@pytest.mark.parametrize(
    ("path", "brand", "percent"),
    [
        ("/9/", None, 8),
        ("", None, 8),
        ("/1/", None, 2),
        ("/1/4/", None, 2),
        ("/1/7/", None, 3),
        ("/1/7/8/", 6, 3),
        ("/11/", None, 8),  # a part of an id is no id
        ("/1/7/", 5, 1),  # the brand's is asked first
        ("", 5, 1),
    ],
)
def test_the_brand_then_the_nearest_category_then_the_tiers_own(path, brand, percent) -> None:
    assert article_percent(Decimal(8), OTHERS, path, brand) == percent
    assert article_percent(Decimal(8), reversed(OTHERS), path, brand) == percent


@pytest.mark.django_db
def test_a_tier_held_knows_its_exceptions_in_one_query() -> None:
    programme, dealer, tools, brand = make_programme(), make_dealer(), make_category(), make_brand()
    below = make_category(parent=tools)
    silver = programme.tiers.get(code="silver")
    make_award(dealer, silver)
    TierException.objects.create(tier=silver, category=tools, discount=Decimal("2.5"))
    TierException.objects.create(tier=silver, brand=brand, discount=0)
    TierException.objects.create(tier=programme.tiers.get(code="gold"), category=tools, discount=99)
    with CaptureQueriesContext(connection) as queries:
        tier = tier_on(dealer.pk, DEC)
    assert len(queries) == 1
    assert (tier.percent(below.path, None), tier.percent("", brand.pk), tier.percent("", None)) == (
        Decimal("2.5"),
        0,
        8,
    )
    assert {pk: list(tiers) for pk, tiers in tiers_on(DEC).items()} == {dealer.pk: [tier]}
    key = tier.cache_key
    TierException.objects.filter(brand=brand).update(discount=1)
    assert tier_on(dealer.pk, DEC).cache_key != key


@pytest.mark.django_db
@pytest.mark.parametrize("both", [True, False])
def test_an_exception_names_a_category_or_a_brand(both) -> None:
    tier = make_programme().tiers.first()
    named = {"category": make_category(), "brand": make_brand()} if both else {}
    with pytest.raises(IntegrityError, match="names_one_thing"), transaction.atomic():
        TierException.objects.create(tier=tier, discount=1, **named)


def proposal(dealer, tier, first=DEC, end=JAN, reason="Opens ten shops") -> AwardProposal:
    return AwardProposal(dealer=dealer, tier=tier, validity=DateRange(first, end), reason=reason)


@pytest.fixture
def people(principal_of):
    return [principal_of(make_staff(StaffRole.PROGRAMME)) for _n in range(2)]


@pytest.mark.django_db
def test_an_award_holds_only_once_another_person_has_approved(people) -> None:
    one, other = people
    programme, dealer = make_programme(), make_dealer()
    asked = propose_award(proposal=proposal(dealer, programme.tiers.get(code="gold")), by=one)
    assert (asked.state, tier_on(dealer.pk, DEC)) == (ProposalState.WAITING, None)
    with pytest.raises(ApproverMustBeAnother):
        approve_award(proposal=asked, by=one, at=NOW)
    assert tier_on(dealer.pk, DEC) is None
    approve_award(proposal=asked, by=other, at=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by_id, asked.award.note) == ("approved", other.user_id, "Opens ten shops")
    held = [tier_on(dealer.pk, day) for day in (DEC - DAY, DEC, JAN - DAY, JAN)]
    assert [tier and tier.code for tier in held] == [None, "gold", "gold", None]
    assert list(DealerTier.objects.filter(dealer=dealer).values_list("code", flat=True)) == ["gold"]
    assert list(AuditEvent.objects.filter(verb__startswith="award").values_list("verb", flat=True).order_by("pk")) == [
        "award.proposed",
        "award.approved",
    ]
    with pytest.raises(AlreadyDecided):
        refuse_award(proposal=asked, by=other, at=NOW)


@pytest.mark.django_db
def test_the_database_too_wants_two_people(people) -> None:
    asked = propose_award(proposal=proposal(make_dealer(), make_programme().tiers.first()), by=people[0])
    with pytest.raises(IntegrityError, match="award_needs_two_people"), transaction.atomic():
        AwardProposal.objects.update(decided_by=people[0].user_id, decided_at=timezone.now())
    asked.refresh_from_db()
    assert asked.state == ProposalState.WAITING


@pytest.mark.django_db
def test_what_is_refused_or_late_never_holds(people, principal_of) -> None:
    one, other = people
    programme, dealer = make_programme(), make_dealer()
    gold = programme.tiers.get(code="gold")
    assert (
        refuse_award(proposal=propose_award(proposal=proposal(dealer, gold), by=one), by=other, at=NOW).state
        == "refused"
    )
    late = propose_award(proposal=proposal(dealer, gold, dt.date(2026, 11, 1), DEC), by=one)
    with pytest.raises(AwardNotDated, match="passed"):
        approve_award(proposal=late, by=other, at=NOW)
    assert not TierAward.objects.exists()
    begun = propose_award(proposal=proposal(dealer, gold, dt.date(2026, 11, 1)), by=one)
    assert approve_award(proposal=begun, by=other, at=NOW).since == DEC  # prices of the past stay as they were
    again = propose_award(proposal=proposal(dealer, gold), by=one)
    with pytest.raises(AwardsOverlap):
        approve_award(proposal=again, by=other, at=NOW)
    for bad in (proposal(dealer, gold, end=None), proposal(dealer, gold, reason=" ")):
        with pytest.raises(AwardNotDated):
            propose_award(proposal=bad, by=one)
    with pytest.raises(NotAllowed):
        propose_award(proposal=proposal(dealer, gold), by=principal_of(make_staff(StaffRole.EDITOR)))


@pytest.mark.django_db
def test_the_higher_of_volume_and_decision_holds_and_the_volume_goes_on_below() -> None:
    programme, dealer = make_programme(), make_dealer()
    bronze, silver, gold = programme.tiers.order_by("threshold")
    make_award(dealer, gold, start=DEC, end=dt.date(2027, 3, 1), reason=AwardReason.MANUAL)
    make_sale(dealer, dt.date(2025, 12, 15), 3_000_000)
    evaluate(programme=programme, on=DEC, by=OFFICE)
    assert {tiers.all_articles.code for tiers in tiers_on(DEC).values()} == {"gold"}
    evaluate(programme=programme, on=JAN, by=OFFICE)
    held = [tier_on(dealer.pk, day) for day in (JAN, dt.date(2027, 2, 28), dt.date(2027, 3, 1))]
    assert [tier.code for tier in held] == ["gold", "gold", "bronze"]
    assert held[0].until == dt.date(2027, 3, 1)
    low = make_dealer()
    make_award(low, silver, start=DEC)
    make_award(low, bronze, start=DEC, reason=AwardReason.MANUAL)
    assert tier_on(low.pk, DEC).code == "silver"  # a decision never lowers
    where = standing(dealer.pk, JAN)
    assert (where.tier.code, where.lost_on) == ("gold", dt.date(2027, 3, 1))


@pytest.mark.django_db
def test_a_price_is_certain_only_until_a_higher_tier_begins() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_award(dealer, programme.tiers.get(code="silver"), start=DEC)
    make_award(dealer, programme.tiers.get(code="gold"), start=JAN, end=dt.date(2027, 2, 1), reason=AwardReason.MANUAL)
    assert tier_on(dealer.pk, DEC).until == JAN


@pytest.mark.django_db
def test_on_the_desk_one_proposes_and_another_approves(client_of) -> None:
    one, other = (client_of(make_staff(StaffRole.PROGRAMME)) for _n in range(2))
    programme, dealer = make_programme(), make_dealer()
    today = timezone.localdate()
    fields = {
        "dealer": dealer.pk,
        "tier": programme.tiers.get(code="gold").pk,
        "validity_0": (today - DAY).isoformat(),
        "validity_1": (today + 30 * DAY).isoformat(),
        "reason": "A new region",
    }
    assert one.post("/cms/awardproposal/new/", fields).status_code == 302
    path = f"/cms/awardproposal/edit/{AwardProposal.objects.get().pk}/"
    assert "another person" in one.post(path, {"decision": "approve"}).content.decode()
    assert not TierAward.objects.exists()
    assert other.post(path, {"decision": "approve"}).status_code == 302
    assert TierAward.objects.get().reason == AwardReason.MANUAL
    assert "A new region" in other.get("/cms/awardproposal/").content.decode()
