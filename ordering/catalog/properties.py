"""The attributes of an article as values to narrow a list by: one text for a value, the same in the index, in an address and
over the API. No reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .models import Attribute

FITS: Final = "fits"  # the attribute that names other articles by SKU
# An import brings hundreds of attributes. What an index has to carry of them is bounded here.
MOST_OF_AN_ARTICLE: Final = 40
MOST_OF_AN_ATTRIBUTE: Final = 12  # values of one article
LONGEST: Final = 60  # characters; a longer text is a description, not something to choose by
TRUE, FALSE = "true", "false"
SEVERAL: Final = (
    "&"  # a value of its own for an article that has several: counts of values then add up to more than articles
)
_PAIR: Final = "|"  # between a value's Russian and English words
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def facet_values(values: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> tuple[str, ...]:
    """`code=value` of everything the article can be chosen by, those attributes first that the head office has named, in its
    order. Other articles' numbers, long texts and what is beyond the bounds are left out.
    """
    found: list[str] = []
    taken = 0
    for code in sorted(values, key=lambda code: _place(code, attributes)):
        tokens = list(dict.fromkeys(_tokens(code, values[code])))[:MOST_OF_AN_ATTRIBUTE]
        found += [f"{code}={token}" for token in (*tokens, *([SEVERAL] if len(tokens) > 1 else ()))]
        taken += bool(tokens)
        if taken == MOST_OF_AN_ARTICLE:
            break
    return tuple(found)


def _place(code: str, attributes: Mapping[str, Attribute]) -> tuple[bool, int, str]:
    named = attributes.get(code)
    return named is None, named.position if named else 0, code


def _tokens(code: str, value: Any) -> Iterator[str]:
    if code == FITS or "=" in code or "/" in code or ":" in code:
        return
    for item in value if isinstance(value, list) else [value]:
        text = token(item)
        if text and len(text) <= LONGEST:
            yield text


def token(value: Any) -> str:
    """One value as text: `18`, `0.62`, `true`, `Black`, `Щёточный|Brushed`; empty for what has none."""
    if isinstance(value, Mapping):
        pair = [_clean(str(value.get(language, ""))) for language in ("ru", "en")]
        return _PAIR.join(pair) if any(pair) else ""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return _clean(str(value)) if value is not None else ""


def _clean(text: str) -> str:
    return " ".join(text.replace(_PAIR, "/").replace("\x00", " ").split())


def words(token: str) -> tuple[str, str]:
    """The Russian and the English words of a token; the same twice where it has no languages."""
    ru, bar, en = token.partition(_PAIR)
    return (ru, en) if bar else (token, token)


def number(token: str) -> float | None:
    """The token as a number, where it is one."""
    return float(token) if _NUMBER.fullmatch(token) else None
