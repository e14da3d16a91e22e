"""What the page and the API send, read without trust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from portal.lib.spreadsheets import Row, Unreadable, read_rows

UPLOADS = (".csv", ".tsv", ".txt", ".xlsx")
MOST_BYTES = 10 * 1024 * 1024


def rows_of_file(file: IO[bytes] | None) -> Iterator[Row]:
    """The rows of an uploaded file. Raises Unreadable for anything but a CSV or a workbook of a modest size."""
    name = getattr(file, "name", "") or ""
    if file is None or not name.lower().endswith(UPLOADS) or getattr(file, "size", 0) > MOST_BYTES:
        raise Unreadable(_("Send a CSV, TXT or XLSX file of at most 10 MB."), field="file")
    return read_rows(file, name)
