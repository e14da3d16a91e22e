"""Which programme a dealer belongs to: of its currency, the nearest region's, for all articles or for a brand."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from ..models import Programme

# `p` a programme, `pr` its region, `d` a dealer, `r` the dealer's home region.
COVERS: Final = "p.currency = d.currency AND (p.region_id IS NULL OR starts_with(r.path, pr.path))"
COVERING: Final = f"""
    SELECT DISTINCT ON (d.id, p.brand_id) d.id, p.brand_id, p.id
    FROM programme_programme p LEFT JOIN accounts_region pr ON pr.id = p.region_id
    JOIN accounts_dealer d ON d.is_active OR NOT %(active)s
    JOIN accounts_region r ON r.id = d.home_region_id
    WHERE p.validity @> %(on)s::date AND {COVERS}
    ORDER BY d.id, p.brand_id, length(pr.path) DESC NULLS LAST
"""  # noqa: S608 (parts of our own)
# Whether what programme {p} has decided for a dealer may still hold on a day: it runs, or since the day it ended another
# one covers the dealer, which has not decided yet (`Participation`).
GOES_ON: Final = """({p}.validity @> %(on)s::date OR (upper({p}.validity) <= %(on)s AND EXISTS (
    SELECT FROM programme_programme after
    WHERE after.currency = {p}.currency AND after.brand_id IS NOT DISTINCT FROM {p}.brand_id
        AND after.validity @> %(on)s::date AND after.validity @> upper({p}.validity)
        AND (after.region_id IS NULL OR EXISTS (
            SELECT FROM accounts_region home
            WHERE home.id = d.home_region_id AND strpos(home.path, '/' || after.region_id || '/') > 0
        ))
)))"""
# The one that has decided, while that goes on; else the nearest that runs.
OF_DEALER: Final = f"""
    SELECT DISTINCT ON (p.brand_id) coalesce(kept.id, p.id) AS id
    FROM accounts_dealer d JOIN accounts_region r ON r.id = d.home_region_id
    JOIN programme_programme p ON p.validity @> %(on)s::date
    LEFT JOIN accounts_region pr ON pr.id = p.region_id
    LEFT JOIN programme_participation s ON s.dealer_id = d.id AND s.brand_id IS NOT DISTINCT FROM p.brand_id
        AND s.since <= %(on)s
    LEFT JOIN programme_programme kept ON kept.id = s.programme_id AND kept.currency = d.currency
        AND {GOES_ON.format(p="kept")}
    WHERE d.id = %(dealer)s AND {COVERS}
    ORDER BY p.brand_id, length(pr.path) DESC NULLS LAST
"""  # noqa: S608 (parts of our own)


def taking_part(on: dt.date, *, active: bool = True) -> dict[tuple[int, int | None], int]:
    """(dealer id, brand id or None for all articles) → the programme that covers the dealer on a day. One query.

    Active dealers only, unless told otherwise; a dealer whom no programme covers is absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(COVERING, {"on": on, "active": active})
        return {(dealer_id, brand_id): programme_id for dealer_id, brand_id, programme_id in cursor}


def covered_by(programme: Programme, on: dt.date, *, active: bool = True) -> list[int]:
    """The ids of the active dealers (or of all) whom a programme covers on a day, ascending. One query."""
    key = (programme.brand_id, programme.pk)
    covering = taking_part(on, active=active)
    return [dealer_id for (dealer_id, brand_id), covers in covering.items() if (brand_id, covers) == key]


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
