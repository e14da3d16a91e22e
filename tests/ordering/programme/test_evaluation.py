"""Deciding tiers from the ledger."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, DealerTier
from accounts.principals import Principal
from ordering.programme.enums import AwardReason, WindowKind
from ordering.programme.models import TierAward
from ordering.programme.queries import standing
from ordering.programme.services import announce_tiers, evaluate, evaluate_due
from ordering.sales.enums import EntryKind
from tests.factories import make_dealer
from tests.factories_pricing import OFFICE, make_award, make_programme, make_sale, tier_on

pytestmark = pytest.mark.django_db
DEC = dt.date(2026, 12, 1)
JAN = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)


def held(dealer, on) -> str | None:
    tier = tier_on(dealer.pk, on)
    return tier.code if tier else None


def decide(programme, on):
    return evaluate(programme=programme, on=on, by=OFFICE)


def test_volume_of_the_window_makes_the_tier() -> None:
    programme = make_programme()
    dealers = {code: make_dealer(code) for code in ("bronze", "silver", "gold", "late", "early", "asked")}
    make_sale(dealers["silver"], DEC - DAY, 3_000_000)
    make_sale(dealers["gold"], dt.date(2025, 12, 1), 6_000_000)
    make_sale(dealers["late"], DEC, 9_000_000)
    make_sale(dealers["early"], dt.date(2025, 11, 30), 9_000_000)
    make_sale(dealers["asked"], DEC - DAY, 9_000_000, kind=EntryKind.ORDERED)
    outcome = decide(programme, DEC)
    assert (outcome.raised, outcome.lowered, outcome.kept) == (6, 0, 0)
    assert {name: held(d, DEC) for name, d in dealers.items()} == {
        "bronze": "bronze",
        "silver": "silver",
        "gold": "gold",
        "late": "bronze",
        "early": "bronze",
        "asked": "bronze",
    }
    assert held(dealers["gold"], DEC - DAY) is None


def test_returns_lower_the_volume() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_sale(dealer, DEC - DAY, 3_000_000)
    make_sale(dealer, DEC - DAY, -1, kind=EntryKind.RETURNED, quantity=-1)
    decide(programme, DEC)
    assert held(dealer, DEC) == "bronze"


def test_dealers_of_another_currency_and_inactive_ones_take_no_part() -> None:
    programme = make_programme()
    for dealer in (make_dealer(currency="KZT"), make_dealer(is_active=False)):
        make_sale(dealer, DEC - DAY, 9_000_000)
    decide(programme, DEC)
    assert TierAward.objects.count() == 0


def test_the_same_day_twice_changes_nothing() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_sale(dealer, DEC - DAY, 3_000_000)
    decide(programme, DEC)
    before = list(TierAward.objects.values())
    outcome = decide(programme, DEC)
    assert (outcome.raised, outcome.kept) == (0, 1)
    assert list(TierAward.objects.values()) == before


def test_a_late_document_counts_for_the_next_decision() -> None:
    programme, dealer = make_programme(), make_dealer()
    decide(programme, DEC)
    make_sale(dealer, DEC - DAY, 3_000_000)
    decide(programme, DEC)
    assert held(dealer, DEC) == "bronze"
    decide(programme, JAN)
    assert [held(dealer, day) for day in (JAN - DAY, JAN)] == ["bronze", "silver"]


def test_a_lost_tier_ends_after_the_grace_and_a_found_one_stays() -> None:
    programme, dealer = make_programme(grace_months=2), make_dealer()
    make_sale(dealer, dt.date(2025, 12, 15), 3_000_000)
    decide(programme, DEC)
    assert decide(programme, JAN).lowered == 1
    march = dt.date(2027, 3, 1)
    assert [held(dealer, d) for d in (JAN, march - DAY, march)] == ["silver", "silver", "bronze"]
    decide(programme, dt.date(2027, 2, 1))
    assert held(dealer, march) == "bronze"
    make_sale(dealer, dt.date(2027, 2, 15), 3_000_000)
    decide(programme, dt.date(2027, 3, 1) - DAY)
    assert held(dealer, march) == "silver"
    assert TierAward.objects.filter(dealer=dealer).count() == 1


def test_without_grace_a_lost_tier_ends_on_the_day() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_sale(dealer, dt.date(2025, 12, 15), 3_000_000)
    decide(programme, DEC)
    decide(programme, JAN)
    assert [held(dealer, d) for d in (JAN - DAY, JAN)] == ["silver", "bronze"]


def test_a_tier_below_all_thresholds_is_none() -> None:
    programme, dealer = make_programme([("silver", 100, 5)]), make_dealer()
    make_sale(dealer, dt.date(2025, 12, 15), 100)
    decide(programme, DEC)
    decide(programme, JAN)
    assert [held(dealer, d) for d in (JAN - DAY, JAN)] == ["silver", None]


def test_a_calendar_year_lowers_only_when_it_is_over() -> None:
    programme, dealer = make_programme(window=WindowKind.YEAR), make_dealer()
    make_sale(dealer, dt.date(2026, 6, 1), 3_000_000)
    decide(programme, JAN)
    decide(programme, dt.date(2027, 2, 1))
    assert held(dealer, dt.date(2027, 2, 1)) == "silver"
    decide(programme, dt.date(2028, 1, 1))
    assert held(dealer, dt.date(2028, 1, 1)) == "bronze"


def test_a_tier_given_by_hand_is_left_alone() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_award(dealer, programme.tiers.get(code="gold"), start=DEC - DAY, end=JAN, reason=AwardReason.MANUAL)
    decide(programme, DEC)
    assert held(dealer, DEC) == "gold"


def test_accounts_are_told_when_a_tier_begins_and_ends() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_sale(dealer, DEC - DAY, 3_000_000)
    evaluate_due(on=DEC + 3 * DAY, by=Principal.nobody())
    assert list(DealerTier.objects.filter(dealer=dealer).values_list("code", flat=True)) == ["silver"]
    assert held(dealer, DEC) == "silver"  # the missed night has the date it should have had
    programme.refresh_from_db()
    assert programme.evaluated_on == DEC
    TierAward.objects.update(validity=DateRange(DEC, JAN))
    assert announce_tiers(on=JAN) == 1
    assert not DealerTier.objects.filter(dealer=dealer).exists()
    assert announce_tiers(on=JAN) == 0


def test_what_is_not_owed_is_not_decided() -> None:
    make_programme()
    assert len(evaluate_due(on=DEC, by=OFFICE)) == 1
    assert evaluate_due(on=DEC + 10 * DAY, by=OFFICE) == []
    assert len(evaluate_due(on=JAN, by=OFFICE)) == 1


def test_two_awards_of_a_programme_never_overlap() -> None:
    programme, dealer = make_programme(), make_dealer()
    bronze, silver, _gold = programme.tiers.order_by("threshold")
    make_award(dealer, bronze, start=DEC, end=JAN)
    with pytest.raises(IntegrityError, match="award_no_overlap"), transaction.atomic():
        make_award(dealer, silver, start=JAN - DAY)
    make_award(dealer, silver, start=JAN)
    make_award(make_dealer(), silver, start=DEC)


def test_the_programme_of_an_award_is_its_tiers() -> None:
    one, other = make_programme(end=DEC), make_programme(start=DEC)
    award = make_award(make_dealer(), one.tiers.first())
    TierAward.objects.filter(pk=award.pk).update(programme=other)
    award.refresh_from_db()
    assert award.programme == one


def test_two_programmes_of_a_currency_never_overlap() -> None:
    make_programme(start=DEC)
    with pytest.raises(IntegrityError, match="programme_no_overlap"), transaction.atomic():
        make_programme(start=JAN)
    make_programme(start=JAN, currency="KZT")
    make_programme(end=DEC)


def test_evaluation_is_audited_and_kept_in_history() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_sale(dealer, DEC - DAY, 3_000_000)
    decide(programme, DEC)
    event = AuditEvent.objects.get(verb="programme.evaluated")
    assert event.facts == {"day": "2026-12-01", "raised": 1, "lowered": 0}
    assert TierAward.objects.get().events.get().pgh_context.metadata["reason"] == "programme evaluated"


def test_a_hundred_dealers_cost_no_more_queries_than_one() -> None:
    programme = make_programme()
    counts = []
    for number in (1, 100):
        for _n in range(number):
            make_sale(make_dealer(), DEC - DAY, 3_000_000)
        with CaptureQueriesContext(connection) as queries:
            decide(programme, DEC)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_standing() -> None:
    """The programme page of the design: what leaves the window, and when the tier would be lost."""
    programme, dealer = make_programme(), make_dealer()
    make_award(dealer, programme.tiers.get(code="silver"), start=dt.date(2026, 4, 1))
    for month, net in (
        (1, 318),
        (2, 341),
        (3, 402),
        (4, 468),
        (5, 512),
        (6, 497),
        (7, 448),
        (8, 471),
        (9, 536),
        (10, 562),
        (11, 386),
    ):
        make_sale(dealer, dt.date(2026, month, 3), net * 1000)
    make_sale(dealer, dt.date(2025, 12, 3), 548_000)
    make_sale(dealer, dt.date(2025, 11, 30), 10**6)
    where = standing(dealer.pk, dt.date(2026, 11, 23))
    assert (where.tier.code, where.discount, where.volume) == ("silver", 8, 5_489_000)
    assert (where.next_tier.code, where.distance) == ("gold", 511_000)
    assert (where.window_start, where.window_end) == (dt.date(2025, 12, 1), DEC)
    assert [(o.day, o.leaves, o.volume, o.tier.code, o.keeps) for o in where.outlook[:3]] == [
        (DEC, 0, 5_489_000, "silver", True),
        (JAN, 548_000, 4_941_000, "silver", True),
        (dt.date(2027, 2, 1), 318_000, 4_623_000, "silver", True),
    ]
    assert where.lost_on == dt.date(2027, 6, 1)
    assert round(where.usual_month) == Decimal(457_417)
