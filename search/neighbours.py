"""Codes one edit away from one that is not there. They are other things: never an answer, only an offer that says so.

Asked of PostgreSQL whichever engine answers: it keeps every document always, and both then offer the same.
"""

from collections.abc import Iterable

from django.db import connection

from . import codes
from .access import Access

_MOST_CANDIDATES = 20_000
_SIMILAR = """
    SELECT key, folded, weight FROM search_entry
     WHERE kind = %s AND NOT gone AND (%s OR readers && %s) AND codes && %s
     LIMIT %s
"""


def similar(kind: str, meant: Iterable[str], access: Access, *, limit: int) -> tuple[str, ...]:
    """The keys of what has a code one edit away from one of these folded codes, what is easily mistaken first, then by weight."""
    meant = list(meant)
    forms = sorted({form for code in meant for form in codes.halves_around(code)})
    if not forms or access.is_nothing or not limit:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR, [kind, access.all, sorted(access.names), forms, _MOST_CANDIDATES])
        rows = cursor.fetchall()
    found = []
    for key, folded, weight in rows:
        near = [(one, other) for one in meant for other in folded.split() if codes.is_neighbour(one, other)]
        if near:
            found.append((not any(codes.are_mistaken(*pair) for pair in near), -weight, key))
    return tuple(key for _is_odd, _weight, key in sorted(found)[:limit])
