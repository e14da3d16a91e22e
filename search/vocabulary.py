"""The words that are known here: what corrections choose from, and how rare a term is.

Words come from documents that everyone signed in may read and from no others, so no correction can tell
what another dealer or a closed page has. Refreshed by every rebuild and by the clock; what changed
since is merely not offered as a correction yet.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from . import analysis, codes, spelling
from .access import EVERYONE, OPEN
from .models import Entry, Frequency, Vocable

_BATCH = 2_000
_MOST_BODY = 20_000  # characters of one text that are looked at
_COUNTING = """
    INSERT INTO search_frequency (kind, term, documents)
    SELECT %s, word, ndoc FROM ts_stat(format('SELECT vector FROM search_entry WHERE kind = %%L AND NOT gone', %s::text))
    UNION ALL SELECT %s, '', count(*) FROM search_entry WHERE kind = %s AND NOT gone
"""
_TURN = 0x70CA
_LONGEST_IN_A_CODE = 5  # letters in a row


@transaction.atomic
def refresh(kind: str) -> int:
    """Count the kind's words anew; answers how many are known. Reads every document; questions go on with
    the old counts meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN, kind])
    counts = Counter(word for words in _documents(kind) for word in words)
    Vocable.objects.filter(kind=kind).delete()
    Frequency.objects.filter(kind=kind).delete()
    rows = (
        Vocable(
            kind=kind,
            word=word,
            stem=analysis.forms(word)[-1],
            sound=spelling.skeleton(word),
            deletes=sorted(spelling.deletes(word)),
            documents=count,
        )
        for word, count in counts.items()
    )
    Vocable.objects.bulk_create(rows, batch_size=_BATCH)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTING, [kind] * 4)
    return len(counts)


def refresh_changed(kinds: Iterable[str], *, since: datetime) -> int:
    """Count those kinds anew of which something was written since; answers how many."""
    changed = [kind for kind in kinds if Entry.objects.filter(kind=kind, written_at__gte=since).exists()]
    for kind in changed:
        refresh(kind)
    return len(changed)


def _documents(kind: str) -> Iterator[set[str]]:
    """The words of each document that everyone may read."""
    readable = Entry.objects.filter(kind=kind, gone=False, readers__overlap=[EVERYONE, OPEN]).order_by()
    texts = readable.values_list("title_ru", "title_en", "keywords", "body_ru", "body_en")
    for row in texts.iterator(chunk_size=_BATCH):
        yield {token for text in row for token in analysis.tokens(text[:_MOST_BODY]) if spelling.is_word(token)}


def documents_with(kind: str, terms: Sequence[str]) -> dict[str, int]:
    """In how many documents of the kind each term stands, and under the empty term how many there are; 0 of all where
    nothing was counted.
    """
    found = dict(Frequency.objects.filter(kind=kind, term__in=["", *terms]).values_list("term", "documents"))
    return {term: found.get(term, 0) for term in ("", *terms)}


def rarity(counts: Mapping[str, int]) -> dict[str, float]:
    """How rare each term of `documents_with` is (idf as in BM25); 1 for all where nothing was counted."""
    total = counts[""]
    return {term: _idf(count, total) if total else 1.0 for term, count in counts.items()}


def _idf(documents: int, total: int) -> float:
    return math.log(1 + (max(total - documents, 0) + 0.5) / (documents + 0.5))


def known(kinds: Collection[str], words: Iterable[str]) -> set[str]:
    """Those of the words that stand in some document of the kinds, whatever their endings and whoever may read it:
    it keeps them from being taken for misspelt, and shows nothing.
    """
    by_term: dict[str, set[str]] = {}
    for word in words:
        for form in analysis.forms(word):
            by_term.setdefault(form, set()).add(word)
    found = Frequency.objects.filter(kind__in=kinds, term__in=list(by_term)).values_list("term", flat=True).distinct()
    return {word for term in found for word in by_term[term]}


def open_words(kinds: Collection[str], words: Iterable[str]) -> set[str]:
    """Those of the words that stand in some document of the kinds that everyone may read, whatever their endings."""
    by_stem: dict[str, set[str]] = {}
    for word in words:
        by_stem.setdefault(analysis.forms(word)[-1], set()).add(word)
    found = Vocable.objects.filter(kind__in=kinds, stem__in=list(by_stem)).values_list("stem", flat=True).distinct()
    return {word for stem in found for word in by_stem[stem]}


def rare(kinds: Collection[str], words: Iterable[str], *, most: int) -> set[str]:
    """Those of the words, spelt so, that stand in no more documents than `most`."""
    counts = dict.fromkeys(words, 0)
    rows = Vocable.objects.filter(kind__in=kinds, word__in=list(counts)).values_list("word", "documents")
    for word, documents in rows:
        counts[word] += documents
    return {word for word, count in counts.items() if count <= most}


def is_in_a_code(kinds: Collection[str], word: str) -> bool:
    """Whether the letters are of some code, of a document that everyone may read: the "DHP" of DHP484 is no slip."""
    folded = codes.folded(word)
    if not folded.isascii() or not codes.SHORTEST_PIECE <= len(folded) <= _LONGEST_IN_A_CODE:
        return False
    held = Entry.objects.filter(kind__in=kinds, gone=False, readers__overlap=[EVERYONE, OPEN])
    return held.filter(pieces__contains=codes.pieces(folded), folded__contains=folded).exists()


def alike(kinds: Collection[str], word: str) -> list[tuple[str, int]]:
    """Known words that are written nearly so, with the number of documents: what a slip of the fingers may have meant."""
    limit = spelling.most_slips(word)
    if not limit:
        return []
    near = Vocable.objects.filter(kind__in=kinds, deletes__overlap=sorted(spelling.deletes(word)))
    return [(other, count) for other, count in _counted(near) if spelling.distance(word, other, limit) <= limit]


def sounding(kinds: Collection[str], word: str) -> list[tuple[str, int]]:
    """Known words of the other alphabet that sound so, with the number of documents."""
    same = Vocable.objects.filter(kind__in=kinds, sound=spelling.skeleton(word))
    return [(other, count) for other, count in _counted(same) if spelling.is_latin(other) != spelling.is_latin(word)]


def _counted(rows: object) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for word, documents in rows.values_list("word", "documents")[:2_000]:  # type: ignore[attr-defined]
        counts[word] += documents
    return list(counts.items())
