"""The simulator decides as `evaluate` does, tells each dealer's gain, and never touches what is live."""

import datetime as dt
import io

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from python_calamine import CalamineWorkbook

from accounts.enums import StaffRole
from ordering.pricing.queries import PriceContext, price_of
from ordering.programme.models import (
    DraftException,
    DraftPremium,
    DraftSlice,
    DraftTier,
    Premium,
    PremiumSlice,
    Programme,
    ProgrammeDraft,
    Simulation,
    Tier,
    TierAward,
    TierException,
)
from ordering.programme.queries import held_on, standing, tiers_on
from ordering.programme.rules import window_before
from ordering.programme.services import (
    ask_simulation,
    cancel_simulation,
    evaluate,
    evaluate_due,
    publish_draft,
    run_next_simulation,
)
from ordering.programme.services.simulation import simulate
from ordering.programme.services.simulation_rules import terms_of, tiers_by_month
from ordering.sales.enums import Measure
from ordering.sales.periods import add_months
from ordering.sales.queries import volume
from portal.jobs.models import Job, JobState
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_brand, make_category
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
NOBODY_IS_REACHED = (
    "The draft reaches no dealer: none of its currency is in its region, or programmes of nearer regions run there."
    " Look at its currency and region, and at the region of the simulation."
)
JAN, DEC = dt.date(2026, 1, 1), dt.date(2026, 12, 1)


def make_draft(tiers=(("bronze", 0, 4), ("silver", 1000, 20)), **fields) -> ProgrammeDraft:
    draft = ProgrammeDraft.objects.create(name_ru="Новая", name_en="New", **fields)
    for code, threshold, discount in tiers:
        DraftTier.objects.create(
            draft=draft, code=code, name_ru=code, name_en=code, threshold=threshold, discount=discount
        )
    return draft


def asked(draft, region=None, by=OFFICE) -> Simulation:
    return ask_simulation(simulation=Simulation(draft=draft, first_month=JAN, last_month=DEC, region=region), by=by)


@pytest.mark.parametrize("grace", [0, 2])
def test_it_decides_as_the_evaluation_does(grace) -> None:
    programme, dealer = (
        make_programme((("bronze", 0, 4), ("silver", 100, 8)), window_months=3, grace_months=grace),
        make_dealer(),
    )
    for month, net in ((1, 120), (5, 90), (6, 20), (11, 100)):
        make_sale(dealer, dt.date(2026, month, 9), net)
    months = [add_months(JAN, n) for n in range(14)]
    for month in months:
        evaluate(programme=programme, on=month, by=OFFICE)
    simulated = tiers_by_month(
        terms_of(programme), months, lambda w: volume(dealer.pk, w.start, w.end, "RUB", Measure.SHIPPED.kinds)
    )
    assert [tier.code for tier in simulated] == [tier_on(dealer.pk, month).code for month in months]
    assert window_before(programme, DEC).start == dt.date(2026, 9, 1)


def test_a_simulation_tells_costs_gains_and_moves_and_leaves_a_file(client_of) -> None:
    make_programme((("bronze", 0, 0), ("silver", 1000, 10)))
    south = make_region()
    winner, loser, north = (
        make_dealer("Winner", region=south),
        make_dealer("=Loser", region=south),
        make_dealer("North"),
    )
    for one, net in ((winner, 1000), (loser, 500), (north, 1000)):
        make_sale(one, dt.date(2025, 12, 9), net)
    make_sale(winner, dt.date(2026, 3, 9), 900)  # at silver: 1000 by the list
    make_sale(loser, dt.date(2026, 3, 9), 100)
    simulation = asked(make_draft((("new", 0, 0), ("top", 900, 25))), region=south)
    assert run_next_simulation()
    assert not run_next_simulation()
    job = Job.objects.get()
    assert (job.state, job.percent, job.done) == (JobState.DONE, 100, 2)
    assert job.report == {
        "dealers": 2, "volume": "1000.00", "cost_now": "100.00", "cost_draft": "250.00",
        "premium_now": "0.00", "premium_draft": "0.00", "gain": 1, "lose": 0,
        "moves": {"silver → top": 1, "bronze → new": 1},
    }  # fmt: skip
    path = f"/programme/simulations/{simulation.pk}/result/"
    answer = client_of(make_staff(StaffRole.PROGRAMME)).get(path)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    _head, *rows = book.get_sheet_by_index(0).to_python()
    assert [(row[1], row[-1]) for row in rows] == [("=Loser", 0), ("Winner", 150)]
    totals = [value for _what, value in book.get_sheet_by_index(1).to_python()[1:]]
    assert totals == [2, 1000, 100, 250, 0, 0, 1, 0, 1, 1], (
        "dealers, volume, discounts, premiums, gain, lose, two moves"
    )
    assert client_of(make_member("owner", dealer=winner)).get(path).status_code == 403


def test_a_draft_touches_nothing_that_is_live() -> None:
    """Whatever tables a draft fills: prices, tiers, standings and awards are what they were."""
    programme, dealer, brand = make_programme(), make_dealer(), make_brand()
    branded = make_programme((("brand", 0, 6),), brand=brand)
    article = make_article(category=make_category("drills"), brand=brand)
    make_price_list({article: 1000})
    make_award(dealer, programme.tiers.get(code="silver"), start=JAN)
    make_award(dealer, branded.tiers.get(), start=JAN)
    make_sale(dealer, JAN, 5000, product=article)

    def live():
        context = PriceContext.of_dealer(dealer.pk, DEC)
        return (
            price_of(context, article.pk, 1), context.cache_key, held_on(dealer.pk, DEC), standing(dealer.pk, DEC).tiers,
            *(list(model.objects.values()) for model in (Programme, Tier, TierAward, TierException, Premium, PremiumSlice)),
        )  # fmt: skip

    before = live()
    draft = make_draft((("silver", 0, 99),), brand=brand)
    tier = draft.tiers.get()
    DraftException.objects.create(tier=tier, category=article.category, discount=98)
    DraftException.objects.create(tier=tier, brand=brand, discount=97)
    premium = DraftPremium.objects.create(draft=draft, name_ru="Б", name_en="B", kind="stepped")
    DraftSlice.objects.create(premium=premium, threshold=0, percent=50)
    asked(draft)
    assert run_next_simulation()
    assert Job.objects.get().report["premium_draft"] == "2500.00", "the simulation saw all of it"
    assert live() == before
    Tier.objects.filter(pk=branded.tiers.get().pk).update(discount=99)
    assert live() != before, "the control: the same percent in a live table is seen"


def test_it_stops_when_asked_and_says_what_went_wrong() -> None:
    make_dealer()
    waiting = asked(make_draft())
    cancel_simulation(simulation=waiting, by=OFFICE)
    assert not run_next_simulation()
    asked(make_draft(currency="KZT"))
    make_dealer("Asleep", currency="KZT", is_active=False)
    assert run_next_simulation()
    assert list(Job.objects.order_by("pk").values_list("state", "error")) == [
        ("cancelled", ""),
        ("failed", NOBODY_IS_REACHED),
    ]
    make_programme()
    running = asked(make_draft())

    def stopped(_done: int, _total: int) -> None:
        cancel_simulation(simulation=running, by=OFFICE)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(simulate(running, tell=stopped))
    Job.objects.filter(pk=running.job_id).update(state=JobState.QUEUED)  # asked to stop, and then taken
    assert run_next_simulation()
    running.job.refresh_from_db()
    assert (running.job.state, bool(running.job.result)) == ("cancelled", False)


def test_at_midnight_the_tiers_held_go_on_until_the_new_programme_has_decided() -> None:
    old = make_programme((("bronze", 0, 4), ("silver", 100, 8)), window_months=3)
    dealer, day = make_dealer(), dt.timedelta(days=1)
    make_sale(dealer, dt.date(2026, 10, 9), 120)
    evaluate(programme=old, on=dt.date(2026, 11, 1), by=OFFICE)
    with time_machine.travel("2026-11-20T09:00:00Z"):
        fresh = publish_draft(draft=make_draft(), valid_from=DEC, by=OFFICE)

    gap, where = tier_on(dealer.pk, DEC), standing(dealer.pk, DEC)
    assert (gap.code, gap.discount, gap.until) == ("silver", 8, DEC + day)
    assert tier_on(dealer.pk, DEC - day).until == DEC
    assert {pk: list(tiers) for pk, tiers in tiers_on(DEC).items()} == {dealer.pk: [gap]}
    assert (where.programme, where.tier.code) == (old, "silver")

    evaluate_due(on=DEC, by=OFFICE)
    held, where = tier_on(dealer.pk, DEC), standing(dealer.pk, DEC)
    assert (held.code, held.discount, held.until) == ("bronze", 4, None)
    assert (where.programme, where.tier.code) == (fresh, "bronze")


def test_nothing_goes_on_after_a_programme_that_none_follows() -> None:
    old, dealer = make_programme(), make_dealer()
    make_award(dealer, old.tiers.first())
    Programme.objects.filter(pk=old.pk).update(validity=DateRange(old.validity.lower, DEC))
    assert tier_on(dealer.pk, DEC - dt.timedelta(days=1))
    assert (tier_on(dealer.pk, DEC), tiers_on(DEC), standing(dealer.pk, DEC)) == (None, {}, None)
    make_programme(start=JAN.replace(year=2027))
    assert tier_on(dealer.pk, JAN.replace(year=2027)) is None, "it begins a month later: nothing to go on from"


def test_on_the_desk(client_of) -> None:
    make_programme()
    desk, draft = client_of(make_staff(StaffRole.PROGRAMME)), make_draft()
    form = desk.get(f"/cms/simulation/new/?draft={draft.pk}").content.decode()
    assert f'<option value="{draft.pk}" selected>New · RUB · #{draft.pk}</option>' in form
    fields = {"draft": draft.pk, "first_month": "2026-01-01", "last_month": "2026-12-01", "region": ""}
    asked_for = desk.post("/cms/simulation/new/", fields)
    assert "Look again" in desk.get(asked_for["Location"]).content.decode()
    run_next_simulation()
    assert "The draft reaches no dealer" in desk.get("/cms/simulation/").content.decode()
    make_dealer()
    assert desk.post("/cms/simulation/new/", fields).status_code == 302
    run_next_simulation()
    done = Simulation.objects.latest("pk")
    result = desk.get(f"/cms/simulation/inspect/{done.pk}/").content.decode()
    assert "₽0 now, ₽0 by the draft" in result
    assert "nobody" in result, "of one code before and after: nobody changes tier"
    assert "Each dealer, XLSX" in result
    assert "0 / 0" in desk.get("/cms/simulation/").content.decode()
    assert desk.get("/cms/programmedraft/").status_code == 200
    assert desk.get(f"/cms/programmedraft/edit/{draft.pk}/").status_code == 200
