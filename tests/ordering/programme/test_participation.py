"""Who takes part where over time: moves there and back, premiums, calendar windows, letters, and decisions at once."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import Role
from accounts.principals import Principal
from accounts.services import save_region
from ordering.programme.enums import AwardReason, NoticeKind, PremiumKind, WindowKind
from ordering.programme.errors import AwardNotDated, PeriodCut
from ordering.programme.models import (
    DraftTier,
    Participation,
    Premium,
    PremiumSlice,
    ProgrammeDraft,
    TierAward,
    TierNotice,
)
from ordering.programme.queries import held_on, programme_of
from ordering.programme.services import (
    accrue_due,
    decide_movers,
    evaluate,
    evaluate_due,
    owe_notices,
    publish_draft,
    save_programme,
    send_notice,
)
from tests.factories import make_dealer, make_member, make_region
from tests.factories_pricing import OFFICE, make_award, make_programme, make_sale, tier_on

pytestmark = pytest.mark.django_db
NOV = dt.date(2026, 11, 1)
DEC = dt.date(2026, 12, 1)
JAN = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)
FLAT = (("flat", 0, 5),)
NOON = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)


def codes(dealer, on=DEC):
    return [tier.code for tier in held_on(dealer.pk, on)]


def due(on=DEC):
    evaluate_due(on=on, by=Principal.nobody())


def move(dealer, region):
    dealer.home_region = region
    dealer.save()


def make_premium(programme, percent=10, **fields):
    premium = Premium.objects.create(
        programme=programme, kind=PremiumKind.RETROSPECTIVE, name_ru="П", name_en="P", **fields
    )
    PremiumSlice.objects.create(premium=premium, threshold=0, percent=percent)
    return premium


def test_award_by_hand_that_begins_later_is_not_held_by_who_left_every_programme() -> None:
    south = make_region()
    gold = make_programme((("gold", 10**9, 30),), region=south).tiers.get()
    dealer = make_dealer(region=south)
    due()
    make_award(dealer, gold, start=DEC + 9 * DAY, end=JAN, reason=AwardReason.MANUAL)
    move(dealer, make_region())
    due(DEC + DAY)
    assert codes(dealer, DEC + 9 * DAY) == []


def test_premium_goes_to_the_programme_of_the_last_day_though_the_worker_was_down() -> None:
    south, north = make_region(), make_region()
    start = dt.date(2026, 10, 1)
    a = make_premium(make_programme(FLAT, start=start, region=south), 10)
    b = make_premium(make_programme(FLAT, start=start, region=north), 1)
    dealer = make_dealer(region=south)
    due(DEC)
    make_sale(dealer, DEC, 1000)
    move(dealer, north)  # on 2 January; the worker stood still since 31 December
    due(JAN + 2 * DAY)
    assert [a.accruals.count(), b.accruals.count()] == [1, 0]


def test_premium_is_not_lost_by_a_currency_taken_after_the_period() -> None:
    premium = make_premium(make_programme(FLAT, start=dt.date(2026, 10, 1)))
    dealer = make_dealer()
    due(DEC)
    make_sale(dealer, DEC, 1000)
    dealer.currency = "KZT"
    dealer.save()  # on 1 January at 00:03, before the hourly task at 00:07
    due(JAN)
    assert premium.accruals.count() == 1


def test_premium_is_accrued_once_when_the_worker_is_killed_between_two_programmes() -> None:
    south, north = make_region(), make_region()
    start = dt.date(2026, 10, 1)
    one, other = (make_programme(FLAT, start=start, region=region) for region in (south, north))
    premiums = [make_premium(one), make_premium(other)]
    dealer = make_dealer(region=south)
    due(DEC)
    make_sale(dealer, DEC, 1000)
    accrue_due(programme=one, on=JAN, by=OFFICE)  # killed here
    move(dealer, north)
    due(JAN)
    assert [premium.accruals.count() for premium in premiums] == [1, 0]


def test_a_premium_made_later_pays_no_period_that_another_programme_paid() -> None:
    south, north = make_region(), make_region()
    start = dt.date(2026, 7, 1)
    one, other = (make_programme(FLAT, start=start, region=region) for region in (south, north))
    first = make_premium(one)
    dealer = make_dealer(region=south)
    make_sale(dealer, dt.date(2026, 8, 1), 1000)
    due(dt.date(2026, 10, 1))
    assert first.accruals.count() == 1
    move(dealer, north)
    second = make_premium(other)
    due(dt.date(2026, 10, 2))
    assert second.accruals.count() == 0


def test_move_and_back_in_a_yearly_window_keeps_the_tier() -> None:
    south, north = make_region(), make_region()
    tiers = (("plain", 0, 1), ("gold", 1000, 9))
    for region in (south, north):
        make_programme(tiers, region=region, window=WindowKind.YEAR)
    dealer = make_dealer(region=south)
    make_sale(dealer, DEC, 5000)
    due(JAN)
    due(dt.date(2027, 2, 1))
    assert codes(dealer, dt.date(2027, 2, 10)) == ["gold"]
    move(dealer, north)
    decide_movers(on=dt.date(2027, 2, 10), by=OFFICE)
    north_tier = codes(dealer, dt.date(2027, 2, 10))
    move(dealer, south)
    decide_movers(on=dt.date(2027, 2, 10), by=OFFICE)
    assert (north_tier, codes(dealer, dt.date(2027, 2, 10))) == (["gold"], ["gold"])


def test_a_regional_programme_with_a_yearly_window_that_begins_in_february_lowers_nobody() -> None:
    south = make_region()
    tiers = (("plain", 0, 1), ("gold", 1000, 9))
    make_programme(tiers, window=WindowKind.YEAR)
    dealer = make_dealer(region=south)
    make_sale(dealer, DEC, 5000)
    due(JAN)
    make_programme(tiers, region=south, window=WindowKind.YEAR, start=dt.date(2027, 2, 1))
    due(dt.date(2027, 2, 1))
    assert codes(dealer, dt.date(2027, 2, 1)) == ["gold"]


def test_move_and_back_within_the_hour_keeps_the_tier_by_hand() -> None:
    south = make_region()
    programme = make_programme((("plain", 0, 1), ("gold", 10**9, 30)), region=south)
    make_programme((("else", 0, 1),))
    dealer = make_dealer(region=south)
    due()
    make_award(dealer, programme.tiers.get(code="gold"), start=DEC, end=dt.date(2027, 12, 1), reason=AwardReason.MANUAL)
    move(dealer, make_region())
    decide_movers(on=DEC + DAY, by=OFFICE)
    move(dealer, south)
    decide_movers(on=DEC + DAY, by=OFFICE)
    assert codes(dealer, DEC + DAY) == ["gold"]


def test_a_tier_is_certain_only_until_a_nearer_programme_begins() -> None:
    south = make_region()
    make_programme(FLAT)
    dealer = make_dealer(region=south)
    due()
    make_programme((("south", 0, 1),), region=south, start=DEC + 14 * DAY)
    assert tier_on(dealer.pk, DEC).until == DEC + 14 * DAY


def test_dealer_who_left_every_programme_still_reads_what_prices_follow() -> None:
    south = make_region()
    make_programme(FLAT, region=south)
    dealer = make_dealer(region=south)
    due()
    move(dealer, make_region())
    held, programme = codes(dealer, DEC), programme_of(dealer.pk, DEC)
    assert bool(held) == bool(programme)


def test_no_mail_to_who_left_the_company_meanwhile() -> None:
    dealer = make_dealer()
    owner = make_member(Role.OWNER, dealer=dealer)
    make_award(dealer, make_programme(FLAT).tiers.get(), start=DEC)
    at = NOON
    assert owe_notices(on=DEC, at=at) == 1
    owner.delete()
    while send_notice(at=at):
        pass
    assert mail.outbox == []


def test_no_warning_that_a_tier_ends_when_a_higher_one_begins() -> None:
    dealer = make_dealer()
    make_member(Role.OWNER, dealer=dealer)
    programme = make_programme((("silver", 1000, 5), ("gold", 5000, 9)), window=WindowKind.QUARTER)
    silver, gold = programme.tiers.order_by("threshold")
    make_award(dealer, silver, start=dt.date(2026, 10, 1))
    make_award(dealer, gold, start=DEC + 9 * DAY, end=dt.date(2028, 1, 1), reason=AwardReason.MANUAL)
    owe_notices(on=DEC, at=dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC))
    assert not TierNotice.objects.filter(kind=NoticeKind.ENDING)


def test_near_is_not_said_by_a_programme_that_ends_before_it_decides() -> None:
    dealer = make_dealer()
    make_member(Role.OWNER, dealer=dealer)
    make_programme((("silver", 1000, 5),), end=DEC + 14 * DAY)
    make_sale(dealer, DEC - 9 * DAY, 950)
    owe_notices(on=DEC + 10 * DAY, at=dt.datetime(2026, 12, 11, 6, tzinfo=dt.UTC))
    assert not TierNotice.objects.filter(kind=NoticeKind.NEAR)


def test_a_tier_held_before_anybody_took_part_is_kept_by_a_decision_that_gives_it_again() -> None:
    programme, dealer = make_programme(FLAT), make_dealer()
    award = make_award(dealer, programme.tiers.get(), start=NOV)
    due()
    assert TierAward.objects.get() == award
    assert (TierAward.objects.get().until, codes(dealer)) == (None, ["flat"])
    assert tier_on(dealer.pk, DEC).since == NOV


def test_region_moved_in_the_tree() -> None:
    north, south = make_region(), make_region()
    town = make_region(parent=north)
    make_programme((("north", 0, 2),), region=north)
    make_programme((("south", 0, 3),), region=south)
    dealer = make_dealer(region=town)
    due()
    assert codes(dealer) == ["north"]
    town.parent = south
    save_region(by=OFFICE, region=town)
    assert codes(dealer) == ["north"]
    decide_movers(on=DEC, by=OFFICE)
    assert codes(dealer) == ["south"]


def test_history_of_who_took_another_currency() -> None:
    make_programme(FLAT, currency="RUB")
    dealer = make_dealer()
    due()
    dealer.currency = "KZT"
    dealer.save()
    due(DEC + 9 * DAY)
    assert codes(dealer, DEC + 2 * DAY) == ["flat"]


def test_reopened_in_another_region_does_not_rewrite_what_was_held() -> None:
    south, _north = make_region(), make_region()
    tiers = (("plain", 0, 1), ("gold", 1000, 9))
    make_programme(tiers, region=south, window_months=1)
    dealer = make_dealer(region=south)
    make_sale(dealer, DEC - DAY, 5000)
    due()
    past = {day: codes(dealer, day) for day in (DEC, DEC + 20 * DAY)}
    Participation.objects.all().delete()  # as after the migration, which leaves closed dealers out
    dealer.is_active = False
    dealer.save()
    due(JAN)
    dealer.is_active = True
    dealer.save()
    decide_movers(on=JAN + 9 * DAY, by=OFFICE)
    assert {day: codes(dealer, day) for day in past} == past
    assert codes(dealer, JAN + 5 * DAY) == ["gold"]


def test_no_programme_takes_dealers_over_within_the_period_of_a_premium() -> None:
    south = make_region()
    make_premium(make_programme(FLAT, start=dt.date(2026, 10, 1)))
    draft = ProgrammeDraft.objects.create(name_ru="Юг", name_en="South", region=south)
    DraftTier.objects.create(draft=draft, code="flat", name_ru="x", name_en="x", threshold=0, discount=1)
    with time_machine.travel("2026-11-20T09:00:00Z"):
        with pytest.raises(PeriodCut, match="2027"):
            publish_draft(draft=draft, valid_from=DEC + 14 * DAY, by=OFFICE)
        assert publish_draft(draft=draft, valid_from=JAN, by=OFFICE).region == south


def test_a_programme_with_a_premium_ends_with_a_period_and_begins_on_a_day() -> None:
    programme = make_programme(FLAT, start=dt.date(2026, 10, 1))
    make_premium(programme)
    programme.validity = DateRange(dt.date(2026, 10, 1), DEC)
    with pytest.raises(PeriodCut):
        save_programme(programme=programme, by=OFFICE)
    programme.validity = DateRange(dt.date(2026, 10, 1), JAN)
    save_programme(programme=programme, by=OFFICE)
    programme.validity = DateRange(None, JAN)
    with pytest.raises(AwardNotDated):
        save_programme(programme=programme, by=OFFICE)


def in_thread(work, errors):
    def run():
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", [DEC, DEC + DAY])
def test_who_moves_while_the_former_programme_decides(day) -> None:
    south, north = make_region(), make_region()
    ours = make_programme((("plain", 0, 1), ("gold", 1000, 9)), region=south)
    make_programme((("north", 0, 2),), region=north)
    dealer = make_dealer(region=south)
    for programme in (ours, make_programme((("third", 0, 2),), region=make_region())):
        evaluate(programme=programme, on=NOV, by=OFFICE)
    evaluate(programme=ours.__class__.objects.get(region=north), on=NOV, by=OFFICE)
    make_sale(dealer, NOV + DAY, 5000)
    errors = []
    with transaction.atomic():
        evaluate(programme=ours, on=DEC, by=OFFICE)  # gold; not committed yet

        def meanwhile():
            dealer.home_region = north
            dealer.save()
            decide_movers(on=day, by=OFFICE)

        thread = in_thread(meanwhile, errors)
        thread.join(3)
    thread.join(30)
    assert errors == []
    assert not TierAward.objects.filter(programme=ours, validity__endswith=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_evaluations_at_once() -> None:
    ours = make_programme((("plain", 0, 1), ("gold", 1000, 9)))
    dealer = make_dealer()
    make_sale(dealer, NOV + DAY, 5000)
    errors = []
    threads = [in_thread(lambda: evaluate(programme=ours, on=DEC, by=OFFICE), errors) for _ in range(4)]
    threads += [in_thread(lambda: decide_movers(on=DEC, by=OFFICE), errors) for _ in range(4)]
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert [str(t.tier.code) for t in TierAward.objects.all()] == ["gold"]
