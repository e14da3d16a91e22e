"""Programmes, tiers held and proposed awards over the API: who sees what, and that machines follow the same rules."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from ordering.programme.enums import AwardReason
from ordering.programme.models import TierException
from ordering.programme.services import decide_movers, evaluate_due
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_brand
from tests.factories_pricing import OFFICE, make_award, make_programme, tier_on

pytestmark = pytest.mark.django_db
HELD, PROGRAMMES, PROPOSALS = (f"/api/v1/programme/{name}/" for name in ("tiers-held", "programmes", "proposals"))
DAY = dt.timedelta(days=1)


@pytest.fixture
def office():
    return api_client_of(make_staff(StaffRole.PROGRAMME))


def codes(client, **asked):
    return {row["dealer"]: [(one["brand"], one["code"]) for one in row["tiers"]]
            for row in client.get(HELD, asked).json()["results"]}  # fmt: skip


def test_the_tiers_held_are_those_that_count(office) -> None:
    red = make_brand()
    whole, of_red = make_programme(), make_programme((("fan", 0, 15),), brand=red)
    one, other = make_dealer(code="a-one"), make_dealer(code="b-other")
    make_dealer(code="c-closed", is_active=False)
    make_award(one, whole.tiers.get(code="bronze"))
    make_award(one, whole.tiers.get(code="gold"), reason=AwardReason.MANUAL, end=dt.date(2099, 1, 1))
    make_award(one, of_red.tiers.get())
    assert codes(office) == {"a-one": [(None, "gold"), (red.code, "fan")], "b-other": []}
    assert codes(office, dealer="a-one").keys() == {"a-one"}
    assert codes(office, on="2099-01-01")["a-one"] == [(None, "bronze"), (red.code, "fan")]
    gold = office.get(HELD).json()["results"][0]["tiers"][0]
    assert (gold["discount"], gold["last_day"]) == ("11.00", "2098-12-31")
    assert {office.get(HELD, {"on": day}).status_code for day in ("tomorrow", "9999-12-31")} == {422}
    assert codes(api_client_of(make_staff(StaffRole.ANALYST))).keys() == {"a-one", "b-other"}
    assert codes(api_client_of(make_member(Role.SELLER, dealer=one))).keys() == {"a-one"}
    assert codes(api_client_of(make_member(Role.OWNER, dealer=other))) == {"b-other": []}
    assert codes(api_client_of(make_member(Role.OWNER, dealer=other)), dealer="a-one") == {}
    assert codes(api_client_of(make_member(Role.READER, dealer=one))) == {}
    assert codes(api_client_of(make_staff(StaffRole.EDITOR))) == {}


def test_the_list_of_tiers_asks_as_often_for_two_dealers_as_for_twenty(office) -> None:
    programme = make_programme((("flat", 0, 5),))
    office.get(HELD)

    def queries(more: int) -> int:
        for _ in range(more):
            make_award(make_dealer(), programme.tiers.get())
        with CaptureQueriesContext(connection) as found:
            assert office.get(HELD).status_code == 200
        return len(found)

    assert queries(2) == queries(18)


def test_a_programme_is_told_whole_and_only_to_those_who_take_part(office) -> None:
    south, red = make_region(code="south"), make_brand()
    ours = make_programme((("flat", 0, 5),), region=south, code="ours")
    make_programme((("flat", 0, 9),), brand=red, region=make_region(), code="theirs")
    make_programme((("flat", 0, 1),), code="past", start=dt.date(2018, 1, 1), end=dt.date(2019, 1, 1))
    TierException.objects.create(tier=ours.tiers.get(), brand=red, discount=Decimal(2))
    member = make_member(Role.BUYER, dealer=make_dealer(region=south))
    evaluate_due(on=business_date(), by=OFFICE)

    told = {one["code"]: one for one in office.get(PROGRAMMES).json()["results"]}
    assert told.keys() == {"ours", "theirs"}
    assert (told["ours"]["region"], told["ours"]["brand"], told["ours"]["last_day"]) == ("south", None, None)
    assert told["ours"]["tiers"][0]["exceptions"] == [{"category": None, "brand": red.code, "discount": "2.00"}]
    assert told["ours"]["evaluated_on"]
    assert [one["code"] for one in office.get(PROGRAMMES, {"on": "2018-06-01"}).json()["results"]] == ["past"]

    mine = api_client_of(member).get(PROGRAMMES).json()["results"]
    assert [one["code"] for one in mine] == ["ours"]
    for region in (make_region(), south):  # there and back: taken part twice, told once
        member.dealer.home_region = region
        member.dealer.save()
        assert decide_movers(on=business_date() + DAY, by=OFFICE) == 1
    assert api_client_of(member).get(PROGRAMMES).json()["count"] == 1
    for stranger in (
        make_member(Role.OWNER),
        make_member(Role.READER, dealer=member.dealer),
        make_staff(StaffRole.EDITOR),
    ):
        assert api_client_of(stranger).get(PROGRAMMES).json()["results"] == []


def test_one_proposes_and_another_decides(office) -> None:
    dealer, programme = make_dealer(), make_programme()
    evaluate_due(on=business_date(), by=OFFICE)
    today = business_date()
    asked = {"dealer": dealer.code, "programme": programme.code, "tier": "gold", "first_day": str(today),
             "last_day": str(today + 9 * DAY), "reason": "A tender"}  # fmt: skip
    made = office.post(PROPOSALS, asked, format="json")
    assert made.status_code == 201, made.json()
    assert (made.json()["state"], made.json()["last_day"]) == ("waiting", asked["last_day"])
    own = office.post(f"{PROPOSALS}{made.json()['id']}/approve/")
    assert (own.status_code, own.json()["code"]) == (409, "approver_must_be_another")
    other = api_client_of(make_staff(StaffRole.PROGRAMME))
    approved = other.post(f"{PROPOSALS}{made.json()['id']}/approve/")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert tier_on(dealer.pk, today).code == "gold"
    again = other.post(f"{PROPOSALS}{made.json()['id']}/refuse/")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    with time_machine.travel(dt.datetime.combine(today + 11 * DAY, dt.time(12), dt.UTC)):
        assert tier_on(dealer.pk, business_date()).code == "bronze"

    second = office.post(PROPOSALS, asked | {"reason": "Again"}, format="json").json()
    assert other.post(f"{PROPOSALS}{second['id']}/refuse/").json()["state"] == "refused"
    assert [one["state"] for one in other.get(PROPOSALS).json()["results"]] == ["refused", "approved"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"dealer": "none"}, "dealer"), ({"programme": "none"}, "programme"), ({"tier": "none"}, "tier"),
     ({"last_day": "2020-01-01"}, "last_day"), ({"last_day": "9999-12-31"}, "last_day"), ({"reason": ""}, "reason")],
)  # fmt: skip
def test_what_cannot_be_proposed_names_its_field(office, wrong, field) -> None:
    dealer, programme, today = make_dealer(), make_programme(), business_date()
    asked = {"dealer": dealer.code, "programme": programme.code, "tier": "gold", "first_day": str(today),
             "last_day": str(today + DAY), "reason": "A tender"}  # fmt: skip
    answer = office.post(PROPOSALS, asked | wrong, format="json")
    assert answer.status_code in {400, 422}
    assert field in str(answer.json())


def test_proposals_are_the_head_offices() -> None:
    for stranger in (make_member(Role.OWNER), make_staff(StaffRole.EDITOR), make_staff(StaffRole.ANALYST)):
        assert api_client_of(stranger).get(PROPOSALS).status_code == 403
