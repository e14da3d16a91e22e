"""Who acts: a person in one role at one dealer, or a head-office person, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.lib.errors import NotAllowed

from .enums import Right, Role, StaffRole
from .rules import rights_of

if TYPE_CHECKING:
    from .models import Membership, User


@dataclass(frozen=True, slots=True)
class Principal:
    """The actor of every read and write.

    A session and a token name exactly one; switching the dealer makes another. `audience_ids` are those of
    `accounts.Audience` that this role at this dealer belongs to: resolved when something changed, not when read.
    """

    user_id: int | None = None
    membership_id: int | None = None
    dealer_id: int | None = None
    role: Role | StaffRole | None = None
    audience_ids: tuple[int, ...] = ()
    region_id: int | None = None
    currency: str = "RUB"
    language: str = "ru"
    rights: frozenset[Right] = field(default=frozenset(), repr=False)

    @classmethod
    def nobody(cls) -> Principal:
        """A stranger: no rights, sees nothing."""
        return NOBODY

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None

    @property
    def is_head_office(self) -> bool:
        return isinstance(self.role, StaffRole)

    def may(self, right: Right) -> bool:
        """Whether the role includes this."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raises NotAllowed when the principal has not this right."""
        if not self.may(right):
            raise NotAllowed(_("Your role does not include this. Ask the owner at your company."), right=str(right))

    def require_person(self) -> int:
        """The person's id. Raises NotAllowed for a stranger."""
        if self.user_id is None:
            raise NotAllowed(_("Sign in first."))
        return self.user_id

    def as_context(self) -> dict[str, Any]:
        """What history rows keep of the actor."""
        return {"user": self.user_id, "membership": self.membership_id, "role": str(self.role or "")}


NOBODY = Principal()


def of_request(request: Any) -> Principal:
    """Who calls, for a page's request and for DRF's alike: it lives on Django's own request."""
    principal: Principal = getattr(request, "_request", request).principal
    return principal


def of_membership(membership: Membership, *, language: str | None = None) -> Principal:
    """The principal of a membership in force, best read with `Membership.objects.acting()`.

    Its `user`, `dealer` and `resolved_audiences` are fetched where they were not.
    """
    role = Role(membership.role)
    if hasattr(membership, "resolved_audiences"):
        audiences = membership.resolved_audiences
    else:
        sets = membership.dealer.audience_sets.filter(role=role)
        audiences = sets.values_list("audience_ids", flat=True).first()
    return Principal(
        user_id=membership.user_id,
        membership_id=membership.pk,
        dealer_id=membership.dealer_id,
        role=role,
        audience_ids=tuple(audiences or ()),
        region_id=membership.dealer.home_region_id,
        currency=membership.dealer.currency,
        language=language or membership.user.language,
        rights=rights_of(role),
    )


def of_staff(user: User, *, language: str | None = None) -> Principal:
    """The principal of a head-office person."""
    role = StaffRole(user.staff_role)
    return Principal(user_id=user.pk, role=role, language=language or user.language, rights=rights_of(role))


def of_user(user: User, *, membership_id: int | None = None, language: str | None = None) -> Principal:
    """The principal a signed-in person acts as. One query at most.

    Head-office people act as themselves. Others act under the membership asked for, else the one used last, else
    their first; someone with none in force has an identity and no rights.
    """
    if not user.is_active:
        return NOBODY
    if user.staff_role:
        return of_staff(user, language=language)
    memberships = list(user.memberships.in_force().acting().order_by("pk"))
    for wanted in (membership_id, user.last_membership_id):
        for membership in memberships:
            if membership.pk == wanted:
                return of_membership(membership, language=language)
    if memberships:
        return of_membership(memberships[0], language=language)
    return Principal(user_id=user.pk, language=language or user.language)
