"""The orders of the last weeks, in every stage, made backwards from a given day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .articles import Article, articles
from .people import DEALERS, Dealer, people

COUNT = 100
_ZONE = ZoneInfo("Europe/Moscow")


class Fate(StrEnum):
    """How far an order has come by the day the demo is loaded."""

    WAITS = "waits"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    LATE = "late"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RecentOrder:
    """One order to place: `lines` are (SKU, quantity); `promised_in` days after placing, None where not confirmed."""

    dealer: str
    buyer: str
    placed_at: datetime
    lines: tuple[tuple[str, int], ...]
    fate: Fate
    promised_in: int
    reference: str = ""
    comment: str = ""
    client_tax_id: str = ""

    @property
    def key(self) -> str:
        """The idempotency key: the same order is never placed twice."""
        return f"demo-{self.dealer}-{self.placed_at:%Y%m%dT%H%M}"


# The dealer that the guides tell of. Who, days ago, hour, minute, fate, days to the promise, own number, client, lines
_IRINA, _PAVEL = "irina@verstak-yug.example", "pavel@verstak-yug.example"
_TOLD: tuple[tuple[str, int, int, int, Fate, int, str, str, tuple[tuple[str, int], ...]], ...] = (
    (_PAVEL, 0, 9, 12, Fate.WAITS, 0, "ВЮ-1147", "", (("TV-1860.12", 8), ("AK-1850", 8), ("DO-125.10", 400), ("BU-08-160", 60))),
    (_IRINA, 0, 10, 5, Fate.PLACED, 0, "", "", (("SP-6202RS", 25), ("SP-0418-12", 40), ("DZ-125.60", 50))),
    (_IRINA, 3, 11, 20, Fate.PART_SHIPPED, 4, "ВЮ-1146", "", (("AK-1850", 6), ("DO-125.10", 100), ("SP-1860-07", 4))),
    (_PAVEL, 3, 15, 40, Fate.CONFIRMED, 5, "ВЮ-1144", "9901007417", (("TV-125U.14", 3), ("SP-0418-12", 40), ("DD-125.10", 6))),
    (_PAVEL, 4, 12, 10, Fate.CONFIRMED, 8, "", "", (("SP-1860-11", 4), ("SP-1860-21", 2), ("SP-1860-14", 3))),
    (_PAVEL, 6, 16, 42, Fate.PART_SHIPPED, 11, "ВЮ-1139", "9901031882", (("TV-26P.04", 6), ("BU-0816-5", 20), ("SP-26P-18", 4))),
    (_IRINA, 7, 9, 30, Fate.SHIPPED, 8, "ВЮ-1136", "", (("TV-1840.02", 4), ("ZU-1806", 6), ("SL-125.80", 20))),
    (_PAVEL, 10, 14, 15, Fate.LATE, 7, "", "9901024571", (("DO-230.18", 75), ("DD-230.10", 4), ("ZA-O1", 20))),
    (_PAVEL, 11, 10, 50, Fate.CONFIRMED, 18, "ВЮ-1131", "990102277109", (("SP-26P-18", 2), ("SP-26P-05", 1), ("SP-0418-12", 20))),
    (_IRINA, 13, 9, 5, Fate.CANCELLED, 0, "ВЮ-1129", "", (("KS-T2", 10), ("KS-T3", 6))),
    (_IRINA, 17, 11, 0, Fate.COMPLETED, 3, "ВЮ-1125", "", (("AK-1850", 10), ("DO-125.10", 200), ("SP-6202RS", 25))),
    (_PAVEL, 20, 12, 0, Fate.COMPLETED, 4, "ВЮ-1120", "", (("TV-1860.02", 6), ("DZ-125.60", 30), ("SM-060", 50))),
    (_PAVEL, 26, 15, 0, Fate.COMPLETED, 3, "ВЮ-1112", "9901031882", (("TV-26P.14", 2), ("BU-10-160", 30))),
    (_IRINA, 33, 10, 0, Fate.COMPLETED, 5, "ВЮ-1104", "", (("SP-0418-12", 40), ("SP-6202RS", 25), ("DO-125.10", 200))),
    (_IRINA, 40, 10, 0, Fate.COMPLETED, 2, "ВЮ-1097", "", (("TV-1860.02", 6), ("AK-1840", 6))),
)  # fmt: skip


def _moment(today: date, days_ago: int, hour: int, minute: int) -> datetime:
    """A working moment at the head office: what falls on a weekend is moved to the Friday before."""
    day = today - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - 4)) if days_ago else timedelta(0)
    return datetime.combine(day, time(hour, minute), _ZONE)


def _told(today: date) -> Iterator[RecentOrder]:
    for buyer, days_ago, hour, minute, fate, promised_in, reference, client, lines in _TOLD:
        yield RecentOrder(
            dealer="verstak-yug",
            buyer=buyer,
            placed_at=_moment(today, days_ago, hour, minute),
            lines=lines,
            fate=fate,
            promised_in=promised_in,
            reference=reference,
            client_tax_id=client,
        )


def _fate(days_ago: int, chance: random.Random) -> Fate:
    if days_ago <= 1:
        return chance.choice((Fate.PLACED, Fate.PLACED, Fate.CONFIRMED))
    if days_ago <= 5:
        return chance.choice((Fate.CONFIRMED, Fate.CONFIRMED, Fate.PART_SHIPPED, Fate.SHIPPED, Fate.CANCELLED))
    if days_ago <= 14:
        return chance.choice((Fate.SHIPPED, Fate.PART_SHIPPED, Fate.COMPLETED, Fate.COMPLETED, Fate.LATE))
    return Fate.CANCELLED if chance.random() < 0.08 else Fate.COMPLETED


def _lines(dealer: Dealer, plenty: list[Article], chance: random.Random) -> tuple[tuple[str, int], ...]:
    """A few lines that the stock bears, larger for a larger dealer."""
    budget = max(1500, dealer.volume / 2500)
    lines = []
    for article in chance.sample(plenty, chance.randint(2, 6)):
        pieces = max(1, round(budget / float(article.base_price) * chance.uniform(0.5, 1.5)))
        pieces = min(pieces, max(1, sum(article.stock.values()) // 20))
        lines.append((article.sku, max(1, round(pieces / article.pack)) * article.pack))
    return tuple(sorted(lines))


def recent_orders(today: date) -> tuple[RecentOrder, ...]:
    """About `COUNT` orders of the last six weeks, oldest first."""
    chance = random.Random("recent orders of the demo")
    told = set(_skus_told())
    plenty = [a for a in articles() if a.state == "active" and sum(a.stock.values()) >= 60 and a.sku not in told]
    buyers = {
        person.memberships[0][0]: person.email for person in people() if ("buyer" in dict(person.memberships).values())
    }
    found = list(_told(today))
    others = [dealer for dealer in DEALERS if dealer.code != "verstak-yug"]
    weights = [dealer.volume**0.5 for dealer in others]
    while len(found) < COUNT:
        dealer = chance.choices(others, weights)[0]
        days_ago = min(44, int(chance.expovariate(1 / 13)))
        placed_at = _moment(today, days_ago, chance.randint(8, 17), chance.randint(0, 59))
        if any(order.dealer == dealer.code and order.placed_at == placed_at for order in found):
            continue
        lines, fate = _lines(dealer, plenty, chance), _fate(days_ago, chance)
        # What is still to come is promised for the days ahead; only what is meant to be late has missed its day.
        promised_in = chance.randint(2, 6) + (days_ago if fate in (Fate.CONFIRMED, Fate.PART_SHIPPED) else 0)
        if fate is Fate.LATE:
            promised_in = chance.randint(1, days_ago - 2)
        found.append(RecentOrder(dealer.code, buyers[dealer.code], placed_at, lines, fate, promised_in))
    return tuple(sorted(found, key=lambda order: (order.placed_at, order.dealer)))


def _skus_told() -> Iterator[str]:
    for *_, lines in _TOLD:
        yield from (sku for sku, _quantity in lines)


# What lies in Irina's cart: the sample pages show it.
CART = (
    ("TV-1860.02", 6), ("AK-1850", 12), ("ZU-1806", 4), ("SP-0418-12", 40), ("SP-6202RS", 25), ("DO-125.10", 200), ("TV-125U.11", 3),
)  # fmt: skip
