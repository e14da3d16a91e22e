"""A dealer's own codes: imported row by row, understood everywhere, and nobody else's."""

from __future__ import annotations

import secrets

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from ordering.catalog.importing import Report
from ordering.codes.importing import import_codes
from ordering.codes.models import DealerCode
from ordering.codes.queries import begun_by, called, meant_by
from ordering.codes.services import forget_all_codes, keep_codes
from ordering.orders.queries import answer_lines
from portal.lib.errors import Missing, NotAllowed
from portal.lib.spreadsheets import Row
from portal.searchables import SEARCHABLES
from search import engines
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine
from search.models import Index
from search.rebuilding import rebuild
from tests.factories import make_dealer, make_member
from tests.factories_catalog import make_product
from tests.factories_orders import NOON, acting

pytestmark = pytest.mark.django_db

CANARY = "ZIM-4711"


@pytest.fixture
def drill():
    return make_product("TV-1860.02", mpn="006R90321", gtins=("4600000000015",), name_ru="Шуруповёрт", name_en="Drill")


@pytest.fixture
def saw():
    return make_product("PL-190.01", name_ru="Пила", name_en="Saw")


@pytest.fixture
def mine(drill, saw):
    """A buyer whose company calls the drill КР-001/2, and a rival whose company calls the saw by the canary."""
    buyer, rival = make_member(Role.BUYER), make_member(Role.OWNER)
    keep_codes(by=acting(buyer), meanings={"КР-001/2": drill.pk})
    keep_codes(by=acting(rival), meanings={CANARY: saw.pk, "КР-001/2": saw.pk})
    for searchable in SEARCHABLES.values():
        rebuild(searchable, "postgresql")
    buyer.rival = rival
    return buyer


@pytest.fixture(params=["postgresql", "elasticsearch"])
def engine(request, settings, monkeypatch, mine):
    """The engine that answers; neither has heard of any own code."""
    monkeypatch.setattr(engines, "_breaker", Breaker("elasticsearch"))
    if request.param == "postgresql":
        yield request.param
        return
    settings.ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url")
    settings.ELASTICSEARCH_SECONDS = 30.0
    settings.SEARCH_INDEX_PREFIX = f"test-{secrets.token_hex(4)}"
    for searchable in SEARCHABLES.values():
        rebuild(searchable, "elasticsearch")
    yield request.param
    for name in Index.objects.values_list("name", flat=True):
        ElasticEngine.installed().drop(name)


def rows(*pairs: tuple[str, str]) -> list[Row]:
    return [Row(number, {"Наш код": code, "Артикул": article}) for number, (code, article) in enumerate(pairs, 2)]


class TestImport:
    def test_each_row_gets_its_answer(self, drill, saw):
        by = acting(make_member(Role.BUYER))
        make_product("TWIN-1", mpn="TW")
        make_product("TWIN-2", mpn="TW")
        sent = rows(
            ("КР-001", "tv-1860.02"), ("A-1", "4600000000015"), ("B-1", "006R90321"), ("kp 001", "PL-190.01"),
            ("C-1", "NO-SUCH"), ("", "PL-190.01"), ("D-1", "TW"), ("--", "PL-190.01"),
        )  # fmt: skip
        report = import_codes(by=by, rows=sent, report=Report())
        assert [(note.row, note.message) for note in report.problems] == [
            (5, "Code kp 001 stands already in row 2, for tv-1860.02. Keep one of them."),
            (6, "There is no article NO-SUCH. Give its SKU, barcode or part number as in the catalogue."),
            (7, "Two cells are needed: your code and the article."),
            (8, "Several articles fit: TWIN-1, TWIN-2. Give the SKU of one."),
            (9, "Two cells are needed: your code and the article."),
        ]
        assert dict(report.counts) == {"created": 3, "rejected": 5}
        assert called(by, [drill.pk]) == {drill.pk: ("A-1", "B-1", "КР-001")}

    def test_the_same_file_again_changes_nothing_and_a_mended_one_only_what_it_mends(self, drill, saw):
        by = acting(make_member(Role.BUYER))
        import_codes(by=by, rows=rows(("1", "TV-1860.02"), ("2", "TV-1860.02")), report=Report())
        report = import_codes(by=by, rows=rows(("1", "TV-1860.02"), ("2", "PL-190.01")), report=Report())
        assert dict(report.counts) == {"unchanged": 1, "updated": 1}
        assert meant_by(by, ["1", "2"]) == {"1": drill.pk, "2": saw.pk}

    def test_columns_without_names_and_a_head_that_is_a_row(self, drill):
        by = acting(make_member(Role.BUYER))
        sent = [Row(2, {"X-1": "X-2", "TV-1860.02": "TV-1860.02"})]
        import_codes(by=by, rows=sent, report=Report())
        assert meant_by(by, ["x1", "x2"]) == {"x1": drill.pk, "x2": drill.pk}

    def test_the_number_of_queries_does_not_grow(self, drill):
        by = acting(make_member(Role.BUYER))

        def cost(count, word):
            sent = rows(*((f"{word}-{n}", "TV-1860.02") for n in range(count)))
            with CaptureQueriesContext(connection) as queries:
                import_codes(by=by, rows=sent, report=Report())
            return len(queries)

        assert cost(2, "A") == cost(30, "B")

    def test_who_may_and_who_may_not(self, drill):
        dealer = make_dealer()
        for role in (Role.SELLER, Role.READER):
            with pytest.raises(NotAllowed):
                import_codes(
                    by=acting(make_member(role, dealer=dealer)), rows=rows(("1", "TV-1860.02")), report=Report()
                )
        assert not DealerCode.objects.exists()

    def test_one_code_means_one_article_in_the_database_too(self, drill, saw):
        dealer = make_dealer()
        DealerCode.objects.create(dealer=dealer, code="A-1", folded="a1", product=drill)
        with pytest.raises(IntegrityError), transaction.atomic():
            DealerCode.objects.create(dealer=dealer, code="a1", folded="a1", product=saw)
        DealerCode.objects.create(dealer=make_dealer(), code="A-1", folded="a1", product=saw)

    def test_from_the_command_line(self, drill, tmp_path, capsys):
        dealer = make_dealer(code="verstak")
        file = tmp_path / "codes.csv"
        file.write_text("наш код;артикул\nA-1;TV-1860.02\nB-1;NO\n")
        with pytest.raises(CommandError, match="1 rows were left out"):
            call_command("import_dealer_codes", "verstak", str(file))
        assert "row 3, B-1: " in capsys.readouterr().out
        assert DealerCode.objects.get().dealer == dealer
        with pytest.raises(CommandError, match="no dealer"):
            call_command("import_dealer_codes", "nobody", str(file))


class TestSearch:
    @pytest.mark.parametrize("text", ["КР-001/2", "kp0012", "кр 001 2"])
    def test_it_is_found_first_and_labelled(self, mine, engine, api_client, client_of, text):
        make_product("KP0012-7", name_ru="Похожий", name_en="Alike")
        client = api_client(mine)
        for path in ("/api/v1/products/", "/api/v1/search/"):
            body = client.get(path, {"q": text}).json()
            found = body["results"] if "results" in body else body["products"]["results"]
            assert [(row["sku"], row["own_codes"]) for row in found] == [("TV-1860.02", ["КР-001/2"])]
            assert body["engine"] == engine
        for path in ("/search/", "/catalogue/"):
            assert (
                'your code <span class="code">КР-001/2</span>'
                in client_of(mine).get(path, {"q": text}).content.decode()
            )

    def test_suggestions_for_its_beginning(self, mine, engine, api_client):
        body = api_client(mine).get("/api/v1/suggest/", {"q": "кр-00"}).json()
        assert [row["sku"] for row in body["products"]] == ["TV-1860.02"]

    def test_an_article_of_that_number_comes_after_it(self, mine, engine, api_client):
        other = make_product("KP-0012", name_ru="Другой", name_en="Other")
        rebuild(SEARCHABLES["product"], engine)
        body = api_client(mine).get("/api/v1/products/", {"q": "KP-0012"}).json()
        assert [row["sku"] for row in body["results"]] == ["TV-1860.02", other.sku]

    @pytest.mark.parametrize("text", [CANARY, "zim4711", "ZIM-47", "ZIM-4712", "4711"])
    def test_another_dealers_finds_nothing_anywhere(self, mine, engine, api_client, client_of, text):
        body = api_client(mine).get("/api/v1/search/", {"q": text}).json()
        assert (body["count"], body["similar"], body["interpreted_as"]) == (0, [], None)
        body = api_client(mine).get("/api/v1/products/", {"q": text}).json()
        assert (body["count"], body["similar"], body["facets"]["availability"]) == (0, [], [])
        assert api_client(mine).get("/api/v1/suggest/", {"q": text}).json()["products"] == []
        for path in ("/search/", "/catalogue/", "/suggest/", "/own-codes/"):
            assert "PL-190.01" not in client_of(mine).get(path, {"q": text}).content.decode()

    def test_its_own_people_find_it(self, mine, engine, api_client):
        """The negative control: it is there to be found."""
        for text in (CANARY, "zim4711"):
            body = api_client(mine.rival).get("/api/v1/search/", {"q": text}).json()
            assert [row["sku"] for row in body["products"]["results"]] == ["PL-190.01"]

    def test_one_code_of_two_dealers_means_to_each_their_own(self, mine, engine, api_client):
        body = api_client(mine.rival).get("/api/v1/products/", {"q": "КР-001/2"}).json()
        assert [row["sku"] for row in body["results"]] == ["PL-190.01"]


class TestQuickOrder:
    def test_it_is_read_and_said(self, mine, drill):
        drill.refresh_from_db()
        (line,) = answer_lines(acting(mine), "кр0012; 5", NOON.date()).lines
        assert (line.product, line.quantity) == (drill, 5)
        assert "Your code for TV-1860.02." in line.message or line.message.startswith("It has no price")

    def test_another_dealers_is_unknown(self, mine):
        for text in (f"{CANARY}; 5", "ZIM-4712; 5"):
            (line,) = answer_lines(acting(mine), text, NOON.date()).lines
            assert (line.product, line.candidates) == (None, ())

    def test_where_it_is_also_an_articles_number_both_are_offered(self, mine, drill):
        make_product("KP0012", name_ru="Другой", name_en="Other")
        (line,) = answer_lines(acting(mine), "KP0012; 5", NOON.date()).lines
        assert {candidate.sku for candidate in line.candidates} == {"TV-1860.02", "KP0012"}

    def test_a_code_one_sign_away_is_offered_and_never_taken(self, mine, drill):
        (line,) = answer_lines(acting(mine), "TV-1863.02; 5", NOON.date()).lines
        assert (line.product, line.quantity, [c.sku for c in line.candidates]) == (None, 5, ["TV-1860.02"])


class TestPage:
    def test_a_file_is_taken_listed_and_forgotten(self, drill, saw, client_of):
        browser = client_of(make_member(Role.OWNER))
        file = SimpleUploadedFile("codes.csv", "код;артикул\n<b>1;TV-1860.02\nX;NO\n".encode())
        html = browser.post("/own-codes/", {"file": file}).content.decode()
        assert "New: 1, changed: 0, already there: 0, left out: 1." in html
        assert "Row 3, X: There is no article NO." in html
        assert "&lt;b&gt;1" in html
        assert browser.get("/own-codes/", {"q": "tv-18"}).content.decode().count("&lt;b&gt;1") > 0
        exported = b"".join(browser.get("/own-codes/export/").streaming_content).decode("utf-8-sig")
        assert exported.splitlines()[1] == "<b>1;TV-1860.02;Drill"
        row = DealerCode.objects.get()
        browser.post(f"/own-codes/{row.pk}/forget/")
        assert not DealerCode.objects.exists()

    def test_what_is_no_file_is_said(self, client_of):
        browser = client_of(make_member(Role.OWNER))
        assert "Send a CSV" in browser.post("/own-codes/").content.decode()
        answer = browser.post("/own-codes/", {"file": SimpleUploadedFile("a.csv", b"only\n1\n")})
        assert (answer.status_code, "Two columns are needed" in answer.content.decode()) == (422, True)

    def test_another_dealers_cannot_be_forgotten(self, mine, client_of):
        theirs = DealerCode.objects.get(code=CANARY)
        assert client_of(mine).post(f"/own-codes/{theirs.pk}/forget/").status_code == 404
        assert forget_all_codes(by=acting(mine)) == 1
        assert DealerCode.objects.filter(dealer=mine.rival.dealer).count() == 2

    def test_over_the_api(self, drill, saw, api_client):
        client = api_client(make_member(Role.BUYER))
        sent = {"codes": [{"code": "A-1", "article": "TV-1860.02"}, {"code": "B", "article": "NO"}]}
        body = client.post("/api/v1/own-codes/", sent, format="json").json()
        assert [body[name] for name in ("created", "updated", "unchanged", "rejected")] == [1, 0, 0, 1]
        assert body["problems"][0]["row"] == 2
        (listed,) = client.get("/api/v1/own-codes/").json()["results"]
        assert (listed["code"], listed["sku"]) == ("A-1", "TV-1860.02")
        assert client.delete(f"/api/v1/own-codes/{listed['id']}/").status_code == 204
        upload = {"file": SimpleUploadedFile("codes.csv", b"code;sku\nZ;PL-190.01\n")}
        assert client.post("/api/v1/own-codes/", upload, format="multipart").json()["created"] == 1
        assert client.delete("/api/v1/own-codes/").status_code == 204
        assert client.get("/api/v1/own-codes/").json()["count"] == 0
        assert client.post("/api/v1/own-codes/", {}, format="json").status_code == 422
        assert api_client(make_member(Role.SELLER)).get("/api/v1/own-codes/").status_code == 403


def test_a_stranger_and_the_head_office_have_no_codes(mine):
    from accounts.principals import NOBODY

    assert (meant_by(NOBODY, [CANARY]), begun_by(NOBODY, "ZIM"), called(NOBODY, [1])) == ({}, [], {})
    with pytest.raises((NotAllowed, Missing)):
        forget_all_codes(by=NOBODY)
