"""Contracts, promotions and price lists over the API: what a machine of the head office may do, and whom it shows what."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role, StaffRole
from ordering.pricing.models import Contract, PriceListVersion, Promotion
from ordering.pricing.queries import PriceContext, price_of
from portal.lib.clock import business_date
from tests.clients import api_client_of
from tests.factories import make_audience, make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_category
from tests.factories_pricing import make_article, make_contract, make_price_list, make_promotion

pytestmark = pytest.mark.django_db
NAMES = {"name_ru": "Договор 7", "name_en": "Contract 7"}


@pytest.fixture
def office():
    """A machine of the head office with the right to make prices."""
    return api_client_of(make_staff(StaffRole.PROGRAMME))


def unit(dealer, article, quantity=1):
    found = price_of(PriceContext.of_dealer(dealer.pk), article.pk, quantity)
    return found.unit_price if found else None


class TestContracts:
    def test_a_draft_makes_no_price_until_it_is_published(self, office) -> None:
        article, dealer = make_article(), make_dealer()
        make_price_list({article: 100})
        breaks = [{"min_quantity": 1, "amount": "80.5000"}, {"min_quantity": 10, "amount": "70.0000"}]
        sent = {**NAMES, "dealer": dealer.code, "sku": article.sku, "breaks": breaks, "forbids_discounts": True}
        made = office.post("/api/v1/contracts/", sent, format="json")
        assert made.status_code == 201, made.json()
        body = made.json()
        assert (body["state"], body["breaks"], body["last_day"]) == ("draft", breaks, None)
        assert unit(dealer, article) == 100
        address = f"/api/v1/contracts/{body['id']}/"
        changed = office.patch(address, {"breaks": [{"min_quantity": 1, "amount": "79"}]}, format="json")
        assert [one["amount"] for one in changed.json()["breaks"]] == ["79.0000"]

        published = office.post(f"{address}publish/")
        assert (published.status_code, published.json()["state"]) == (200, "current")
        assert unit(dealer, article) == 79
        refused = office.patch(address, {"name_en": "Other"}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (409, "deal_published")

        today = business_date()
        ended = office.post(f"{address}end/", {"last_day": today.isoformat()}, format="json")
        assert (ended.status_code, ended.json()["last_day"], ended.json()["state"]) == (200, str(today), "current")
        with time_machine.travel(dt.datetime.combine(today + dt.timedelta(days=2), dt.time(9), dt.UTC)):
            assert office.get(address).json()["state"] == "past"
            assert unit(dealer, article) == 100

    def test_what_is_wrong_is_named_and_nothing_is_kept(self, office) -> None:
        article, dealer = make_article(), make_dealer()
        whole = {**NAMES, "dealer": dealer.code, "sku": article.sku, "percent": "5"}
        for wrong, status, field in (
            ({"dealer": "nobody"}, 422, "dealer"),
            ({"sku": "no-such"}, 422, "sku"),
            ({"sku": None, "category": "no-such"}, 422, "category"),
            ({"last_day": "2020-01-01"}, 422, "last_day"),
            ({"percent": "100"}, 422, None),
            ({"percent": None}, 422, None),
            ({"category": make_category().code}, 422, None),
            ({"percent": None, "breaks": [{"min_quantity": 5, "amount": "1"}]}, 422, None),
            ({"currency": "roubles"}, 400, "currency"),
        ):
            answer = office.post("/api/v1/contracts/", whole | wrong, format="json")
            told = answer.json().get("field") or next(iter(answer.json().get("errors", {})), None)
            assert (answer.status_code, told) == (status, field), (wrong, answer.json())
        assert not Contract.objects.exists()
        assert office.post("/api/v1/contracts/", whole | {"publish": True}, format="json").status_code == 201
        again = office.post("/api/v1/contracts/", whole | {"publish": True}, format="json")
        assert (again.status_code, again.json()["code"], Contract.objects.count()) == (409, "contracts_overlap", 1)

    def test_a_dealer_reads_its_own_published_ones_and_writes_none(self) -> None:
        article, member, rival = make_article(), make_member(Role.BUYER), make_dealer()
        mine = make_contract(member.dealer, article, 50)
        make_contract(member.dealer, article, 40, start=dt.date(2099, 1, 1), publish=False)
        theirs = make_contract(rival, article, 30, name_en="Rival")
        machine = api_client_of(member)
        listed = machine.get("/api/v1/contracts/").json()
        assert [one["id"] for one in listed["results"]] == [mine.pk]
        assert machine.get(f"/api/v1/contracts/?dealer={rival.code}").json()["count"] == 0
        assert machine.get(f"/api/v1/contracts/{theirs.pk}/").status_code == 404
        assert machine.post("/api/v1/contracts/", {**NAMES}, format="json").status_code == 403
        assert machine.post(f"/api/v1/contracts/{mine.pk}/end/", {"last_day": "2099-01-01"}).status_code == 403
        reader = api_client_of(make_member(Role.READER, dealer=member.dealer))
        assert reader.get("/api/v1/contracts/").json()["count"] == 0
        assert api_client_of().get("/api/v1/contracts/").status_code == 401

    def test_by_state_and_article_at_a_fixed_number_of_queries(self, office, django_assert_num_queries) -> None:
        dealer, articles = make_dealer(), [make_article() for _ in range(12)]
        far = dt.date(2099, 1, 1)
        kinds = (
            ("current", {}),
            ("coming", {"start": far}),
            ("past", {"end": dt.date(2025, 1, 1)}),
            ("draft", {"publish": False}),
        )
        for article, (_state, facts) in zip(articles, kinds * 3, strict=True):
            make_contract(dealer, article, 5, **facts)
        office.get("/api/v1/contracts/")
        for size in (1, 100):
            with django_assert_num_queries(3):  # token, count, page
                office.get(f"/api/v1/contracts/?page_size={size}")
        for state, _facts in kinds:
            found = office.get(f"/api/v1/contracts/?state={state}").json()["results"]
            assert [one["state"] for one in found] == [state] * 3
        assert office.get(f"/api/v1/contracts/?sku={articles[0].sku.lower()}").json()["count"] == 1
        assert office.get("/api/v1/contracts/?state=none").status_code == 422


class TestPromotions:
    def test_for_an_audience_from_draft_to_price(self, office) -> None:
        article, member, rival = make_article(), make_member(Role.OWNER), make_member(Role.OWNER)
        make_price_list({article: 100})
        audience = make_audience("Chosen", dealers=[member.dealer])
        sent = {"name_ru": "Акция", "name_en": "Offer", "percent": "10", "audience": "Chosen", "publish": True}
        made = office.post("/api/v1/promotions/", sent, format="json")
        assert (made.status_code, made.json()["audience"]) == (201, audience.name), made.json()
        assert (unit(member.dealer, article), unit(rival.dealer, article)) == (90, 100)
        seen = api_client_of(member).get("/api/v1/promotions/").json()["results"]
        assert [one["id"] for one in seen] == [made.json()["id"]]
        assert "audience" not in seen[0], "whom else it is for is nobody's business"
        assert api_client_of(rival).get("/api/v1/promotions/").json()["count"] == 0
        assert api_client_of(rival).get(f"/api/v1/promotions/{made.json()['id']}/").status_code == 404
        unknown = office.post("/api/v1/promotions/", sent | {"audience": "None such"}, format="json")
        assert (unknown.status_code, unknown.json()["field"]) == (422, "audience")
        fixed = office.post("/api/v1/promotions/", {**NAMES, "amount": "5"}, format="json")
        assert fixed.status_code == 422, "a fixed price needs its currency"
        assert Promotion.objects.count() == 1

    def test_ended_before_its_day_it_never_holds(self, office) -> None:
        offer = make_promotion(percent=5, start=business_date() + dt.timedelta(days=5))
        today = business_date().isoformat()
        ended = office.post(f"/api/v1/promotions/{offer.pk}/end/", {"last_day": today}, format="json").json()
        assert (ended["state"], ended["valid_from"]) == ("past", None)


class TestPriceLists:
    def test_a_list_from_nothing_to_prices(self, office) -> None:
        article, region = make_article(), make_region()
        dealer = make_dealer(region=region)
        facts = {"code": "south", "name_ru": "Юг", "name_en": "South", "scope": "region", "region": region.code}
        made = office.post("/api/v1/price-lists/", facts, format="json")
        assert (made.status_code, made.json()["versions"]) == (201, []), made.json()
        assert office.post("/api/v1/price-lists/", facts, format="json").json()["field"] == "code"
        prices = [{"sku": article.sku, "price": "12.50"}, {"sku": article.sku, "price": "11", "min_quantity": 10}]
        versions = "/api/v1/price-lists/south/versions/"
        draft = office.post(versions, {"prices": [*prices, {"sku": "unknown", "price": "1"}]}, format="json")
        assert draft.status_code == 201, draft.json()
        body = draft.json()
        assert (body["articles"], body["unknown"], body["changes"]["new"]) == (1, [{"row": 3, "sku": "unknown"}], 2)
        assert unit(dealer, article) is None
        address = f"{versions}{body['version']['number']}/"
        assert [row["coming"] for row in office.get(f"{address}changes/").json()["rows"]] == ["12.5000", "11.0000"]
        published = office.post(f"{address}publish/", {}, format="json").json()
        assert (published["valid_from"], published["prices"]) == (str(business_date()), 2)
        assert (unit(dealer, article), unit(dealer, article, 10)) == (Decimal("12.5"), 11)
        same = office.post(versions, {"prices": prices, "publish": True}, format="json")
        assert (same.status_code, same.json()["version"]) == (200, None)
        assert office.get("/api/v1/price-lists/").json()["results"][0]["versions"][0]["number"] == 1

    def test_a_file_of_bad_rows_changes_nothing_and_names_them(self, office) -> None:
        price_list = make_price_list({make_article(sku="A-1"): 10}, code="base")
        file = SimpleUploadedFile("prices.csv", b"sku;price\nA-1;20\nA-1;2,024\nA-1;-5\n")
        answer = office.post(f"/api/v1/price-lists/{price_list.code}/versions/", {"file": file, "publish": "true"})
        assert (answer.status_code, answer.json()["code"]) == (422, "price_file_refused")
        assert [row["row"] for row in answer.json()["refusals"]] == [3, 4]
        assert PriceListVersion.objects.count() == 1
        for body in ({}, {"prices": [{"sku": "A-1", "price": "-1"}]}, {"prices": [{"sku": "A-1", "price": "x"}]}):
            answer = office.post(f"/api/v1/price-lists/{price_list.code}/versions/", body, format="json")
            assert answer.status_code in {400, 422}, body
        assert PriceListVersion.objects.count() == 1

    def test_taken_back_before_its_day(self, office) -> None:
        article = make_article()
        price_list = make_price_list({article: 10})
        tomorrow = (business_date() + dt.timedelta(days=1)).isoformat()
        versions = f"/api/v1/price-lists/{price_list.code}/versions/"
        sent = {"prices": [{"sku": article.sku, "price": "20"}], "valid_from": tomorrow, "publish": True}
        number = office.post(versions, sent, format="json").json()["version"]["number"]
        back = office.post(f"{versions}{number}/withdraw/")
        assert (back.status_code, back.json()["valid_from"]) == (200, None)
        assert office.post(f"{versions}{number}/withdraw/").status_code == 409
        assert office.post(f"{versions}99/publish/").status_code == 404
        assert office.post("/api/v1/price-lists/none/versions/", sent, format="json").status_code == 404

    @pytest.mark.parametrize("who", [Role.OWNER, StaffRole.EDITOR, StaffRole.ANALYST])
    def test_nobody_else_sees_or_makes_lists(self, who) -> None:
        person = make_member(who) if isinstance(who, Role) else make_staff(who)
        price_list = make_price_list({make_article(): 10})
        machine = api_client_of(person)
        assert machine.get("/api/v1/price-lists/").status_code == 403
        assert machine.post(f"/api/v1/price-lists/{price_list.code}/versions/", {}, format="json").status_code == 403
