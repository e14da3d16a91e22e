"""The client base: the dealer's list, the blind check, and claims of which the first wins."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.admin import DeskViewSet, SafeExport
from accounts.enums import Role, StaffRole
from accounts.principals import of_user
from ordering.clients import rules, services
from ordering.clients.errors import BadTaxId, ChecksUsedUp, ClientListed, ClientTaken, TooManyClaims
from ordering.clients.models import Client, ClientCheck, DealerClient, Registration
from ordering.clients.queries import clients_of
from ordering.clients.services import (
    ClientFacts,
    add_client,
    check_client,
    decide_registration,
    edit_client,
    register_client,
)
from portal.lib.errors import Invalid, Missing, NotAllowed
from search.models import Change
from tests.clients import PortalClient, api_client_of
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_clients import TAX_IDS, make_client, make_dealer_client
from tests.factories_orders import NOON, acting

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def owner(dealer=None):
    return acting(make_member(Role.OWNER, dealer=dealer or make_dealer()))


def office():
    return of_user(make_staff(StaffRole.MANAGER))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("770708389", "9 digits"),
        ("7707083894", "wrong digit"),
        ("77070838932", "11 digits"),
        ("77x7083893", "wrong digit"),
    ],
)
def test_a_wrong_tax_id_is_named_with_its_remedy(typed: str, words: str) -> None:
    with pytest.raises(BadTaxId, match=words):
        rules.tax_id(typed)


def test_a_right_tax_id_is_kept_in_digits() -> None:
    assert [rules.tax_id(typed) for typed in (" 7707 083-893 ", "500100732259", "")] == [
        "7707083893",
        "500100732259",
        "",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8 (918) 000-00-01", "+79180000001"),
        ("+7 918 0000001", "+79180000001"),
        ("9180000001", "+79180000001"),
        ("", ""),
    ],
)
def test_phones_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert rules.phone_key(typed) == kept


def test_a_client_is_added_once_and_can_be_found() -> None:
    by = owner()
    row = add_client(by=by, facts=ClientFacts(" Камнеград ", tax_id=TAX_IDS[0], town="Тимашёвск"), on=TODAY)
    assert (row.name, row.tax_id, row.client.name, row.client.tax_id) == ("Камнеград", TAX_IDS[0]) * 2
    assert Change.objects.filter(kind="client", key=str(row.pk)).exists()
    with pytest.raises(ClientListed):
        add_client(by=by, facts=ClientFacts("Kamnegrad", tax_id=TAX_IDS[0]), on=TODAY)
    for words in ("камне", TAX_IDS[0][:5], "тимаш"):
        assert list(clients_of(by, words=words, on=TODAY)) == [row]
    assert list(clients_of(by, words="other", on=TODAY)) == []


def test_who_may_change_the_list() -> None:
    dealer = make_dealer()
    row = make_dealer_client(dealer)
    buyer = acting(make_member(Role.BUYER, dealer=dealer))
    assert list(clients_of(buyer, on=TODAY)) == [row]
    with pytest.raises(NotAllowed):
        edit_client(by=buyer, row_id=row.pk, facts=ClientFacts("x"))
    with pytest.raises(Missing):
        edit_client(by=owner(), row_id=row.pk, facts=ClientFacts("x"))
    assert list(clients_of(acting(make_member(Role.READER, dealer=dealer)), on=TODAY)) == []
    seller = acting(make_member(Role.SELLER, dealer=dealer))
    assert add_client(by=seller, facts=ClientFacts("New"), on=TODAY).seller_id == seller.membership_id


def claimed(by, tax_id: str = TAX_IDS[0], name: str = "Canary") -> Registration:
    claim = register_client(by=by, facts=ClientFacts(name, tax_id=tax_id, town="Town"), at=NOON, days=30)
    return decide_registration(by=office(), registration_id=claim.pk, accept=True, at=NOON)


def test_the_blind_check_says_all_four_answers_and_never_who() -> None:
    mine, theirs = owner(), owner()
    assert check_client(by=mine, question=TAX_IDS[0], at=NOON).answer == "free"
    claim = register_client(by=theirs, facts=ClientFacts("Canary", tax_id=TAX_IDS[0], town="Town"), at=NOON, days=30)
    assert check_client(by=mine, question=TAX_IDS[0], at=NOON).answer == "under_review"
    decide_registration(by=office(), registration_id=claim.pk, accept=True, at=NOON)
    own, other = (
        check_client(by=theirs, question=TAX_IDS[0], at=NOON),
        check_client(by=mine, question=TAX_IDS[0], at=NOON),
    )
    assert (own.answer, own.until) == ("yours", TODAY + dt.timedelta(days=29))
    assert (other.answer, other.until, other.evidence) == ("protected", None, "tax_id")
    member = make_member(Role.OWNER, dealer=make_dealer())
    for answer in (
        api_client_of(member).post("/api/v1/clients/check/", {"query": TAX_IDS[0]}, format="json").content.decode(),
        PortalClient(member).post("/clients/check/", {"query": TAX_IDS[0]}).content.decode(),
    ):
        assert "Canary" not in answer
        assert "protected" in answer.lower()


@pytest.mark.parametrize("question", ["123", "Камнеград", "Завод Камнеград Тимашёвск"])
def test_a_question_that_means_nobody_is_not_answered_free_and_costs_no_check(question: str) -> None:
    by = owner()
    with pytest.raises(Invalid, match="Not understood"):
        check_client(by=by, question=question, at=NOON)
    assert ClientCheck.objects.count() == 0


def test_a_free_client_that_somebody_entered_looks_like_one_nobody_did() -> None:
    make_client("Камнеград", tax_id=TAX_IDS[0])
    machine = api_client_of(make_member(Role.OWNER))
    known, unknown = (
        machine.post("/api/v1/clients/check/", {"query": tax_id}, format="json").json() for tax_id in TAX_IDS[:2]
    )
    varying = {"number", "checked_at", "query", "checks_left"}
    assert {k: v for k, v in known.items() if k not in varying} == {
        k: v for k, v in unknown.items() if k not in varying
    }
    assert (known["answer"], known["matched_by"]) == ("free", None)


@pytest.mark.parametrize(
    ("question", "evidence"),
    [
        (TAX_IDS[0], "tax_id"),
        ("https://www.kamnegrad.example/shop", "domain"),
        ("sales@kamnegrad.example", "domain"),
        ("8 918 000 00 01", "phone"),
        ("завод жби камнеград, Тимашевск", "name"),
        ("ООО Завод ЖБИ «Камнеград», Тимашёвск", "name"),
        ("Камнеград, Краснодар", ""),
    ],
)
def test_what_a_client_is_recognised_by(question: str, evidence: str) -> None:
    make_client(
        "Завод ЖБИ «Камнеград»", tax_id=TAX_IDS[0], town="Тимашёвск", phone="+79180000001", domain="kamnegrad.example"
    )
    assert check_client(by=owner(), question=question, at=NOON).evidence == evidence


def test_checks_are_counted_kept_and_run_out() -> None:
    by = owner()
    for _ in range(rules.CHECKS_A_DAY):
        check_client(by=by, question="x, y", at=NOON)
    with pytest.raises(ChecksUsedUp):
        check_client(by=by, question="x, y", at=NOON)
    assert ClientCheck.objects.count() == rules.CHECKS_A_DAY
    check_client(by=owner(), question="x, y", at=NOON)
    check_client(by=by, question="x, y", at=NOON + dt.timedelta(days=1))
    with pytest.raises(Exception, match=r"(?i)kept_as_answered|read.?only|cannot"), transaction.atomic():
        ClientCheck.objects.update(answer="yours")


def test_the_first_complete_claim_wins() -> None:
    first, second = owner(), owner()
    with pytest.raises(Invalid):
        register_client(by=second, facts=ClientFacts("No tax id"), at=NOON)
    register_client(by=first, facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=NOON)
    with pytest.raises(ClientTaken) as refused:
        register_client(by=second, facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=NOON)
    assert "dealer" not in str(refused.value.extra)
    assert Registration.objects.count() == 1
    # What the losing side saw does not stay on its list either.
    assert not DealerClient.objects.filter(dealer=second.dealer_id).exists()


def test_overlap_is_impossible_in_the_database_itself() -> None:
    claim = claimed(owner())
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            dealer=make_dealer(),
            client=claim.client,
            validity=DateRange(TODAY, None),
            state="under_review",
            submitted_at=NOON,
        )


def test_an_ended_claim_frees_the_client() -> None:
    first, second = owner(), owner()
    claim = register_client(by=first, facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=NOON)
    decide_registration(by=office(), registration_id=claim.pk, accept=False, at=NOON)
    assert register_client(by=second, facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=NOON).pk


def test_the_clock_stands_still_while_the_head_office_decides() -> None:
    claim = register_client(by=owner(), facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=NOON, days=30)
    later = NOON + dt.timedelta(days=3)
    decided = decide_registration(by=office(), registration_id=claim.pk, accept=True, at=later)
    assert (decided.validity.upper - later.date()).days == 30


def test_the_api_as_promised() -> None:
    dealer = make_dealer()
    member = make_member(Role.SELLER, dealer=dealer)
    client = api_client_of(member)
    row = make_dealer_client(dealer, "Alpha", tax_id=TAX_IDS[0])
    make_dealer_client(make_dealer(), "Alpha Canary")
    body = client.get("/api/v1/clients/", {"q": "alpha"}).json()
    assert (body["count"], body["results"][0]["id"], body["results"][0]["claim"]) == (1, row.pk, None)
    made = client.post(
        "/api/v1/clients/registrations/", {"tax_id": TAX_IDS[0], "name": "Alpha", "days": 10}, format="json"
    )
    assert (made.status_code, made.json()["state"]) == (201, "under_review")
    again = client.post("/api/v1/clients/registrations/", {"tax_id": TAX_IDS[0], "name": "Alpha"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "client_taken")
    wrong = client.post("/api/v1/clients/registrations/", {"tax_id": "123", "name": "Alpha"}, format="json")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (422, "tax_id_invalid", "tax_id")
    reader = api_client_of(make_member(Role.READER, dealer=dealer))
    buyer = api_client_of(make_member(Role.BUYER, dealer=dealer))
    assert reader.get("/api/v1/clients/").status_code == 403
    assert api_client_of().get("/api/v1/clients/").status_code == 401
    assert buyer.get("/api/v1/clients/").status_code == 200
    assert buyer.post("/api/v1/clients/registrations/", {}, format="json").status_code == 403


def test_the_pages() -> None:
    dealer = make_dealer()
    client = PortalClient(make_member(Role.OWNER, dealer=dealer))
    assert client.post("/clients/new/", {"name": "Alpha", "tax_id": "770708389"}).status_code == 422
    assert client.post("/clients/new/", {"name": "Alpha", "tax_id": TAX_IDS[0]}).status_code == 302
    row = DealerClient.objects.get()
    assert "Alpha" in client.get("/clients/?q=alp").content.decode()
    assert client.post(f"/clients/{row.pk}/", {"name": "Beta", "tax_id": TAX_IDS[0]}).status_code == 302
    assert (DealerClient.objects.get().name, Client.objects.get().name) == ("Beta", "Beta")
    assert client.post("/clients/register/", {"name": "Beta", "tax_id": TAX_IDS[0], "days": "30"}).status_code == 302
    assert "Under review" in client.get("/clients/").content.decode()
    other = PortalClient(make_member(Role.OWNER, dealer=make_dealer()))
    assert other.get(f"/clients/{row.pk}/").status_code == 404
    buyer = PortalClient(make_member(Role.BUYER, dealer=dealer))
    assert (buyer.get("/clients/").status_code, buyer.get("/clients/new/").status_code) == (200, 403)
    assert PortalClient(make_member(Role.READER, dealer=dealer)).get("/clients/").status_code == 403
    desk = PortalClient(make_staff(StaffRole.MANAGER))
    for name in ("client", "dealerclient", "registration", "clientcheck"):
        assert desk.get(f"/cms/{name}/").status_code == 200, name


def test_the_list_costs_the_same_queries_for_one_and_for_a_hundred() -> None:
    counted = []
    for rows in (1, 100):
        dealer = make_dealer()
        for _ in range(rows):
            make_dealer_client(dealer)
        client = PortalClient(make_member(Role.OWNER, dealer=dealer))
        client.get("/clients/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/clients/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_question_is_no_formula_in_the_head_offices_file() -> None:
    seller = make_member(Role.OWNER)
    check_client(by=acting(seller), question="=HYPERLINK(1,2)", at=NOON)
    desk = PortalClient(make_staff(StaffRole.ADMINISTRATOR))
    answer = desk.get("/cms/clientcheck/?export=csv")
    lines = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK(1,2)" in lines


def test_every_desk_of_every_room_exports_safely() -> None:
    def below(kind: type[DeskViewSet]) -> list[type[DeskViewSet]]:
        return [each for child in kind.__subclasses__() for each in (child, *below(child))]

    desks = below(DeskViewSet)
    assert len(desks) > 15
    assert all(issubclass(desk.index_view_class, SafeExport) for desk in desks)


def test_every_try_to_register_counts_as_a_check() -> None:
    first, second = owner(), owner()
    taken = ClientFacts("A", tax_id=TAX_IDS[1])
    register_client(by=first, facts=taken, at=NOON)
    assert ClientCheck.objects.filter(dealer=first.dealer_id).count() == 1
    for _n in range(rules.CHECKS_A_DAY):
        with pytest.raises(ClientTaken):
            register_client(by=second, facts=taken, at=NOON)
    with pytest.raises(ChecksUsedUp):
        register_client(by=second, facts=taken, at=NOON)
    with pytest.raises(ChecksUsedUp):
        check_client(by=second, question="x, y", at=NOON)
    assert ClientCheck.objects.filter(dealer=second.dealer_id, answer="under_review").count() == rules.CHECKS_A_DAY


def test_a_refused_try_is_kept_under_an_idempotency_key_too() -> None:
    register_client(by=owner(), facts=ClientFacts("A", tax_id=TAX_IDS[1]), at=timezone.now())
    member = make_member(Role.OWNER)
    api, body = api_client_of(member), {"name": "A", "tax_id": TAX_IDS[1]}
    for _again in range(2):
        answer = api.post("/api/v1/clients/registrations/", body, format="json", HTTP_IDEMPOTENCY_KEY="one")
        assert (answer.status_code, answer.json()["code"]) == (409, "client_taken")
        assert ClientCheck.objects.filter(dealer=member.dealer).count() == 1


def test_claims_under_review_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_UNDER_REVIEW", 1)
    by = owner()
    claim = register_client(by=by, facts=ClientFacts("A", tax_id=TAX_IDS[0]), at=NOON)
    with pytest.raises(TooManyClaims):
        register_client(by=by, facts=ClientFacts("B", tax_id=TAX_IDS[1]), at=NOON)
    assert Registration.objects.count() == 1
    decide_registration(by=office(), registration_id=claim.pk, accept=True, at=NOON)
    assert register_client(by=by, facts=ClientFacts("B", tax_id=TAX_IDS[1]), at=NOON).pk


def test_checks_are_numbered_by_dealer() -> None:
    mine, theirs = owner(), owner()
    numbers = [check_client(by=by, question="x, y", at=NOON).number for by in (mine, theirs, theirs, mine)]
    assert numbers == [1, 1, 2, 2]
