"""One page as one reader gets it, with everything that stands around it. Pages and API share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import AudienceSet
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.catalog.models import Product
from portal.lib.errors import Missing

from .bodies import Block, plain_text, read_body
from .models import Feedback, GuidePage, GuideProduct, NewsPage, PageRead, PortalPage, Publication
from .queries import confirmations, type_of
from .rules import Version, changed_ids, minutes_to_read, version_to_compare


@dataclass(frozen=True, slots=True)
class Reading:
    """A page and its reader. `versions` are newest first; a preview has none."""

    page: PortalPage
    type: str
    blocks: Sequence[Block]
    minutes: int
    versions: Sequence[Version] = ()
    translations: Sequence[PortalPage] = ()
    section: PortalPage | None = None
    neighbours: Sequence[PortalPage] = ()
    products: Sequence[Product] = ()
    last_read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    feedback: Feedback | None = None
    crumbs: Sequence[PortalPage] = field(default=())

    @property
    def version(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def must_acknowledge(self) -> bool:
        return self.page.mandatory and bool(self.versions) and self.acknowledged_at is None

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchors and texts of the headings."""
        return [(b.anchor, b.value["text"]) for b in self.blocks if b.type == "heading" and b.value["level"] == 2]

    @property
    def changes(self) -> list[Block]:
        """What differs from what this reader saw last."""
        return [block for block in self.blocks if block.changed]


def page_at(principal: Principal, path: str) -> PortalPage:
    """The page at an address below /knowledge/. Raises Missing: it is not there, or not for this reader."""
    return _one(principal, url_path=f"/{path.strip('/')}/")


def page_by_id(principal: Principal, page_id: int) -> PortalPage:
    """Raises Missing: it is not there, or not for this reader."""
    return _one(principal, pk=page_id)


def _one(principal: Principal, **where: Any) -> PortalPage:
    page = PortalPage.objects.visible_to(principal).filter(**where).select_related("locale", "owner").first()
    if page is None:
        raise Missing(_("There is nothing here."))
    specific: PortalPage = page.specific
    return specific


def read(principal: Principal, page: PortalPage, now: datetime) -> Reading:
    """Everything the reader sees of this page. It must have come from `visible_to`."""
    publications = list(Publication.objects.filter(page=page).order_by("-number").defer("digests"))
    versions = [Version(p.number, p.significance, p.published_at) for p in publications]
    reads = dict(
        PageRead.objects.filter(publication__page=page, user=principal.user_id).values_list(
            "publication__number", "read_at"
        )
    )
    confirmed = confirmations(principal.user_id).filter(publication__page__translation_key=page.translation_key)
    above = crumbs(principal, page)
    compared = version_to_compare(versions, reads, now)
    body = getattr(page, "body", ())
    return Reading(
        page=page,
        type=type_of(page),
        blocks=read_body(body, principal, _changes(page, compared)),
        minutes=minutes_to_read(len(plain_text(body).split())),
        versions=versions,
        translations=translations(principal, page),
        section=above[-1] if above else None,
        crumbs=above,
        neighbours=neighbours(principal, page),
        products=products(principal, page),
        last_read_at=reads.get(compared) if compared else None,
        acknowledged_at=confirmed.order_by("-acknowledged_at").values_list("acknowledged_at", flat=True).first(),
        feedback=Feedback.objects.filter(publication__in=publications[:1], user=principal.user_id).first(),
    )


def read_draft(principal: Principal, page: PortalPage) -> Reading:
    """A draft as it would look to this reader: links and articles by their rights, nothing about reading."""
    body = getattr(page, "body", ())
    minutes = minutes_to_read(len(plain_text(body).split()))
    linked = [link.product for link in page.products.all()] if isinstance(page, GuidePage) else []
    return Reading(page, type_of(page), read_body(body, principal), minutes, products=linked)


def stand_in(seat_id: int) -> Principal:
    """Who has this role at this dealer, without being a person: for previews."""
    seat = AudienceSet.objects.select_related("dealer").filter(pk=seat_id).first()
    if seat is None:
        return Principal.nobody()
    return Principal(
        dealer_id=seat.dealer_id,
        role=Role(seat.role),
        audience_ids=tuple(seat.audience_ids),
        rights=rights_of(seat.role),
    )


def _changes(page: PortalPage, compared: int | None) -> frozenset[str]:
    if compared is None:
        return frozenset()
    kept = (
        Publication.objects.filter(page=page, number__gte=compared).order_by("number").values_list("digests", flat=True)
    )
    shown = list(kept)
    return changed_ids(shown[0], shown[-1])


def crumbs(principal: Principal, page: PortalPage) -> list[PortalPage]:
    """What lies above a page, from the top."""
    return list(PortalPage.objects.visible_to(principal).ancestor_of(page).select_related("locale").order_by("depth"))


def translations(principal: Principal, page: PortalPage) -> list[PortalPage]:
    """The page in the other languages, as far as the reader may see them."""
    others = PortalPage.objects.visible_to(principal).filter(translation_key=page.translation_key)
    return list(others.exclude(pk=page.pk).select_related("locale"))


def neighbours(principal: Principal, page: PortalPage, limit: int = 4) -> list[PortalPage]:
    """What else stands on the same shelf: what follows the page first, then what stands before it."""
    if not isinstance(page, GuidePage | NewsPage):
        return []
    same = (
        PortalPage.objects.visible_to(principal)
        .sibling_of(page, inclusive=False)
        .filter(content_type=page.content_type_id)
    )
    after = same.filter(path__gt=page.path).order_by("path")[:limit]
    found = list(after)
    if len(found) < limit:
        found += same.filter(path__lt=page.path).order_by("path")[: limit - len(found)]
    return found


def products(principal: Principal, page: PortalPage) -> list[Product]:
    """The articles the guide is about, as far as the reader may see articles."""
    if not isinstance(page, GuidePage):
        return []
    linked = GuideProduct.objects.filter(page=page).values("product")
    return list(
        Product.objects.visible_to(principal).filter(pk__in=linked).order_by("guide_links__sort_order").distinct()
    )
