"""Whether an engine holds what the database says: sums by bucket first, keys only where the sums differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from . import feed
from .digests import Tally, bucket, differing, digest, tally
from .engines.base import Engine
from .models import Lane
from .searchable import Searchable

BATCH = 500
_STEP = 64  # buckets looked into at once: a sixteenth of an index in memory at most


@dataclass(frozen=True, slots=True)
class Drift:
    """What an engine holds otherwise than the database says, though no waiting change tells of it."""

    engine: str
    kind: str
    expected: int = 0  # documents, by the database
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        return [*self.missing, *self.stale, *self.extra]

    def __bool__(self) -> bool:
        return bool(self.keys)

    def __str__(self) -> str:
        some = ", ".join(self.keys[:5]) + (" …" if len(self.keys) > 5 else "")
        return (
            f"{self.engine} {self.kind}: {len(self.missing)} missing, {len(self.stale)} stale, "
            f"{len(self.extra)} too many of {self.expected} documents" + (f" ({some})" if some else "")
        )


def check(searchable: Searchable[Any], engine: Engine, *, expected: Tally | None = None, index: str = "") -> Drift:
    """Compare one kind in one engine (in this `index` of it) with the database. Raises EngineDownError.

    `expected` is what the database says, if it was read just now. Nothing is stopped for it, and what the
    feed tells of is no drift.
    """
    said = expected if expected is not None else tally(documents_of(searchable, searchable.keys()))
    suspicious = differing(said, engine.tally(searchable.kind, index))
    found: dict[str, list[str]] = {"missing": [], "stale": [], "extra": []}
    for start in range(0, len(suspicious), _STEP):
        buckets = suspicious[start : start + _STEP]
        for key, how in _looked_into(searchable, engine, buckets, index).items():
            found[how].append(key)
    count = sum(number for number, _ in said.values())
    ordered = {how: tuple(sorted(keys)) for how, keys in found.items()}
    return Drift(engine.name, searchable.kind, count, **ordered)


def repair(drift: Drift) -> None:
    """Have the engine's copies of these things written again, by the feed like any other change."""
    for start in range(0, len(drift.keys), BATCH):
        keys = drift.keys[start : start + BATCH]
        feed.mark(drift.kind, keys, lane=Lane.SOON, engines=[drift.engine])


def documents_of(searchable: Searchable[Any], keys: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The key and digest of each document that the database has of these keys."""
    keys = iter(keys)
    while batch := list(islice(keys, BATCH)):
        for document in searchable.documents(batch):
            yield document.key, digest(document)


def _looked_into(searchable: Searchable[Any], engine: Engine, buckets: Sequence[int], index: str) -> dict[str, str]:
    """How each key of these buckets differs: "missing", "stale" or "extra"."""
    kept, chosen, there = engine.kept(searchable.kind, buckets=buckets, index=index), set(buckets), searchable.keys()
    keys = sorted({key for key in there if bucket(key) in chosen} | kept.keys())
    found: dict[str, str] = {}
    for start in range(0, len(keys), BATCH):
        found |= _differing(searchable, engine, keys[start : start + BATCH], index)
    return found


def _differing(searchable: Searchable[Any], engine: Engine, keys: Sequence[str], index: str) -> dict[str, str]:
    """In this order, so that no change under way looks like drift: what the database says, what the feed
    tells of, what the engine holds, what the database says of the suspects once more.

    A change from before the first reading is either still told of, or was written before the engine was
    looked at; one from after it shows in the last reading.
    """
    said = dict(documents_of(searchable, keys))
    told = feed.told_of(engine.name, searchable.kind, keys)
    kept = engine.kept(searchable.kind, keys=keys, index=index)
    suspects = [key for key in keys if said.get(key) != _digest(kept, key) and key not in told]
    again = dict(documents_of(searchable, suspects))
    return {
        key: "extra" if key not in said else "missing" if key not in kept else "stale"
        for key in suspects
        if said.get(key) == again.get(key)
    }


def _digest(kept: Mapping[str, tuple[int, int]], key: str) -> int | None:
    return kept[key][1] if key in kept else None
