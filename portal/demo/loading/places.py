"""Regions, dealers, people and audiences."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Audience, Dealer, DealerBrand, LegalEntity, Membership, Region, User
from accounts.services import resolve_audiences

from .. import people
from ..assortment.categories import BRANDS
from ..guides import AUDIENCES
from .numbers import hexadecimal


def load_regions() -> dict[str, Region]:
    """The tree of places, by code."""
    known = {region.code: region for region in Region.objects.all()}
    for place in people.REGIONS:
        if place.code in known:
            continue
        parent = known[place.parent] if place.parent else None
        region = Region.objects.create(
            code=place.code, name_ru=place.name.ru, name_en=place.name.en, parent=parent, timezone=place.timezone,
            path=f"/new/{place.code}/",
        )  # fmt: skip
        region.path = f"{parent.path if parent else '/'}{region.pk}/"
        region.save(update_fields=["path"])
        known[place.code] = region
    return known


def load_staff() -> dict[str, User]:
    """Everyone who may sign in, by e-mail. All share one password, hashed once: argon2 takes its time."""
    known = {user.email: user for user in User.objects.all()}
    missing = [person for person in people.people() if person.email not in known]
    if missing:
        hashed = make_password(people.PASSWORD)
        created = User.objects.bulk_create(_user(person, hashed) for person in missing)
        known |= {user.email: user for user in created}
        TOTPDevice.objects.bulk_create(
            TOTPDevice(
                user=known[person.email], name="authenticator", confirmed=True, key=hexadecimal(person.otp_secret)
            )
            for person in missing
            if person.otp_secret
        )
    return known


def _user(person: people.Person, hashed: str) -> User:
    return User(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        language=person.language,
        staff_role=person.staff_role,
        is_superuser=person.staff_role == "administrator",
        password=hashed,
    )


def load_dealers(regions: dict[str, Region], staff: dict[str, User]) -> dict[str, Dealer]:
    """Dealers with their legal entities, served regions and people, by code."""
    known = {dealer.code: dealer for dealer in Dealer.objects.all()}
    missing = [company for company in people.DEALERS if company.code not in known]
    manager = staff["oleg@tveron.example"]
    created = Dealer.objects.bulk_create(
        Dealer(
            code=company.code,
            name=company.name,
            town=company.town,
            home_region=regions[company.region],
            manager=manager,
        )
        for company in missing
    )
    known |= {dealer.code: dealer for dealer in created}
    LegalEntity.objects.bulk_create(
        LegalEntity(dealer=known[company.code], name=company.legal_name, tax_id=company.tax_id) for company in missing
    )
    DealerBrand.objects.bulk_create(
        DealerBrand(dealer=known[company.code], code=brand.code) for company in missing for brand in BRANDS
    )
    for company in missing:
        known[company.code].served_regions.set(regions[code] for code in company.serves)
    _load_memberships(known, staff)
    return known


def _load_memberships(dealers: dict[str, Dealer], staff: dict[str, User]) -> None:
    known = set(Membership.objects.values_list("user__email", "dealer__code"))
    wanted = [(person.email, code, role) for person in people.people() for code, role in person.memberships]
    created = Membership.objects.bulk_create(
        Membership(user=staff[email], dealer=dealers[code], role=role)
        for email, code, role in wanted
        if (email, code) not in known
    )
    first: dict[int, Membership] = {}
    for membership in created:
        first.setdefault(membership.user_id, membership)
    for user in User.objects.filter(pk__in=first, last_membership=None):
        user.last_membership = first[user.pk]
        user.save(update_fields=["last_membership"])


def load_audiences(regions: dict[str, Region]) -> dict[str, Audience]:
    """The audiences of the guides, by their key, resolved for every dealer together."""
    known = {audience.name: audience for audience in Audience.objects.all()}
    found = {}
    for key, wanted in AUDIENCES.items():
        audience = known.get(wanted.name)
        if audience is None:
            audience = Audience.objects.create(
                name=wanted.name,
                roles=list(wanted.roles),
                tiers=list(wanted.tiers),
                head_office_only=wanted.head_office_only,
            )
            audience.regions.set(regions[code] for code in wanted.regions)
        found[key] = audience
    resolve_audiences()
    return found
