"""Whether a workbook is of a size that can be opened. A file of 1 kB can ask its reader for a rectangle of 17 billion cells."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Final
from xml.parsers import expat

MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 2_000_000  # rows × columns
MOST_UNPACKED: Final = 100 * 1024 * 1024  # bytes of all parts together
CHUNK: Final = 64 * 1024
SHEET_MARK: Final = b"sheetData"

_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class TooBigError(ValueError):
    """The workbook's rectangle or its unpacked bytes are beyond what is opened."""


class NotWorkbookError(ValueError):
    """The file is not an XLSX, or is put together so that its size cannot be told."""


def require_modest(content: IO[bytes]) -> None:
    """Goes through all parts of an XLSX as they unpack, whatever sizes they declare.

    Raises TooBigError, NotWorkbookError, and what `zipfile`, `zlib` and `expat` raise for broken files.
    """
    if content.read(4) != b"PK\x03\x04":
        raise NotWorkbookError
    with zipfile.ZipFile(content) as archive:
        names = {item.filename.lower() for item in archive.infolist()}
        # The reader looks inside rather than at the name, and would open these other kinds, which are not measured here.
        if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
            raise NotWorkbookError
        left = MOST_UNPACKED
        for item in archive.infolist():
            left -= _measure(archive, item, left)
    content.seek(0)


def _measure(archive: zipfile.ZipFile, item: zipfile.ZipInfo, left: int) -> int:
    """The unpacked bytes of a part, its cells looked at on the way."""
    size = 0
    sheet = _Sheet() if item.filename.lower().endswith(".xml") else None
    seen = b""
    for chunk in _chunks(archive, item):
        size += len(chunk)
        if size > left:
            raise TooBigError
        if sheet:
            sheet.feed(chunk)
        elif SHEET_MARK in (seen := seen[-len(SHEET_MARK) :] + chunk):
            raise NotWorkbookError  # a sheet under the name of a picture
    if sheet:
        sheet.feed(b"", last=True)
    return size


def _chunks(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[bytes]:
    # `zipfile` stops at the declared size; the reader of workbooks does not.
    item.file_size = sys.maxsize
    with archive.open(item) as part:
        while chunk := part.read(CHUNK):
            yield chunk


class _Sheet:
    """The rectangle that a part's cells need, as far as it has been read."""

    def __init__(self) -> None:
        self.row = self.column = self.most_rows = self.most_columns = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self.parser.Parse(chunk, last)

    def _refuse(self, *_declared: object) -> None:
        raise NotWorkbookError  # entities; no spreadsheet program writes them

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._cell(attributes.get("r"))
        elif kind == "row":
            self.row = int(attributes["r"][:9]) if "r" in attributes else self.row + 1
            self.column = 0
        elif kind == "dimension" and "ref" in attributes:
            self._reach(*_place(attributes["ref"].rpartition(":")[2]))

    def _cell(self, place: str | None) -> None:
        """A cell at its place; without one it follows the cell before it."""
        row, self.column = _place(place) if place is not None else (max(1, self.row), self.column + 1)
        self._reach(row, self.column)

    def _reach(self, row: int, column: int) -> None:
        self.most_rows, self.most_columns = max(self.most_rows, row), max(self.most_columns, column)
        if self.most_columns > MOST_COLUMNS or self.most_rows * self.most_columns > MOST_CELLS:
            raise TooBigError


def _place(text: str) -> tuple[int, int]:
    """Row and column of "B12", from 1."""
    found = _CELL.fullmatch(text)
    if not found:
        raise NotWorkbookError
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
