"""The frame: what each role may open, whose dealers are listed, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, StaffRole
from accounts.models import Membership, User
from accounts.principals import NOBODY, Principal
from portal import frame as frames
from tests.factories import make_dealer, make_member, make_staff, make_user

pytestmark = pytest.mark.django_db
PrincipalOf = Callable[[Membership | User], Principal]


@pytest.fixture(autouse=True)
def _every_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses by the name of the place, so that the test holds whatever rooms are installed."""
    monkeypatch.setattr(frames, "address", lambda route: "/" if route == "portal:dashboard" else f"/{route}/")


def request_of(principal: Principal, user: User | None, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user  # type: ignore[assignment]
    request.principal = principal  # type: ignore[attr-defined]
    return request


def keys(frame: frames.Frame) -> list[str]:
    return [item.key for item in frame.nav]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, ["today", "catalogue", "quick", "orders", "sales", "programme", "clients", "knowledge"]),
        (Role.READER, ["today", "catalogue", "knowledge"]),
    ],
)
def test_a_member_sees_the_places_of_the_role(principal_of: PrincipalOf, role: Role, expected: list[str]) -> None:
    member = make_member(role)
    frame = frames.build(request_of(principal_of(member), member.user))
    assert keys(frame) == expected
    assert frame.shows_cart is (role is Role.OWNER)
    assert frame.manages_people is (role is Role.OWNER)


def test_the_head_office_has_its_desk_and_no_cart(principal_of: PrincipalOf) -> None:
    user = make_staff(StaffRole.ADMINISTRATOR)
    frame = frames.build(request_of(principal_of(user), user))
    assert "desk" in keys(frame)
    assert {"quick", "sales", "programme"} & set(keys(frame)) == set()
    assert (frame.shows_cart, frame.seat, frame.others) == (False, None, ())


def test_a_stranger_has_an_empty_frame_for_free() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        frame = frames.build(request_of(NOBODY, None))
    assert (frame.signed_in, frame.nav, len(queries)) == (False, (), 0)


def test_the_place_of_the_page_is_current_and_today_only_itself(principal_of: PrincipalOf) -> None:
    member = make_member(Role.OWNER)

    def current(path: str) -> list[str]:
        frame = frames.build(request_of(principal_of(member), member.user, path))
        return [item.key for item in frame.nav if item.current]

    assert current("/") == ["today"]
    assert current("/orders:list/26-10418/") == ["orders"]
    assert current("/profile/") == []


def test_the_switcher_lists_the_persons_own_dealers_and_nobody_elses(principal_of: PrincipalOf) -> None:
    person = make_user()
    here = make_member(Role.OWNER, user=person, dealer=make_dealer("Verstak-South"))
    make_member(Role.READER, user=person, dealer=make_dealer("Verstak-Caucasus"))
    make_member(Role.READER, user=person, dealer=make_dealer("Closed", is_active=False))
    make_member(Role.OWNER, dealer=make_dealer("Canary"))
    frame = frames.build(request_of(principal_of(here), person))
    assert frame.seat is not None
    assert frame.seat.dealer == "Verstak-South"
    assert [(seat.dealer, seat.role) for seat in frame.others] == [("Verstak-Caucasus", "Reader")]


def test_it_costs_the_same_for_one_dealer_and_for_many(principal_of: PrincipalOf) -> None:
    person = make_user()
    here = make_member(Role.OWNER, user=person)

    def cost() -> int:
        principal = principal_of(here)
        with CaptureQueriesContext(connection) as queries:
            frames.build(request_of(principal, person))
        return len(queries)

    one = cost()
    for _ in range(5):
        make_member(Role.BUYER, user=person, dealer=make_dealer(manager=make_staff(StaffRole.MANAGER)))
    assert (one, cost()) == (one, one)
    assert one <= 3


def test_a_template_without_the_frame_does_not_build_it(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []
    monkeypatch.setattr(frames, "build", lambda request: built.append(request) or frames.Frame())
    context = Context(frames.frame(request_of(NOBODY, None)))
    assert Template("no frame here").render(context) == "no frame here"
    assert built == []
    Template("{{ frame.name }}").render(context)
    assert len(built) == 1
