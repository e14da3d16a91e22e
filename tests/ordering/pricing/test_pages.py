"""Prices over the API, on pages and in files: the right figures, for the right people, at a fixed cost."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from ordering.pricing.enums import FileFormat
from ordering.pricing.queries import PriceContext, quote
from portal.lib.clock import business_date
from tests.factories import make_dealer, make_member, make_region, make_staff
from tests.factories_pricing import make_article, make_award, make_price_list, make_programme, make_version

pytestmark = pytest.mark.django_db
CANARY = "7777.77"


@pytest.fixture
def world():
    """A dealer with a region's list and a tier; a rival with a list of its own."""
    region = make_region()
    dealer, rival = make_dealer("Ours", region=region, code="ours"), make_dealer("Rival", region=region, code="rival")
    article = make_article("A/1", name_en="=HYPERLINK(1)", name_ru="@имя")
    other = make_article("B~2", name_en="Bolt", name_ru="Болт")
    make_price_list({article: 9870, other: 10}, name_en="Base")
    make_price_list({article: {1: 9640, 6: 9350}}, region=region, name_en="South")
    make_price_list({article: CANARY, other: CANARY}, dealer=rival, name_en="Canary list")
    make_award(dealer, make_programme([("silver", 0, 8)]).tiers.get())
    return dealer, article, other, rival


def test_the_receipt(world, api_client) -> None:
    dealer, *_ = world
    answer = api_client(make_member(Role.BUYER, dealer=dealer)).get("/api/v1/products/a~11/price/?quantity=4")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["sku"], said["quantity"], said["currency"]) == ("A/1", 4, "RUB")
    assert (said["unit_price"], said["net"], said["tax"], said["total"]) == (
        "8868.8000",
        "35475.20",
        "7804.54",
        "43279.74",
    )
    assert said["next_break"] == {"quantity": 6, "more": 2, "unit_price": "8602.0000", "percent": "3.0"}
    assert [(s["kind"], s["name"], s["amount"]) for s in said["steps"]] == [
        ("base", "Base", "9870.0000"),
        ("region", "South", "9640.0000"),
        ("tier", "Tier “Silver”", "-771.2000"),
        ("tax", "VAT 22 %", "7804.54"),
    ]


def test_an_article_without_a_price_says_null(world, api_client) -> None:
    dealer, *_ = world
    make_article("C-3")
    said = api_client(make_member(dealer=dealer)).get("/api/v1/products/C-3/price/").json()
    assert (said["unit_price"], said["total"], said["steps"]) == (None, None, [])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/products/none/price/", 404, "not_found"),
        ("/api/v1/products/A~11/price/?quantity=0", 422, "invalid"),
        ("/api/v1/products/A~11/price/?quantity=1.5", 422, "invalid"),
        ("/api/v1/price-list/?format=pdf", 422, "invalid"),
    ],
)
def test_what_is_wrong_is_a_problem(world, api_client, path, status, code) -> None:
    answer = api_client(make_member(dealer=world[0])).get(path)
    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (
        status,
        code,
        "application/problem+json",
    )


PATHS = ["/api/v1/products/A~11/price/", *(f"/api/v1/price-list/?format={one.value}" for one in FileFormat)]


@pytest.mark.parametrize("path", PATHS)
def test_who_sees_prices(world, api_client, path) -> None:
    dealer, *_ = world
    for role, status in ((Role.OWNER, 200), (Role.BUYER, 200), (Role.SELLER, 200), (Role.READER, 403)):
        assert api_client(make_member(role, dealer=dealer)).get(path).status_code == status
    for role in StaffRole:
        assert api_client(make_staff(role)).get(path).status_code == 403
    assert api_client().get(path).status_code == 401


@pytest.mark.parametrize("path", ["/price-list/", "/prices/A~11/"])
def test_who_opens_the_pages(world, client_of, client, path) -> None:
    dealer, *_ = world
    for role, status in ((Role.OWNER, 200), (Role.BUYER, 200), (Role.SELLER, 200), (Role.READER, 403)):
        assert client_of(make_member(role, dealer=dealer)).get(path).status_code == status
    assert client.get(path).status_code == 302


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("path", [*PATHS, "/price-list/", "/prices/A~11/"])
def test_a_rivals_price_is_nowhere(world, client_of, path) -> None:
    dealer, _article, _other, rival = world
    ours = content(client_of(make_member(dealer=dealer)).get(path))
    if path.endswith("xlsx"):
        ours = repr(CalamineWorkbook.from_filelike(io.BytesIO(ours)).get_sheet_by_index(0).to_python()).encode()
    for word in (b"7777", b"7 777", b"Canary", "7\u00a0777".encode()):
        assert word not in ours
    theirs = client_of(make_member(dealer=rival)).get("/api/v1/products/A~11/price/").json()
    assert theirs["unit_price"] == "7777.7700"


def rows_of(answer, file_format: FileFormat) -> list[tuple[str, int, Decimal]]:
    """(SKU, from quantity, own price) of a downloaded list, opened as its reader would."""
    raw = content(answer)
    if file_format is FileFormat.JSON:
        return [(r["sku"], r["min_quantity"], Decimal(r["price"])) for r in json.loads(raw)["results"]]
    if file_format is FileFormat.CSV:
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))[1:]
    else:
        table = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()[1:]
    return [(r[0], int(r[7]), Decimal(str(r[9]))) for r in table]


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_the_files_say_what_the_quote_says(world, client_of, file_format) -> None:
    dealer, article, other, _rival = world
    gross = make_article("G-1", tax_rate=Decimal(10))
    make_price_list({gross: "33.3333"}, dealer=dealer, tax_included=True)
    answer = client_of(make_member(dealer=dealer)).get(f"/api/v1/price-list/?format={file_format.value}")
    context = PriceContext.of_dealer(dealer.pk)
    expected = [
        (product.sku, quantity, quote(context, [(product.pk, quantity)])[product.pk].unit_price)
        for product, quantity in ((article, 1), (article, 6), (other, 1), (gross, 1))
    ]
    assert rows_of(answer, file_format) == expected
    assert answer["Content-Disposition"].startswith(
        f'attachment; filename="price-list_ours_{business_date().isoformat()}.{file_format.value}"'
    )
    assert "no-store" in answer["Cache-Control"]


def test_no_cell_is_a_formula(world, client_of) -> None:
    dealer, *_ = world
    client = client_of(make_member(dealer=dealer))
    book = openpyxl.load_workbook(io.BytesIO(content(client.get("/api/v1/price-list/?format=xlsx"))))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.value for cell in cells if cell.value == "=HYPERLINK(1)" and cell.data_type in "si"]
    table = list(
        csv.reader(
            io.StringIO(content(client.get("/api/v1/price-list/?format=csv")).decode("utf-8-sig")), delimiter=";"
        )
    )
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert table[1][2] == "'=HYPERLINK(1)"


def test_the_workbook_is_laid_out_for_people(world, client_of) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(content(client_of(make_member(dealer=world[0])).get("/api/v1/price-list/?format=xlsx")))
    )
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["C"].width > 40
    assert isinstance(sheet["J2"].value, float)
    assert sheet["J2"].number_format == "#,##0.00##"
    assert sheet["A1"].font.bold
    assert sheet["A2"].value == "A/1"


def test_russian_files_have_a_decimal_comma(world, client_of) -> None:
    member = make_member(dealer=world[0])
    member.user.language = "ru"
    member.user.save()
    table = list(
        csv.reader(
            io.StringIO(content(client_of(member).get("/api/v1/price-list/?format=csv")).decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert (table[1][2], table[1][9]) == ("'@имя", "8868,8000")


def test_a_download_is_audited(world, client_of) -> None:
    member = make_member(dealer=world[0])
    client_of(member).get("/api/v1/price-list/?format=xlsx")
    event = AuditEvent.objects.get(verb="price_list.downloaded")
    assert (event.actor_id, event.dealer_id, event.subject) == (member.user_id, member.dealer_id, "xlsx")
    stamp = event.facts.pop("stamp")
    assert len(stamp) == 16
    assert event.facts == {
        "on": business_date().isoformat(), "tier": "silver", "since": "", "selection": "", "resumed": False, "counted": True,
    }  # fmt: skip


def test_the_page_shows_own_prices_and_their_reasons(world, client_of) -> None:
    answer = client_of(make_member(dealer=world[0])).get("/price-list/").content.decode()
    assert "₽8,868.80" in answer
    assert "list ₽9,640.00, −8" in answer
    assert "Tier “Silver”" in answer


def test_the_fragment_shows_breaks_and_the_nudge(world, client_of) -> None:
    answer = client_of(make_member(dealer=world[0])).get("/prices/A~11/?quantity=4").content.decode()
    assert "<html" not in answer
    assert "1–5" in answer
    assert "6+" in answer
    assert "3" in answer
    assert "₽43,279.74" in answer


def test_one_and_a_hundred_articles_cost_the_same(world, client_of) -> None:
    dealer, *_ = world
    client = client_of(make_member(dealer=dealer))
    own = make_price_list({make_article(): 1}, dealer=dealer, valid_from=business_date() - dt.timedelta(days=9))
    counts = []
    for _n in range(2):
        client.get("/price-list/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/price-list/")
        counts.append(len(queries))
        make_version(own, {make_article(): 5 for _a in range(100)}, valid_from=business_date())
    assert counts[0] == counts[1]
