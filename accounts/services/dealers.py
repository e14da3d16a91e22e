"""Places and companies: the head office keeps them, audiences follow in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from portal.lib.errors import Conflict, Invalid

from ..enums import Right
from ..models import Dealer, DealerBrand, LegalEntity, Region
from ..principals import Principal
from .audiences import resolve_audiences
from .records import acting, audit


def save_region(*, by: Principal, region: Region) -> Region:
    """Keeps a region (new or changed). Moving one moves everything below it.

    Raises Invalid when it would lie below itself; then nothing changed.
    """
    by.require(Right.MANAGE_DEALERS)
    verb = "region.changed" if region.pk else "region.made"
    with acting(by, verb):
        # Two who move regions at once could make a circle of them.
        list(Region.objects.select_for_update().order_by("pk").values_list("pk"))
        above = Region.objects.get(pk=region.parent_id).path if region.parent_id else "/"
        former = Region.objects.get(pk=region.pk).path if region.pk else ""
        if former and above.startswith(former):
            raise Invalid(_("A region cannot lie below itself. Choose another parent."), field="parent")
        region.path = former or f"new {region.code}"
        region.save()
        path = f"{above}{region.pk}/"
        if path != former:
            _move(region, former, path)
            resolve_audiences()
        audit(by=by, verb=verb, subject=region, code=region.code, path=path)
    return region


def _move(region: Region, former: str, path: str) -> None:
    if former:
        below = Region.objects.filter(path__startswith=former).exclude(pk=region.pk)
        below.update(path=Concat(Value(path), Substr("path", len(former) + 1)))
    region.path = path
    region.save(update_fields=["path"])


def delete_region(*, by: Principal, region: Region) -> None:
    """Raises Conflict while anything hangs on it; then nothing changed."""
    by.require(Right.MANAGE_DEALERS)
    with acting(by, "region.deleted"):
        audit(by=by, verb="region.deleted", subject=region, code=region.code)
        try:
            region.delete()
        except ProtectedError as error:
            raise Conflict(
                _("Dealers, regions, price lists or programmes hang on this region. Move them first.")
            ) from error
        resolve_audiences()


def save_dealer(
    *,
    by: Principal,
    dealer: Dealer,
    served_regions: Iterable[Region] | None = None,
    brands: Iterable[str] | None = None,
) -> Dealer:
    """Keeps a dealer (new or changed); None leaves its regions or brand codes as they are.

    A dealer made inactive is closed at once: its people act for it no more. Raises NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_DEALERS)
    verb = "dealer.changed" if dealer.pk else "dealer.made"
    with acting(by, verb):
        dealer.save()
        if served_regions is not None:
            dealer.served_regions.set(served_regions)
        if brands is not None:
            _set_brands(dealer, set(brands))
        audit(
            by=by,
            verb=verb,
            subject=dealer,
            dealer_id=dealer.pk,
            is_active=dealer.is_active,
            served_regions=sorted(dealer.served_regions.values_list("pk", flat=True)),
            brands=sorted(dealer.brands.values_list("code", flat=True)),
        )
        resolve_audiences(dealer_ids=[dealer.pk])
    return dealer


def _set_brands(dealer: Dealer, wanted: set[str]) -> None:
    present = set(dealer.brands.values_list("code", flat=True))
    dealer.brands.filter(code__in=present - wanted).delete()
    DealerBrand.objects.bulk_create(DealerBrand(dealer=dealer, code=code) for code in sorted(wanted - present))


def save_legal_entity(*, by: Principal, legal_entity: LegalEntity) -> LegalEntity:
    """Keeps a company in law through which a dealer buys. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_DEALERS)
    verb = "legal_entity.changed" if legal_entity.pk else "legal_entity.made"
    with acting(by, verb):
        legal_entity.save()
        audit(by=by, verb=verb, subject=legal_entity, dealer_id=legal_entity.dealer_id)
    return legal_entity
