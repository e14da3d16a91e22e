"""What a room said about a thing, as one number, and many of them as one sum: so that an index is compared
with the database without reading it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from .documents import Document

BUCKETS = 1_024
NO_BUCKET = -1  # where documents are that this code has not written
# 32 bits: sums over two million documents of one bucket are still exact in the doubles Elasticsearch adds in.
_BYTES = 4

Tally = dict[int, tuple[int, int]]  # bucket: how many documents, and the sum of their digests


def bucket(key: str) -> int:
    """The bucket of a key, 0…`BUCKETS` - 1."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=2).digest()) % BUCKETS


def digest(document: Document) -> int:
    """32 bits of everything the document says."""
    said = json.dumps(asdict(document), sort_keys=True, ensure_ascii=False, default=_plain)
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=_BYTES).digest())


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset | set) else str(value)


def tally(digests: Iterable[tuple[str, int]]) -> Tally:
    """The tally of these (key, digest)."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for key, number in digests:
        line = sums[bucket(key)]
        line[0] += 1
        line[1] += number
    return {at: (count, total) for at, (count, total) in sums.items()}


def differing(one: Mapping[int, tuple[int, int]], other: Mapping[int, tuple[int, int]]) -> list[int]:
    """The buckets in which the two differ."""
    nothing = (0, 0)
    return sorted(at for at in one.keys() | other.keys() if one.get(at, nothing) != other.get(at, nothing))
