"""Files of lines to order: what is taken, and what is refused before it is unpacked."""

from __future__ import annotations

import gzip
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ordering.orders.forms import MOST_BYTES, MOST_LINES, shown_from, text_of_file
from portal.lib.errors import Invalid
from portal.lib.spreadsheets import Unreadable


def test_a_small_file_is_lines_to_paste() -> None:
    assert text_of_file(SimpleUploadedFile("lines.csv", b"sku;quantity\nAK-1;2\nAK-2;3\n"), "lines.csv") == (
        "\nAK-1\t2\nAK-2\t3"
    )


@pytest.mark.parametrize("name", ["lines.csv.gz", "lines.jsonl", "lines.xls", "lines", "lines.pdf"])
def test_other_kinds_are_refused_unopened(name: str) -> None:
    with pytest.raises(Unreadable, match="at most 5 MB"):
        text_of_file(io.BytesIO(gzip.compress(b"a;1\n")), name)


def test_a_large_file_is_refused_unread() -> None:
    with pytest.raises(Unreadable, match="at most 5 MB"):
        text_of_file(SimpleUploadedFile("lines.csv", b"x" * (MOST_BYTES + 1)), "lines.csv")


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    rows = b"sku;quantity\n" + b"AK-1;2\n" * (MOST_LINES * 3)
    assert len(text_of_file(SimpleUploadedFile("lines.csv", rows), "lines.csv").splitlines()) <= MOST_LINES + 3


@pytest.mark.parametrize("text", ['{"a":[1e400,"1"]}', "[" * 50_000, "1", '{"a": 5}', "²"])
def test_what_no_cart_page_wrote_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="Open the cart again"):
        shown_from(text)
