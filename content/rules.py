"""What counts as changed, as read and as asked for. Pure: no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .enums import Significance

WORDS_A_MINUTE = 160  # unhurried reading of an instruction
# Marks of what changed stay for a while after the first look, so that coming back from a link does not lose them.
MARKS_STAY = timedelta(hours=12)


def digest(value: Any) -> str:
    """A short hash of a raw block value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def digests(raw_blocks: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Hashes of the blocks of a body as stored, and of the steps inside its lists, by id."""
    found = {}
    for block in raw_blocks:
        value = block.get("value")
        found[str(block.get("id"))] = digest([block.get("type"), value])
        if isinstance(value, list):
            found |= {
                str(item["id"]): digest(item.get("value")) for item in value if isinstance(item, dict) and "id" in item
            }
    return found


def changed_ids(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """The ids of what is new or different."""
    return frozenset(key for key, value in after.items() if before.get(key) != value)


def minutes_to_read(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))


@dataclass(frozen=True, slots=True)
class Version:
    """One publication of a page, as far as readers are concerned."""

    number: int
    significance: str
    published_at: datetime


def version_to_acknowledge(versions: Iterable[Version]) -> int:
    """The number of the version from which a confirmation holds: the last major one, else the first. 0 without any."""
    numbers = [v.number for v in versions if v.significance == Significance.MAJOR or v.number == 1]
    return max(numbers, default=0)


def version_to_compare(versions: Iterable[Version], reads: Mapping[int, datetime], now: datetime) -> int | None:
    """The version whose differences from the current one a reader is shown, None if there is nothing to show.

    `reads` is {number of a version: when this reader first opened it}. Nothing is shown to who never read the page, nor
    of typos, nor once the current version has been open for MARKS_STAY.
    """
    ordered = sorted(versions, key=lambda v: v.number)
    if not ordered:
        return None
    current = ordered[-1].number
    if current in reads and now - reads[current] > MARKS_STAY:
        return None
    earlier = max((number for number in reads if number < current), default=None)
    if earlier is None:
        return None
    since = [v for v in ordered if v.number > earlier]
    return earlier if any(v.significance != Significance.TYPO for v in since) else None
