"""Files that people and robots send: what is read, and what is refused before it does harm."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from portal.lib import spreadsheets, workbooks
from portal.lib.spreadsheets import Unreadable, as_text, read_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def number(place: str, value: int = 1) -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def workbook(rows: str, *, before: str = "", target: str = "worksheets/sheet1.xml", extra: bytes = b"") -> io.BytesIO:
    """An XLSX of one sheet with these rows of XML."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="{target}"/></Relationships>',
        )
        archive.writestr(f"xl/{target}", f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>')
        if extra:
            archive.writestr("xl/media/extra.bin", extra)
    book.seek(0)
    return book


def values(book: io.BytesIO, name: str = "list.xlsx") -> list[dict[str, object]]:
    return [row.values for row in read_rows(book, name)]


def saved(cells: dict[str, int]) -> io.BytesIO:
    """A workbook as a spreadsheet program saves it."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for place, value in cells.items():
        book.active[place] = value
    book.save(file)
    file.seek(0)
    return file


def test_a_workbook_of_a_modest_size_is_read() -> None:
    assert values(saved({"A1": 7, "B1": 8, "A3": 1, "B3": 2})) == [{"7": 1.0, "8": 2.0}]


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        (f'<row r="1">{number("A1")}</row><row r="1048576">{number("XFD1048576")}</row>', ""),
        (f'<row r="1">{number("A1")}{number("SG1")}</row>', ""),
        (f'<row r="1">{number("A1")}</row><row r="1048576">{"<c><v>1</v></c>" * 2}</row>', ""),
        (f'<row r="1">{"<c><v>1</v></c>" * 501}</row>', ""),
        (f'<row r="1">{number("A1")}</row>', '<dimension ref="A1:XFD1048576"/>'),
    ],
)
def test_a_small_workbook_that_asks_for_a_huge_rectangle_is_refused(rows: str, before: str) -> None:
    book = workbook(rows, before=before)
    assert len(book.getvalue()) < 2000
    with pytest.raises(Unreadable, match="too large"):
        values(book)


def test_five_hundred_columns_are_taken() -> None:
    assert values(saved({"A1": 1, "SF1": 2, "A2": 3})) == [{"1": 3.0, "2": ""}]
    with pytest.raises(Unreadable, match="too large"):
        values(saved({"A1": 1, "SG1": 2, "A2": 3}))


@pytest.mark.parametrize("target", ["media/image1.png", "worksheets/sheet1.bin"])
def test_a_sheet_under_another_name_is_not_passed_over(target: str) -> None:
    rows = f'<row r="1">{number("A1")}</row><row r="1048576">{number("XFD1048576")}</row>'
    with pytest.raises(Unreadable, match="cannot be opened"):
        values(workbook(rows, target=target))


def test_real_bytes_are_counted_not_the_declared_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 100_000)
    size = 1_000_000
    content = workbook(f'<row r="1">{number("A1")}</row>', extra=b"a" * size).getvalue()
    told = content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert told != content
    for book in (content, told):
        with pytest.raises(Unreadable, match="too large"):
            values(io.BytesIO(book))


def test_entities_are_refused() -> None:
    book = workbook("", before="")
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/bomb.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    book.seek(0)
    with pytest.raises(Unreadable, match="cannot be opened"):
        values(book)


@pytest.mark.parametrize("name", ["list.xls", "list.ods"])
def test_other_workbooks_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Unreadable, match="Save it as XLSX or CSV"):
        values(io.BytesIO(b"anything"), name)


def test_an_old_workbook_under_a_new_name_is_not_opened() -> None:
    """The reader looks inside; a zip glued to the end must not let the rest through."""
    with pytest.raises(Unreadable, match="cannot be opened"):
        values(io.BytesIO(b"\xd0\xcf\x11\xe0" + workbook("").getvalue()))


def test_a_gzip_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 1_000_000)
    bomb = io.BytesIO(gzip.compress(b"a" * 50_000_000))
    tracemalloc.start()
    with pytest.raises(Unreadable, match="2 GB"):
        values(bomb, "list.jsonl.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"not a gzip", "list.csv.gz", id="not a gzip"),
        pytest.param(gzip.compress(b"sku;q\nA;1\n" * 1000)[:-20], "list.csv.gz", id="cut short"),
        pytest.param(gzip.compress(b"sku;q\nA;1\n")[:12] + b"\xff" * 30, "list.csv.gz", id="garbled"),
        pytest.param(b'sku\n"' + b"a" * 200_000 + b'"\n', "list.csv", id="an endless cell"),
    ],
)
def test_a_damaged_file_is_refused_not_an_error(content: bytes, name: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        values(io.BytesIO(content), name)


def test_a_nul_is_no_part_of_a_text() -> None:
    assert as_text("SP\0-1 \0") == "SP-1"
