"""Drafts are whole: what runs is taken over, kept, refused in plain words, published with everything, and can be thrown away."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import StaffRole
from ordering.programme.errors import AlreadyDecided, AwardNotDated, ProgrammesOverlap, TiersRefused
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
    TierException,
)
from ordering.programme.services import ask_simulation, discard_draft, draft_of, publish_draft, runs_for, save_draft
from portal.jobs.models import Job
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed
from tests.factories import make_region, make_staff
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import OFFICE, make_programme

pytestmark = pytest.mark.django_db
NAMES = {"name_ru": "Новая", "name_en": "New"}


def soon() -> dt.date:
    return business_date() + dt.timedelta(days=30)


def next_year():
    """With premiums a programme begins where their periods do."""
    return dt.date(business_date().year + 1, 1, 1)


@pytest.fixture
def rich() -> Programme:
    """A programme with one of everything."""
    programme = make_programme((("bronze", 0, 4), ("silver", 1000, 8)), window_months=6, grace_months=2)
    silver = programme.tiers.get(code="silver")
    silver.benefits_ru, silver.benefits_en, silver.benefits_page = "Стенд", "A stand", "/ru/guides/stand/"
    silver.save()
    TierException.objects.create(tier=silver, category=make_category("drills"), discount="9.5")
    TierException.objects.create(tier=silver, brand=make_brand("Tveron"), discount=5)
    premium = Premium.objects.create(
        programme=programme, name_ru="Бонус", name_en="Bonus", kind="stepped", period="year"
    )
    for threshold, percent in ((0, 1), (1000, "2.5")):
        PremiumSlice.objects.create(premium=premium, threshold=threshold, percent=percent)
    return programme


def whole(of: Programme | ProgrammeDraft) -> dict:
    """Everything of terms, as plain values."""
    return {
        "terms": (of.currency, of.region_id, of.brand_id, of.measure, of.window, of.window_months, of.evaluation),
        "grace": of.grace_months,
        "tiers": [
            (tier.code, tier.name_ru, tier.name_en, tier.threshold, tier.discount, tier.benefits_ru, tier.benefits_en,
             tier.benefits_page, sorted((e.category_id or 0, e.brand_id or 0, e.discount) for e in tier.exceptions.all()))
            for tier in of.tiers.order_by("threshold")
        ],
        "premiums": [
            (one.name_ru, one.name_en, one.kind, one.period, sorted((s.threshold, s.percent) for s in one.slices.all()))
            for one in of.premiums.all()
        ],
    }  # fmt: skip


def test_from_a_programme_to_a_draft_to_a_programme_nothing_is_lost(rich) -> None:
    draft = save_draft(draft=draft_of(rich), by=OFFICE)
    assert whole(draft) == whole(rich)
    assert (draft.name_ru, draft.tiers.count()) == (rich.name_ru, 2)
    fresh = publish_draft(draft=draft, valid_from=next_year(), by=OFFICE)
    assert whole(fresh) == whole(rich)
    assert whole(fresh)["premiums"][0][-1] == [(0, 1), (1000, Decimal("2.5"))]
    assert len(whole(fresh)["tiers"][1][-1]) == 2


def test_a_new_draft_without_tiers_takes_over_what_runs_in_its_scope(rich) -> None:
    south = make_region()
    town, brand = make_region(parent=south), make_brand()
    own = make_programme((("south", 0, 3),), region=south)
    branded = make_programme((("brand", 0, 9),), brand=brand)

    def taken(**scope):
        draft = save_draft(draft=ProgrammeDraft(**NAMES, **scope), by=OFFICE)
        return [tier.code for tier in draft.tiers.order_by("threshold")], draft.premiums.count()

    assert taken() == (["bronze", "silver"], 1)
    assert taken(region=south) == (["south"], 0)
    assert taken(region=town) == (["south"], 0), "the nearest region above"
    assert taken(region=make_region()) == (["bronze", "silver"], 1), "else that for every region"
    assert taken(region=town, brand=brand) == (["brand"], 0)
    assert taken(brand=make_brand()) == ([], 0), (
        "a brand's begins empty: the programme for all articles is another thing"
    )
    assert taken(currency="KZT") == ([], 0)
    assert runs_for(ProgrammeDraft(region=town), business_date()) == own
    assert runs_for(ProgrammeDraft(brand=brand), business_date()) == branded

    mine = ProgrammeDraft(**NAMES)
    mine.premiums.set([DraftPremium(name_ru="М", name_en="M", kind="stepped")])
    save_draft(draft=mine, by=OFFICE)
    assert [one.name_en for one in mine.premiums.all()] == ["M"], "its own premiums stay"


def tier(code="one", threshold=0, discount=4, exceptions=()):
    made = DraftTier(
        code=code, name_ru=code, name_en=code.title(), threshold=Decimal(threshold), discount=Decimal(discount)
    )
    made.exceptions.set(exceptions)
    return made


def premium(*thresholds, percent=1):
    made = DraftPremium(name_ru="Бонус", name_en="Bonus", kind="stepped")
    made.slices.set([DraftSlice(threshold=Decimal(threshold), percent=Decimal(percent)) for threshold in thresholds])
    return made


def test_what_cannot_hold_is_refused_by_name() -> None:
    drills, brand = make_category("drills", name="Drills"), make_brand("Tveron")

    def excepted(**what):
        return DraftException(**{"category": drills, "discount": Decimal(1)} | what)

    for tiers, premiums, text in (
        ([tier("gold"), tier("gold", 5)], [], "Two tiers have the code “gold”"),
        ([tier("one"), tier("two")], [], "The tiers “One” and “Two” both begin at ₽0.00"),
        ([tier(discount=100)], [], "The tier “One” gives 100"),
        ([tier(threshold=-1)], [], "The tier “One” begins below nothing"),
        ([tier(exceptions=[excepted(), excepted(discount=Decimal(2))])], [], "two exceptions for “Drills”: keep one"),
        ([tier(exceptions=[excepted(brand=brand)])], [], "names a category or a brand: exactly one"),
        ([tier(exceptions=[excepted(category=None)])], [], "names a category or a brand: exactly one"),
        ([tier(exceptions=[excepted(discount=Decimal(-1))])], [], "a discount is at least 0"),
        ([tier()], [premium(0, 0)], "The premium “Bonus” has two slices from ₽0.00"),
        ([tier()], [premium(0, percent=100)], "A slice of the premium “Bonus” is wrong"),
    ):
        draft = ProgrammeDraft(**NAMES)
        draft.tiers.set(tiers)
        draft.premiums.set(premiums)
        with pytest.raises(TiersRefused) as refused:
            save_draft(draft=draft, by=OFFICE)
        assert text in str(refused.value)
    assert not ProgrammeDraft.objects.exists()


def test_rows_may_change_places(rich) -> None:
    draft = ProgrammeDraft.objects.get(pk=save_draft(draft=draft_of(rich), by=OFFICE).pk)
    one, two = draft.tiers.get_object_list()
    (one.code, one.threshold), (two.code, two.threshold) = (two.code, two.threshold), (one.code, one.threshold)
    first, second = (two if two.exceptions.count() else one).exceptions.get_object_list()
    (first.category, first.brand), (second.category, second.brand) = (
        (second.category, second.brand), (first.category, first.brand),
    )  # fmt: skip
    low, high = draft.premiums.get_object_list()[0].slices.get_object_list()
    low.threshold, high.threshold = high.threshold, low.threshold
    save_draft(draft=draft, by=OFFICE)
    kept = whole(ProgrammeDraft.objects.get(pk=draft.pk))
    assert [(row[0], row[3], row[4]) for row in kept["tiers"]] == [("bronze", 0, 8), ("silver", 1000, 4)]
    assert [row[-1] for row in kept["tiers"]] == [
        sorted(
            [(0, first.brand_id or second.brand_id, Decimal("9.5")), (first.category_id or second.category_id, 0, 5)]
        ),
        [],
    ]
    assert kept["premiums"][0][-1] == [(0, Decimal("2.5")), (1000, 1)]


def test_publishing_ends_the_one_of_the_very_same_scope_alone(principal_of) -> None:
    south, brand = make_region(), make_brand()
    everywhere, regional, branded = make_programme(), make_programme(region=south), make_programme(brand=brand)
    draft = save_draft(draft=ProgrammeDraft(**NAMES, region=south), by=OFFICE)
    with pytest.raises(NotAllowed):
        publish_draft(draft=draft, valid_from=soon(), by=principal_of(make_staff(StaffRole.EDITOR)))
    with pytest.raises(AwardNotDated):
        publish_draft(draft=draft, valid_from=business_date(), by=OFFICE)
    fresh = publish_draft(draft=draft, valid_from=soon(), by=OFFICE)
    for programme in (everywhere, regional, branded):
        programme.refresh_from_db()
    assert (everywhere.validity.upper, regional.validity.upper, branded.validity.upper) == (None, soon(), None)
    assert (fresh.region, fresh.brand, fresh.validity.lower, fresh.validity.upper) == (south, None, soon(), None)
    with pytest.raises(AlreadyDecided):
        publish_draft(draft=draft, valid_from=soon(), by=OFFICE)
    with pytest.raises(AlreadyDecided):
        save_draft(draft=ProgrammeDraft.objects.get(pk=draft.pk), by=OFFICE)

    again = save_draft(draft=ProgrammeDraft(**NAMES, region=south), by=OFFICE)
    for day in (soon(), soon() - dt.timedelta(days=3)):
        with pytest.raises(ProgrammesOverlap, match="is to begin in this scope"):
            publish_draft(draft=again, valid_from=day, by=OFFICE)
    empty = save_draft(draft=ProgrammeDraft(**NAMES, currency="KZT"), by=OFFICE)
    with pytest.raises(TiersRefused, match="needs a tier"):
        publish_draft(draft=empty, valid_from=soon(), by=OFFICE)


def test_a_draft_is_thrown_away_with_its_simulations_and_a_published_one_stays(rich, principal_of) -> None:
    draft = save_draft(draft=draft_of(rich), by=OFFICE)
    day = dt.date(2026, 1, 1)
    ask_simulation(simulation=Simulation(draft=draft, first_month=day, last_month=day), by=OFFICE)
    with pytest.raises(NotAllowed):
        discard_draft(draft=draft, by=principal_of(make_staff(StaffRole.ANALYST)))
    discard_draft(draft=draft, by=OFFICE)
    assert not any(
        model.objects.exists() for model in (ProgrammeDraft, DraftTier, DraftException, DraftSlice, Simulation)
    )
    assert Job.objects.get().state == "cancelled", "no worker takes it any more"
    assert whole(rich)["premiums"], "the programme has all it had"

    published = save_draft(draft=draft_of(rich), by=OFFICE)
    publish_draft(draft=published, valid_from=next_year(), by=OFFICE)
    with pytest.raises(AlreadyDecided):
        discard_draft(draft=published, by=OFFICE)
    assert ProgrammeDraft.objects.count() == 1


def rows(prefix: str, *facts: dict, kept: int = 0) -> dict[str, str]:
    """What a form posts for rows below: each row's own values, and `below` for the rows below it."""
    form = {
        f"{prefix}-TOTAL_FORMS": str(len(facts)), f"{prefix}-INITIAL_FORMS": str(kept), f"{prefix}-MIN_NUM_FORMS": "0",
        f"{prefix}-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    for place, fact in enumerate(facts):
        for name, below in fact.get("below", {}).items():
            form |= rows(f"{prefix}-{place}-{name}", *below)
        form |= {
            f"{prefix}-{place}-{name}": str(value) for name, value in ({"id": ""} | fact).items() if name != "below"
        }
    return form


def form_of(*tiers: tuple, premiums: tuple = (), kept: int = 0, **more: str) -> dict[str, str]:
    """What the desk's form of a draft posts: its terms, and tiers as (code, threshold, discount, *exceptions)."""
    form = {
        "name_ru": "Новая", "name_en": "New", "currency": "RUB", "region": "", "brand": "", "measure": "shipped",
        "window": "rolling", "window_months": "12", "evaluation": "monthly", "grace_months": "0", "valid_from": "",
    }  # fmt: skip
    levels = [
        {
            "code": code, "threshold": threshold, "discount": discount, "name_ru": code, "name_en": code,
            "benefits_ru": "", "benefits_en": "", "benefits_page": "", "below": {"exceptions": exceptions},
        }
        for code, threshold, discount, *exceptions in tiers
    ]  # fmt: skip
    return form | rows("tiers", *levels, kept=kept) | rows("premiums", *premiums) | more


def test_everything_on_one_form(client_of) -> None:
    make_programme((("bronze", 0, 4), ("silver", 100, 8)))
    desk, address = client_of(make_staff(StaffRole.PROGRAMME)), "/cms/programmedraft/new/"
    drills, brand = make_category("drills"), make_brand()
    exceptions = (
        {"category": drills.pk, "brand": "", "discount": 3},
        {"category": "", "brand": brand.pk, "discount": 2},
    )
    bonus = {
        "name_ru": "Б", "name_en": "B", "kind": "stepped", "period": "quarter",
        "below": {"slices": [{"threshold": 0, "percent": 1}, {"threshold": 100, "percent": "1.5"}]},
    }  # fmt: skip
    form = form_of(("one", 0, 5), ("two", 500, 9, *exceptions), premiums=(bonus,), brand=str(brand.pk))
    answer = desk.post(address, form)
    draft = ProgrammeDraft.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/cms/programmedraft/edit/{draft.pk}/")
    kept = whole(draft)
    assert [(row[0], row[3], row[4], row[-1]) for row in kept["tiers"]] == [
        ("one", 0, 5, []),
        ("two", 500, 9, [(0, brand.pk, 2), (drills.pk, 0, 3)]),
    ]
    assert (draft.brand, kept["premiums"]) == (
        brand,
        [("Б", "B", "stepped", "quarter", [(0, 1), (100, Decimal("1.5"))])],
    )

    assert desk.post(address, form_of()).status_code == 302
    taken_over = ProgrammeDraft.objects.exclude(pk=draft.pk).get()
    assert list(taken_over.tiers.values_list("code", "discount")) == [("bronze", 4), ("silver", 8)]

    for wrong, text in (
        (form_of(("one", 0, 5), ("one", 500, 9)), "Two tiers have the code “one”"),
        (form_of(("one", 0, 5), ("two", 0, 9)), "both begin at"),
        (form_of(("one", 0, 5, exceptions[0], exceptions[0])), "two exceptions for"),
        (form_of(("one", 0, 100)), ""),
        (form_of(("one", 0, 5), valid_from="2099-01-01"), "Keep the draft first"),
    ):
        again = desk.post(address, wrong)
        assert again.status_code == 200, "the form again, with what to mend"
        assert text in again.content.decode()
    assert ProgrammeDraft.objects.count() == 2

    assert client_of(make_staff(StaffRole.EDITOR)).post(address, form_of()).status_code == 302
    assert ProgrammeDraft.objects.count() == 2, "an editor is sent away"


def test_changed_published_and_thrown_away_on_the_desk(client_of, rich) -> None:
    desk = client_of(make_staff(StaffRole.PROGRAMME))
    draft = save_draft(draft=draft_of(rich), by=OFFICE)
    other = save_draft(draft=draft_of(rich), by=OFFICE)
    edit = f"/cms/programmedraft/edit/{draft.pk}/"
    page = desk.get(edit).content.decode()
    assert "tiers-1-exceptions-1-discount" in page
    assert "premiums-0-slices-1-percent" in page
    kept = {f"tiers-{n}-id": str(tier.pk) for n, tier in enumerate(draft.tiers.order_by("threshold"))}
    raised = form_of(("one", 0, 6), ("two", 500, 9), kept=2, valid_from="2099-01-01") | kept
    assert desk.post(edit, raised)["Location"] == "/cms/programmedraft/"
    published = Programme.objects.get(validity__startswith="2099-01-01")
    assert list(published.tiers.values_list("code", "discount")) == [("one", 6), ("two", 9)]
    assert desk.post(edit, raised | {"valid_from": ""}).status_code == 200, "refused: it is published"
    assert desk.get(edit)["Location"] == f"/cms/partner_programme/edit/{published.pk}/"
    again = desk.get(f"/cms/partner_programme/edit/{published.pk}/").content.decode()
    assert f"/cms/programmedraft/new/?programme={published.pk}" in again, "from which another draft begins"

    assert desk.get(f"/cms/programmedraft/delete/{other.pk}/").status_code == 200
    desk.post(f"/cms/programmedraft/delete/{other.pk}/")
    desk.post(f"/cms/programmedraft/delete/{draft.pk}/")
    assert list(ProgrammeDraft.objects.all()) == [draft], "the published one stays"
    listed = desk.get("/cms/programmedraft/").content.decode()
    assert f"/cms/programmedraft/delete/{draft.pk}/" not in listed


def test_the_form_reads_as_much_for_many_exceptions_as_for_one(client_of, rich) -> None:
    desk, draft = client_of(make_staff(StaffRole.PROGRAMME)), save_draft(draft=draft_of(rich), by=OFFICE)
    address, asked = f"/cms/programmedraft/edit/{draft.pk}/", []
    desk.get(address)  # what a process reads once
    for _n in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        asked.append(len(queries))
        for _m in range(4):
            DraftException.objects.create(tier=draft.tiers.get(code="silver"), category=make_category(), discount=1)
    assert asked[0] == asked[1]


def test_a_draft_begins_from_any_programme_that_runs(client_of, rich) -> None:
    desk = client_of(make_staff(StaffRole.PROGRAMME))
    address = f"/cms/programmedraft/new/?programme={rich.pk}"
    assert address in desk.get("/cms/partner_programme/").content.decode()
    page = desk.get(address).content.decode()
    assert "tiers-1-exceptions-1-discount" in page
    assert 'value="9.50"' in page
    assert not ProgrammeDraft.objects.exists(), "looking keeps nothing"
    assert desk.get("/cms/programmedraft/new/?programme=x").status_code == 200
    answer = desk.post(address, form_of(("one", 0, 6), ("two", 500, 9), kept=2))
    draft = ProgrammeDraft.objects.get()
    assert answer["Location"] == f"/cms/programmedraft/edit/{draft.pk}/"
    assert list(draft.tiers.values_list("code", "discount")) == [("one", 6), ("two", 9)]
    assert rich.tiers.filter(code="silver", discount=8).exists(), "the programme is as it was"


@pytest.mark.parametrize("path", ["partner_programme", "programmedraft"])
def test_lists_say_region_and_brand(client_of, path) -> None:
    desk, south, brand = client_of(make_staff(StaffRole.PROGRAMME)), make_region(name="South"), make_brand("Tveron")
    for fields in ({"region": south}, {"brand": brand}, {}):
        make_programme(**fields)
        ProgrammeDraft.objects.create(**NAMES, **fields)
    page = desk.get(f"/cms/{path}/?region={south.pk}").content.decode()
    assert "South" in page
    page = desk.get(f"/cms/{path}/").content.decode()
    assert all(word in page for word in ("South", "Tveron", "everywhere", "all articles"))
    exported = b"".join(desk.get(f"/cms/{path}/?export=csv").streaming_content).decode()
    assert south.code in exported
    assert brand.code in exported


def test_an_exception_exports_whichever_it_names(client_of, rich) -> None:
    desk = client_of(make_staff(StaffRole.PROGRAMME))
    said = b"".join(desk.get("/cms/tierexception/?export=csv").streaming_content).decode().splitlines()[1:]
    brand = rich.tiers.get(code="silver").exceptions.get(category=None).brand
    assert sorted(said) == [f"silver,,{brand.code},5.00", "silver,drills,,9.50"]
