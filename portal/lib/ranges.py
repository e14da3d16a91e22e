"""A finished file over HTTP: whole, a part of it (RFC 9110, 14), or word that the reader has it already (13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags, quote_etag

BLOCK: Final = 64 * 1024
RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def has_it(request: HttpRequest, etag: str) -> bool:
    """Whether the reader has these bytes already (If-None-Match)."""
    asked = request.headers.get("If-None-Match", "")
    return bool(asked) and (asked.strip() == "*" or quote_etag(etag) in [_strong(one) for one in parse_etags(asked)])


def not_modified(etag: str) -> HttpResponse:
    answer = HttpResponse(status=304)
    answer["ETag"] = quote_etag(etag)
    return answer


def wanted_range(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The bytes asked for, `[start, end)`; None: all of them. An end at or before the start cannot be given (416).

    Several ranges at once, and a part of other bytes than these (If-Range), are answered with the whole.
    """
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or not any(found.groups()):
        return None
    if (same := request.headers.get("If-Range", "").strip()) and same != quote_etag(etag):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        return max(0, size - int(last[:18])), size if int(last[:18]) else 0
    start = int(first[:18])
    if last and int(last[:18]) < start:
        return None  # not a range at all
    return start, min(int(last[:18]) + 1, size) if last and start < size else size


def give(
    request: HttpRequest, file: IO[bytes], *, size: int, etag: str, content_type: str, sent: Callable[[], None]
) -> HttpResponseBase:
    """The file, or the part of it that is asked for. `sent` is called when its last byte has gone out. Closes the file."""
    part = wanted_range(request, etag, size)
    start, end = part or (0, size)
    if part and start >= end:
        file.close()
        answer: HttpResponseBase = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
    else:
        # A HEAD gets no body, so nothing is sent.
        body = _part(file, start, end, sent if end == size and request.method == "GET" else None)
        answer = StreamingHttpResponse(body, content_type=content_type, status=206 if part else 200)
        answer["Content-Length"] = str(end - start)
        if part:
            answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer["ETag"], answer["Accept-Ranges"] = quote_etag(etag), "bytes"
    return answer


def _part(file: IO[bytes], start: int, end: int, sent: Callable[[], None] | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
    if sent and not left:
        sent()


def _strong(etag: str) -> str:
    """Weak comparison is enough to say that nothing changed."""
    return etag.removeprefix("W/")
