"""Who may what (one table, see `domain.md`), and who belongs to an audience. Pages, API and search share it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from .enums import Right, Role, StaffRole

READER = frozenset({Right.READ_CONTENT, Right.VIEW_ARTICLES})
SELLER = READER | {
    Right.VIEW_PRICES,
    Right.USE_CART,
    Right.VIEW_ORDERS,
    Right.VIEW_SALES,
    Right.VIEW_CLIENTS,
    Right.EDIT_CLIENTS,
}
BUYER = READER | {
    Right.VIEW_PRICES,
    Right.USE_CART,
    Right.PLACE_ORDERS,
    Right.VIEW_ORDERS,
    Right.VIEW_ALL_DEALER_ORDERS,
    Right.VIEW_SALES,
    Right.VIEW_CLIENTS,
}
OWNER = BUYER | {Right.EDIT_CLIENTS, Right.APPROVE_ORDERS, Right.MANAGE_PEOPLE}
STAFF = frozenset({Right.READ_CONTENT, Right.VIEW_ARTICLES, Right.READ_EVERY_AUDIENCE})

RIGHTS: Mapping[str, frozenset[Right]] = {
    Role.OWNER: OWNER,
    Role.BUYER: BUYER,
    Role.SELLER: SELLER,
    Role.READER: READER,
    StaffRole.EDITOR: STAFF | {Right.EDIT_CONTENT},
    StaffRole.MANAGER: STAFF | {Right.MANAGE_DEALERS, Right.VIEW_ORDERS, Right.MANAGE_ORDERS, Right.MANAGE_CLIENTS},
    StaffRole.PROGRAMME: STAFF | {Right.MANAGE_PROGRAMME, Right.MANAGE_PRICES},
    StaffRole.ANALYST: STAFF | {Right.VIEW_ORDERS, Right.READ_FIGURES},
    StaffRole.ADMINISTRATOR: STAFF
    | {
        Right.EDIT_CONTENT,
        Right.MANAGE_DEALERS,
        Right.VIEW_ORDERS,
        Right.MANAGE_ORDERS,
        Right.MANAGE_CLIENTS,
        Right.MANAGE_PROGRAMME,
        Right.MANAGE_PRICES,
        Right.READ_FIGURES,
        Right.ADMINISTER,
    },
}
NO_RIGHTS: frozenset[Right] = frozenset()


def rights_of(role: str | None) -> frozenset[Right]:
    """The rights of a role; none for an unknown one."""
    return RIGHTS.get(role, NO_RIGHTS) if role else NO_RIGHTS


def staff_roles_with(rights: Set[Right]) -> list[StaffRole]:
    """The head-office roles that have any of these rights."""
    return [role for role in StaffRole if rights_of(role) & rights]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """An audience's dimensions: any within a dimension, all across them; an empty dimension does not limit.

    Regions are ids of regions, each meaning its whole subtree.
    """

    roles: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    region_ids: frozenset[int] = frozenset()
    dealer_ids: frozenset[int] = frozenset()
    excluded_roles: frozenset[str] = frozenset()
    excluded_region_ids: frozenset[int] = frozenset()
    excluded_dealer_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standings:
    """Where dealers stand: ids of dealers by region (the regions above theirs included), by tier and by brand.

    Sets, because ten thousand dealers against a hundred audiences is a hundred operations on sets, not a million questions.
    """

    everybody: frozenset[int]
    by_region: Mapping[int, Set[int]] = field(default_factory=dict)
    by_tier: Mapping[str, Set[int]] = field(default_factory=dict)
    by_brand: Mapping[str, Set[int]] = field(default_factory=dict)


def members(of: Dimensions, among: Standings) -> tuple[frozenset[str], frozenset[int]]:
    """The roles and the dealers of an audience: it holds each of these roles at each of these dealers."""
    roles = (of.roles or frozenset(Role.values)) - of.excluded_roles
    dealers: set[int] = set(among.everybody)
    if of.dealer_ids:
        dealers &= of.dealer_ids
    for wanted, index in ((of.region_ids, among.by_region), (of.tiers, among.by_tier), (of.brands, among.by_brand)):
        if wanted:
            dealers &= _any_of(wanted, index)
    dealers -= of.excluded_dealer_ids
    dealers -= _any_of(of.excluded_region_ids, among.by_region)
    return roles, frozenset(dealers)


def _any_of(wanted: Set[Any], index: Mapping[Any, Set[int]]) -> set[int]:
    return set().union(*(index.get(key, ()) for key in wanted))
