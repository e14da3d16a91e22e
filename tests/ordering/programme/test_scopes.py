"""Programmes of a country, a region or a brand: who takes part in which, what each counts, and what it gives."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.models import DealerTier
from accounts.principals import Principal
from ordering.pricing.queries import PriceContext, price_of
from ordering.programme.enums import AwardReason, NoticeKind, PremiumKind
from ordering.programme.errors import AnotherProgramme, HasDecided, ProgrammesOverlap
from ordering.programme.models import (
    AwardProposal,
    Participation,
    Premium,
    PremiumSlice,
    Programme,
    TierAward,
    TierNotice,
)
from ordering.programme.queries import covering, held_on, programme_of, programmes_of, standing
from ordering.programme.services import (
    decide_movers,
    evaluate,
    evaluate_due,
    owe_notices,
    propose_award,
    save_programme,
)
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_brand
from tests.factories_pricing import (
    OFFICE,
    make_article,
    make_award,
    make_price_list,
    make_programme,
    make_sale,
    tier_on,
)

pytestmark = pytest.mark.django_db
DEC = dt.date(2026, 12, 1)
JAN = dt.date(2027, 1, 1)
DAY = dt.timedelta(days=1)
FLAT = (("flat", 0, 5),)
NIGHT = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)


def codes(dealer, on=DEC) -> list[str]:
    return [tier.code for tier in held_on(dealer.pk, on)]


def move(dealer, region) -> None:
    dealer.home_region = region
    dealer.save()


def due(on=DEC) -> None:
    evaluate_due(on=on, by=Principal.nobody())


def test_the_nearest_regions_programme_decides() -> None:
    country = make_region()
    south = make_region(parent=country)
    town = make_region(parent=south)
    whole = make_programme((("whole", 0, 1),))
    ours = make_programme((("country", 0, 2),), region=country)
    near = make_programme((("south", 0, 3),), region=south)
    make_programme((("other", 0, 9),), region=south, currency="KZT")
    dealers = {name: make_dealer(name, region=region) for name, region in
               {"town": town, "south": south, "country": country, "abroad": make_region()}.items()}  # fmt: skip
    foreign = make_dealer(region=south, currency="EUR")
    due()
    assert {name: codes(dealer) for name, dealer in dealers.items()} == {
        "town": ["south"], "south": ["south"], "country": ["country"], "abroad": ["whole"],
    }  # fmt: skip
    assert covering(DEC) == {
        (dealers["town"].pk, None): near.pk, (dealers["south"].pk, None): near.pk,
        (dealers["country"].pk, None): ours.pk, (dealers["abroad"].pk, None): whole.pk,
    }  # fmt: skip
    assert (codes(foreign), programmes_of(foreign.pk, DEC)) == ([], [])
    assert dict(DealerTier.objects.values_list("dealer__name", "code")) == {
        "town": "south", "south": "south", "country": "country", "abroad": "whole",
    }  # fmt: skip


def test_two_for_the_same_dealers_and_articles_never_run_at_once() -> None:
    region, brand = make_region(), make_brand()
    make_programme(start=DEC)
    make_programme(start=DEC, region=region)
    make_programme(start=DEC, brand=brand)
    make_programme(start=DEC, brand=brand, region=region)
    for scope in ({}, {"region": region}, {"brand": brand}, {"brand": brand, "region": region}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_programme(start=JAN, **scope)
    make_programme(start=JAN, region=make_region())
    make_programme(start=JAN, brand=make_brand())


def test_a_refusal_says_what_to_do() -> None:
    first = make_programme(region=make_region())
    second = Programme(code="second", currency="RUB", region=first.region, validity=DateRange(JAN, None))
    with pytest.raises(ProgrammesOverlap, match="End it first"):
        save_programme(programme=second, by=OFFICE)
    due()
    first.refresh_from_db()
    first.brand = make_brand()
    with pytest.raises(HasDecided):
        save_programme(programme=first, by=OFFICE)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Programme.objects.filter(pk=first.pk).update(currency="KZT")
    Programme.objects.filter(pk=first.pk).update(region=None)  # the scope of dealers may change: they move


def test_at_midnight_a_regions_first_programme_takes_over_from_the_countrys() -> None:
    region = make_region()
    country = make_programme((("country", 0, 4),))
    mine, theirs = make_dealer(region=region), make_dealer()
    due(DEC - DAY)
    fresh = make_programme((("region", 0, 7),), start=DEC, region=region)
    before = tier_on(mine.pk, DEC)
    assert (before.code, programme_of(mine.pk, DEC)) == ("country", country)  # nobody is without a tier at midnight
    assert standing(mine.pk, DEC).tier.code == "country"
    due(DEC)
    assert (codes(mine), codes(theirs)) == (["region"], ["country"])
    assert (programme_of(mine.pk, DEC), programme_of(theirs.pk, DEC)) == (fresh, country)
    assert standing(mine.pk, DEC).tier.code == "region"
    assert codes(mine, DEC - DAY) == ["country"]  # what was held stays said
    assert TierAward.objects.get(dealer=mine, programme=country).last_day == DEC - DAY


def test_when_a_regions_programme_ends_the_countrys_decides_at_once() -> None:
    region = make_region()
    make_programme((("country", 0, 4),))
    make_programme((("region", 0, 7),), end=DEC, region=region)
    dealer = make_dealer(region=region)
    due(DEC - DAY)
    gap = tier_on(dealer.pk, DEC)
    assert (gap.code, gap.until) == ("region", DEC + DAY)
    assert tier_on(dealer.pk, DEC - DAY).until == DEC
    due(DEC)
    assert (codes(dealer), tier_on(dealer.pk, DEC).until) == (["country"], None)


def test_who_moves_is_decided_anew_within_minutes_and_holds_the_former_tier_until_then() -> None:
    south, north = make_region(), make_region()
    make_programme((("south", 0, 3), ("south-gold", 100, 9)), region=south)
    make_programme((("north", 0, 2), ("north-gold", 1000, 8)), region=north)
    dealer, stays = make_dealer(region=south), make_dealer(region=south)
    make_sale(dealer, DEC - DAY, 500)
    due()
    assert decide_movers(on=DEC, by=OFFICE) == 0, "nobody moved"
    move(dealer, north)
    day = DEC + 9 * DAY
    assert codes(dealer, day) == ["south-gold"]
    assert decide_movers(on=day, by=OFFICE) == 1
    assert (codes(dealer, day), codes(dealer, day - DAY), codes(stays, day)) == (["north"], ["south-gold"], ["south"])
    assert TierAward.objects.get(tier__code="south-gold").last_day == day - DAY
    make_sale(dealer, day, 500)
    assert decide_movers(on=day, by=OFFICE) == 0, "and not again before the next decision"
    due(JAN)
    assert codes(dealer, JAN) == ["north-gold"]
    move(dealer, south)  # and back: nothing of the old award comes alive, the window decides
    decide_movers(on=JAN, by=OFFICE)
    assert codes(dealer, JAN) == ["south-gold"]
    assert TierAward.objects.filter(dealer=dealer, tier__code="south-gold").count() == 2


def test_who_comes_where_no_programme_runs_holds_nothing() -> None:
    south = make_region()
    make_programme(FLAT, region=south)
    dealer = make_dealer(region=south)
    due()
    move(dealer, make_region())
    due(DEC + DAY)
    assert (codes(dealer, DEC + DAY), codes(dealer, DEC)) == ([], ["flat"])
    assert not Participation.objects.filter(dealer=dealer, validity__contains=DEC + DAY).exists()
    assert not DealerTier.objects.filter(dealer=dealer).exists()


def test_a_new_dealer_need_not_wait_for_the_month() -> None:
    make_programme(FLAT)
    due()
    dealer = make_dealer()
    assert codes(dealer) == []
    assert decide_movers(on=DEC + DAY, by=OFFICE) == 1
    assert codes(dealer, DEC + DAY) == ["flat"]


def test_a_closed_dealer_is_left_alone() -> None:
    make_programme(FLAT)
    dealer = make_dealer()
    due()
    dealer.is_active = False
    dealer.save()
    assert decide_movers(on=DEC, by=OFFICE) == 0
    assert Participation.objects.filter(dealer=dealer).exists()


def test_a_brands_programme_counts_and_discounts_this_brand_alone() -> None:
    red, blue = make_brand("Red"), make_brand("Blue")
    drill, saw, nail = make_article(brand=red), make_article(brand=blue), make_article()
    make_price_list({drill: 100, saw: 100, nail: 100})
    whole = make_programme((("bronze", 0, 4), ("silver", 1000, 8)))
    make_programme((("start", 0, 0), ("fan", 500, 15)), brand=red)
    dealer, other = make_dealer(), make_dealer()
    make_sale(dealer, DEC - DAY, 600, product=drill)
    make_sale(dealer, DEC - DAY, 500, product=saw)
    make_sale(other, DEC - DAY, 499, product=drill)
    make_sale(other, DEC - DAY, 600, product=nail)
    due()
    assert (codes(dealer), codes(other)) == (["silver", "fan"], ["silver", "start"])

    def price(whose, article):
        found = price_of(PriceContext.of_dealer(whose.pk, DEC), article.pk, 1)
        return found.unit_price, [step.name_en for step in found.steps if step.kind == "tier"]

    assert price(dealer, drill) == (Decimal(85), ["Tier “Fan”, Red"])
    assert price(dealer, saw)[0] == price(dealer, nail)[0] == Decimal(92)
    assert price(other, drill) == (Decimal(92), ["Tier “Silver”"]), "the better of both"
    assert {row.code for row in DealerTier.objects.filter(dealer=dealer)} == {"silver"}, "no audience by a brand's tier"

    stands = {
        one.brand and one.brand.name: standing(dealer.pk, DEC, one).volume for one in programmes_of(dealer.pk, DEC)
    }
    assert stands == {None: 1100, "Red": 600}
    assert programme_of(dealer.pk, DEC) == whole
    assert standing(dealer.pk, DEC).programme == whole


def test_when_a_price_is_certain_both_tiers_are_asked() -> None:
    red = make_brand()
    drill = make_article(brand=red)
    make_price_list({drill: 100})
    dealer = make_dealer()
    make_award(dealer, make_programme((("silver", 0, 8),)).tiers.get(), end=JAN)
    make_award(dealer, make_programme((("fan", 0, 15),), brand=red).tiers.get(), end=DEC + 5 * DAY)
    assert price_of(PriceContext.of_dealer(dealer.pk, DEC), drill.pk, 1).valid_until == DEC + 4 * DAY


def test_the_tiers_of_a_dealer_come_in_one_query_however_many() -> None:
    dealer = make_dealer()
    make_award(dealer, make_programme(FLAT).tiers.get())
    for _ in range(3):
        make_award(dealer, make_programme(FLAT, brand=make_brand()).tiers.get())
    with CaptureQueriesContext(connection) as queries:
        assert len(list(held_on(dealer.pk, DEC))) == 4
    assert len(queries) == 1
    keys = PriceContext.of_dealer(dealer.pk, DEC).cache_key
    TierAward.objects.filter(tier__programme__brand__isnull=False).first().tier.exceptions.create(
        category=None, brand=make_brand(), discount=1
    )
    assert PriceContext.of_dealer(dealer.pk, DEC).cache_key != keys


def test_a_tier_by_hand_is_of_a_programme_that_the_dealer_takes_part_in(principal_of) -> None:
    south, brand = make_region(), make_brand()
    ours = make_programme(FLAT, region=south)
    theirs, of_brand = make_programme(FLAT), make_programme(FLAT, brand=brand, start=DEC)
    dealer, people = make_dealer(region=south), principal_of(make_staff(StaffRole.PROGRAMME))

    def ask(programme, start=DEC):
        proposal = AwardProposal(
            dealer=dealer, tier=programme.tiers.get(), validity=DateRange(start, JAN), reason="a big tender"
        )
        return propose_award(proposal=proposal, by=people)

    assert ask(ours).pk
    assert ask(of_brand).pk
    with pytest.raises(AnotherProgramme, match="choose one of its tiers"):
        ask(theirs)
    with pytest.raises(AnotherProgramme, match="covers the dealer"):
        ask(make_programme(FLAT, brand=make_brand(), region=make_region()))


def test_an_award_by_hand_ends_with_the_programme_left() -> None:
    south = make_region()
    gold = make_programme((("gold", 10**9, 30),), region=south).tiers.get()
    make_programme((("plain", 0, 1),))
    dealer = make_dealer(region=south)
    due()
    make_award(dealer, gold, start=DEC, end=JAN, reason=AwardReason.MANUAL)
    assert codes(dealer) == ["gold"]
    move(dealer, make_region())
    due(DEC + DAY)
    assert (codes(dealer, DEC + DAY), codes(dealer, DEC + 9 * DAY)) == (["plain"], ["plain"])


def test_premiums_are_of_whom_the_programme_covers_and_of_its_brand_also_when_it_ends_with_the_period() -> None:
    south, red = make_region(), make_brand()
    drill = make_article(brand=red)
    programme = make_programme(FLAT, start=dt.date(2026, 10, 1), end=JAN, region=south, brand=red)
    premium = Premium.objects.create(programme=programme, kind=PremiumKind.RETROSPECTIVE, name_ru="П", name_en="P")
    PremiumSlice.objects.create(premium=premium, threshold=0, percent=10)
    mine, theirs = make_dealer(region=south), make_dealer()
    for dealer in (mine, theirs):
        make_sale(dealer, DEC, 1000, product=drill)
        make_sale(dealer, DEC, 500)
    due(JAN)
    assert list(premium.accruals.values_list("dealer", "volume", "amount")) == [(mine.pk, 1000, 100)]
    due(JAN)
    assert premium.accruals.count() == 1


def test_the_news_of_a_brands_tier_names_the_brand() -> None:
    red = make_brand("Red")
    make_programme((("fan", 0, 15), ("hero", 1000, 20)), brand=red)
    dealer = make_dealer()
    owner = make_member(Role.OWNER, dealer=dealer)
    make_sale(dealer, DEC - DAY, 950, product=make_article(brand=red))
    make_sale(dealer, DEC - DAY, 950)
    due()
    owe_notices(on=DEC, at=NIGHT)
    told = {one.kind: one.facts for one in TierNotice.objects.filter(to=owner.user)}
    assert {kind: (facts["brand"], facts["name_en"]) for kind, facts in told.items()} == {
        NoticeKind.CHANGED: ("Red", "Fan"), NoticeKind.NEAR: ("Red", "Hero"),
    }  # fmt: skip


def test_a_decision_reads_and_writes_as_often_for_two_dealers_as_for_ten() -> None:
    region = make_region()

    def queries(count: int) -> int:
        programme = make_programme(FLAT, region=make_region(parent=region))
        for _ in range(count):
            make_dealer(region=programme.region)
        with CaptureQueriesContext(connection) as found:
            evaluate(programme=programme, on=DEC, by=OFFICE)
        return len(found)

    assert queries(2) == queries(10)
