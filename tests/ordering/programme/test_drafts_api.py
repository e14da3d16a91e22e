"""A system of the head office drafts a programme, simulates it and publishes it over the API."""

import datetime as dt

import pytest

from accounts.enums import Role, StaffRole
from ordering.programme.models import Programme, ProgrammeDraft
from ordering.programme.services import run_next_simulation
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_pricing import make_programme, make_sale

pytestmark = pytest.mark.django_db
DRAFTS, SIMULATIONS = "/api/v1/programme/drafts/", "/api/v1/programme/simulations/"
NAMES = {"name_ru": "Рост", "name_en": "Growth"}


@pytest.fixture
def office():
    return api_client_of(make_staff(StaffRole.PROGRAMME))


def tiers(*rows):
    return [
        {"code": code, "name_ru": code, "name_en": code, "threshold": f"{threshold}.00", "discount": f"{discount}.00"}
        for code, threshold, discount in rows
    ]


def test_from_draft_to_programme(office) -> None:
    old = make_programme((("bronze", 0, 4),))
    made = office.post(DRAFTS, {**NAMES, "tiers": tiers(("two", 500, 9), ("one", 0, 5))}, format="json")
    assert made.status_code == 201, made.json()
    draft = made.json()
    assert (draft["tiers"], draft["published_as"]) == (tiers(("one", 0, 5), ("two", 500, 9)), None)
    address = f"{DRAFTS}{draft['id']}/"
    changed = office.patch(address, {"grace_months": 2, "tiers": tiers(("one", 0, 6), ("two", 400, 9))}, format="json")
    assert (changed.status_code, changed.json()["grace_months"]) == (200, 2)
    assert changed.json()["tiers"] == tiers(("one", 0, 6), ("two", 400, 9))
    refused = office.patch(address, {"tiers": tiers(("one", 0, 6), ("one", 400, 9))}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "tiers_refused")
    assert office.get(address).json() == changed.json(), "what was refused changed nothing"

    begins = business_date() + dt.timedelta(days=30)
    assert office.post(f"{address}publish/", {"valid_from": "2020-01-01"}, format="json").status_code == 422
    published = office.post(f"{address}publish/", {"valid_from": begins.isoformat()}, format="json")
    fresh = Programme.objects.exclude(pk=old.pk).get()
    assert (published.status_code, published.json()["published_as"]) == (200, fresh.code)
    assert office.patch(address, {"grace_months": 3}, format="json").status_code == 409
    assert office.post(f"{address}publish/", {"valid_from": begins.isoformat()}, format="json").status_code == 409


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
    for _n in range(5):
        office.post(DRAFTS, {**NAMES, "tiers": tiers(("one", 0, 5), ("two", 500, 9))}, format="json")
    for size in (1, 5):
        with django_assert_num_queries(4):  # token, count, drafts, tiers
            assert len(office.get(f"{DRAFTS}?page_size={size}").json()["results"]) == size


@pytest.mark.parametrize("who", [Role.OWNER, StaffRole.EDITOR, StaffRole.ANALYST])
def test_nobody_else(who) -> None:
    machine = api_client_of(make_member(who) if isinstance(who, Role) else make_staff(who))
    assert machine.get(DRAFTS).status_code == 403
    assert machine.post(DRAFTS, {**NAMES}, format="json").status_code == 403
    assert machine.post(SIMULATIONS, {}, format="json").status_code == 403
    assert not ProgrammeDraft.objects.exists()
