"""Prices typed into a draft: exact, noted, refused when somebody else was there first, undone."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import StaffRole
from accounts.models import AuditEvent
from ordering.pricing.errors import EditRefused, PricesMoved, PricesSuspicious, VersionPublished
from ordering.pricing.models import DraftEdit, Price, PriceEdit
from ordering.pricing.services import CellEdit, edit_prices, make_draft, publish_version, undo_edit
from portal.lib.clock import business_date
from portal.lib.errors import Invalid, NotAllowed
from tests.factories import make_region, make_staff
from tests.factories_pricing import OFFICE, make_article, make_price_list, make_version

pytestmark = pytest.mark.django_db
GRID = "/cms/prices/grid/"


@pytest.fixture
def manager(client_of):
    return client_of(make_staff(StaffRole.PROGRAMME))


@pytest.fixture
def article():
    return make_article("A-1")


@pytest.fixture
def draft(article):
    price_list = make_price_list({article: {1: 100, 10: 95}, make_article("B-1"): 7})
    return make_draft(price_list=price_list, by=OFFICE)


def says(version, article) -> dict[int, Decimal]:
    return dict(version.prices.filter(product=article).values_list("min_quantity", "amount"))


def edit(version, article, was, now, quantity=1, **given):
    cell = CellEdit(article.pk, quantity, None if was is None else Decimal(was), None if now is None else Decimal(now))
    return edit_prices(version=version, cells=[cell], **{"reason": "costs", "by": OFFICE} | given)


def field(version, article, was, quantity=1) -> str:
    return f"p-{version.pk}-{article.pk}-{quantity}-{was}"


def send(client, version, fields, **words):
    return client.post(f"{GRID}save/", {"c": f"v{version.pk}", "reason": "costs"} | fields | words)


def test_a_draft_says_what_the_list_says(draft, article) -> None:
    assert (draft.number, draft.published_at, says(draft, article)) == (2, None, {1: 100, 10: 95})
    assert draft.prices.count() == 3
    assert not PriceEdit.objects.exists()


def test_a_price_is_changed_added_and_taken_away_and_each_is_noted(draft, article) -> None:
    person = make_staff(StaffRole.PROGRAMME)
    by = OFFICE.__class__(role=StaffRole.PROGRAMME, rights=OFFICE.rights, user_id=person.pk)
    cells = [
        CellEdit(article.pk, 1, Decimal(100), Decimal("101.5")),
        CellEdit(article.pk, 10, Decimal(95), None),
        CellEdit(article.pk, 50, None, Decimal("90.1234")),
    ]
    made = edit_prices(version=draft, cells=cells, reason=" steel is dearer ", by=by)
    assert says(draft, article) == {1: Decimal("101.5"), 50: Decimal("90.1234")}
    noted = {(one.min_quantity, one.former, one.coming) for one in made.prices.all()}
    assert noted == {(1, 100, Decimal("101.5")), (10, 95, None), (50, None, Decimal("90.1234"))}
    assert (made.reason, made.made_by, made.version) == ("steel is dearer", person, draft)
    assert AuditEvent.objects.get(verb="prices.edited").facts == {"edit": made.pk, "prices": 3}


def test_what_goes_round_the_portal_is_noted_too(draft, article) -> None:
    edit(draft, article, "100", "110")
    Price.objects.filter(version=draft, product=article, min_quantity=1).update(amount=5)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pricing_price WHERE version_id = %s AND min_quantity = 10", [draft.pk])
    Price.objects.create(version=draft, product=article, min_quantity=3, amount=4)
    noted = PriceEdit.objects.filter(edit=None).order_by("pk").values_list("min_quantity", "former", "coming")
    assert list(noted) == [(1, 110, 5), (10, 95, None), (3, None, 4)]


@pytest.mark.parametrize("model", [DraftEdit, PriceEdit])
def test_what_was_changed_stays_said(draft, article, model) -> None:
    edit(draft, article, "100", "110")
    for change in (lambda: model.objects.update(version=draft), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="stays said"), transaction.atomic():
            change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
    assert model.objects.filter(version=draft).update(version=draft) == 1  # the negative control


def test_an_outdated_price_is_not_overwritten(draft, article) -> None:
    edit(draft, article, "100", "110")
    with pytest.raises(PricesMoved) as refused:
        edit(draft, article, "100", "120")
    assert [(cell["was"], cell["now"]) for cell in refused.value.extra["cells"]] == [(100, 110)]
    assert says(draft, article)[1] == 110
    # All or none: the other price of the save is not kept either.
    cells = [CellEdit(article.pk, 10, Decimal(95), Decimal(96)), CellEdit(article.pk, 1, Decimal(100), Decimal(120))]
    with pytest.raises(PricesMoved):
        edit_prices(version=draft, cells=cells, reason="x", by=OFFICE)
    assert says(draft, article)[10] == 95
    edit(draft, article, "110", "120")  # the control: who has seen it may
    assert says(draft, article)[1] == 120


def test_nothing_is_kept_without_right_reason_or_change(draft, article, principal_of) -> None:
    analyst = principal_of(make_staff(StaffRole.ANALYST))
    for refusal, given in (
        (NotAllowed, {"by": analyst}),
        (Invalid, {"reason": "  "}),
        (EditRefused, {"now": "100"}),
        (EditRefused, {"now": "0"}),
        (EditRefused, {"now": "-5"}),
        (EditRefused, {"now": "100.00001"}),
        (EditRefused, {"now": "1000000000000"}),
        (EditRefused, {"now": None}),  # the price from 10 would be left alone
        (PricesSuspicious, {"now": "131"}),
        (PricesSuspicious, {"now": "1000"}),
    ):
        with pytest.raises(refusal):
            edit(draft, article, "100", given.pop("now", "110"), **given)
    with pytest.raises(NotAllowed):
        make_draft(price_list=draft.price_list, by=analyst)
    assert (says(draft, article), DraftEdit.objects.count()) == ({1: 100, 10: 95}, 0)
    edit(draft, article, "100", "1000", confirmed=True)
    assert says(draft, article)[1] == 1000


def test_a_published_version_is_never_edited(draft, article) -> None:
    made = edit(draft, article, "100", "110")
    publish_version(version=draft, valid_from=business_date(), by=OFFICE)
    with pytest.raises(VersionPublished):
        edit(draft, article, "110", "120")
    with pytest.raises(VersionPublished):
        undo_edit(edit=made, by=OFFICE)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Price.objects.filter(version=draft).update(amount=1)


def test_an_edit_is_undone_and_the_undoing_too(draft, article) -> None:
    cells = [
        CellEdit(article.pk, 1, Decimal(100), Decimal(110)),
        CellEdit(article.pk, 10, Decimal(95), None),
        CellEdit(article.pk, 50, None, Decimal(90)),
    ]
    made = edit_prices(version=draft, cells=cells, reason="costs", by=OFFICE)
    undone = undo_edit(edit=made, by=OFFICE)
    assert says(draft, article) == {1: 100, 10: 95}
    assert (undone.undoes, undone.prices.count()) == (made, 3)
    with pytest.raises(EditRefused, match="already"):
        undo_edit(edit=made, by=OFFICE)
    undo_edit(edit=undone, by=OFFICE)
    assert says(draft, article) == {1: 110, 50: 90}


def test_what_was_changed_again_is_not_undone(draft, article) -> None:
    first = edit(draft, article, "100", "110")
    second = edit(draft, article, "110", "120")
    with pytest.raises(PricesMoved):
        undo_edit(edit=first, by=OFFICE)
    assert says(draft, article)[1] == 120
    undo_edit(edit=second, by=OFFICE)
    undo_edit(edit=first, by=OFFICE)
    assert says(draft, article)[1] == 100


def test_prices_are_typed_into_the_page(manager, draft, article) -> None:
    page = manager.get(f"{GRID}?c=v{draft.pk}").content.decode()
    assert f'name="{field(draft, article, "100.0000")}" value="100.00"' in page
    sent = {field(draft, article, "100.0000"): "101,5", field(draft, article, "95.0000", 10): "95.00"}
    assert send(manager, draft, sent).status_code == 302
    assert says(draft, article) == {1: Decimal("101.5"), 10: 95}
    page = manager.get(f"{GRID}?c=v{draft.pk}").content.decode()
    assert "+1.5%" in page
    assert f"{GRID}article/{draft.pk}/{article.pk}/" in page
    assert "costs" in manager.get(f"{GRID}article/{draft.pk}/{article.pk}/").content.decode()
    assert "costs" in manager.get(f"{GRID}edits/{draft.pk}/").content.decode()


def test_the_page_shows_both_values_and_keeps_what_was_typed(manager, draft, article) -> None:
    edit(draft, article, "100", "110")
    sent = {field(draft, article, "100.0000"): "120", field(draft, article, "95.0000", 10): "96"}
    answer = send(manager, draft, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You saw 100.00;" in page
    assert "has made it 110.00" in page
    assert f'name="{field(draft, article, "110.0000")}" value="120"' in page
    assert f'name="{field(draft, article, "95.0000", 10)}" value="96"' in page
    assert 'name="reason" value="costs"' in page
    assert says(draft, article) == {1: 110, 10: 95}
    again = {field(draft, article, "110.0000"): "120", field(draft, article, "95.0000", 10): "96"}
    assert send(manager, draft, again).status_code == 302
    assert says(draft, article) == {1: 120, 10: 96}


def test_a_save_refused_for_another_reason_does_not_make_an_outdated_price_seen(manager, draft, article) -> None:
    """The page that answers "x is no price" carries on what the person saw, not what somebody has put there since."""
    edit(draft, article, "100", "110")
    sent = {field(draft, article, "100.0000"): "120", field(draft, article, "95.0000", 10): "x"}
    page = send(manager, draft, sent).content.decode()
    assert f'name="{field(draft, article, "100.0000")}" value="120"' in page
    again = {field(draft, article, "100.0000"): "120", field(draft, article, "95.0000", 10): "96"}
    assert "has made it 110.00" in send(manager, draft, again).content.decode()
    assert says(draft, article) == {1: 110, 10: 95}


def test_who_was_there_first_is_asked_once_for_all_cells(manager) -> None:
    articles = [make_article(f"M-{n:02}") for n in range(20)]
    draft = make_draft(price_list=make_price_list(dict.fromkeys(articles, 100)), by=OFFICE)
    cells = [CellEdit(one.pk, 1, Decimal(100), Decimal(110)) for one in articles]
    edit_prices(version=draft, cells=cells, reason="costs", by=OFFICE)
    edit(draft, articles[0], "110", "111")  # the last one is named, not the first

    def refused(chosen) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as seen:
            page = send(manager, draft, {field(draft, one, "100.0000"): "120" for one in chosen}).content.decode()
        assert page.count("You saw 100.00;") == len(chosen)
        return len(seen), page

    refused(articles[:1])
    few, page = refused(articles[:1])
    assert "has made it 111.00" in page
    assert refused(articles)[0] == few


def test_a_save_of_nothing_says_so(manager, draft, article) -> None:
    assert "Nothing is changed" in send(manager, draft, {field(draft, article, "100.0000"): "100"}).content.decode()


def test_what_was_not_touched_is_shown_as_it_is_now(manager, draft, article) -> None:
    edit(draft, article, "100", "110")
    sent = {field(draft, article, "100.0000"): "100.00", field(draft, article, "95.0000", 10): "x"}
    page = send(manager, draft, sent).content.decode()
    assert f'name="{field(draft, article, "110.0000")}" value="110.00"' in page


@pytest.mark.parametrize("typed", ["1,234", "1.2.3", "x", "0", "-1", "1e3x", "100.00001"])
def test_what_is_no_price_is_said_at_its_field(manager, draft, article, typed) -> None:
    answer = send(manager, draft, {field(draft, article, "100.0000"): typed})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert says(draft, article)[1] == 100


def test_a_suspicious_price_is_asked_about(manager, draft, article) -> None:
    sent = {field(draft, article, "100.0000"): "100000"}
    page = send(manager, draft, sent).content.decode()
    assert 'name="confirmed"' in page
    assert "decimal sign" in page
    assert says(draft, article)[1] == 100
    assert send(manager, draft, sent, confirmed="on").status_code == 302
    assert says(draft, article)[1] == 100000


def test_two_drafts_in_one_save_are_kept_together_or_not_at_all(manager, draft, article) -> None:
    other = make_version(make_price_list({article: 50}, region=make_region()), {article: 50}, publish=False)
    keys = {"c": [f"v{draft.pk}", f"v{other.pk}"]}
    sent = {field(draft, article, "100.0000"): "101", field(other, article, "49.0000"): "51"}
    assert send(manager, draft, sent, **keys).status_code == 200
    assert (says(draft, article)[1], says(other, article)[1], DraftEdit.objects.count()) == (100, 50, 0)
    sent = {field(draft, article, "100.0000"): "101", field(other, article, "50.0000"): "51"}
    assert send(manager, draft, sent, **keys).status_code == 302
    assert (says(draft, article)[1], says(other, article)[1]) == (101, 51)


def test_a_reader_sees_no_fields_and_writes_nothing(client_of, draft, article) -> None:
    analyst = client_of(make_staff(StaffRole.ANALYST))
    page = analyst.get(f"{GRID}?c=v{draft.pk}").content.decode()
    assert "100.00" in page
    assert "pg-input" not in page
    made = edit(draft, article, "100", "110")
    assert send(analyst, draft, {field(draft, article, "110.0000"): "120"}).status_code == 403
    assert analyst.post(f"{GRID}draft/{draft.price_list_id}/").status_code == 403
    analyst.post(f"{GRID}undo/{made.pk}/")
    analyst.post(f"{GRID}article/{draft.pk}/{article.pk}/", {"min_quantity": 5, "price": "1", "reason": "x"})
    assert says(draft, article) == {1: 110, 10: 95}


def test_a_draft_is_made_and_an_edit_undone_on_the_page(manager, article) -> None:
    price_list = make_price_list({article: 10})
    answer = manager.post(f"{GRID}draft/{price_list.pk}/", {"c": f"l{price_list.pk}"})
    draft = price_list.versions.get(published_at=None)
    assert answer.headers["Location"] == f"{GRID}?c=v{draft.pk}"
    send(manager, draft, {field(draft, article, "10.0000"): "11"})
    manager.post(f"{GRID}undo/{DraftEdit.objects.get().pk}/")
    assert says(draft, article) == {1: 10}


def test_a_further_quantity_is_added_on_the_articles_page(manager, draft, article) -> None:
    path = f"{GRID}article/{draft.pk}/{article.pk}/"
    assert manager.post(path, {"min_quantity": 50, "price": "90,5", "reason": "pallets"}).status_code == 302
    assert says(draft, article)[50] == Decimal("90.5")
    for wrong in ({"price": "x"}, {"min_quantity": 10}, {"reason": ""}, {"min_quantity": 0}):
        sent = {"min_quantity": 60, "price": "90", "reason": "pallets"} | wrong
        assert manager.post(path, sent).status_code == 200
    assert 60 not in says(draft, article)


def test_the_pages_of_edits_ask_as_much_for_forty_as_for_one(manager, draft, article) -> None:
    paths = [
        f"{GRID}edits/{draft.pk}/",
        f"{GRID}article/{draft.pk}/{article.pk}/",
        f"{GRID}rule/{draft.pk}/?c=v{draft.pk}",
        f"{GRID}compare/?before={draft.price_list.versions.get(number=1).pk}&after={draft.pk}",
    ]

    def questions() -> list[int]:
        counts = []
        for path in paths:
            manager.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert manager.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    person = make_staff(StaffRole.PROGRAMME)
    by = OFFICE.__class__(role=StaffRole.PROGRAMME, rights=OFFICE.rights, user_id=person.pk)
    edit(draft, article, "100", "101", by=by)
    few = questions()
    for n in range(101, 141):
        made = edit(draft, article, n, n + 1, by=by)
        make_version(draft.price_list, {article: n}, publish=False)
    undo_edit(edit=made, by=by)
    assert questions() == few
