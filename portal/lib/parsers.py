"""JSON that others send, read so that what cannot be kept is refused at the door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):  # type: ignore[misc, unused-ignore]
    """As the standard one; nesting too deep and halves of characters (a lone "\\ud800") are errors of the sender."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply.") from error
        except ValueError as error:
            raise ParseError("JSON parse error - a text or a number in it cannot be kept.") from error
        return data
