"""Clients of dealers, made quickly and named plainly."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import Dealer
from ordering.clients.models import Client, DealerClient
from ordering.clients.services import FACTS
from portal.lib.text import sort_key
from tests.factories_orders import NOON

_number = itertools.count(1)
# Tax ids with right check digits.
TAX_IDS = ("7707083893", "7736050003", "7702070139", "7728168971", "500100732259")


def make_client(name: str = "", **fields: Any) -> Client:
    name = name or f"Client {next(_number)}"
    return Client.objects.create(name=name, sort_key=sort_key(name), **fields)


def make_dealer_client(dealer: Dealer, name: str = "", **fields: Any) -> DealerClient:
    """A client on a dealer's list."""
    return make_card(dealer, make_client(name, **fields))


def make_card(dealer: Dealer, client: Client, name: str = "", **fields: Any) -> DealerClient:
    """A dealer's card of a company: under the company's own name unless the dealer has another."""
    facts = {fact: getattr(client, fact) for fact in FACTS} | ({"name": name} if name else {}) | fields
    since = NOON.date()
    return DealerClient.objects.create(
        dealer=dealer, client=client, since=since, sort_key=sort_key(facts["name"]), **facts
    )
