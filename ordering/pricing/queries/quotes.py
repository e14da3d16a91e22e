"""Prices, resolved when read: one set-based pass for any number of articles, nothing stored per dealer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext as _

from ordering.catalog.models import Product
from ordering.catalog.querysets import ProductQuerySet
from portal.lib.errors import Missing

from ..models import Contract, Price, Promotion
from ..receipts import Receipt
from ..rules import receipt, without_tax
from .contexts import PriceContext
from .offers import list_versions, terms_of

if TYPE_CHECKING:
    from accounts.principals import Principal


DEALS_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class BreakPrice:
    """A row of an article's quantity breaks, as this dealer pays them: net, to four digits."""

    min_quantity: int
    unit_price: Decimal
    percent: Decimal | None


def quote(context: PriceContext, items: Iterable[tuple[int, int]]) -> dict[int, Receipt]:
    """The receipts of `(product id, quantity)` pairs, each article once. An article without a price is absent.

    Three queries, whatever the number of articles.
    """
    wanted = dict(items)
    receipts = {}
    for product_id, terms in terms_of(context, list(wanted)).items():
        found = receipt(terms, wanted[product_id], currency=context.currency)
        if found:
            receipts[product_id] = found
    return receipts


def price_of(context: PriceContext, product_id: int, quantity: int = 1) -> Receipt | None:
    """The receipt of one article; None where it has no price. The same rules and queries as `quote`."""
    return quote(context, [(product_id, quantity)]).get(product_id)


def priced_article(principal: Principal, sku: str) -> Product:
    """The article with this SKU, whatever its case. Raises Missing where there is none that this person may see."""
    found: Product | None = Product.objects.visible_to(principal).by_sku([sku]).first()
    if found:
        return found
    raise Missing(_("There is no article %(sku)s.") % {"sku": sku}, sku=sku)


def priced_articles(context: PriceContext, principal: Principal) -> ProductQuerySet:
    """The articles that some list or fixed contract of the context prices today, in the order of their SKUs."""
    versions = [version.version_id for version in list_versions(context) if version.since <= context.on]
    prices = Price.objects.filter(version__in=versions, product=OuterRef("pk"))
    contracts = (
        Contract.objects.in_force(context.on)
        .filter(dealer=context.dealer_id, currency=context.currency, percent=None)
        .annotate(path_of_article=ExpressionWrapper(OuterRef("category__path"), CharField()))
        .filter(Q(product=OuterRef("pk")) | Q(path_of_article__startswith=F("category__path")))
    )
    return Product.objects.visible_to(principal).filter(Exists(prices) | Exists(contracts)).order_by("sku_key")


def deals_of(context: PriceContext) -> list[Contract | Promotion]:
    """The dealer's contracts and the promotions for it that hold today: the latest hundred of each. Two queries."""
    related = ("product", "category")
    contracts = Contract.objects.in_force(context.on).filter(dealer=context.dealer_id, currency=context.currency)
    promotions = Promotion.objects.in_force(context.on).open_to(
        audience_ids=context.audience_ids, currency=context.currency
    )
    return [
        *contracts.select_related(*related).order_by("-pk")[:DEALS_SHOWN],
        *promotions.select_related(*related).order_by("-pk")[:DEALS_SHOWN],
    ]


def break_prices(context: PriceContext, product_id: int) -> list[BreakPrice]:
    """The quantity breaks of an article as the context pays them; empty where there is one price for all, or none."""
    terms = terms_of(context, [product_id]).get(product_id)
    offers = terms.offers if terms else ()
    if terms is None or not offers or len(offers[0].breaks) < 2:
        return []
    winner = offers[0]
    discounts = terms.discounts(winner)
    first = discounts.apply(winner.breaks[0].amount).price
    rows = []
    for step in winner.breaks:
        unit = discounts.apply(step.amount).price
        net = without_tax(unit, terms.tax_rate, tax_included=winner.version.tax_included)
        rows.append(
            BreakPrice(step.min_quantity, net, round((unit - first) / first * 100, 1) if unit != first else None)
        )
    return rows
