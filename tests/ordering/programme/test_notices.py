"""E-mails about tiers go once, to the owners of the dealer, in their language; the volume opens to its documents."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from accounts.enums import Role
from ordering.programme.models import Premium, PremiumSlice, TierNotice
from ordering.programme.services import evaluate, owe_notices, send_notice
from ordering.sales.services import close_period
from tests.factories import make_dealer, make_member, make_user
from tests.factories_pricing import OFFICE, make_award, make_programme, make_sale

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
DEC = dt.date(2026, 12, 1)
DAY = dt.timedelta(days=1)
SILVER = 3_000_000


@pytest.fixture(autouse=True)
def _on_the_first():
    with time_machine.travel(NOON, tick=False):
        yield


def sent() -> list[str]:
    while send_notice(at=NOON):
        pass
    subjects = [letter.subject for letter in mail.outbox]
    mail.outbox.clear()
    return subjects


def test_a_changed_tier_is_told_once_to_the_owners_in_their_language() -> None:
    programme, dealer = make_programme(), make_dealer("North")
    make_member(Role.OWNER, dealer=dealer, user=make_user("anna@north.example"))
    make_member(Role.OWNER, dealer=dealer, user=make_user("boris@north.example", language="ru"))
    make_member(Role.BUYER, dealer=dealer)
    make_member(Role.OWNER)
    make_sale(dealer, DEC - DAY, SILVER)
    evaluate(programme=programme, on=DEC, by=OFFICE)
    assert owe_notices(on=DEC, at=NOON) == 3  # and one to the stranger, whose first tier is bronze
    assert [owe_notices(on=DEC + n * DAY, at=NOON) for n in (0, 1)] == [0, 0]
    while send_notice(at=NOON):
        pass
    letters = {letter.to[0]: letter for letter in mail.outbox if letter.to[0].endswith("north.example")}
    assert letters["anna@north.example"].subject == "Your tier is “Silver”: 8% off from 1\u00a0December"
    assert "silver по-русски" in letters["boris@north.example"].subject
    for letter in letters.values():
        assert "/programme/" in letter.body
        assert "North" in letter.body
    mail.outbox.clear()
    assert sent() == []


def test_a_threshold_that_is_near_is_told_once() -> None:
    programme, dealer = make_programme(), make_dealer()
    make_member(Role.OWNER, dealer=dealer)
    make_award(dealer, programme.tiers.get(code="bronze"))
    make_sale(dealer, DEC - 5 * DAY, SILVER * 9 // 10 - 1)
    assert owe_notices(on=DEC, at=NOON) == 0  # 10 % and a rouble away
    make_sale(dealer, DEC - 5 * DAY, 1)
    assert [owe_notices(on=DEC + n * DAY, at=NOON) for n in (0, 1, 40)] == [1, 0, 0]
    assert sent() == ["₽300,000 left to “Silver”"]


def test_a_tier_is_warned_of_before_it_is_lost_and_not_when_it_is_safe() -> None:
    programme, dealer, safe = make_programme(), make_dealer(), make_dealer()
    silver = programme.tiers.get(code="silver")
    for one in (dealer, safe):
        make_member(Role.OWNER, dealer=one)
        make_award(one, silver)
    make_sale(dealer, dt.date(2026, 1, 15), SILVER)
    make_sale(safe, dt.date(2026, 6, 15), SILVER)
    assert owe_notices(on=dt.date(2026, 12, 31), at=NOON) == 0  # January is still in the window of 1 January
    assert [owe_notices(on=dt.date(2027, 1, day), at=NOON) for day in (2, 3)] == [1, 0]
    assert sent() == ["The tier “Silver” may be lost on 1\u00a0February\u00a02027"]
    assert TierNotice.objects.get().dealer == dealer


def test_a_letter_that_fails_is_tried_again_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self, _messages):
        raise ConnectionRefusedError

    programme, dealer = make_programme(), make_dealer()
    make_member(Role.OWNER, dealer=dealer)
    make_award(dealer, programme.tiers.get(code="bronze"), start=DEC)
    owe_notices(on=DEC, at=NOON)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
    assert send_notice(at=NOON)
    assert not send_notice(at=NOON)
    at = NOON
    for _n in range(10):
        at += dt.timedelta(days=2)
        send_notice(at=at)
    notice = TierNotice.objects.get()
    assert (notice.attempts, notice.sent_at) == (5, None)


@pytest.fixture
def _on_the_third():
    with time_machine.travel(NOON + 2 * DAY, tick=False):
        yield


@pytest.mark.usefixtures("_on_the_third")
def test_the_volume_opens_to_its_documents_late_ones_marked(client_of) -> None:
    make_programme()
    dealer, rival = make_dealer(), make_dealer()
    make_sale(dealer, DEC - DAY, 100, document="ON-TIME")
    close_period(currency="RUB", kinds=("shipped",), before=DEC)
    make_sale(dealer, DEC - 2 * DAY, 7, document="LATE")
    make_sale(rival, DEC, 5, document="CANARY")
    owner = client_of(make_member(Role.OWNER, dealer=dealer))
    page = owner.get("/programme/documents/?from=2026-12-01&to=2026-12-31").content.decode()
    assert ("LATE" in page, "came late" in page, "ON-TIME" in page, "CANARY" in page) == (True, True, False, False)
    page = owner.get("/programme/documents/?from=2026-11-01&to=2026-11-30").content.decode()
    assert ("LATE" in page, "ON-TIME" in page) == (False, True)
    assert owner.get("/programme/documents/?from=x").status_code == 302
    assert client_of(make_member(Role.SELLER, dealer=dealer)).get("/programme/documents/").status_code == 403


@pytest.mark.usefixtures("_on_the_third")
def test_page_and_api_show_the_premium_the_months_and_the_benefits_page(client_of, api_client) -> None:
    programme, dealer = make_programme(), make_dealer()
    programme.tiers.filter(code="gold").update(benefits_page="/en/guides/gold/")
    premium = Premium.objects.create(
        programme=programme, kind="stepped", period="quarter", name_ru="П", name_en="Autumn"
    )
    PremiumSlice.objects.create(premium=premium, threshold=0, percent=10)
    make_sale(dealer, DEC - DAY, 1000)
    owner = make_member(Role.OWNER, dealer=dealer)
    page = client_of(owner).get("/programme/").content.decode()
    for words in (
        "Autumn",
        "₽100.00",
        "/en/guides/gold/",
        "Purchases of the window by month",
        "/programme/documents/?from=",
    ):
        assert words in page, words
    said = api_client(owner).get("/api/v1/discount/").json()
    assert said["premiums"] == [
        {
            "programme": programme.code,
            "name": "Autumn",
            "kind": "stepped",
            "period": {"first": "2026-10-01", "last": "2026-12-31"},
            "volume": "1000.00",
            "amount": "100.00",
            "accrued": [],
        }
    ]
    assert said["outlook"][0] == {"day": "2027-01-01", "volume": "1000.00", "tier": "bronze", "keeps": True}
    seller = api_client(make_member(Role.SELLER, dealer=dealer)).get("/api/v1/discount/").json()
    assert (seller["premiums"], seller["outlook"]) == ([], [])
