"""Who belongs to which audience: resolved when a dealer, a region, a tier, a brand or an audience changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from portal.lib.errors import Conflict

from ..enums import Right, Role
from ..models import Audience, AudienceSet, Dealer, DealerBrand, DealerTier, Region
from ..principals import Principal
from ..rules import Dimensions, Standings, members
from .records import acting, audit

# Two who resolve at once wait for each other: the later one sees what the earlier one changed.
RESOLVING = 0x61756469
BATCH = 2000


def set_dealer_tiers(*, dealer_id: int, codes: Iterable[str]) -> None:
    """The programme's word on which tiers a dealer has now; audiences follow in the same transaction."""
    set_tiers({dealer_id: codes})


def set_tiers(tiers: Mapping[int, Iterable[str]]) -> None:
    """The same for many dealers, by id: their audiences are resolved together."""
    wanted = {(dealer_id, code) for dealer_id, codes in tiers.items() for code in codes}
    with transaction.atomic():
        rows = DealerTier.objects.filter(dealer__in=list(tiers))
        present = {(row.dealer_id, row.code): row.pk for row in rows}
        changed = wanted.symmetric_difference(present)
        if not changed:
            return
        DealerTier.objects.filter(pk__in=[present[gone] for gone in changed - wanted]).delete()
        DealerTier.objects.bulk_create(
            [DealerTier(dealer_id=dealer_id, code=code) for dealer_id, code in sorted(changed & wanted)],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        resolve_audiences(dealer_ids={dealer_id for dealer_id, _code in changed})


def save_audience(*, by: Principal, audience: Audience, **dimensions: Iterable[Region] | Iterable[Dealer]) -> Audience:
    """Keeps an audience (new or changed) with its regions and dealers, and resolves it for every dealer.

    `dimensions`: any of `regions`, `dealers`, `excluded_regions`, `excluded_dealers`.
    Raises NotAllowed; then nothing changed.
    """
    by.require(Right.EDIT_CONTENT)
    verb = "audience.changed" if audience.pk else "audience.made"
    with acting(by, verb):
        audience.save()
        for name, things in dimensions.items():
            getattr(audience, name).set(things)
        audit(by=by, verb=verb, subject=audience, **facts_of(audience))
        resolve_audiences()
    return audience


def audience_for(
    *,
    by: Principal,
    name: str,
    roles: Iterable[str],
    regions: Iterable[Region],
    dealers: Iterable[Dealer],
    excluded_regions: Iterable[Region] = (),
) -> Audience:
    """The audience with this name, made where there is none, for what the portal drafts by itself.

    One that is there already stays as its editors left it. It asks for no right: an audience shows nothing to anybody until an
    editor publishes something for it.
    """
    found = Audience.objects.filter(name=name).first()
    if found:
        return found
    with acting(by, "audience.made"):
        audience = Audience.objects.create(name=name, roles=list(roles))
        audience.regions.set(regions)
        audience.excluded_regions.set(excluded_regions)
        audience.dealers.set(dealers)
        audit(by=by, verb="audience.made", subject=audience, **facts_of(audience))
        resolve_audiences()
    return audience


def delete_audience(*, by: Principal, audience: Audience) -> None:
    """Takes an audience away. Raises Conflict while pages are limited to it; then nothing changed."""
    by.require(Right.EDIT_CONTENT)
    try:
        with acting(by, "audience.deleted"):
            audit(by=by, verb="audience.deleted", subject=audience, **facts_of(audience))
            audience.delete()
            resolve_audiences()
    except ProtectedError as error:
        text = _("Pages with this audience: %(count)s. Choose another one for them first.")
        raise Conflict(text % {"count": len(error.protected_objects)}) from error


def resolve_audiences(*, dealer_ids: Iterable[int] | None = None) -> None:
    """Writes anew which audiences each role at these dealers (all, by default) belongs to. Call it last in a transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RESOLVING])
        ids = None if dealer_ids is None else frozenset(dealer_ids)
        standings = standings_of(ids)
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for audience in all_audiences():
            if audience.head_office_only:
                continue
            roles, dealers = members(dimensions_of(audience), standings)
            for role in roles:
                for dealer_id in dealers:
                    found[dealer_id, role].append(audience.pk)
        _write(found, standings)


def _write(found: Mapping[tuple[int, str], list[int]], standings: Standings) -> None:
    """Only the sets that differ from what is kept."""
    kept = {
        (dealer_id, role): ids
        for dealer_id, role, ids in AudienceSet.objects.filter(dealer__in=standings.everybody).values_list(
            "dealer_id", "role", "audience_ids"
        )
    }
    rows = [
        AudienceSet(dealer_id=dealer_id, role=role, audience_ids=ids)
        for dealer_id in sorted(standings.everybody)
        for role in Role.values
        if (ids := sorted(found.get((dealer_id, role), []))) != kept.get((dealer_id, role))
    ]
    AudienceSet.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["dealer", "role"], update_fields=["audience_ids"], batch_size=BATCH
    )


def standings_of(dealer_ids: frozenset[int] | None) -> Standings:
    """Where these dealers (all: None) stand. Four queries, whatever their number."""

    def only(rows: Iterable[tuple[int, str]]) -> dict[str, set[int]]:
        index: dict[str, set[int]] = defaultdict(set)
        for dealer_id, key in rows:
            index[key].add(dealer_id)
        return index

    dealers = Dealer.objects.all()
    tiers, brands = DealerTier.objects.all(), DealerBrand.objects.all()
    served = Dealer.served_regions.through.objects.all()
    if dealer_ids is not None:
        dealers, tiers = dealers.filter(pk__in=dealer_ids), tiers.filter(dealer__in=dealer_ids)
        brands, served = brands.filter(dealer__in=dealer_ids), served.filter(dealer__in=dealer_ids)
    homes = dict(dealers.values_list("pk", "home_region__path"))
    paths = [*homes.items(), *served.values_list("dealer_id", "region__path")]
    by_region: dict[int, set[int]] = defaultdict(set)
    for dealer_id, path in paths:
        for part in path.strip("/").split("/"):
            by_region[int(part)].add(dealer_id)
    return Standings(
        everybody=frozenset(homes),
        by_region=by_region,
        by_tier=only(tiers.values_list("dealer_id", "code")),
        by_brand=only(brands.values_list("dealer_id", "code")),
    )


def all_audiences() -> Iterable[Audience]:
    """Every audience with its dimensions. Five queries."""
    return Audience.objects.order_by("pk").prefetch_related(
        "regions", "dealers", "excluded_regions", "excluded_dealers"
    )


def dimensions_of(audience: Audience) -> Dimensions:
    """An audience as a rule."""
    return Dimensions(
        roles=frozenset(audience.roles),
        tiers=frozenset(audience.tiers),
        brands=frozenset(audience.brands),
        region_ids=frozenset(region.pk for region in audience.regions.all()),
        dealer_ids=frozenset(dealer.pk for dealer in audience.dealers.all()),
        excluded_roles=frozenset(audience.excluded_roles),
        excluded_region_ids=frozenset(region.pk for region in audience.excluded_regions.all()),
        excluded_dealer_ids=frozenset(dealer.pk for dealer in audience.excluded_dealers.all()),
    )


def facts_of(audience: Audience) -> dict[str, Any]:
    """An audience as the audit keeps it: many-to-many rows have no history of their own."""
    rule = dimensions_of(audience)
    facts: dict[str, Any] = {"name": audience.name, "head_office_only": audience.head_office_only}
    return facts | {name: sorted(getattr(rule, name)) for name in rule.__slots__ if getattr(rule, name)}
