"""The house's own rules: every route declares who may open it, and means it; nothing of one dealer reaches another.

The routes are read from the URLconf, so a new one is tested without a word here, unless its address names a thing: then
`things` must say which are mine and which are another dealer's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts import rules
from accounts.enums import Open, Right, Role, StaffRole
from accounts.models import Membership, User
from content.models import GuidePage
from ordering.clients.models import Client as Company
from ordering.clients.models import DealerClient
from ordering.codes.models import DealerCode
from ordering.codes.services import keep_codes
from ordering.orders.models import CartLine
from ordering.orders.services import add_lines
from ordering.pricing.enums import FileFormat
from ordering.pricing.queries import Wanted
from ordering.pricing.services import ask_file
from portal.lib.clock import business_date
from portal.searchables import SEARCHABLES
from search import feed, indexing
from tests.clients import PortalClient, api_client_of
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import index_references, make_document, make_guide, make_image, make_rendition, publish
from tests.factories_orders import acting, make_shop
from tests.factories_pricing import make_contract, make_price_list, make_promotion

pytestmark = pytest.mark.django_db

CANARY = "Zimorodok"
# The editor's own rooms: one door for all of it, tested in tests/content and tests/accounts.
BEHIND_THE_DOOR = "cms/"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One address of the URLconf and what it declares."""

    address: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def access(self) -> Any:
        return getattr(self.view, "access", None)

    @property
    def is_api(self) -> bool:
        return issubclass(self.view, APIView) if isinstance(self.view, type) else False

    def access_of(self, method: str) -> Any:
        return self.access.get(method, self.access.get("*")) if isinstance(self.access, Mapping) else self.access

    @property
    def methods(self) -> list[str]:
        """The methods an API view answers; a page answers GET, and POST if it likes."""
        if not self.is_api:
            return ["GET", "POST"]
        return [m for m in ("GET", *UNSAFE) if hasattr(self.view, m.lower())]


def routes(patterns: Any = None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if address != BEHIND_THE_DOOR:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from routes(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            callback = pattern.callback
            view = getattr(callback, "cls", None) or getattr(callback, "view_class", None) or callback
            yield Route(address, namespace + (pattern.name or ""), view, tuple(pattern.pattern.regex.groupindex))


ROUTES = list(routes())


@dataclass
class World:
    """Two dealers that sell the same articles; everything of the second has the canary in it."""

    members: dict[str, Membership]
    rival: Membership
    mine: dict[str, dict[str, Any]]
    theirs: dict[str, dict[str, Any]]


@pytest.fixture
def world() -> World:
    shop = make_shop(2, on_hand=1000)
    members = {role.value: make_member(role, dealer=shop.dealer) for role in Role}
    owner = members["owner"]
    rival = make_member(Role.OWNER, dealer=make_dealer(f"{CANARY} dealer", town=CANARY))
    rivals_colleague = make_member(Role.BUYER, dealer=rival.dealer)
    things_mine, things_theirs = owned(owner, shop, "Mine"), owned(rival, shop, CANARY)
    make_price_list({shop.products[0]: Decimal("77.77")}, dealer=rival.dealer, name_ru=CANARY, name_en=CANARY)
    colleague = make_member(Role.BUYER, dealer=shop.dealer)
    token = "0" * 40
    common = {
        "portal:article": {"sku": shop.products[0].sku},
        "portal:picture": {"sku": shop.products[0].sku},
        "api:product": {"sku": shop.products[0].sku},
        "api:product-price": {"sku": shop.products[0].sku},
        "pricing:price": {"sku": shop.products[0].sku},
        "orders:put-back": {"sku": shop.products[0].sku, "quantity": 1},
        # Keys, not things: whoever has one is let in, a wrong one opens nothing.
        "accounts:password-reset": {"uid": "MQ", "token": token},
        "accounts:invitation": {"token": token},
        "api:preview": {"token": token},
        "accounts:closed": {"rest": "users/"},
        # The head office's own: no dealer has one.
        "programme:simulation_result": {"pk": 0},
        **{f"api:programme-{name}": {"pk": 0} for name in ("draft", "draft-publish")},
        **{f"api:award-{name}": {"pk": 0} for name in ("approve", "refuse")},
        **{f"api:simulation{name}": {"pk": 0} for name in ("", "-cancel", "-result")},
        "api:price-list-versions": {"code": "none"},
        **{
            f"api:version-{name}": {"code": "none", "number": 1}
            for name in ("changes", "discard", "publish", "withdraw")
        },
    }
    people = ["change-role", "demand-second-factor", "reset-second-factor", "deactivate", "reactivate"]
    mine = common | things_mine | {f"accounts:{name}": {"pk": colleague.pk} for name in people}
    theirs = things_theirs | {f"accounts:{name}": {"pk": rivals_colleague.pk} for name in people}
    feed.mark("product", [product.pk for product in shop.products])
    indexing.process(SEARCHABLES)
    return World(members, rival, mine, theirs)


def owned(member: Membership, shop: Any, word: str) -> dict[str, dict[str, Any]]:
    """One of everything a dealer can own, with the word in it; the arguments of its addresses by route."""
    principal = acting(member)
    order = shop.order(1, by=principal)
    order.comment = order.reference = word
    order.save(update_fields=["comment", "reference"])
    add_lines(by=principal, lines=[(shop.products[1].pk, 1)])
    line = CartLine.objects.get(cart__membership=member)
    # Both dealers sell to one company, which the network knows in the rival's words: each sees the own card only.
    known = {"name": f"{CANARY} company", "sort_key": "x", "town": CANARY, "phone": CANARY, "domain": CANARY}
    company, _is_new = Company.objects.get_or_create(tax_id="7707083893", defaults=known)
    client = DealerClient.objects.create(
        dealer=member.dealer, client=company, since=business_date(), note=word, name=f"{word} client",
        sort_key=f"{word.lower()} client", town=word, tax_id=company.tax_id,
    )  # fmt: skip
    order.client = client
    order.save(update_fields=["client"])
    image, document = make_image(f"{word} picture"), make_document(f"{word} rules", content=word.encode())
    body = [("image", {"image": image.pk, "alt": word}), ("document", document.pk)]
    audience = make_audience(f"{word} only", dealers=[member.dealer])
    guide = guide_with(word, audience, image, document, body)
    feed.mark("client", [client.pk])
    feed.mark("page", [guide.translation_key])
    keep_codes(by=principal, meanings={f"{word}-77": shop.products[0].pk})
    own_code = DealerCode.objects.get(dealer=member.dealer)
    contract = make_contract(member.dealer, shop.products[1], percent=1, name_ru=word, name_en=word)
    promotion = make_promotion(shop.products[1], percent=1, name_ru=word, name_en=word, audience=audience)
    price_file = ask_file(by=principal, wanted=Wanted(FileFormat.CSV), at=timezone.now())
    return {
        **{f"pricing:{name}": {"pk": price_file.pk} for name in ("file", "file-content", "file-cancel")},
        **{f"api:{name}": {"pk": price_file.pk} for name in ("price-list-file", "price-list-file-content")},
        "codes:forget": {"code_id": own_code.pk},
        **{f"api:{name}": {"pk": contract.pk} for name in ("contract", "contract-publish", "contract-end")},
        **{f"api:{name}": {"pk": promotion.pk} for name in ("promotion", "promotion-publish", "promotion-end")},
        "api:own-code": {"code_id": own_code.pk},
        **{f"orders:{name}": {"number": order.number} for name in ("detail", "print", "cancel", "approve", "repeat")},
        **{f"api:{name}": {"number": order.number} for name in ("order", "order-cancel", "order-repeat")},
        "orders:line": {"line_id": line.pk},
        "api:cart-line": {"line_id": line.pk},
        "clients:edit": {"row_id": client.pk},
        **{f"content:{name}": {"pk": guide.pk} for name in ("acknowledge", "feedback")},
        **{f"api:{name}": {"pk": guide.pk} for name in ("page", "page-feedback", "page-acknowledge")},
        "content:page": {"path": guide.url_path.strip("/")},
        "content:image": {"pk": make_rendition(image).pk},
        "content:document": {"pk": document.pk},
        "accounts:withdraw": {"pk": invitation(member, word)},
        "accounts:revoke-token": {"digest": api_token(member)},
    }


def guide_with(word: str, audience: Any, image: Any, document: Any, body: Any) -> GuidePage:
    guide: GuidePage = make_guide(f"{word} guide", audience=audience, lede=word, body=body)
    publish(guide)
    index_references(guide)
    return guide


def invitation(member: Membership, word: str) -> int:
    from accounts.models import Invitation
    from accounts.services import invite

    invite(by=acting(member), email=f"{word.lower()}@example.com", role=Role.READER, dealer_id=member.dealer_id)
    return Invitation.objects.get(dealer=member.dealer).pk


def api_token(member: Membership) -> str:
    from accounts.models import ApiToken

    return str(ApiToken.objects.create(user=member.user, expiry=None, name="house", membership=member)[0].digest)


def ask(client: Client, route: Route, method: str, arguments: Mapping[str, Any]) -> Any:
    path = reverse(route.name, kwargs=dict(arguments))
    if method == "GET":
        return client.get(path)
    return client.generic(method, path, "{}", content_type="application/json") if route.is_api else client.post(path)


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{content.decode(errors='replace')} {dict(answer.headers)}"


def test_every_route_declares_who_may_open_it() -> None:
    assert [route.address for route in ROUTES if route.access is None] == []
    assert len(ROUTES) > 60


def test_every_route_with_arguments_names_its_things(world: World) -> None:
    assert [route.name for route in ROUTES if route.arguments and route.name not in world.mine] == []


def test_a_stranger_gets_nowhere(world: World) -> None:
    """Pages send to the sign-in, the API answers 401, whatever the method."""
    wrong = []
    for route in ROUTES:
        for method in route.methods:
            if route.access_of(method) is Open.ANYONE:
                continue
            client: Client = APIClient() if route.is_api else Client()
            answer = ask(client, route, method, world.mine.get(route.name, {}))
            turned_away = answer.headers.get("Location", "").startswith("/sign-in/")
            # 405: the address does not answer this method, whoever asks.
            expected = answer.status_code in {401, 405} if route.is_api else turned_away or answer.status_code == 405
            if not expected:
                wrong.append((route.name, method, answer.status_code))
    assert wrong == []


def who(world: World, role: str) -> Membership | User:
    return world.members[role] if role in world.members else make_staff(role)


def client_for(route: Route, person: Membership | User) -> Client:
    return api_client_of(person) if route.is_api else PortalClient(person)


@pytest.mark.parametrize("role", [*Role.values, *StaffRole.values])
def test_a_role_opens_what_its_rights_say(world: World, role: str) -> None:
    """Without the right 403; with it never 401 or 403, and never broken."""
    wrong = []
    rights = rules.rights_of(role)
    person = who(world, role)
    page_client, machine = PortalClient(person), api_client_of(person)
    for route in ROUTES:
        for method in route.methods:
            access = route.access_of(method)
            may = access in rights if isinstance(access, Right) else True
            if may and method != "GET":
                continue  # what it does is tested by its room
            answer = ask(machine if route.is_api else page_client, route, method, world.mine.get(route.name, {}))
            refused = answer.status_code in {401, 403} or (answer.status_code == 405 and not may)
            if (refused is may and access is not Open.ANYONE) or answer.status_code >= 500:
                wrong.append((route.name, method, str(access), answer.status_code))
    assert wrong == []


def never_was(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of the same shape that name nothing."""
    return {name: 2_000_000_000 if isinstance(value, int) else "0" * len(value) for name, value in arguments.items()}


@pytest.mark.parametrize("role", Role.values)
def test_another_dealers_thing_is_not_there(world: World, role: str) -> None:
    """The same answer as for what never was, by every method, and its words nowhere in it."""
    wrong = []
    person = who(world, role)
    page_client, machine = PortalClient(person), api_client_of(person)
    for route in ROUTES:
        if route.name not in world.theirs:
            continue
        for method in route.methods:
            access = route.access_of(method)
            if isinstance(access, Right) and access not in rules.rights_of(role):
                continue
            client, theirs = machine if route.is_api else page_client, world.theirs[route.name]
            answer, never = ask(client, route, method, theirs), ask(client, route, method, never_was(theirs))
            same = (answer.status_code, answer.headers.get("Location")) == (
                never.status_code,
                never.headers.get("Location"),
            )
            if not same or answer.status_code == 200 or CANARY in text_of(answer):
                wrong.append((route.name, method, answer.status_code, never.status_code))
    assert wrong == []


QUESTIONS = (CANARY, CANARY.lower(), CANARY[:6], f"{CANARY} guide", f"{CANARY} company")


def everything_seen(person: Membership) -> dict[str, str]:
    """What this person's client and machine are told by every address without arguments, and by asking for the canary."""
    seen = {}
    page_client, machine = PortalClient(person), api_client_of(person)
    skipped = {"api:schema", "api:docs", "portal:styleguide"}
    for route in ROUTES:
        if route.arguments or route.name in skipped or "GET" not in route.methods:
            continue
        client = machine if route.is_api else page_client
        for query in ("", *(f"?q={asked}" for asked in QUESTIONS)):
            answer = client.get(reverse(route.name) + query)
            # What was asked is said back: only what was not asked would be a leak.
            text = text_of(answer)
            for asked in QUESTIONS if query else ():
                text = text.replace(asked, "")
            seen[f"{route.name}{query}"] = text
    return seen


@pytest.mark.parametrize("role", Role.values)
def test_the_canary_sings_nowhere(world: World, role: str) -> None:
    seen = everything_seen(world.members[role])
    assert [where for where, text in seen.items() if "?" not in where and CANARY in text] == []
    # Asked by its name it is not found either: no hit, no count, no suggestion. An unknown word finds as little.
    strange = uuid.uuid4().hex[:9].capitalize()
    machine = api_client_of(world.members[role])
    for path in ("/api/v1/search/", "/api/v1/suggest/", "/api/v1/clients/", "/api/v1/pages/", "/api/v1/orders/"):
        asked, unknown = machine.get(path, {"q": CANARY}), machine.get(path, {"q": strange})
        assert text_of(asked).replace(CANARY, "?") == text_of(unknown).replace(strange, "?"), path


def test_the_canary_sings_at_home(world: World) -> None:
    """The control: its own dealer meets it in the places where a leak would show."""
    seen = everything_seen(world.rival)
    places = {where.split(":")[0] for where, text in seen.items() if "?" not in where and CANARY in text}
    assert {"clients", "content", "accounts", "api"} <= places
    machine = api_client_of(world.rival)
    for path in ("/api/v1/search/", "/api/v1/suggest/", "/api/v1/clients/", "/api/v1/pages/"):
        assert text_of(machine.get(path, {"q": CANARY})).count(CANARY) > 1, path
    for name in ("orders:detail", "content:page", "content:document", "clients:edit"):
        route = next(route for route in ROUTES if route.name == name)
        answer = ask(PortalClient(world.rival), route, "GET", world.theirs[name])
        assert answer.status_code == 200
        assert CANARY in text_of(answer)
