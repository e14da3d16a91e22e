"""Rows in, rows out: CSV, XLSX and JSON lines as people and systems send them."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from .errors import Invalid
from .workbooks import TooBigError, require_modest

DELIMITERS = ";,\t|"
SNIFFED = 64 * 1024
# A few MB of gzip can unpack to more than a disk holds; the largest catalogue is a tenth of this.
MOST_UNPACKED = 2 * 1024**3
JSON_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
DELIMITED = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
WORKBOOKS = (".xlsx", ".xlsm")
# What a spreadsheet program may take for a formula at the beginning of a cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file. `number` is what a person sees beside it: 1 is the head of a table, or the first line of JSON lines."""

    number: int
    values: dict[str, Any]


class Unreadable(Invalid):
    """The file is not what its name says, or not something we can read."""

    code = "unreadable_file"


def read_rows(source: Path | IO[bytes], name: str = "") -> Iterator[Row]:
    """The rows of a file, one at a time where the format allows. The name's ending says the format.

    CSV: UTF-8 or windows-1251; comma, semicolon, tab or bar; the first line that is not empty names the columns. Workbooks:
    the first sheet. Values are texts, numbers (float in a workbook), dates, or whatever JSON holds; an empty cell is "".
    Raises Unreadable.
    """
    file_name = (name or getattr(source, "name", "") or str(source)).lower()
    try:
        yield from _rows(source, file_name)
    except (csv.Error, gzip.BadGzipFile, zlib.error, EOFError, UnicodeError) as error:
        raise Unreadable(_("This file is damaged: it cannot be read to its end. Make it anew.")) from error


def _rows(source: Path | IO[bytes], file_name: str) -> Iterator[Row]:
    packed = file_name.endswith(".gz")
    if file_name.endswith(JSON_LINES):
        yield from _json_lines(_open(source, packed=packed))
    elif file_name.endswith(DELIMITED):
        yield from _delimited(_open(source, packed=packed))
    elif file_name.endswith(WORKBOOKS):
        yield from _workbook(source)
    elif file_name.endswith((".xls", ".ods")):
        raise Unreadable(_("%(name)s: workbooks are read as XLSX. Save it as XLSX or CSV.") % {"name": file_name})
    else:
        endings = ", ".join((".csv", ".xlsx", ".jsonl"))
        raise Unreadable(
            _("%(name)s: send a file of one of these kinds: %(endings)s.") % {"name": file_name, "endings": endings}
        )


def as_text(value: Any) -> str:
    """A cell as text: a whole number without the ".0" that a workbook gives it, no NUL, which no database takes."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "").strip()


def safe_cell(value: Any) -> Any:
    """The value for a CSV that a spreadsheet program will open: a text that would become a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The rows as UTF-8 CSV with semicolons and a byte order mark, line by line: what spreadsheet programs here expect."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _open(source: Path | IO[bytes], *, packed: bool) -> IO[bytes]:
    stream: IO[bytes] = source.open("rb") if isinstance(source, Path) else source
    return io.BufferedReader(_Unpacked(gzip.GzipFile(fileobj=stream))) if packed else stream


class _Unpacked(io.RawIOBase):
    """What a gzip unpacks to, up to the most that is read. Raises Unreadable beyond it."""

    def __init__(self, packed: gzip.GzipFile) -> None:
        self.packed, self.left = packed, MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self.packed.readinto(buffer)
        self.left -= count
        if self.left < 0:
            raise Unreadable(_("This file unpacks to more than 2 GB. Split it."))
        return count


def _json_lines(stream: IO[bytes]) -> Iterator[Row]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            values = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise Unreadable(_("Line %(number)s is not JSON: %(why)s.") % {"number": number, "why": error}) from error
        if not isinstance(values, dict):
            raise Unreadable(_("Line %(number)s: one object of names and values is expected.") % {"number": number})
        yield Row(number, values)


def _delimited(stream: IO[bytes]) -> Iterator[Row]:
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore[type-var]
    start: bytes = buffered.peek(SNIFFED)[:SNIFFED]
    text = io.TextIOWrapper(buffered, encoding=_encoding(start), newline="", errors="replace")
    lines = csv.reader(text, delimiter=_delimiter(start))
    yield from _table((lines.line_num, line) for line in lines)


def _encoding(start: bytes) -> str:
    """UTF-8 with or without a mark; UTF-16 by its mark; else what Russian Windows writes."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: len(start) - 4 if len(start) >= SNIFFED else len(start)].decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut off by the end of what was looked at is no reason to doubt.
        if error.start < len(start) - 4:
            return "cp1251"
    return "utf-8-sig"


def _delimiter(start: bytes) -> str:
    head = start.decode("utf-8", "replace").splitlines()[:1]
    return max(DELIMITERS, key=(head[0] if head else "").count)


def _workbook(source: Path | IO[bytes]) -> Iterator[Row]:
    content = io.BytesIO(source.read_bytes() if isinstance(source, Path) else source.read())
    try:
        require_modest(content)
        sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0)
    except TooBigError as error:
        raise Unreadable(
            _("This workbook is too large. Delete the empty rows and columns beyond the data, or save it as CSV.")
        ) from error
    except Exception as error:
        raise Unreadable(_("This workbook cannot be opened. Save it anew as XLSX or CSV.")) from error
    yield from _table((number, list(line)) for number, line in enumerate(sheet.iter_rows(), start=1))


def _table(lines: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Row]:
    """Lines under a head. Empty lines are passed over; cells beyond the head are an error of the row's own."""
    columns: list[str] | None = None
    for number, line in lines:
        if all(as_text(cell) == "" for cell in line):
            continue
        if columns is None:
            columns = [as_text(cell).lstrip("\ufeff") for cell in line]
            continue
        values = dict(zip(columns, line, strict=False))
        for index in range(len(columns), len(line)):
            if as_text(line[index]):
                values[f"(column {index + 1})"] = line[index]
        yield Row(number, {name: value for name, value in values.items() if name})
