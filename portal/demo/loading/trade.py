"""Clients, the sales ledger, carts and the orders of the last weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import Dealer, Membership, User
from accounts.principals import Principal, of_membership, of_staff
from ordering.catalog.models import Product
from ordering.clients.enums import RegistrationState
from ordering.clients.models import Client, DealerClient, Registration
from ordering.codes.models import DealerCode
from ordering.codes.services import keep_codes
from ordering.orders import services
from ordering.orders.enums import OrderStatus, Payment
from ordering.orders.models import Cart, Letter, Order
from ordering.sales.enums import EntryKind, Source
from ordering.sales.models import LedgerEntry
from ordering.sales.services import NewEntry, post_entries
from portal.lib.text import sort_key

from ..clients import Client as Company
from ..clients import clients, plain_name
from ..history import sales
from ..orders import CART, Fate, RecentOrder, recent_orders

_PRODUCT_LINE = ""  # a claim on every line of products


def load_clients(dealers: Mapping[str, Dealer], *, today: dt.date) -> int:
    """The client base, each dealer's own list, and some claims. Answers how many clients were missing."""
    known = set(Client.objects.exclude(tax_id="").values_list("tax_id", flat=True))
    missing = [company for company in clients() if company.tax_id not in known]
    if not missing:
        return 0
    created = Client.objects.bulk_create((Client(**_facts(company)) for company in missing), batch_size=1000)
    by_tax_id = {client.tax_id: client for client in created}
    sellers = {one.dealer_id: one for one in Membership.objects.filter(role="seller")}
    links = []
    for number, company in enumerate(missing):
        for place, code in enumerate(company.dealers):
            dealer = dealers[code]
            seller = sellers.get(dealer.pk) if number % 2 else None
            since = today - dt.timedelta(days=20 + number * 13 % 1000)
            facts = _facts(company, name=plain_name(company.name) if place else company.name)
            links.append(
                DealerClient(dealer=dealer, client=by_tax_id[company.tax_id], seller=seller, since=since, **facts)
            )
    DealerClient.objects.bulk_create(links, batch_size=1000)
    _load_registrations(links, today)
    return len(created)


def _facts(company: Company, name: str = "") -> dict[str, str]:
    name = name or company.name
    return {
        "name": name, "sort_key": sort_key(name), "tax_id": company.tax_id, "town": company.town,
        "phone": company.phone, "email": company.email, "domain": company.domain,
    }  # fmt: skip


def _load_registrations(links: list[DealerClient], today: dt.date) -> None:
    """Every sixth client is claimed, some claims are waiting, some have ended."""
    now = timezone.now()
    members = {one.dealer_id: one for one in Membership.objects.filter(role__in=["owner", "seller"]).order_by("role")}
    claimed: set[int] = set()
    rows = []
    for number, link in enumerate(links):
        if number % 6 or link.client_id in claimed:
            continue
        claimed.add(link.client_id)
        start = today - dt.timedelta(days=number * 7 % 170)
        state = RegistrationState.UNDER_REVIEW if number % 10 == 6 else RegistrationState.PROTECTED
        rows.append(
            Registration(
                dealer_id=link.dealer_id, client_id=link.client_id, product_line=_PRODUCT_LINE, state=state,
                validity=DateRange(start, start + dt.timedelta(days=180)), submitted_by=members.get(link.dealer_id), submitted_at=now,
            )
        )  # fmt: skip
    Registration.objects.bulk_create(rows, batch_size=1000)


def load_sales(dealers: Mapping[str, Dealer], *, today: dt.date, by: Principal) -> int:
    """Three years of shipped lines and returns, unless the ledger has some of the ERP's already."""
    if LedgerEntry.objects.filter(source=Source.ERP).exists():
        return 0
    products = dict(Product.objects.values_list("sku", "pk"))
    cards = DealerClient.objects.values_list("dealer_id", "tax_id", "pk")
    buyers = {(dealer_id, tax_id): pk for dealer_id, tax_id, pk in cards}
    entries = (
        NewEntry(
            dealer_id=dealers[sale.dealer].pk,
            date=sale.date,
            document=sale.document,
            line=str(sale.line),
            kind=EntryKind(sale.kind),
            quantity=Decimal(sale.quantity),
            net=sale.net,
            currency="RUB",
            source=Source.ERP,
            product_id=products[sale.sku],
            client_id=buyers.get((dealers[sale.dealer].pk, sale.client_tax_id or "")),
        )
        for sale in sales(today)
    )
    return post_entries(entries, by=by)


def load_terms(dealers: Mapping[str, Dealer], *, by: Principal) -> None:
    """One dealer has an approval limit, another a smallest order: whoever tries the first one may order a single drill bit."""
    terms: dict[str, tuple[Decimal | None, Decimal | None]] = {
        "verstak-yug": (None, Decimal(150_000)),
        "rezets-ural": (Decimal(5000), None),
    }
    for code, (smallest, limit) in terms.items():
        if not hasattr(dealers[code], "buying_terms"):
            services.set_buying_terms(by=by, dealer_id=dealers[code].pk, minimum_order=smallest, approval_above=limit)


def load_own_codes(dealers: Mapping[str, Dealer]) -> int:
    """What two dealers call the articles: one numbers them in its accounting system, the other writes words and shelves."""
    if DealerCode.objects.exists():
        return 0
    skus = list(Product.objects.order_by("sku_key").values_list("sku", "pk"))
    pinned = dict(Product.objects.filter(sku__in=[sku for sku, _ in CART]).order_by("sku_key").values_list("sku", "pk"))
    ours = {f"ВЮ-{number:05}": pk for number, (_sku, pk) in enumerate(skus[::60], 101)}
    ours |= {f"КР {number:03}/1": pk for number, pk in enumerate(pinned.values(), 1)}
    theirs = {f"Полка {1 + number % 9}-{number:03}": pk for number, (_sku, pk) in enumerate(skus[7::90], 1)}
    added = 0
    for code, meanings in (("verstak-yug", ours), ("verstak-kavkaz", theirs)):
        owner = Membership.objects.acting().filter(dealer=dealers[code], role="owner").order_by("pk").first()
        if owner:
            added += len(keep_codes(by=of_membership(owner), meanings=meanings)[0])
    return added


class _Actors:
    """Principals of the people who place orders and of the one who moves them on."""

    def __init__(self) -> None:
        memberships = Membership.objects.acting().filter(role__in=["owner", "buyer"])
        self.members = {(one.user.email, one.dealer.code): of_membership(one) for one in memberships}
        self.manager = of_staff(User.objects.get(email="oleg@tveron.example"))
        self.products = dict(Product.objects.values_list("sku", "pk"))


def load_orders(*, today: dt.date) -> Iterator[str]:
    """Places what is missing through the services, and moves each to where it should be. Yields their numbers."""
    if Order.objects.exists():
        return
    actors = _Actors()
    for wanted in recent_orders(today):
        with transaction.atomic():
            yield _load_order(wanted, actors)
    _load_payments()
    # Nobody waits for these letters.
    Letter.objects.filter(sent_at=None).update(sent_at=timezone.now())


def _load_payments() -> None:
    """Who has paid is the accounts department's word, not a step of an order: completed ones are paid, some late."""
    completed = list(
        Order.objects.filter(status=OrderStatus.COMPLETED).order_by("placed_at").values_list("pk", flat=True)
    )
    Order.objects.filter(pk__in=completed).update(payment=Payment.FULL)
    Order.objects.filter(pk__in=completed[-1::-9]).update(payment=Payment.OVERDUE)
    Order.objects.filter(status=OrderStatus.IN_PROGRESS, total__gt=40_000).update(payment=Payment.PART)


def _load_order(wanted: RecentOrder, actors: _Actors) -> str:
    by = actors.members[wanted.buyer, wanted.dealer]
    placed_at = min(wanted.placed_at, timezone.now() - dt.timedelta(minutes=1))
    services.add_lines(by=by, lines=[(actors.products[sku], quantity) for sku, quantity in wanted.lines])
    details = services.OrderDetails(reference=wanted.reference, client_id=_client_of(wanted, by))
    order = services.place_order(by=by, key=wanted.key, placed_at=placed_at, details=details)
    _move_on(order, wanted, placed_at, by, actors.manager)
    return str(order.number)


def _client_of(wanted: RecentOrder, by: Principal) -> int | None:
    link = DealerClient.objects.filter(dealer=by.dealer_id, tax_id=wanted.client_tax_id).first()
    return link.pk if wanted.client_tax_id and link else None


def _move_on(order: Order, wanted: RecentOrder, placed_at: dt.datetime, by: Principal, manager: Principal) -> None:
    """What has become of the order since."""
    fate, number = wanted.fate, order.number
    soon = placed_at + dt.timedelta(minutes=25)
    if fate in (Fate.WAITS, Fate.PLACED):
        return
    if fate is Fate.CANCELLED:
        services.cancel_order(by=by, number=number, at=soon, reason="Заказали у другого поставщика")
        return
    promised = placed_at.date() + dt.timedelta(days=wanted.promised_in)
    services.confirm_order(by=manager, number=number, at=soon, promised_on=promised)
    if fate in (Fate.CONFIRMED, Fate.LATE):
        return
    shipped_at = min(placed_at + dt.timedelta(days=1, hours=3), timezone.now())
    lines = list(order.lines.order_by("position"))
    held = {line.position: line.ordered - line.backordered for line in lines}
    if fate is Fate.PART_SHIPPED and len(held) > 1:
        held.pop(max(held))
    services.ship_lines(by=manager, number=number, at=shipped_at, quantities=held, document=f"УПД-{number[3:]}")
    if fate is Fate.COMPLETED and not any(line.backordered for line in lines):
        services.complete_order(by=manager, number=number, at=shipped_at + dt.timedelta(hours=20))


def load_cart() -> None:
    """What lies in the cart of the first person one signs in as."""
    membership = Membership.objects.acting().get(user__email="irina@verstak-yug.example", dealer__code="verstak-yug")
    if Cart.objects.filter(membership=membership, lines__isnull=False).exists():
        return
    products = dict(Product.objects.filter(sku__in=[sku for sku, _ in CART]).values_list("sku", "pk"))
    services.add_lines(by=of_membership(membership), lines=[(products[sku], quantity) for sku, quantity in CART])
