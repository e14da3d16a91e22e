"""Three years of sales, and the orders of the last weeks, made backwards from a given day.

The same day gives the same rows. Money is RUB without tax."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from .articles import Article, articles
from .clients import clients
from .people import DEALERS, Dealer

MONTHS = 36
_CENT = Decimal("0.01")
# A month's share of the year in trade with builders: winter is quiet, autumn is the peak.
_SEASON = (0.70, 0.76, 0.87, 0.95, 1.05, 1.12, 1.09, 1.02, 1.07, 1.16, 1.19, 1.02)
# How much of the turnover each shelf makes: weight in choosing a line's article.
# fmt: off
_WEIGHTS = {"drill-drivers": 14.0, "angle-grinders": 11.0, "batteries": 40.0, "chargers": 12.0, "cutting-discs": 16.0, "carbon-brushes": 5.0, "bearings": 9.0, "housings": 0.3, "rotary-hammers": 10.0, "abrasives": 4.0, "protection": 5.0, "measuring": 3.0}
# fmt: on
_DISCOUNT = ((6_000_000, Decimal("0.89")), (3_000_000, Decimal("0.92")), (0, Decimal("0.96")))


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of a shipping document or of a return; a return has negative figures."""

    dealer: str
    date: date
    document: str
    line: int
    sku: str
    client_tax_id: str | None
    kind: str
    quantity: int
    net: Decimal


def _month_back(day: date, months: int) -> date:
    """The first day of the month that lies `months` before the day's."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


class _Assortment:
    """What one dealer usually buys, with the chance of each article."""

    def __init__(self, dealer: Dealer, chance: random.Random) -> None:
        sellable = [article for article in articles() if article.state != "announced"]
        weights = [_WEIGHTS.get(article.category, 1.0) for article in sellable]
        width = 120 + dealer.volume // 30_000
        chosen = {article.sku: article for article in chance.choices(sellable, weights, k=width)}
        self.articles = list(chosen.values())
        self.ladder = list(accumulate(_WEIGHTS.get(a.category, 1.0) * chance.paretovariate(1.3) for a in self.articles))

    def pick(self, chance: random.Random) -> Article:
        return self.articles[bisect(self.ladder, chance.random() * self.ladder[-1])]


def _typical_quantity(article: Article, chance: random.Random) -> float:
    """Pieces on a line before it is scaled to the dealer's month."""
    return max(1.0, 9000 / (float(article.base_price) + 150) * chance.lognormvariate(0, 0.5))


def _days(first: date, last: date, chance: random.Random, count: int) -> list[date]:
    """Working days of the documents of one month, in order."""
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in span if day.weekday() < 5] or span
    return sorted(chance.choices(working, k=count))


def _round(article: Article, pieces: float) -> int:
    return max(1, round(pieces / article.pack)) * article.pack


def _month(dealer: Dealer, assortment: _Assortment, first: date, last: date, target: float, chance: random.Random,
           taxes: Sequence[str]) -> Iterator[Sale]:  # fmt: skip
    """The shipped lines of one month: documents of a few lines whose sum comes near the target."""
    days = _days(first, last, chance, max(2, round(4 + dealer.volume / 1_200_000)))
    factor = next(rate for floor, rate in _DISCOUNT if dealer.volume >= floor)
    drafts = [
        (number, day, line, article := assortment.pick(chance), _typical_quantity(article, chance))
        for number, day in enumerate(days, start=1)
        for line in range(1, chance.randint(4, 13))
    ]
    total = sum(float(article.base_price) * pieces for _, _, _, article, pieces in drafts) * float(factor) or 1.0
    left = Decimal(round(target))
    for number, day, line, article, pieces in drafts:
        price = (article.base_price * factor).quantize(_CENT, ROUND_HALF_UP)
        quantity = _round(article, pieces * target / total)
        # A dear article may overshoot a small dealer's month: leave it out rather than bend the figures.
        if price * quantity > left + Decimal(round(target * 0.05)):
            continue
        left -= price * quantity
        client = chance.choice(taxes) if taxes and chance.random() < 0.3 else None
        yield Sale(
            dealer.code,
            day,
            f"{dealer.code}-{day:%y%m}-{number:02d}",
            line,
            article.sku,
            client,
            "shipped",
            quantity,
            price * quantity,
        )


def _returns(shipped: Sequence[Sale], today: date, chance: random.Random) -> Iterator[Sale]:
    """One line in eighty comes back within a month."""
    for sale in shipped:
        if chance.random() > 1 / 80:
            continue
        day = sale.date + timedelta(days=chance.randint(3, 28))
        back = max(1, sale.quantity // chance.choice((1, 2, 4)))
        if day < today:
            net = (sale.net * back / sale.quantity).quantize(_CENT, ROUND_HALF_UP)
            yield Sale(
                sale.dealer, day, f"{sale.document}-R", sale.line, sale.sku, sale.client_tax_id, "returned", -back, -net
            )


def _dealer_sales(dealer: Dealer, today: date, taxes: Sequence[str]) -> Iterator[Sale]:
    chance = random.Random(f"sales:{dealer.code}")
    assortment = _Assortment(dealer, chance)
    for back in range(MONTHS, -1, -1):
        first = _month_back(today, back)
        last = _month_back(today, back - 1) - timedelta(days=1)
        share = 1.0
        if last >= today:
            share, last = (today - first).days / 30, today - timedelta(days=1)
        if last < first:
            continue
        years_ago = back / 12
        target = dealer.volume / 12 * _SEASON[first.month - 1] * (1 + dealer.growth) ** (0.5 - years_ago) * share
        target *= chance.uniform(0.9, 1.12)
        shipped = list(_month(dealer, assortment, first, last, target, chance, taxes))
        yield from shipped
        yield from _returns(shipped, today, chance)


def sales(today: date) -> Iterator[Sale]:
    """Every ledger row of the three years before `today`, dealer by dealer."""
    taxes: dict[str, list[str]] = {}
    for client in clients():
        for code in client.dealers:
            taxes.setdefault(code, []).append(client.tax_id)
    for dealer in DEALERS:
        yield from _dealer_sales(dealer, today, taxes.get(dealer.code, []))
