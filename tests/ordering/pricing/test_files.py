"""Price-list files: what they tell, whose they are, how they are taken again, resumed, counted and made by a worker."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.enums import Role
from accounts.models import AuditEvent
from ordering.catalog.models import Product
from ordering.pricing import services
from ordering.pricing.enums import FileFormat
from ordering.pricing.models import PriceFile, TakenList
from ordering.pricing.queries import Wanted, file_bytes, file_lines, recipe_of
from ordering.pricing.services import files as file_services
from portal.jobs.models import JobState
from portal.lib import sheets
from portal.lib.clock import business_date
from portal.lib.files import private_storage
from tests.factories import make_dealer, make_member, make_region
from tests.factories_catalog import make_category
from tests.factories_pricing import (
    make_article,
    make_award,
    make_contract,
    make_price_list,
    make_programme,
    make_promotion,
    make_version,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/price-list/"
FILES = f"{API}files/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    """Our dealer's member, its articles A and B in drills, C in saws, and the base list they are priced by."""
    drills, saws = make_category("drills"), make_category("saws")
    dealer = make_dealer("Ours", region=make_region(), code="ours")
    articles = [
        make_article(sku, category=category, name_en=f"{sku} name")
        for sku, category in (("A", drills), ("B", drills), ("C", saws))
    ]
    base = make_price_list(dict(zip(articles, (100, 200, 300), strict=True)), name_en="Base")
    return make_member(Role.BUYER, dealer=dealer), articles, base


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def results(answer) -> dict[str, str]:
    """SKU → own price of a downloaded JSON."""
    assert answer.status_code == 200
    return {row["sku"]: row["price"] for row in json.loads(content(answer))["results"]}


# What a file tells


def test_a_file_says_which_prices_it_tells(world, api_client) -> None:
    member, articles, base = world
    begun, ends = business_date() - 3 * DAY, business_date() + 5 * DAY
    make_version(base, dict.fromkeys(articles, 50), valid_from=begun)
    make_version(base, dict.fromkeys(articles, 60), valid_from=ends)
    make_award(member.dealer, make_programme([("silver", 0, 8)]).tiers.get())
    client = api_client(member)
    said = json.loads(content(client.get(API)))
    assert (said["valid_from"], said["valid_until"]) == (begun.isoformat(), (ends - DAY).isoformat())
    assert (said["currency"], said["tier"], said["discount"]) == ("RUB", "silver", "8.00")
    assert said["stamp"] == client.get(f"{API}version/").json()["stamp"]
    table = list(
        csv.DictReader(io.StringIO(content(client.get(f"{API}?format=csv")).decode("utf-8-sig")), delimiter=";")
    )
    assert [row["SKU"] for row in table] == ["A", "B", "C"]
    assert (table[0]["Your price without VAT"], table[0]["Currency"], table[0]["Tier"]) == ("46.0000", "RUB", "Silver")
    assert (table[0]["Valid from"], table[0]["Valid until"], table[0]["Version"]) == (
        begun.isoformat(), (ends - DAY).isoformat(), said["stamp"],
    )  # fmt: skip
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(client.get(f"{API}?format=xlsx"))))
    about = dict(book.get_sheet_by_name("About").to_python())
    assert (about["Version"], about["Price lists"], about["Valid from"]) == (said["stamp"], "Base", begun.isoformat())


def test_the_same_prices_have_one_stamp_on_any_day(world, api_client) -> None:
    """A night alone is no change; what begins at midnight at the head office is."""
    member, articles, base = world
    client = api_client(member)
    make_version(base, dict.fromkeys(articles, 60), valid_from=dt.date(2026, 12, 1))
    stamps, prices = [], []
    for moment in ("2026-11-28T12:00", "2026-11-29T12:00", "2026-11-30T20:59", "2026-11-30T21:00"):  # Moscow: +3 h
        with time_machine.travel(f"{moment}+00:00", tick=False):
            stamps.append(client.get(f"{API}version/").json()["stamp"])
            prices.append(results(client.get(API))["A"])
    assert stamps[0] == stamps[1] == stamps[2] != stamps[3]
    assert prices == ["100.0000"] * 3 + ["60.0000"]


def test_a_list_that_comes_is_taken_before(world, client_of, api_client) -> None:
    member, articles, base = world
    day = business_date() + 6 * DAY
    make_version(base, dict.fromkeys(articles, 60), valid_from=day)
    make_promotion(percent=10, start=day + DAY, name_en="Winter")
    client = api_client(member)
    assert results(client.get(API))["A"] == "100.0000"
    assert results(client.get(f"{API}?on={day}"))["A"] == "60.0000"
    assert results(client.get(f"{API}?on={day + DAY}"))["A"] == "54.0000"
    assert [one["begins"] for one in client.get(f"{API}version/").json()["days"]] == [["Base"], ["Winter"]]
    page = client_of(member).get("/price-list/").content.decode()
    assert f'value="{day}"' in page
    assert "Base begins" in page
    assert "Winter begins" in page


@pytest.mark.parametrize("on", ["2020-01-01", "2099-01-01", "tomorrow"])
def test_a_day_that_cannot_be_told(world, api_client, on) -> None:
    answer = api_client(world[0]).get(f"{API}?on={on}")
    assert (answer.status_code, answer.json()["field"]) == (422, "on")


def test_some_articles_only(world, api_client) -> None:
    client = api_client(world[0])
    assert set(results(client.get(f"{API}?category=drills"))) == {"A", "B"}
    assert set(results(client.get(f"{API}?sku=c&sku=a"))) == {"A", "C"}
    assert set(results(client.get(f"{API}?category=drills&sku=a,c"))) == {"A"}
    refused = client.get(f"{API}?sku=a&sku=none")
    assert (refused.status_code, refused.json()["unknown"]) == (422, ["none"])
    assert client.get(f"{API}?category=none").json()["field"] == "category"


def test_a_category_has_its_branches(world, api_client) -> None:
    member, articles, _base = world
    inner = make_category("inner", parent=articles[0].category)
    Product.objects.filter(pk=articles[2].pk).update(category=inner)
    assert set(results(api_client(member).get(f"{API}?category=drills"))) == {"A", "B", "C"}


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


def test_no_text_becomes_a_formula(world, api_client) -> None:
    member, _articles, _base = world
    names = [f'{sign};"&<x>\x0b' for sign in FORMULAS]
    made = {make_article(f"F{n}", name_en=name, mpn=FORMULAS[n]): 1 for n, name in enumerate(names)}
    make_price_list(made, dealer=member.dealer)
    client = api_client(member)
    table = list(csv.reader(io.StringIO(content(client.get(f"{API}?format=csv")).decode("utf-8-sig")), delimiter=";"))
    assert [(row[1], row[2]) for row in table[4:]] == [(f"'{s}", f"'{n}") for s, n in zip(FORMULAS, names, strict=True)]
    book = openpyxl.load_workbook(io.BytesIO(content(client.get(f"{API}?format=xlsx"))))
    cells = [row[2] for row in book["Prices"].iter_rows(min_row=5)]
    assert [cell.data_type for cell in cells] == ["s"] * len(FORMULAS)
    # XML knows one end of a line, and none of the other control signs.
    assert [cell.value for cell in cells] == [name.replace("\r", "\n").rstrip("\x0b") for name in names]
    assert [row["name"] for row in json.loads(content(client.get(API)))["results"][3:]] == names


def test_unguarded_texts_would_be_formulas(world, api_client, monkeypatch) -> None:
    """The control: without the guard the harm is there."""
    member, articles, _base = world
    Product.objects.filter(pk=articles[0].pk).update(name_en="=1+1")
    monkeypatch.setattr(file_lines, "GUARDED", "-1")
    table = content(api_client(member).get(f"{API}?format=csv")).decode("utf-8-sig").splitlines()
    assert table[1].split(";")[2] == "=1+1"


def test_more_rows_than_a_sheet_holds(world, api_client, monkeypatch) -> None:
    monkeypatch.setattr(file_lines, "SHEET_ROWS", 2)
    monkeypatch.setattr(sheets, "SHEET_ROWS", 2)
    book = openpyxl.load_workbook(io.BytesIO(content(api_client(world[0]).get(f"{API}?format=xlsx"))))
    assert book.sheetnames == ["Prices", "Prices 2", "About"]
    assert [row[0].value for row in book["Prices"].iter_rows()] == ["SKU", "A", "B"]
    assert [row[0].value for row in book["Prices 2"].iter_rows()] == ["SKU", "C"]
    assert book["Prices 2"].freeze_panes == "A2"


# Made once, kept for its dealer


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_a_file_is_made_once(world, api_client, file_format) -> None:
    client = api_client(world[0])
    address = f"{API}?format={file_format.value}"
    first = client.get(address)
    bytes_then = content(first)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address)
        assert content(again) == bytes_then
    assert not [one for one in queries if "WITH lists AS" in one["sql"]]
    assert first["ETag"] == again["ETag"]
    assert PriceFile.objects.count() == 1


def test_made_anew_it_is_the_same_bytes(world, api_client) -> None:
    """Else a download that goes on after the kept file is gone would be two halves of two files."""
    client = api_client(world[0])
    before = [content(client.get(f"{API}?format={one.value}")) for one in FileFormat]
    services.tidy_files(at=timezone.now() + dt.timedelta(days=9))
    assert PriceFile.objects.count() == 0
    assert [content(client.get(f"{API}?format={one.value}")) for one in FileFormat] == before


def test_who_has_it_gets_304(world, api_client) -> None:
    member, articles, base = world
    client = api_client(member)
    tag = client.get(API)["ETag"]
    for asked in (tag, f'W/{tag}, "x"', "*"):
        answer = client.get(API, headers={"if-none-match": asked})
        assert (answer.status_code, content(answer), answer["ETag"]) == (304, b"", tag)
    assert AuditEvent.objects.filter(verb="price_list.downloaded").count() == 1
    make_version(base, dict.fromkeys(articles, 99), valid_from=business_date())
    answer = client.get(API, headers={"if-none-match": tag})
    assert results(answer)["A"] == "99.0000"


def changes_of_prices(member, articles, base):
    """What may become of prices, each told in words; a generator: each is done when asked for."""
    dealer, article = member.dealer, articles[0]
    yield "nothing", None
    make_contract(dealer, article, 77)
    yield "a contract", "77.0000"
    make_promotion(article, percent=10)
    yield "a promotion", "69.3000"
    make_award(dealer, make_programme([("silver", 0, 50)]).tiers.get())
    yield "a tier", "38.5000"
    make_price_list({articles[1]: 5}, dealer=dealer)
    yield "another list, of another article", "38.5000"
    Product.objects.filter(pk=article.pk).update(tax_rate=Decimal(10))
    yield "a tax rate", "38.5000"
    Product.objects.filter(pk=article.pk).update(name_en="New name")
    yield "a name", "38.5000"
    article.category.name_en = "Other drills"
    article.category.save()
    yield "a category's name", "38.5000"


def test_whatever_a_price_depends_on_makes_another_file(world, api_client) -> None:
    member, articles, base = world
    client, tags = api_client(member), {}
    for what, price in changes_of_prices(member, articles, base):
        answer = client.get(API)
        assert answer["ETag"] not in tags, (what, tags.get(answer["ETag"]))
        tags[answer["ETag"]] = what
        if price:
            assert results(answer)["A"] == price, what


def test_what_no_price_list_says_makes_no_other_file(world, api_client) -> None:
    member, articles, _base = world
    client = api_client(member)
    tag = client.get(API)["ETag"]
    articles[0].description_en = "Words"
    articles[0].save()
    Product.objects.update(updated_at=timezone.now())
    make_contract(make_dealer("Other"), articles[0], 1)
    assert client.get(API)["ETag"] == tag


def test_a_rivals_price_is_in_no_kept_file(world, api_client) -> None:
    """Two dealers ask in turn; each gets the own prices, from the files kept too, and the file of the other is not there."""
    member, articles, _base = world
    rival = make_member(Role.BUYER, dealer=make_dealer("Rival", region=member.dealer.home_region))
    make_contract(rival.dealer, articles[0], "7777.77")
    ours, theirs = api_client(member), api_client(rival)
    for _turn in range(2):
        for one in FileFormat:
            mine, other = (content(client.get(f"{API}?format={one.value}")) for client in (ours, theirs))
            if one is FileFormat.XLSX:
                mine, other = (repr(CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()).encode()
                               for raw in (mine, other))  # fmt: skip
            assert b"7777" not in mine
            assert b"7777" in other
    kept = {row.dealer_id: row for row in PriceFile.objects.filter(file_format="csv")}
    assert b"7777" not in kept[member.dealer_id].file.read()
    their_row = kept[rival.dealer_id].pk
    for path in (f"{FILES}{their_row}/", f"{FILES}{their_row}/content/"):
        assert ours.get(path).status_code == 404
    assert ours.delete(f"{FILES}{their_row}/").status_code == 404
    tag = theirs.get(API)["ETag"]
    assert ours.get(API, headers={"if-none-match": tag}).status_code == 200
    assert results(ours.get(API, headers={"range": "bytes=0-", "if-range": tag}))["A"] == "100.0000"


def test_without_the_dealer_in_its_key_a_file_would_be_anybodys(world, api_client, monkeypatch) -> None:
    """The control: the key is what keeps the files apart where the rules are the same."""
    member, *_ = world
    other = make_member(Role.BUYER, dealer=make_dealer("Twin", region=member.dealer.home_region))
    tags = {api_client(one).get(API)["ETag"] for one in (member, other)}
    assert len(tags) == 2
    monkeypatch.setattr(file_bytes.Recipe, "key", property(lambda self: self.made.stamp[:0] + "same"))
    assert len({api_client(one).get(API)["ETag"] for one in (member, other)}) == 1


def test_an_editor_changes_the_catalogue_while_the_file_is_made(world, api_client, monkeypatch) -> None:
    """What is of no version is made again."""
    member, articles, _base = world
    blocks = file_services.file_blocks
    times = []

    def disturbed(recipe, tell):
        yield from blocks(recipe, tell)
        times.append(1)
        if len(times) == 1:
            Product.objects.filter(pk=articles[0].pk).update(name_en="Renamed meanwhile")

    monkeypatch.setattr(file_services, "file_blocks", disturbed)
    answer = api_client(member).get(API)
    assert json.loads(content(answer))["results"][0]["name"] == "Renamed meanwhile"
    assert len(times) == 2


# Resumed


def test_a_download_goes_on_where_it_stopped(world, api_client) -> None:
    client = api_client(world[0])
    whole = client.get(f"{API}?format=csv")
    raw, tag = content(whole), whole["ETag"]
    assert (whole["Accept-Ranges"], whole["Content-Length"]) == ("bytes", str(len(raw)))
    rest = client.get(f"{API}?format=csv", headers={"range": "bytes=10-", "if-range": tag})
    assert (rest.status_code, content(rest)) == (206, raw[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(raw) - 1}/{len(raw)}"
    for asked, expected in (("bytes=0-4", raw[:5]), ("bytes=-7", raw[-7:]), (f"bytes=3-{10**9}", raw[3:])):
        part = client.get(f"{API}?format=csv", headers={"range": asked})
        assert (part.status_code, content(part)) == (206, expected)
    for asked in ("bytes=0-1,4-5", "bytes=9-3", "lines=1-2", "bytes=-"):
        answer = client.get(f"{API}?format=csv", headers={"range": asked})
        assert (answer.status_code, content(answer)) == (200, raw)
    beyond = client.get(f"{API}?format=csv", headers={"range": f"bytes={len(raw)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(raw)}")


def test_other_prices_are_not_glued_to_the_beginning_of_former_ones(world, api_client) -> None:
    member, articles, base = world
    client = api_client(member)
    tag = client.get(API)["ETag"]
    make_version(base, dict.fromkeys(articles, 99), valid_from=business_date())
    answer = client.get(API, headers={"range": "bytes=10-", "if-range": tag})
    assert results(answer)["A"] == "99.0000"


# Counted and noted


def test_a_company_takes_so_many_files_an_hour(world, api_client, client_of, monkeypatch) -> None:
    member, *_ = world
    monkeypatch.setattr(file_services, "MOST_AN_HOUR", 2)
    colleague = make_member(Role.SELLER, dealer=member.dealer)
    stranger = make_member(Role.BUYER, dealer=make_dealer("Other"))
    with time_machine.travel("2026-11-25T09:00+00:00", tick=False) as clock:
        for one in (member, colleague):
            assert api_client(one).get(API).status_code == 200
        clock.shift(600)
        refused = api_client(member).get(API)
        assert (refused.status_code, refused["Retry-After"], refused.json()["code"]) == (429, "3001", "too_many_files")
        assert "in 51 minutes" in refused.json()["detail"]
        tag = '"x"'
        assert api_client(stranger).get(API, headers={"if-none-match": tag}).status_code == 200
        clock.shift(3002)
        assert api_client(member).get(API).status_code == 200


def test_neither_parts_nor_askings_go_round_the_limit(world, api_client, monkeypatch) -> None:
    """Work is counted: a file made for its second byte on, and one asked for and forgotten."""
    monkeypatch.setattr(file_services, "MOST_AN_HOUR", 3)
    client = api_client(world[0])
    for sku in "AB":
        assert client.get(f"{API}?sku={sku}", headers={"range": "bytes=1-"}).status_code == 206
    assert client.get(f"{API}?sku=A", headers={"range": "bytes=1-"}).status_code == 206  # costs nothing
    asked = client.post(FILES, {"format": "csv"}, format="json").json()
    client.delete(f"{FILES}{asked['id']}/")
    assert client.get(f"{API}?sku=C", headers={"range": "bytes=1-"}).status_code == 429
    assert client.post(FILES, {"format": "csv"}, format="json").status_code == 429


def test_a_list_published_meanwhile_is_in_no_part_of_the_file(world, principal_of, monkeypatch) -> None:
    monkeypatch.setattr(file_bytes, "CHUNK", 1)
    member, articles, base = world
    recipe = recipe_of(principal_of(member), Wanted(FileFormat.JSON))

    def publish(done: int, _of: int) -> None:
        if done == 1:
            make_version(base, dict.fromkeys(articles, 7), valid_from=business_date())

    said = json.loads(b"".join(file_bytes.file_blocks(recipe, publish)))
    assert [row["price"] for row in said["results"]] == ["100.0000", "200.0000", "300.0000"]
    assert recipe_of(principal_of(member), Wanted(FileFormat.JSON)).key != recipe.key


def test_only_what_went_out_is_noted(world, api_client) -> None:
    member, *_ = world
    client = api_client(member)
    tag = client.get(f"{API}?format=csv")["ETag"]  # begun, and never read to its end
    client.head(f"{API}?format=csv")
    client.get(f"{API}?format=csv", headers={"if-none-match": tag})
    assert AuditEvent.objects.filter(verb="price_list.downloaded").count() == 1
    assert TakenList.objects.count() == 0
    content(client.get(f"{API}?format=csv", headers={"range": "bytes=0-9"}))
    assert TakenList.objects.count() == 0
    content(client.get(f"{API}?format=csv", headers={"range": "bytes=10-"}))
    assert [event.facts["resumed"] for event in AuditEvent.objects.filter(verb="price_list.downloaded").order_by("pk")] == [
        False, False, True,
    ]  # fmt: skip
    taken = TakenList.objects.get()
    assert (taken.dealer_id, taken.taken_by_id, taken.file_format) == (member.dealer_id, member.user_id, "csv")


# Made by a worker


def test_a_long_list_is_made_by_a_worker(world, client_of, api_client, monkeypatch) -> None:
    member, *_ = world
    monkeypatch.setattr(file_bytes, "SHORT", 0)
    monkeypatch.setattr(file_bytes, "CHUNK", 1)
    client, machine = client_of(member), api_client(member)
    answer = client.post("/price-list/files/", {"format": "csv"})
    row = PriceFile.objects.get()
    assert answer["Location"] == f"/price-list/files/{row.pk}/"
    assert "every 1s" in client.get(answer["Location"]).content.decode()
    assert machine.get(f"{FILES}{row.pk}/").json()["state"] == "queued"
    assert machine.get(f"{FILES}{row.pk}/content/").status_code == 409
    assert services.run_next_file()
    assert not services.run_next_file()
    said = machine.get(f"{FILES}{row.pk}/").json()
    assert (said["state"], said["percent"], said["error"]) == ("ready", 100, "")
    assert "every 1s" not in client.get(answer["Location"]).content.decode()
    raw = content(client.get(f"{answer['Location']}content/"))
    assert [line.split(";")[0] for line in raw.decode("utf-8-sig").splitlines()] == ["SKU", "A", "B", "C"]
    row.refresh_from_db()
    assert (row.job.done, row.job.total, row.job.state) == (3, 3, JobState.DONE)


def test_a_long_list_flows_and_is_kept(world, api_client, monkeypatch) -> None:
    monkeypatch.setattr(file_bytes, "SHORT", 0)
    monkeypatch.setattr(file_bytes, "CHUNK", 2)
    client = api_client(world[0])
    for one in FileFormat:
        flowing = client.get(f"{API}?format={one.value}")
        assert flowing.headers.get("ETag") is None
        raw = content(flowing)
        kept = client.get(f"{API}?format={one.value}")
        assert (content(kept), kept["Accept-Ranges"]) == (raw, "bytes")
    assert TakenList.objects.count() == 1


def test_a_file_that_waits_is_stopped(world, api_client, monkeypatch) -> None:
    monkeypatch.setattr(file_bytes, "SHORT", 0)
    monkeypatch.setattr(file_bytes, "CHUNK", 1)
    client = api_client(world[0])
    asked = client.post(FILES, {"format": "json"}, format="json")
    assert asked.status_code == 202
    assert client.delete(f"{FILES}{asked.json()['id']}/").status_code == 204
    assert not services.run_next_file()
    assert client.get(f"{FILES}{asked.json()['id']}/").json()["state"] == "cancelled"
    # The same again is asked anew.
    assert client.post(FILES, {"format": "json"}, format="json").json()["state"] == "queued"
    assert services.run_next_file()


def test_whoever_left_gets_no_file(world, api_client, monkeypatch) -> None:
    member, *_ = world
    monkeypatch.setattr(file_bytes, "SHORT", 0)
    monkeypatch.setattr(file_bytes, "CHUNK", 1)
    api_client(member).post(FILES, {"format": "json"}, format="json")
    member.is_active = False
    member.save()
    assert services.run_next_file()
    row = PriceFile.objects.get()
    assert (row.state, row.is_made) == ("failed", False)


def test_a_short_file_is_there_at_once(world, api_client, client_of) -> None:
    member, *_ = world
    asked = api_client(member).post(FILES, {"format": "csv", "skus": ["a", "b"]}, format="json")
    assert (asked.status_code, asked.json()["state"]) == (201, "ready")
    raw = content(api_client(member).get(asked.json()["content"]))
    assert [line.split(";")[0] for line in raw.decode("utf-8-sig").splitlines()] == ["SKU", "A", "B"]
    answer = client_of(member).post("/price-list/files/", {"format": "xlsx", "skus": "a\r\nb", "since": "", "on": ""})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/content/")


def test_a_form_that_is_wrong_keeps_what_was_typed(world, client_of) -> None:
    answer = client_of(world[0]).post("/price-list/files/", {"format": "xlsx", "skus": "a\nnone such"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "none such" in page.split("<textarea")[1]
    assert "These articles are not known: none such" in page


# Kept for a while


def test_files_go_with_time_and_beyond_their_space(world, api_client, monkeypatch) -> None:
    client = api_client(world[0])
    for one in FileFormat:
        content(client.get(f"{API}?format={one.value}"))
    names = list(PriceFile.objects.values_list("file", flat=True))
    storage = PriceFile.objects.first().file.storage
    oldest = PriceFile.objects.order_by("used_at").first()
    monkeypatch.setattr(file_services, "KEPT_BYTES", sum(PriceFile.objects.values_list("size", flat=True)) - 1)
    assert services.tidy_files(at=timezone.now()) == 1
    assert not PriceFile.objects.filter(pk=oldest.pk).exists()
    assert services.tidy_files(at=timezone.now() + dt.timedelta(days=4)) == 2
    assert not [name for name in names if storage.exists(name)]


def test_a_file_of_no_row_is_found() -> None:
    storage = private_storage()
    name = storage.save("price-lists/stray.csv", ContentFile(b"x"))
    assert services.tidy_files(at=timezone.now()) == 0  # may be one that is being written
    assert services.tidy_files(at=timezone.now() + dt.timedelta(hours=2)) == 1
    assert not storage.exists(name)


def test_a_kept_file_that_somebody_deleted_is_made_anew(world, api_client) -> None:
    client = api_client(world[0])
    raw = content(client.get(API))
    row = PriceFile.objects.get()
    row.file.storage.delete(row.file.name)
    assert content(client.get(API)) == raw
