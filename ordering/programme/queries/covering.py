"""Which programme a dealer belongs to: of its currency, the nearest region's, for all articles or for a brand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import connection

from ..models import Programme

COVERING: Final = """
    SELECT DISTINCT ON (d.id, p.brand_id) d.id AS dealer_id, p.brand_id, p.id
    FROM programme_programme p LEFT JOIN accounts_region pr ON pr.id = p.region_id
    JOIN accounts_dealer d ON d.currency = p.currency AND d.is_active
        AND (%(dealer)s::bigint IS NULL OR d.id = %(dealer)s)
    JOIN accounts_region r ON r.id = d.home_region_id AND (p.region_id IS NULL OR starts_with(r.path, pr.path))
    WHERE p.validity @> %(on)s::date
    ORDER BY d.id, p.brand_id, length(pr.path) DESC NULLS LAST
"""
# Whether what programme {p} has decided for a dealer may still hold on a day: it runs, or since the day it ended another
# one covers the dealer, which has not decided yet (`Participation`).
GOES_ON: Final = """({p}.validity @> %(on)s::date OR (upper({p}.validity) <= %(on)s AND EXISTS (
    SELECT FROM programme_programme after
    WHERE after.brand_id IS NOT DISTINCT FROM {p}.brand_id
        AND after.validity @> %(on)s::date AND after.validity @> upper({p}.validity) AND after.currency = d.currency
        AND (after.region_id IS NULL OR EXISTS (
            SELECT FROM accounts_region home
            WHERE home.id = d.home_region_id AND strpos(home.path, '/' || after.region_id || '/') > 0
        ))
)))"""
# The ones that have decided, while that goes on; for other articles the nearest that runs.
OF_DEALER: Final = f"""
    WITH kept AS (
        SELECT s.programme_id AS id, s.brand_id
        FROM programme_participation s JOIN programme_programme k ON k.id = s.programme_id
        JOIN accounts_dealer d ON d.id = s.dealer_id
        WHERE d.id = %(dealer)s AND s.validity @> %(on)s::date AND {GOES_ON.format(p="k")}
    ), nearest AS ({COVERING})
    SELECT id FROM kept UNION ALL
    SELECT id FROM nearest WHERE NOT EXISTS (SELECT FROM kept WHERE kept.brand_id IS NOT DISTINCT FROM nearest.brand_id)
"""  # noqa: S608 (parts of our own)


def covering(on: dt.date, dealer_id: int | None = None) -> dict[tuple[int, int | None], int]:
    """(dealer id, brand id or None for all articles) → the programme that covers the dealer on a day. One query.

    Of active dealers, or of this one of them; a dealer whom no programme covers is absent. By today's region and currency:
    what was on a former day is in `Participation`.
    """
    with connection.cursor() as cursor:
        cursor.execute(COVERING, {"on": on, "dealer": dealer_id})
        return {(dealer, brand): programme for dealer, brand, programme in cursor}


def covered_by(programme: Programme, by: Mapping[tuple[int, int | None], int]) -> list[int]:
    """The ids of the dealers whom a programme covers, ascending, out of `covering`."""
    key = (programme.brand_id, programme.pk)
    return [dealer_id for (dealer_id, brand_id), covers in by.items() if (brand_id, covers) == key]


# Of each dealer the participation of a day, or where it had none yet the first that came.
TOOK_PART: Final = """
    SELECT DISTINCT ON (dealer_id) dealer_id,
        programme_id = %(programme)s AND (validity @> %(on)s::date OR lower(validity) > %(on)s)
    FROM programme_participation WHERE brand_id IS NOT DISTINCT FROM %(brand)s::bigint
    ORDER BY dealer_id, lower(validity) <= %(on)s DESC, abs(lower(validity) - %(on)s::date)
"""


def took_part(programme: Programme, on: dt.date) -> list[int]:
    """The ids of the dealers who took part in a programme on a day, closed ones too, ascending. Two queries.

    For whom none has decided yet, the programme that covers it by today's region and currency.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOOK_PART, {"on": on, "programme": programme.pk, "brand": programme.brand_id})
        known: dict[int, bool] = dict(cursor.fetchall())
    covered = covered_by(programme, covering(on))
    return sorted([dealer for dealer, took in known.items() if took] + [one for one in covered if one not in known])


def programmes_of(dealer_id: int, on: dt.date) -> list[Programme]:
    """The programmes a dealer takes part in on a day: the one for all articles first, then those of brands by name. One query.

    Each is the one that has decided for the dealer, until another has: the tiers it gave hold until then.
    """
    chosen = f"SELECT p.* FROM ({OF_DEALER}) chosen JOIN programme_programme p USING (id)"  # noqa: S608
    found = list(Programme.objects.raw(chosen, {"on": on, "dealer": dealer_id}).prefetch_related("brand"))
    return sorted(found, key=lambda one: one.brand.name if one.brand else "")


def programme_of(dealer_id: int, on: dt.date) -> Programme | None:
    """The programme for all articles that a dealer takes part in on a day."""
    return next((one for one in programmes_of(dealer_id, on) if one.brand_id is None), None)
