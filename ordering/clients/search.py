"""What of the client base can be found: by a dealer's people, the clients on the dealer's own list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from accounts.enums import Right
from accounts.principals import Principal
from search.access import Access, dealer
from search.documents import Document, Words
from search.searchable import Searchable

from .models import DealerClient


def access(principal: Principal) -> Access:
    if principal.may(Right.MANAGE_CLIENTS):
        return Access.everything()
    if principal.may(Right.VIEW_CLIENTS) and principal.dealer_id:
        return Access.of(dealer(principal.dealer_id))
    return Access.nothing()


def documents(keys: Sequence[str]) -> Iterator[Document]:
    for row in DealerClient.objects.filter(pk__in=[int(key) for key in keys]):
        yield Document(
            kind="client",
            key=str(row.pk),
            title=Words(ru=row.name),
            keywords=Words(ru=f"{row.town}\n{row.domain}\n{row.email}"),
            codes=tuple(filter(None, (row.tax_id, *phone_numbers(row.phone), *domain_names(row.domain), row.email))),
            readers=frozenset({dealer(row.dealer_id)}),
            facets={"dealer": (str(row.dealer_id),)},
            moment=datetime.combine(row.since, time(), UTC),
        )


def phone_numbers(phone: str) -> tuple[str, ...]:
    """The number as people may ask for it: a Russian one with +7 and with 8."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11 and digits[0] in "78":
        return "7" + digits[1:], "8" + digits[1:]
    return (digits,)


def domain_names(domain: str) -> tuple[str, ...]:
    """The domain as people copy it from a browser or a letter."""
    return (domain, f"www.{domain}", f"https://{domain}", f"https://www.{domain}") if domain else ()


def keys() -> Iterator[str]:
    return map(str, DealerClient.objects.order_by("pk").values_list("pk", flat=True).iterator())


def permitted(principal: Principal, keys: Sequence[str]) -> set[str]:
    found = DealerClient.objects.visible_to(principal).filter(pk__in=[int(key) for key in keys])
    return {str(pk) for pk in found.order_by().values_list("pk", flat=True)}


SEARCHABLE: Searchable[Principal] = Searchable(
    kind="client", documents=documents, keys=keys, access=access, permitted=permitted
)
