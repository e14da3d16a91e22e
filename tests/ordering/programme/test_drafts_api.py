"""A system of the head office drafts a programme, simulates it and publishes it over the API."""

import datetime as dt

import pytest

from accounts.enums import Role, StaffRole
from ordering.programme.models import Programme, ProgrammeDraft
from ordering.programme.services import run_next_simulation
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import make_programme, make_sale

pytestmark = pytest.mark.django_db
DRAFTS, SIMULATIONS = "/api/v1/programme/drafts/", "/api/v1/programme/simulations/"
NAMES = {"name_ru": "Рост", "name_en": "Growth"}


@pytest.fixture
def office():
    return api_client_of(make_staff(StaffRole.PROGRAMME))


def tiers(*rows, exceptions=()):
    benefits = {"benefits_ru": "", "benefits_en": "Stand", "benefits_page": "/en/guides/stand/"}
    return [
        {"code": code, "name_ru": code, "name_en": code, "threshold": f"{threshold}.00", "discount": f"{discount}.00"}
        | benefits
        | {"exceptions": list(exceptions)}
        for code, threshold, discount in rows
    ]


def test_from_draft_to_programme(office) -> None:
    old = make_programme((("bronze", 0, 4),))
    made = office.post(DRAFTS, {**NAMES, "tiers": tiers(("two", 500, 9), ("one", 0, 5))}, format="json")
    assert made.status_code == 201, made.json()
    draft = made.json()
    assert (draft["tiers"], draft["published_as"]) == (tiers(("one", 0, 5), ("two", 500, 9)), None)
    assert (draft["region"], draft["brand"], draft["premiums"]) == (None, None, [])
    address = f"{DRAFTS}{draft['id']}/"
    changed = office.patch(address, {"grace_months": 2, "tiers": tiers(("one", 0, 6), ("two", 400, 9))}, format="json")
    assert (changed.status_code, changed.json()["grace_months"]) == (200, 2)
    assert changed.json()["tiers"] == tiers(("one", 0, 6), ("two", 400, 9))
    refused = office.patch(address, {"tiers": tiers(("one", 0, 6), ("one", 400, 9))}, format="json")
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "tiers_refused", "tiers")
    assert office.get(address).json() == changed.json(), "what was refused changed nothing"

    begins = business_date() + dt.timedelta(days=30)
    assert office.post(f"{address}publish/", {"valid_from": "2020-01-01"}, format="json").status_code == 422
    published = office.post(f"{address}publish/", {"valid_from": begins.isoformat()}, format="json")
    fresh = Programme.objects.exclude(pk=old.pk).get()
    assert (published.status_code, published.json()["published_as"]) == (200, fresh.code)
    assert office.patch(address, {"grace_months": 3}, format="json").status_code == 409
    assert office.post(f"{address}publish/", {"valid_from": begins.isoformat()}, format="json").status_code == 409
    assert office.delete(address).status_code == 409, "what is published stays"


def test_exceptions_premiums_region_and_brand_go_in_and_out(office) -> None:
    south, brand, drills = make_region(), make_brand(), make_category("drills")
    exceptions = [
        {"category": drills.code, "brand": None, "discount": "3.00"},
        {"category": None, "brand": brand.code, "discount": "2.50"},
    ]
    premiums = [
        {**NAMES, "kind": "stepped", "period": "year", "slices": [{"threshold": "0.00", "percent": "1.50"}]},
        {**NAMES, "kind": "retrospective", "period": "quarter", "slices": []},
    ]
    body = {
        **NAMES, "region": south.code, "brand": brand.code, "premiums": premiums,
        "tiers": tiers(("one", 0, 5), exceptions=exceptions),
    }  # fmt: skip
    made = office.post(DRAFTS, body, format="json")
    assert made.status_code == 201, made.json()
    assert {name: made.json()[name] for name in body} == body
    address = f"{DRAFTS}{made.json()['id']}/"
    less = office.patch(address, {"region": None, "premiums": premiums[:1]}, format="json").json()
    assert (less["region"], less["brand"], less["premiums"], less["tiers"]) == (
        None,
        brand.code,
        premiums[:1],
        body["tiers"],
    )
    for name, wrong in (("region", "none"), ("brand", "none")):
        assert office.patch(address, {name: wrong}, format="json").json()["field"] == name
    nowhere = tiers(("one", 0, 5), exceptions=[exceptions[0] | {"category": "none"}])
    assert office.patch(address, {"tiers": nowhere}, format="json").json()["field"] == "tiers"
    twice = office.patch(address, {"tiers": tiers(("one", 0, 5), exceptions=[exceptions[0]] * 2)}, format="json")
    assert (twice.status_code, "two exceptions" in twice.json()["detail"]) == (422, True)
    assert office.delete(address).status_code == 204
    assert office.get(address).status_code == 404
    assert not ProgrammeDraft.objects.exists()


def test_a_draft_begins_from_a_programme(office) -> None:
    south = make_region()
    programme = make_programme((("bronze", 0, 4), ("silver", 100, 8)), region=south, window_months=3)
    made = office.post(DRAFTS, {"from_programme": programme.code, "name_en": "Better"}, format="json").json()
    assert (made["name_ru"], made["name_en"], made["region"], made["window_months"]) == (
        programme.name_ru,
        "Better",
        south.code,
        3,
    )
    assert [tier["code"] for tier in made["tiers"]] == ["bronze", "silver"]
    assert office.post(DRAFTS, {"from_programme": "none"}, format="json").json()["field"] == "from_programme"
    refused = office.post(DRAFTS, {"name_en": "Better"}, format="json")
    assert (refused.status_code, "name_ru" in str(refused.json())) == (400, True)


def test_a_simulation_from_asking_to_the_workbook(office) -> None:
    make_programme((("bronze", 0, 0), ("silver", 1000, 10)))
    south = make_region()
    dealer = make_dealer("South", region=south)
    make_dealer("North")
    make_sale(dealer, dt.date(2026, 3, 9), 900)
    draft = office.post(DRAFTS, {**NAMES, "tiers": tiers(("new", 0, 10))}, format="json").json()["id"]
    wanted = {"draft": draft, "first_month": "2026-01-15", "last_month": "2026-06-01", "region": south.code}
    asked = office.post(SIMULATIONS, wanted, format="json")
    assert asked.status_code == 202, asked.json()
    address = f"{SIMULATIONS}{asked.json()['id']}/"
    assert (asked.json()["state"], asked.json()["result"], asked.json()["first_month"]) == (
        "queued",
        None,
        "2026-01-01",
    )
    assert office.get(f"{address}result/").status_code == 404
    assert run_next_simulation()
    done = office.get(address).json()
    assert (done["state"], done["percent"], done["report"]["dealers"], done["report"]["gain"]) == ("done", 100, 1, 1)
    book = office.get(done["result"])
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert office.get(SIMULATIONS).json()["count"] == 1

    other = office.post(SIMULATIONS, wanted, format="json").json()["id"]
    assert office.post(f"{SIMULATIONS}{other}/cancel/").json()["state"] == "cancelled"
    assert not run_next_simulation()
    assert office.post(SIMULATIONS, wanted | {"region": "none"}, format="json").json()["field"] == "region"
    assert office.post(SIMULATIONS, wanted | {"draft": 0}, format="json").status_code == 404


def test_lists_cost_the_same_for_one_and_for_many(office, django_assert_num_queries) -> None:
    category, brand = make_category("drills"), make_brand()
    said = [{"category": category.code, "discount": 1}, {"brand": brand.code, "discount": 1}]
    premiums = [{**NAMES, "kind": "stepped", "slices": [{"threshold": 0, "percent": 1}]}]
    for _n in range(5):
        body = {**NAMES, "tiers": tiers(("one", 0, 5), ("two", 500, 9), exceptions=said), "premiums": premiums}
        assert office.post(DRAFTS, body, format="json").status_code == 201
    for size in (1, 5):
        with django_assert_num_queries(
            9
        ):  # token, count, drafts; tiers, exceptions, categories, brands; premiums, slices
            assert len(office.get(f"{DRAFTS}?page_size={size}").json()["results"]) == size


@pytest.mark.parametrize("who", [Role.OWNER, StaffRole.EDITOR, StaffRole.ANALYST])
def test_nobody_else(who) -> None:
    machine = api_client_of(make_member(who) if isinstance(who, Role) else make_staff(who))
    assert machine.get(DRAFTS).status_code == 403
    assert machine.post(DRAFTS, {**NAMES}, format="json").status_code == 403
    assert machine.post(SIMULATIONS, {}, format="json").status_code == 403
    assert not ProgrammeDraft.objects.exists()
