"""People, dealers and places for tests, made quickly and named plainly. Each room adds its own `tests/factories_<room>.py`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Role, StaffRole
from accounts.models import ApiToken, Audience, Dealer, DealerBrand, DealerTier, Membership, Region, User
from accounts.services import resolve_audiences

PASSWORD = "correct horse battery 7"
_number = itertools.count(1)


def make_region(code: str = "", *, parent: Region | None = None, name: str = "", **fields: Any) -> Region:
    """A region; without a parent, a root."""
    n = next(_number)
    code = code or f"region-{n}"
    region = Region.objects.create(
        code=code,
        name_ru=name or f"Регион {n}",
        name_en=name or f"Region {n}",
        parent=parent,
        path=f"new-{n}",
        **fields,
    )
    region.path = f"{parent.path if parent else '/'}{region.pk}/"
    region.save(update_fields=["path"])
    return region


def make_dealer(
    name: str = "",
    *,
    region: Region | None = None,
    serves: Iterable[Region] = (),
    tiers: Iterable[str] = (),
    brands: Iterable[str] = (),
    **fields: Any,
) -> Dealer:
    """An active dealer with its tiers, brands and resolved audiences."""
    n = next(_number)
    dealer = Dealer.objects.create(
        code=fields.pop("code", f"dealer-{n}"),
        name=name or f"Dealer {n}",
        home_region=region or make_region(),
        **fields,
    )
    dealer.served_regions.set(serves)
    DealerTier.objects.bulk_create(DealerTier(dealer=dealer, code=code) for code in tiers)
    DealerBrand.objects.bulk_create(DealerBrand(dealer=dealer, code=code) for code in brands)
    resolve_audiences(dealer_ids=[dealer.pk])
    return dealer


def make_user(email: str = "", **fields: Any) -> User:
    """A person with the password `PASSWORD`, who speaks English unless said otherwise."""
    n = next(_number)
    fields = {"first_name": "Person", "last_name": str(n), "language": "en", "password": PASSWORD, **fields}
    return User.objects.create_user(email or f"person-{n}@example.com", **fields)


def make_member(
    role: str = Role.BUYER, *, dealer: Dealer | None = None, user: User | None = None, **fields: Any
) -> Membership:
    """A person in a role at a dealer; each is made where not given."""
    return Membership.objects.create(
        user=user or make_user(), dealer=dealer or make_dealer(), role=Role(role).value, **fields
    )


def make_staff(role: str = StaffRole.ADMINISTRATOR, **fields: Any) -> User:
    """A head-office person. The second factor they owe: `make_second_factor`, or a client of `client_of`."""
    return make_user(staff_role=StaffRole(role).value, **fields)


def make_second_factor(user: User) -> TOTPDevice:
    """The person's confirmed authenticator."""
    return TOTPDevice.objects.create(user=user, name="test", confirmed=True)


def make_token(who: Membership | User, **fields: Any) -> str:
    """The text of an API token of a member or of a head-office person, made with a second factor."""
    is_member = isinstance(who, Membership)
    token: str = ApiToken.objects.create(
        user=who.user if is_member else who,
        expiry=None,
        name="test",
        membership=who if is_member else None,
        second_factor=True,
        **fields,
    )[1]
    return token


def make_audience(
    name: str = "",
    *,
    regions: Iterable[Region] = (),
    dealers: Iterable[Dealer] = (),
    excluded_regions: Iterable[Region] = (),
    excluded_dealers: Iterable[Dealer] = (),
    **fields: Any,
) -> Audience:
    """An audience, resolved for every dealer there is; without dimensions it holds everybody."""
    audience = Audience.objects.create(name=name or f"Audience {next(_number)}", **fields)
    audience.regions.set(regions)
    audience.dealers.set(dealers)
    audience.excluded_regions.set(excluded_regions)
    audience.excluded_dealers.set(excluded_dealers)
    resolve_audiences()
    return audience
