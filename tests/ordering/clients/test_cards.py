"""A dealer's own cards: each dealer sees its own words, and nothing tells whether anybody else knows the company."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.models import Membership
from ordering.clients.errors import ClientListed
from ordering.clients.models import Client, DealerClient
from ordering.clients.search import SEARCHABLE
from ordering.clients.services import FACTS, ClientFacts, add_client, check_client, edit_client, register_client
from portal.searchables import SEARCHABLES
from search import indexing
from tests.clients import PortalClient, api_client_of
from tests.factories import make_dealer, make_member, make_staff
from tests.factories_clients import TAX_IDS
from tests.factories_orders import NOON, acting

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
CANARY = "Zimorodok"
KNOWN, KNOWN_TOO, FREE, FREE_TOO = TAX_IDS[:4]
THEIRS = ClientFacts(
    f"{CANARY} Works",
    KNOWN,
    f"{CANARY}sk",
    "+79991112233",
    f"{CANARY.lower()}@example.com",
    f"{CANARY.lower()}.example",
)
MINE = ClientFacts("Rubanok", KNOWN, "Labinsk", "+78610000001", "info@rubanok.example", "rubanok.example")
# What of THEIRS may be nowhere in an answer to anybody else.
SECRETS = (CANARY.lower(), "9991112233")


@pytest.fixture
def rival() -> Membership:
    """Somebody of the dealer who was first with two of the companies."""
    member = make_member(Role.OWNER, dealer=make_dealer("Rival"))
    for tax_id in (KNOWN, KNOWN_TOO):
        add_client(by=acting(member), facts=replace(THEIRS, tax_id=tax_id), note=CANARY, on=TODAY)
    return member


@pytest.fixture
def member() -> Membership:
    return make_member(Role.OWNER, dealer=make_dealer("Mine"))


def facts_of(kept: Client | DealerClient) -> ClientFacts:
    return ClientFacts(**{name: getattr(kept, name) for name in FACTS})


def seen_by(member: Membership, words: str) -> str:
    """Everything a dealer's person is shown about a client, in one text."""
    page, machine = PortalClient(member), api_client_of(member)
    row = DealerClient.objects.filter(dealer=member.dealer, tax_id=KNOWN).get()
    paths = ["/clients/", f"/clients/{row.pk}/", f"/search/?q={words}", f"/suggest/?q={words}", "/cart/"]
    calls = ["/api/v1/clients/", f"/api/v1/search/?q={words}", f"/api/v1/suggest/?q={words}"]
    answers = [page.get(path) for path in paths] + [machine.get(path) for path in calls]
    assert {answer.status_code for answer in answers} == {200}
    answers.append(page.post("/clients/new/", {"name": "Again", "tax_id": KNOWN}))  # it is on the list already
    answers.append(page.post("/clients/check/", {"query": KNOWN}))
    claim = {"name": row.name, "tax_id": KNOWN, "days": 5}
    answers += [machine.post("/api/v1/clients/registrations/", claim, format="json") for _twice in range(2)]
    return "\n".join(answer.content.decode().lower() for answer in answers)


def test_a_dealer_sees_the_own_words_and_the_other_dealer_others(rival: Membership, member: Membership) -> None:
    add_client(by=acting(member), facts=MINE, on=TODAY)
    indexing.process(SEARCHABLES)
    mine = seen_by(member, KNOWN)
    assert [word for word in SECRETS if word in mine] == []
    assert "rubanok" in mine
    # Negative control: the same walk finds the rival's words where they belong.
    theirs = seen_by(rival, KNOWN)
    assert [word for word in SECRETS if word in theirs] == list(SECRETS)
    assert "rubanok" not in theirs


def test_the_search_document_of_a_card_is_in_its_own_words(rival: Membership, member: Membership) -> None:
    row = add_client(by=acting(member), facts=MINE, on=TODAY)
    own = repr(list(SEARCHABLE.documents([str(row.pk)]))).lower()
    theirs = repr(
        list(SEARCHABLE.documents([str(DealerClient.objects.get(dealer=rival.dealer, tax_id=KNOWN).pk)]))
    ).lower()
    assert [word in own for word in SECRETS] == [False, False]
    assert [word in theirs for word in SECRETS] == [True, True]


def everything_done(member: Membership, tax_id: str, other: str) -> list[tuple[int, str]]:
    """Adds a client, edits it, gives it another tax id and claims it: what was answered, without what differs anyway."""
    page, machine = PortalClient(member), api_client_of(member)
    typed = {"name": "Rubanok", "town": "Labinsk", "tax_id": tax_id}
    answers = [page.post("/clients/new/", typed, follow=True)]
    row = DealerClient.objects.get(dealer=member.dealer)
    answers += [
        page.get(f"/clients/{row.pk}/"),
        page.post(f"/clients/{row.pk}/", {**typed, "name": "Rubanok Plus", "phone": "8 861 000 00 01"}, follow=True),
        page.post(f"/clients/{row.pk}/", {**typed, "tax_id": other}, follow=True),
        machine.get("/api/v1/clients/"),
        page.post("/clients/new/", {**typed, "tax_id": other}),
        machine.post("/api/v1/clients/registrations/", {**typed, "tax_id": other}, format="json"),
        page.post("/clients/register/", {**typed, "days": "30"}, follow=True),
        page.get("/clients/"),
    ]
    return [(answer.status_code, without_numbers(answer.content.decode())) for answer in answers]


def without_numbers(text: str) -> str:
    """Keys, tax ids and one-time words are other ones every time."""
    text = re.sub(
        r'(name="csrfmiddlewaretoken" value|nonce|content|hx-headers|data-csrf)=(?:"[^"]*"|\'[^\']*\')', "", text
    )
    return re.sub(r"\d+", "0", text)


def test_a_known_company_answers_like_an_unknown_one(rival: Membership) -> None:
    first, second = (make_member(Role.OWNER, dealer=make_dealer("Same")) for _both in range(2))
    known, unknown = everything_done(first, KNOWN, KNOWN_TOO), everything_done(second, FREE, FREE_TOO)
    assert known == unknown
    assert [status for status, _text in known] == [200, 200, 200, 200, 200, 422, 201, 200, 200]
    # Negative control: the comparison notices a refusal that a dealer may know of.
    page = PortalClient(second)
    added, refused = (page.post("/clients/new/", {"name": "X", "tax_id": TAX_IDS[4]}, follow=True) for _twice in "12")
    assert without_numbers(added.content.decode()) != without_numbers(refused.content.decode())


def test_a_known_and_an_unknown_company_cost_the_same_kind_of_answer_in_the_service(
    rival: Membership, member: Membership
) -> None:
    by = acting(member)
    known, unknown = (add_client(by=by, facts=replace(MINE, tax_id=tax_id), on=TODAY) for tax_id in (KNOWN, FREE))
    assert facts_of(known) == MINE
    assert replace(facts_of(unknown), tax_id=KNOWN) == MINE
    changed = replace(MINE, name="Rubanok Plus", town="Armavir")
    for row, tax_id in ((known, KNOWN), (unknown, FREE)):
        assert facts_of(edit_client(by=by, row_id=row.pk, facts=replace(changed, tax_id=tax_id))).name == "Rubanok Plus"


def test_the_networks_facts_are_the_first_dealers_and_follow_only_the_only_card(
    rival: Membership, member: Membership
) -> None:
    by, theirs = acting(member), DealerClient.objects.get(dealer=rival.dealer, tax_id=KNOWN)
    mended = replace(THEIRS, name=f"{CANARY} Works Two")
    edit_client(by=acting(rival), row_id=theirs.pk, facts=mended)
    assert facts_of(Client.objects.get(tax_id=KNOWN)) == mended
    mine = add_client(by=by, facts=MINE, on=TODAY)
    assert mine.client_id == theirs.client_id
    edit_client(by=by, row_id=mine.pk, facts=replace(MINE, town="Maykop"), note="ours")
    edit_client(by=acting(rival), row_id=theirs.pk, facts=THEIRS)
    assert facts_of(Client.objects.get(tax_id=KNOWN)) == mended
    assert (facts_of(DealerClient.objects.get(pk=theirs.pk)), DealerClient.objects.get(pk=mine.pk).town) == (
        THEIRS,
        "Maykop",
    )


def test_another_tax_id_is_another_company(rival: Membership, member: Membership) -> None:
    by = acting(member)
    mistyped = add_client(by=by, facts=replace(MINE, tax_id=FREE), on=TODAY)
    row = edit_client(by=by, row_id=mistyped.pk, facts=MINE)
    assert row.client.name == THEIRS.name
    # Nobody else knew the mistyped one: it is not recognised by the phone of the right one for ever.
    assert not Client.objects.filter(tax_id=FREE).exists()
    second = add_client(by=by, facts=ClientFacts("Second", tax_id=FREE_TOO), on=TODAY)
    with pytest.raises(ClientListed, match="Rubanok is on your list"):
        edit_client(by=by, row_id=second.pk, facts=ClientFacts("Second", tax_id=KNOWN))
    assert DealerClient.objects.get(pk=second.pk).tax_id == FREE_TOO
    cleared = edit_client(by=by, row_id=row.pk, facts=replace(MINE, tax_id=""))
    assert (cleared.client.tax_id, Client.objects.filter(tax_id=KNOWN).exists()) == ("", True)


def test_a_claim_stays_with_the_company_that_it_is_on(member: Membership) -> None:
    by = acting(member)
    claim = register_client(by=by, facts=replace(MINE, tax_id=FREE), at=NOON, days=30)
    row = DealerClient.objects.get(dealer=member.dealer)
    edit_client(by=by, row_id=row.pk, facts=replace(MINE, tax_id=FREE_TOO))
    claim.refresh_from_db()
    assert claim.client.tax_id == FREE
    assert check_client(by=by, question=FREE_TOO, at=NOON).answer == "free"
    assert check_client(by=by, question=FREE, at=NOON).answer == "under_review"


def test_the_head_office_sees_both_cards_and_the_company(rival: Membership, member: Membership) -> None:
    add_client(by=acting(member), facts=MINE, on=TODAY)
    desk = PortalClient(make_staff(StaffRole.MANAGER))
    for word in (CANARY, "Rubanok"):
        assert word in desk.get("/cms/dealerclient/").content.decode()
    with CaptureQueriesContext(connection) as few:
        desk.get("/cms/dealerclient/")
    for number in range(20):
        add_client(by=acting(member), facts=ClientFacts(f"More {number}"), on=TODAY)
    with CaptureQueriesContext(connection) as many:
        desk.get("/cms/dealerclient/")
    assert len(few) == len(many)
