"""Files without a public address: kept in the default storage, given out by our own views after they asked who may."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePath
from urllib.parse import quote

from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.http import FileResponse

UNSAFE_NAME = re.compile(r'[\x00-\x1f"\\/]')


def private_storage() -> Storage:
    """For `FileField(storage=private_storage)`. Nothing serves it but `stream`."""
    return default_storage


def stream(
    file: File[bytes],
    *,
    filename: str | None = None,
    content_type: str | None = None,
    inline: bool = False,
    max_age: int = 0,
) -> FileResponse:
    """The file as an answer that no shared cache keeps. `max_age` in seconds, in the reader's own browser only."""
    name = UNSAFE_NAME.sub("_", filename or PurePath(file.name or "file").name)
    guessed = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=guessed)
    kind = "inline" if inline else "attachment"
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
    response["Content-Disposition"] = f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = f"private, max-age={max_age}" if max_age else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # A picture or PDF shown in its own tab runs nothing, whatever it holds.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
