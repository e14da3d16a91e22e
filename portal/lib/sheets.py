"""Workbooks (XLSX, ECMA-376) written as they are made: nothing is held, and the same rows give the same bytes.

The rows come as XML that the database has put together (`xml_row` says how). Texts are inline strings, which no program
takes for a formula; a number in a text column stays a text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# A sheet ends at 1,048,576 rows (the program's own limit); people count in millions.
SHEET_ROWS: Final = 1_000_000
BLOCK: Final = 256 * 1024  # bytes given to the packer, and on, at once
LEVEL: Final = 1  # of deflate: six times as fast as the usual one, for a tenth more bytes
# What XML 1.0 may not hold, but for the two that are no single bytes.
FORBIDDEN: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
NONCHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Style:
    """The cell formats there are, by the number that a cell names them with."""

    PLAIN: Final = 0
    PRICE: Final = 1
    HEADING: Final = 2
    PERCENT: Final = 3


STYLES: Final = f"""{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00##"/>\
<numFmt numFmtId="165" formatCode="0.0#"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """`width` in characters; `is_text` says that numbers in it are texts on purpose, so that no program marks them."""

    heading: str
    width: int
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that stay in sight, in as many sheets as they need. `rows`: one `<row>` in XML each."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[bytes | memoryview]


def letter(index: int) -> str:
    """A column by its number from 0: A, B … Z, AA."""
    return letter(index // 26 - 1) + chr(65 + index % 26) if index >= 26 else chr(65 + index)


def workbook(table: Table, about: Sequence[tuple[str, str]], about_name: str) -> Iterator[bytes]:
    """The bytes of a workbook: the table, then a sheet that says what it is."""
    out = _Pipe()
    names: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        rows = iter(table.rows)
        ended = False
        while not ended:
            names.append(table.name if not names else f"{table.name} {len(names) + 1}")
            with archive.open(_part(f"xl/worksheets/sheet{len(names)}.xml"), "w", force_zip64=True) as part:
                count = 0
                part.write(_sheet_head(table.columns))
                for block, taken in _blocks(rows, SHEET_ROWS):
                    part.write(block)
                    count += taken
                    yield out.take()
                part.write(_sheet_end(table.columns, count))
            ended = count < SHEET_ROWS
        names.append(about_name)
        archive.writestr(_part(f"xl/worksheets/sheet{len(names)}.xml"), _about_sheet(about))
        for name, text in _frame(names):
            archive.writestr(_part(name), text)
    yield out.take()


def _part(name: str) -> zipfile.ZipInfo:
    """A part with no time of its own, so that the same rows are the same file."""
    part = zipfile.ZipInfo(name, EPOCH)
    part.compress_type = zipfile.ZIP_DEFLATED
    part._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 (3.11 has no other way; 3.13 reads it too)
    return part


def _blocks(rows: Iterator[bytes | memoryview], most: int) -> Iterator[tuple[bytes, int]]:
    """Up to so many rows, joined into blocks, with the number of rows in each."""
    left = most
    while left:
        batch: list[bytes | memoryview] = []
        size = 0
        for row in rows:
            batch.append(row)
            size += len(row)
            if size >= BLOCK or len(batch) == left:
                break
        if not batch:
            return
        left -= len(batch)
        block = b"".join(batch).translate(None, FORBIDDEN)
        if NONCHARACTERS[0][:2] in block:
            for unfit in NONCHARACTERS:
                block = block.replace(unfit, b"")
        yield block, len(batch)


def _sheet_head(columns: Sequence[SheetColumn]) -> bytes:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
        for number, column in enumerate(columns, start=1)
    )
    cells = "".join(
        _text_cell(f"{letter(index)}1", column.heading, Style.HEADING) for index, column in enumerate(columns)
    )
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{cells}</row>\n'
    ).encode()


def _sheet_end(columns: Sequence[SheetColumn], rows: int) -> bytes:
    last = letter(len(columns) - 1)
    texts = " ".join(
        f"{letter(index)}2:{letter(index)}{rows + 1}" for index, column in enumerate(columns) if column.is_text
    )
    marks = f'<ignoredErrors><ignoredError sqref="{texts}" numberStoredAsText="1"/></ignoredErrors>'
    return (
        f'</sheetData><autoFilter ref="A1:{last}{rows + 1}"/>{marks if texts and rows else ""}</worksheet>'
    ).encode()


def _text_cell(place: str, text: str, style: int = Style.PLAIN) -> str:
    clean = "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")
    return f'<c r="{place}" t="inlineStr" s="{style}"><is><t>{escape(clean)}</t></is></c>'


def _about_sheet(about: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<row r="{number}">{_text_cell(f"A{number}", label, Style.HEADING)}{_text_cell(f"B{number}", value)}</row>'
        for number, (label, value) in enumerate(about, start=1)
    )
    cols = '<cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="60" customWidth="1"/></cols>'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{cols}<sheetData>{rows}</sheetData></worksheet>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts that hold the sheets together."""
    numbers = range(1, len(names) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(f'<sheet name={quoteattr(names[n - 1][:31])} sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId{len(names) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}{styles}</Relationships>',
    )
    yield "xl/styles.xml", STYLES
    book = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{book}</Relationships>'
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
    )
    known = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
    )
    yield "[Content_Types].xml", f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{known}{parts}</Types>'


class _Pipe(io.RawIOBase):
    """Where the packer writes, and from where the answer takes what is ready. It cannot go back, so nothing is held."""

    def __init__(self) -> None:
        self.ready: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.ready.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.ready)
        self.ready.clear()
        return taken


# How cells of columns of a kind are formatted.
_STYLED: Final = {"number": "", "rate": "", "price": f' s="{Style.PRICE}"', "percent": f' s="{Style.PERCENT}"'}


def xml_row(kinds: Sequence[tuple[str, bool]]) -> str:
    """The template of a row for PostgreSQL's `format()`, of columns as (text, number, rate, price or percent; nullable).

    Argument 1 is the row's number, then one argument a column: a text with & and < as entities, a number, or where a number
    may be absent `<v>…</v>` whole.
    """
    cells = []
    for index, (kind, nullable) in enumerate(kinds):
        place, value = f"{letter(index)}%1$s", f"%{index + 2}$s"
        if kind == "text":
            cells.append(f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>')
        else:
            cells.append(f'<c r="{place}"{_STYLED[kind]}>{value if nullable else f"<v>{value}</v>"}</c>')
    return f'<row r="%1$s">{"".join(cells)}</row>'
