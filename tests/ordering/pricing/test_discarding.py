"""Drafts of price lists thrown away: all that goes, all that stays, and what those are told who were at it meanwhile."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from accounts.principals import Principal, of_user
from ordering.pricing.errors import DraftGone, PricesMoved, VersionPublished
from ordering.pricing.models import DraftEdit, Price, PriceEdit, PriceListVersion
from ordering.pricing.price_files import PriceRow
from ordering.pricing.queries import Loss, discarded, loss_of, version_changes
from ordering.pricing.services import (
    discard_draft,
    import_prices,
    make_draft,
    publish_version,
    undo_edit,
    withdraw_version,
)
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed
from tests.clients import api_client_of
from tests.factories import make_member, make_staff
from tests.factories_pricing import OFFICE, make_article, make_price_list, make_version
from tests.ordering.pricing.test_edits import GRID, edit, field, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_staff(StaffRole.PROGRAMME)


@pytest.fixture
def by(person) -> Principal:
    return of_user(person)


@pytest.fixture
def manager(client_of, person):
    return client_of(person)


@pytest.fixture
def article():
    return make_article("A-1")


@pytest.fixture
def price_list(article):
    return make_price_list({article: {1: 100, 10: 95}}, code="south", name_en="South")


@pytest.fixture
def draft(price_list):
    return make_draft(price_list=price_list, by=OFFICE)


def told(answer) -> str:
    """The page that is shown at the end of all redirects."""
    return answer.content.decode()


class TestTheService:
    def test_all_of_it_goes_and_nothing_else(self, price_list, draft, article, by) -> None:
        other = make_draft(price_list=price_list, by=OFFICE)
        edit(draft, article, "100", "110")
        edit(other, article, "100", "120")
        before = list(Price.objects.exclude(version=draft).order_by("pk").values_list("pk", "amount"))
        assert discard_draft(version=draft, by=by) == Loss(prices=2, edits=1)
        assert not PriceListVersion.objects.filter(pk=draft.pk).exists()
        assert list(Price.objects.order_by("pk").values_list("pk", "amount")) == before
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing points at what is gone
        event = AuditEvent.objects.get(verb="prices.discarded")
        assert (event.actor_id, event.subject) == (by.user_id, "south 2")
        assert event.facts == {"version": draft.pk, "source": draft.source, "prices": 2, "edits": 1}

    def test_what_was_changed_by_hand_stays_said_and_the_rest_is_no_edit(self, draft, article, by) -> None:
        made = edit(draft, article, "100", "110")
        discard_draft(version=draft, by=by)
        assert list(DraftEdit.objects.filter(version_id=draft.pk)) == [made]
        noted = PriceEdit.objects.filter(version_id=draft.pk).values_list("edit", "former", "coming")
        assert list(noted) == [(made.pk, 100, 110)]

    def test_prices_taken_out_of_a_draft_that_stays_are_noted(self, draft) -> None:
        """The control: only a draft that goes whole takes its prices along in silence."""
        draft.prices.all()._raw_delete("default")
        assert PriceEdit.objects.filter(version=draft, edit=None).count() == 2

    def test_who_did_it_is_known_afterwards(self, draft, by, person) -> None:
        assert discarded(draft.pk) is None
        discard_draft(version=draft, by=by)
        found = discarded(draft.pk)
        assert (found.version.number, found.by, found.version.source) == (2, person, draft.source)
        assert "Draft 2 (South) was thrown away" in found.told
        with pytest.raises(DraftGone, match=str(person)):
            discard_draft(version=draft, by=by)

    def test_its_number_comes_never_again(self, price_list, draft, by) -> None:
        """A machine that holds number 2 must not publish somebody else's draft."""
        discard_draft(version=draft, by=by)
        assert make_draft(price_list=price_list, by=OFFICE).number == 3
        assert make_version(make_price_list(), {}, publish=False).number == 1  # the control: another list's own count

    def test_a_published_version_stays(self, draft, by) -> None:
        publish_version(version=draft, valid_from=business_date(), by=OFFICE)
        with pytest.raises(VersionPublished, match="never goes"):
            discard_draft(version=draft, by=by)
        assert draft.prices.count() == 2
        # Nor does the database let it go.
        with pytest.raises(IntegrityError, match="never goes"), transaction.atomic():
            PriceListVersion.objects.filter(pk=draft.pk)._raw_delete("default")

    def test_a_version_to_come_is_taken_back_instead(self, draft, by, time_machine) -> None:
        publish_version(version=draft, valid_from=business_date().replace(year=business_date().year + 1), by=OFFICE)
        with pytest.raises(VersionPublished, match="can be taken back"):
            discard_draft(version=draft, by=by)
        withdraw_version(version=draft, today=business_date(), by=OFFICE)
        with pytest.raises(VersionPublished, match="never goes"):
            discard_draft(version=draft, by=by)

    def test_what_was_not_looked_at_is_not_thrown_away(self, draft, article, by) -> None:
        seen = loss_of(draft)
        edit(draft, article, "100", "110")
        with pytest.raises(PricesMoved, match="still there"):
            discard_draft(version=draft, by=by, seen=seen)
        assert discard_draft(version=draft, by=by, seen=loss_of(draft)).edits == 1

    def test_only_who_manages_prices(self, draft) -> None:
        with pytest.raises(NotAllowed):
            discard_draft(version=draft, by=of_user(make_staff(StaffRole.ANALYST)))
        assert draft.prices.count() == 2

    def test_whoever_is_still_at_it_is_told(self, draft, article, by) -> None:
        made = edit(draft, article, "100", "110")
        discard_draft(version=draft, by=by)
        for late in (
            lambda: edit(draft, article, "110", "111"),
            lambda: publish_version(version=draft, valid_from=business_date(), by=OFFICE),
            lambda: undo_edit(edit=DraftEdit.objects.get(pk=made.pk), by=OFFICE),
        ):
            with pytest.raises(DraftGone, match=r"Draft 2 \(South\) was thrown away"):
                late()


def beside(work) -> tuple[threading.Thread, threading.Event, threading.Event]:
    """`work` in a transaction of another connection, which commits only when the second event is set."""
    done, go = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                go.wait(10)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(10)
    return thread, done, go


def waiting() -> bool:
    """Whether a connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def meanwhile(first, second) -> BaseException | None:
    """`first` is done and not committed yet when `second` begins on another connection; answers how `second` was refused."""
    thread, _done, go = beside(first)
    answer: list[BaseException] = []

    def late() -> None:
        try:
            second()
        except BaseException as error:
            answer.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=late)
    other.start()
    for _try in range(200):
        if waiting():
            break
        other.join(0.02)
    assert other.is_alive(), "the second must wait for the first"
    go.set()
    thread.join(10)
    other.join(10)
    return answer[0] if answer else None


@pytest.mark.django_db(transaction=True)
class TestTwoConnections:
    def test_published_meanwhile_it_stays(self, draft, by) -> None:
        refused = meanwhile(
            lambda: publish_version(version=draft, valid_from=business_date(), by=OFFICE),
            lambda: discard_draft(version=draft, by=by),
        )
        assert isinstance(refused, VersionPublished)
        assert draft.prices.count() == 2

    def test_thrown_away_meanwhile_it_is_not_published(self, price_list, draft, by) -> None:
        refused = meanwhile(
            lambda: discard_draft(version=draft, by=by),
            lambda: publish_version(version=draft, valid_from=business_date(), by=OFFICE),
        )
        assert isinstance(refused, DraftGone)
        assert list(price_list.versions.values_list("number", flat=True)) == [1]

    def test_prices_saved_meanwhile_are_seen(self, draft, article, by) -> None:
        seen = loss_of(draft)
        refused = meanwhile(
            lambda: edit(draft, article, "100", "110"), lambda: discard_draft(version=draft, by=by, seen=seen)
        )
        assert isinstance(refused, PricesMoved)
        assert draft.prices.count() == 2

    def test_prices_saved_too_late_are_refused(self, draft, article, by) -> None:
        refused = meanwhile(lambda: discard_draft(version=draft, by=by), lambda: edit(draft, article, "100", "110"))
        assert isinstance(refused, DraftGone)
        assert not Price.objects.filter(version_id=draft.pk).exists()

    def test_a_file_imported_meanwhile_is_a_draft_of_its_own(self, price_list, draft, article, by) -> None:
        def take_in() -> None:
            rows = [PriceRow(2, article.sku, 1, Decimal(77))]
            import_prices(
                rows=rows, price_list=price_list, valid_from=business_date(), source="f", by=OFFICE, publish=False
            )

        assert meanwhile(take_in, lambda: discard_draft(version=draft, by=by)) is None
        assert not PriceListVersion.objects.filter(pk=draft.pk).exists()
        imported = price_list.versions.get(number=3)
        assert list(imported.prices.values_list("amount", flat=True)) == [77]
        assert version_changes(imported, business_date()).lowered == 1


class TestTheDesk:
    def test_it_says_what_goes_and_asks(self, manager, draft, article, price_list) -> None:
        edit(draft, article, "100", "110", reason="steel is dearer")
        address = f"{GRID}discard/{draft.pk}/"
        assert address in told(manager.get(f"{GRID}?c=v{draft.pk}"))
        assert address in told(manager.get(f"/cms/pricelistversion/edit/{draft.pk}/"))
        page = manager.get(address)
        for words in ("<b>2 prices</b>", "<b>1 edit by hand</b>", "steel is dearer"):
            assert words in told(page)
        assert PriceListVersion.objects.filter(pk=draft.pk).exists()  # a look throws nothing away
        loss = page.context["loss"]
        answer = manager.post(address, {"prices": loss.prices, "edits": loss.edits}, follow=True)
        assert "Draft 2 is thrown away" in told(answer)
        assert [column.key for column in answer.context["columns"]] == [f"l{price_list.pk}"]

    def test_changed_meanwhile_it_asks_again(self, manager, draft, article) -> None:
        address = f"{GRID}discard/{draft.pk}/"
        edit(draft, article, "100", "110")
        answer = manager.post(address, {"prices": 2, "edits": 0}, follow=True)
        assert "still there" in told(answer)
        assert answer.context["loss"] == Loss(2, 1)
        assert manager.post(address, {}, follow=True).context["loss"] == Loss(2, 1)

    def test_published_meanwhile_it_leads_to_the_version(self, manager, draft) -> None:
        publish_version(version=draft, valid_from=business_date(), by=OFFICE)
        for answer in (
            manager.get(f"{GRID}discard/{draft.pk}/", follow=True),
            manager.post(f"{GRID}discard/{draft.pk}/", {"prices": 2, "edits": 0}, follow=True),
        ):
            assert answer.redirect_chain[-1][0] == f"/cms/pricelistversion/edit/{draft.pk}/"
        assert "never goes" in told(answer)
        answer = manager.get(f"{GRID}rule/{draft.pk}/", follow=True)
        assert "published and never changes" in told(answer)

    def test_whoever_comes_too_late_reads_what_became_of_it(self, manager, draft, article, person, by) -> None:
        edit(draft, article, "100", "110", reason="steel is dearer")
        discard_draft(version=draft, by=by)
        for address in (
            f"{GRID}discard/{draft.pk}/", f"{GRID}rule/{draft.pk}/", f"{GRID}affected/{draft.pk}/",
            f"{GRID}article/{draft.pk}/{article.pk}/", f"/cms/pricelistversion/edit/{draft.pk}/",
            f"/cms/pricelistversion/inspect/{draft.pk}/",
        ):  # fmt: skip
            answer = manager.get(address, follow=True)
            assert answer.redirect_chain[-1][0] == f"{GRID}edits/{draft.pk}/", address
        for words in ("was thrown away", str(person), "steel is dearer"):
            assert words in told(answer)
        assert "/undo/" not in told(answer)
        answer = manager.post(f"/cms/pricelistversion/edit/{draft.pk}/", {"valid_from": "2026-07-01"}, follow=True)
        assert "was thrown away" in told(answer)
        assert manager.get(f"{GRID}edits/{draft.pk + 1}/").status_code == 404  # the control: one that never was
        assert manager.get(f"/cms/pricelistversion/edit/{draft.pk + 1}/").status_code == 404

    def test_an_edit_of_it_is_not_undone_any_more(self, manager, draft, article, by) -> None:
        made = edit(draft, article, "100", "110")
        discard_draft(version=draft, by=by)
        answer = manager.post(f"{GRID}undo/{made.pk}/", follow=True)
        assert answer.status_code == 200
        assert "was thrown away" in told(answer)

    def test_what_was_typed_into_it_is_not_lost(self, manager, draft, article, by) -> None:
        discard_draft(version=draft, by=by)
        answer = send(manager, draft, {field(draft, article, "100.0000"): "123.45"})
        assert answer.status_code == 200
        for words in ("was thrown away", "What you typed was not saved", "123.45", "A-1"):
            assert words in told(answer)
        # An old link shows what there is, and says what there is not.
        page = told(manager.get(f"{GRID}?c=v{draft.pk}"))
        assert "was thrown away" in page
        assert "There is no price list yet" not in page

    @pytest.mark.parametrize("role", [StaffRole.ANALYST, StaffRole.EDITOR])
    def test_who_may_not_is_not_offered_it(self, client_of, draft, role) -> None:
        desk = client_of(make_staff(role))
        assert desk.get(f"{GRID}discard/{draft.pk}/").status_code == 403
        assert desk.post(f"{GRID}discard/{draft.pk}/", {"prices": 2, "edits": 0}).status_code == 403
        assert "/discard/" not in told(desk.get(f"{GRID}?c=v{draft.pk}"))
        assert PriceListVersion.objects.filter(pk=draft.pk).exists()


class TestTheApi:
    ADDRESS = "/api/v1/price-lists/south/versions/2/"

    def test_it_is_deleted_once(self, draft, person) -> None:
        office = api_client_of(person)
        key = {"HTTP_IDEMPOTENCY_KEY": "once"}
        assert office.delete(self.ADDRESS, **key).status_code == 204
        again = office.delete(self.ADDRESS, **key)
        assert (again.status_code, again["Idempotent-Replay"]) == (204, "true")
        for late in (
            office.delete(self.ADDRESS),
            office.post(f"{self.ADDRESS}publish/"),
            office.get(f"{self.ADDRESS}changes/"),
        ):
            assert (late.status_code, late.json()["code"]) == (404, "price_draft_gone")
        assert str(person) in late.json()["detail"]
        assert office.delete("/api/v1/price-lists/south/versions/9/").json()["code"] == "not_found"
        assert AuditEvent.objects.filter(verb="prices.discarded").count() == 1

    def test_a_published_one_is_refused(self, draft, person) -> None:
        publish_version(version=draft, valid_from=business_date(), by=OFFICE)
        answer = api_client_of(person).delete(self.ADDRESS)
        assert (answer.status_code, answer.json()["code"]) == (409, "price_list_version_published")

    @pytest.mark.parametrize("who", [Role.OWNER, StaffRole.ANALYST])
    def test_nobody_else(self, draft, who) -> None:
        one = make_member(who) if isinstance(who, Role) else make_staff(who)
        assert api_client_of(one).delete(self.ADDRESS).status_code == 403
        assert PriceListVersion.objects.filter(pk=draft.pk).exists()
