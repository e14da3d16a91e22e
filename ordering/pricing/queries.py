"""Prices, resolved when read: one set-based query for any number of articles, nothing stored per dealer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.models import Dealer
from ordering.catalog.models import Product
from ordering.catalog.querysets import ProductQuerySet
from ordering.programme.queries import HeldTier, tier_on
from portal.lib.clock import business_date
from portal.lib.errors import Missing

from .enums import Scope, StepKind
from .models import Price, PriceListVersion
from .receipts import Receipt
from .rules import Break, ListVersion, Offer, discounted, receipt, without_tax

if TYPE_CHECKING:
    from accounts.principals import Principal


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Everything a price depends on besides the article and the quantity.

    Two contexts that are equal see the same prices; whatever is cached about prices has `cache_key` in its key.
    `region_ids` are the dealer's home region and those above it, nearest first.
    """

    dealer_id: int | None
    region_ids: tuple[int, ...]
    currency: str
    tier: HeldTier | None
    on: dt.date

    @classmethod
    def of(cls, principal: Principal, on: dt.date | None = None) -> PriceContext:
        """The context of a principal on a business date (today by default). Two queries.

        Raises NotAllowed for whoever sees no prices: readers, strangers, head-office people (they have no prices of their own).
        """
        principal.require(Right.VIEW_PRICES)
        if principal.dealer_id is None:
            raise ValueError("prices are a dealer's: this principal acts for none")
        return cls.of_dealer(principal.dealer_id, on)

    @classmethod
    def of_dealer(cls, dealer_id: int, on: dt.date | None = None) -> PriceContext:
        """The context of a dealer, whoever asks: for services that have checked the right already."""
        on = on or business_date()
        dealer = Dealer.objects.select_related("home_region").get(pk=dealer_id)
        return cls(
            dealer_id=dealer.pk,
            region_ids=tuple(reversed(dealer.home_region.ancestor_ids)),
            currency=dealer.currency,
            tier=tier_on(dealer.pk, on),
            on=on,
        )

    @property
    def cache_key(self) -> str:
        """The whole context in words: a price cached without any of these would be shown to somebody else."""
        regions = "/".join(map(str, self.region_ids))
        tier = f"{self.tier.award_id}:{self.tier.tier_id}:{self.tier.discount}" if self.tier else "-"
        return f"{self.dealer_id or '-'}|{regions}|{self.currency}|{tier}|{self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Offers:
    """What all lists of a context say of one article: those in force, narrowest first, and what is known to come."""

    tax_rate: Decimal
    now: tuple[Offer, ...]
    coming: tuple[ListVersion, ...]

    @property
    def changes_on(self) -> dt.date | None:
        """The day on which a list begins that would be asked before the winner, or in its place."""
        rank = self.now[0].version.rank if self.now else None
        return min((version.since for version in self.coming if rank is None or version.rank <= rank), default=None)


@dataclass(frozen=True, slots=True)
class BreakPrice:
    """A row of an article's quantity breaks, as this dealer pays them: net, to four digits."""

    min_quantity: int
    unit_price: Decimal
    percent: Decimal | None


PRICES: Final = """
    SELECT p.product_id, a.tax_rate, p.version_id, p.id, p.min_quantity, p.amount
    FROM pricing_price p JOIN catalog_product a ON a.id = p.product_id
    WHERE p.version_id = ANY(%s) AND p.product_id = ANY(%s)
    ORDER BY p.product_id, p.version_id, p.min_quantity
"""
KINDS: Final = {Scope.BASE: StepKind.BASE, Scope.REGION: StepKind.REGION, Scope.DEALER: StepKind.DEALER}


def list_versions(context: PriceContext) -> list[ListVersion]:
    """The published versions that price for this context on its day or later, narrowest scope first. One query."""
    rows = (
        PriceListVersion.objects.from_day(context.on)
        .open_to(dealer_id=context.dealer_id, region_ids=context.region_ids, currency=context.currency)
        .select_related("price_list")
    )
    return sorted((_list_version(row, context) for row in rows), key=lambda version: (version.rank, version.since))


def _list_version(row: PriceListVersion, context: PriceContext) -> ListVersion:
    price_list = row.price_list
    ranks = {Scope.DEALER: 0, Scope.BASE: len(context.region_ids) + 1}
    if price_list.region_id is not None:
        ranks[Scope.REGION] = context.region_ids.index(price_list.region_id) + 1
    scope = Scope(price_list.scope)
    return ListVersion(
        version_id=row.pk,
        rank=ranks[scope],
        kind=KINDS[scope],
        name_ru=price_list.name_ru,
        name_en=price_list.name_en,
        tax_included=price_list.tax_included,
        since=row.validity.lower or dt.date.min,
        until=row.validity.upper,
    )


def offers(context: PriceContext, product_ids: Sequence[int]) -> dict[int, Offers]:
    """What the context's lists say of these articles; articles that none prices are absent. Two queries.

    Prices of a published version never change, so what is read here comes wholly from the versions read first.
    """
    versions = {version.version_id: version for version in list_versions(context)}
    if not versions or not product_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PRICES, [list(versions), list(product_ids)])
        rows = cursor.fetchall()
    rates: dict[int, Decimal] = {}
    said: dict[int, dict[int, list[Break]]] = defaultdict(lambda: defaultdict(list))
    for product_id, tax_rate, version_id, price_id, min_quantity, amount in rows:
        rates[product_id] = tax_rate
        said[product_id][version_id].append(Break(price_id, min_quantity, amount))
    return {
        product_id: Offers(
            tax_rate=rates[product_id],
            now=tuple(
                Offer(version, tuple(by_version[key]))
                for key, version in versions.items()
                if key in by_version and version.since <= context.on
            ),
            coming=tuple(
                version for key, version in versions.items() if key in by_version and version.since > context.on
            ),
        )
        for product_id, by_version in said.items()
    }


def quote(context: PriceContext, items: Iterable[tuple[int, int]]) -> dict[int, Receipt]:
    """The receipts of `(product id, quantity)` pairs, each article once. An article without a price is absent.

    Two queries, whatever the number of articles.
    """
    wanted = dict(items)
    receipts = {}
    for product_id, said in offers(context, list(wanted)).items():
        found = receipt(
            said.now,
            wanted[product_id],
            currency=context.currency,
            tax_rate=said.tax_rate,
            tier=context.tier,
            changes_on=said.changes_on,
        )
        if found:
            receipts[product_id] = found
    return receipts


def priced_article(principal: Principal, sku: str) -> Product:
    """The article with this SKU, whatever its case. Raises Missing where there is none that this person may see."""
    found: Product | None = Product.objects.visible_to(principal).by_sku([sku]).first()
    if found:
        return found
    raise Missing(_("There is no article %(sku)s.") % {"sku": sku}, sku=sku)


def priced_articles(context: PriceContext, principal: Principal) -> ProductQuerySet:
    """The articles that some list of the context prices today, in the order of their SKUs."""
    versions = [version.version_id for version in list_versions(context) if version.since <= context.on]
    prices = Price.objects.filter(version__in=versions, product=OuterRef("pk"))
    return Product.objects.visible_to(principal).filter(Exists(prices)).order_by("sku_key")


def break_prices(context: PriceContext, product_id: int) -> list[BreakPrice]:
    """The quantity breaks of an article as the context pays them; empty where there is one price for all, or none."""
    said = offers(context, [product_id]).get(product_id)
    if said is None or not said.now or len(said.now[0].breaks) < 2:
        return []
    winner = said.now[0]
    first = discounted(winner.breaks[0].amount, context.tier)
    rows = []
    for step in winner.breaks:
        unit = discounted(step.amount, context.tier)
        net = without_tax(unit, said.tax_rate, tax_included=winner.version.tax_included)
        rows.append(
            BreakPrice(step.min_quantity, net, round((unit - first) / first * 100, 1) if unit != first else None)
        )
    return rows
