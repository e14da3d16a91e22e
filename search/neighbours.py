"""Codes one edit away from one that is not there. They are other things: never an answer, only an offer that says so.

Asked of PostgreSQL whichever engine answers: it keeps every document always, and both then offer the same.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from . import codes
from .access import Access

# One look into the index for each form: asked "any of these hundreds", PostgreSQL reads the whole table instead.
_SIMILAR = """
    SELECT DISTINCT entry.key, entry.folded, entry.weight
      FROM unnest(%s::text[]) AS form
      JOIN search_entry AS entry ON entry.codes @> ARRAY[form]
     WHERE entry.kind = %s AND NOT entry.gone AND (%s OR entry.readers && %s)
"""


def similar(kind: str, meant: Iterable[str], access: Access, *, limit: int) -> tuple[str, ...]:
    """The keys of what has a code one edit away from one of these folded codes, what is easily mistaken first, then by weight."""
    found = similar_to_each(kind, meant, access, limit=limit)
    return tuple(dict.fromkeys(key for keys in found.values() for key in keys))[:limit]


def similar_to_each(kind: str, meant: Iterable[str], access: Access, *, limit: int) -> dict[str, tuple[str, ...]]:
    """`similar` for each of many folded codes by itself, in one query; those that nothing is near to are left out."""
    asked: dict[str, list[str]] = defaultdict(list)
    for code in dict.fromkeys(meant):
        for form in codes.halves_around(code):
            asked[form].append(code)
    if not asked or access.is_nothing or not limit:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR, [list(asked), kind, access.all, sorted(access.names)])
        rows = cursor.fetchall()
    near: dict[str, set[tuple[bool, float, str]]] = defaultdict(set)
    for key, folded, weight in rows:
        for other in folded.split():
            for one in {code for form in (*codes.halves(other), f"~{other}") for code in asked.get(form, ())}:
                if codes.is_neighbour(one, other):
                    near[one].add((not codes.are_mistaken(one, other), -weight, key))
    return {
        code: tuple(dict.fromkeys(key for *_, key in sorted(rows_near)))[:limit] for code, rows_near in near.items()
    }
