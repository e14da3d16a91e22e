"""The dealer's own price list over HTTP: a finished file that can be resumed, or a long one as it is made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Dealer
from accounts.principals import Principal
from portal.lib.ranges import give, has_it, not_modified, wanted_range
from portal.lib.sheets import XLSX

from .enums import FileFormat
from .errors import FileNotReady
from .models import PriceFile
from .queries import Recipe, Wanted, kept_file, recipe_of
from .queries.basis import catalogue_now
from .queries.file_bytes import file_blocks, is_long
from .services import keep_file, made_file, note_download, note_taken, require_allowance, touch

TYPES: Final = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.JSON: "application/json",
    FileFormat.XLSX: XLSX,
}


def price_list_answer(principal: Principal, wanted: Wanted, request: HttpRequest) -> HttpResponseBase:
    """What is wanted as a file: 304 for whoever has it, the finished file or a part of it, or a long one as it is made.

    Every answer with bytes is counted and audited. Raises what `recipe_of` and `note_download` raise.
    """
    recipe = recipe_of(principal, wanted)
    if has_it(request, recipe.key):
        return _dressed(not_modified(recipe.key), principal, recipe.told())
    kept = kept_file(recipe.made.basis.dealer_id, recipe.key)
    if kept:
        touch(kept, at=timezone.now())
    elif is_long(recipe.selection):
        return _as_made(principal, recipe, request)
    else:
        require_allowance(by=principal, at=timezone.now())  # before the work, not after it
        recipe, kept = made_file(by=principal, wanted=wanted, at=timezone.now())
        return finished_answer(principal, kept, request, recipe.told(), cost_work=True)
    return finished_answer(principal, kept, request, recipe.told())


def ready_answer(principal: Principal, row: PriceFile, request: HttpRequest) -> HttpResponseBase:
    """A file that was asked for, of the prices that it was made of. Raises FileNotReady while it is made, or could not be."""
    if not row.is_there:
        raise FileNotReady(
            _("The list is still being made.") if row.is_coming else _("The list is not there. Ask for it anew.")
        )
    touch(row, at=timezone.now())
    if has_it(request, row.key):
        return _dressed(not_modified(row.key), principal, row.told)
    return finished_answer(principal, row, request, row.told, cost_work=None)


def finished_answer(
    principal: Principal, row: PriceFile, request: HttpRequest, told: dict[str, Any], *, cost_work: bool | None = False
) -> HttpResponseBase:
    """A file that is ready, audited: whole, or the part that is asked for.

    It counts where it was made for this answer (`cost_work`) or goes out from its first byte on; not where it was counted
    when it was asked for (None).
    """
    part = wanted_range(request, row.key, row.size)
    resumed = bool(part and part[0])
    counted = cost_work is not None and (cost_work or not resumed)
    if request.method != "HEAD":
        note_download(by=principal, told=told, at=timezone.now(), counted=counted, resumed=resumed)
    answer = give(
        request,
        row.file.open(),
        size=row.size,
        etag=row.key,
        content_type=TYPES[FileFormat(row.file_format)],
        sent=lambda: note_taken(by=principal, told=told, at=timezone.now()),
    )
    return _dressed(answer, principal, told)


def _as_made(principal: Principal, recipe: Recipe, request: HttpRequest) -> HttpResponseBase:
    """A long list, flowing from its first articles on. It has no ETag: that is a finished file's, which it becomes."""
    if request.method != "HEAD":
        note_download(by=principal, told=recipe.told(), at=timezone.now())
    answer = StreamingHttpResponse(_spooled(principal, recipe), content_type=TYPES[recipe.file_format])
    return _dressed(answer, principal, recipe.told())


def _spooled(principal: Principal, recipe: Recipe) -> Iterator[bytes]:
    """The bytes by way of a temporary file, which is kept when it is whole and of one version."""
    with tempfile.NamedTemporaryFile() as target:
        for block in file_blocks(recipe):
            target.write(block)
            yield block
        if catalogue_now().state == recipe.made.catalogue.state:
            target.flush()
            keep_file(by=principal, recipe=recipe, content=target, at=timezone.now())
            note_taken(by=principal, told=recipe.told(), at=timezone.now())


def file_name(dealer_code: str, told: dict[str, Any]) -> str:
    """`price-list_southtools_2026-12-01.xlsx`: whose, and of which day."""
    kind = "price-changes" if told["since"] else "price-list"
    return f"{kind}_{dealer_code}_{told['on']}.{told['file_format']}"


def _dressed(answer: HttpResponseBase, principal: Principal, told: dict[str, Any]) -> HttpResponseBase:
    """With a name and a version; no cache keeps it, a machine that keeps the file itself asks with its ETag."""
    code = Dealer.objects.values_list("code", flat=True).get(pk=principal.dealer_id or 0)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(code, told)}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Price-List-Version"] = told["stamp"]
    return answer
