"""What the frame around every page shows: the person, the dealer they act for, the cart, and the places they may open.

A context processor hands templates one lazy object, so a page without the frame (an error page, a fragment for HTMX) asks the
database nothing; the frame itself costs two queries more than the principal, whatever the person has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Right
from accounts.models import Membership
from accounts.principals import NOBODY, Principal
from ordering.orders.queries import cart_summary
from portal.lib.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the portal and who may open it. `go` is the letter that opens it after `g`."""

    key: str
    label: Promise
    route: str
    icon: str
    right: Right
    go: str = ""


PLACES: Final = (
    Place("today", _("Today"), "portal:dashboard", "house", Right.READ_CONTENT, "s"),
    Place("catalogue", _("Catalogue"), "portal:catalogue", "grid", Right.VIEW_ARTICLES, "k"),
    Place("quick", _("Quick order"), "orders:quick", "lightning-charge", Right.USE_CART, "b"),
    Place("orders", _("Orders"), "orders:list", "box-seam", Right.VIEW_ORDERS, "o"),
    Place("sales", _("Sales"), "sales:history", "bar-chart", Right.VIEW_SALES, "p"),
    Place("programme", _("Programme"), "programme:programme", "award", Right.VIEW_SALES, "r"),
    Place("clients", _("Clients"), "clients:list", "buildings", Right.VIEW_CLIENTS, "c"),
    Place("knowledge", _("Knowledge"), "content:knowledge", "book", Right.READ_CONTENT, "z"),
)
# The head office has neither cart nor own purchases; its desk is the admin.
DEALERS_ONLY: Final = frozenset({"quick", "sales", "programme"})
PHONE_TABS: Final = ("today", "catalogue", "quick", "orders")


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place this person may open. `current` where the page lies in it."""

    key: str
    label: Promise | str
    url: str
    icon: str
    go: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """A dealer that the person may act for: one row of the switcher."""

    membership_id: int
    dealer: str
    town: str
    role: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that the layout shows around a page. A stranger's frame is empty."""

    signed_in: bool = False
    name: str = ""
    email: str = ""
    role: str = ""
    shortcuts: bool = True
    seat: Seat | None = None
    others: tuple[Seat, ...] = ()
    manager: str = ""
    manager_email: str = ""
    nav: tuple[NavItem, ...] = ()
    tabs: tuple[NavItem, ...] = ()
    more: tuple[NavItem, ...] = ()
    shows_cart: bool = False
    cart_total: Money | None = None
    cart_lines: int = 0
    manages_people: bool = False
    language: str = "ru"
    other_language: str = "en"


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame`, built when a template first looks at it."""
    return {"frame": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> Frame:
    """The frame of the person behind this request."""
    language = (get_language() or "ru")[:2]
    other = "en" if language == "ru" else "ru"
    principal: Principal = getattr(request, "principal", NOBODY)
    if principal.is_anonymous:
        return Frame(language=language, other_language=other)
    user = request.user
    seats, manager, manager_email = _seats(principal)
    nav = _navigation(principal, request.path)
    tabs = tuple(item for key in PHONE_TABS for item in nav if item.key == key)
    shows_cart = principal.may(Right.USE_CART)
    total, lines = cart_summary(principal) if shows_cart else (None, 0)
    return Frame(
        signed_in=True,
        name=str(user),
        email=getattr(user, "email", ""),
        role=str(principal.role.label) if principal.role else "",
        shortcuts=getattr(user, "shortcuts", True),
        seat=next((seat for seat in seats if seat.membership_id == principal.membership_id), None),
        others=tuple(seat for seat in seats if seat.membership_id != principal.membership_id),
        manager=manager,
        manager_email=manager_email,
        nav=nav,
        tabs=tabs,
        more=tuple(item for item in nav if item not in tabs),
        shows_cart=shows_cart,
        cart_total=total,
        cart_lines=lines,
        manages_people=principal.may(Right.MANAGE_PEOPLE),
        language=language,
        other_language=other,
    )


def _seats(principal: Principal) -> tuple[tuple[Seat, ...], str, str]:
    """The dealers of this person, and the name and e-mail of the manager of the one acted for. One query; none for the head
    office."""
    if principal.is_head_office:
        return (), "", ""
    memberships = (
        Membership.objects.in_force()
        .filter(user=principal.user_id)
        .select_related("dealer__manager")
        .order_by("dealer__name", "pk")
    )
    seats, manager, email = [], "", ""
    for membership in memberships:
        dealer = membership.dealer
        seats.append(Seat(membership.pk, dealer.name, dealer.town, str(membership.get_role_display())))
        if membership.pk == principal.membership_id and dealer.manager:
            manager, email = str(dealer.manager), dealer.manager.email
    return tuple(seats), manager, email


def _navigation(principal: Principal, path: str) -> tuple[NavItem, ...]:
    """The places this principal may open; the one whose address is the longest beginning of `path` is current."""
    open_places = [
        (place, url)
        for place in PLACES
        if principal.may(place.right)
        and not (principal.is_head_office and place.key in DEALERS_ONLY)
        and (url := address(place.route))
    ]
    matching = [url for _place, url in open_places if path == url or (url != "/" and path.startswith(url))]
    current = max(matching, key=len, default="")
    items = [
        NavItem(place.key, place.label, url, place.icon, place.go, current=url == current) for place, url in open_places
    ]
    if principal.is_head_office and (desk := address("wagtailadmin_home")):
        items.append(NavItem("desk", _("Head office desk"), desk, "tools"))
    return tuple(items)


def address(route: str) -> str:
    """The address of a route, empty where the room that has it is not installed."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
