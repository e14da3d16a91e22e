"""A dealer's own codes as a file to keep, mend and import again."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from accounts.principals import Principal
from portal.lib.spreadsheets import csv_lines
from portal.lib.text import named

from .queries import listed_codes


def codes_file(principal: Principal) -> StreamingHttpResponse:
    """A CSV: own code, SKU, name. The first two columns are what an import reads."""

    def lines() -> Iterator[list[str]]:
        yield [_("Own code"), "SKU", _("Name")]
        for row in listed_codes(principal).iterator(chunk_size=2_000):
            yield [row.code, row.product.sku, named(row.product, principal.language)]

    response = StreamingHttpResponse(csv_lines(lines()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="own-codes.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
