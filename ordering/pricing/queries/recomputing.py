"""A kept receipt made again from the ids of its rules: what they say now, and where the two differ."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from ordering.catalog.models import Product
from ordering.programme.models import Tier
from ordering.programme.queries import HeldTier
from ordering.programme.rules import DiscountException, article_percent

from ..enums import StepKind
from ..models import Contract, Price, PriceListVersion, Promotion
from ..receipts import Receipt, Step
from ..rules import Break, ContractTerms, ListVersion, Offer, PromotionTerms, Terms, receipt


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of a kept receipt that its rules no longer give. `now` is None where the rule is gone."""

    what: str
    kept: str
    now: str | None


def recomputed(kept: Receipt, product_id: int) -> Receipt | None:
    """The receipt that the rules named in a kept one give today, for the same quantity, currency and tax rate.

    None where they give no price. Only what the kept one names is asked: lists published since change nothing.
    """
    ids: dict[StepKind, Step] = {step.kind: step for step in kept.steps}
    product = Product.objects.select_related("category").get(pk=product_id)
    tier, percent = _tier(ids.get(StepKind.TIER), product)
    terms = Terms(
        tax_rate=kept.tax_rate,
        lists=_lists(kept, product_id),
        contract=_contract(ids.get(StepKind.CONTRACT)),
        tier=tier,
        tier_percent=percent,
        promotions=_promotions(ids.get(StepKind.PROMOTION)),
    )
    return receipt(terms, kept.quantity, currency=kept.currency)


def differences(kept: Receipt, product_id: int) -> list[Difference]:
    """Where the kept receipt and the recomputed one differ: amounts, then steps. Empty where they agree.

    Names, "holds until" and the next break are not compared: they say nothing of what was paid.
    """
    again = recomputed(kept, product_id)
    if again is None:
        return [Difference("price", str(kept.unit_price), None)]
    found = [
        Difference(name, str(getattr(kept, name)), str(getattr(again, name)))
        for name in ("unit_price", "net", "tax", "total")
        if getattr(kept, name) != getattr(again, name)
    ]
    said = {_key(step): step for step in again.steps}
    for step in kept.steps:
        other = said.pop(_key(step), None)
        if other is None or (step.amount, step.value) != (other.amount, other.value):
            found.append(Difference(_words(step), str(step.amount), None if other is None else str(other.amount)))
    return found + [Difference(_words(step), "–", str(step.amount)) for step in said.values()]


def _key(step: Step) -> tuple[StepKind, int | None]:
    return step.kind, step.id


def _words(step: Step) -> str:
    return f"{step.kind.value} {step.id}" if step.id else step.kind.value


def _lists(kept: Receipt, product_id: int) -> tuple[Offer, ...]:
    """The lists of the kept receipt, narrowest first, with the breaks their versions have for the article."""
    steps = [one for one in kept.steps if one.kind in {StepKind.BASE, StepKind.REGION, StepKind.DEALER}]
    versions = PriceListVersion.objects.select_related("price_list").in_bulk([step.id for step in steps])
    breaks: dict[int, list[Break]] = defaultdict(list)
    for price in Price.objects.filter(version__in=versions, product=product_id).order_by("min_quantity"):
        breaks[price.version_id].append(Break(price.pk, price.min_quantity, price.amount))
    return tuple(
        Offer(_version(versions[step.id], step, rank), tuple(breaks[step.id]))
        for rank, step in enumerate(reversed(steps))
        if step.id in breaks
    )


def _version(row: PriceListVersion, step: Step, rank: int) -> ListVersion:
    named = row.price_list
    since = step.since or dt.date.min
    return ListVersion(row.pk, rank, step.kind, named.name_ru, named.name_en, named.tax_included, since, None)


def _contract(step: Step | None) -> ContractTerms | None:
    one = Contract.objects.filter(pk=step.id).first() if step and step.id else None
    if one is None:
        return None
    breaks = tuple(Break(one.pk, quantity, amount) for quantity, amount in one.breaks)
    return ContractTerms(
        one.pk, 0, one.name_ru, one.name_en, one.percent, breaks, one.tax_included, one.forbids_discounts,
        one.since or dt.date.min, None,
    )  # fmt: skip


def _promotions(step: Step | None) -> tuple[PromotionTerms, ...]:
    one = Promotion.objects.filter(pk=step.id).first() if step and step.id else None
    if one is None:
        return ()
    since = one.since or dt.date.min
    return (
        PromotionTerms(
            one.pk, one.name_ru, one.name_en, one.percent, one.amount, one.tax_included, one.combines, since, None
        ),
    )


def _tier(step: Step | None, product: Product) -> tuple[HeldTier | None, Any]:
    tier = Tier.objects.prefetch_related("exceptions").filter(pk=step.id).first() if step and step.id else None
    if step is None or tier is None:
        return None, 0
    others = [DiscountException(one.category_id, one.brand_id, one.discount) for one in tier.exceptions.all()]
    path = product.category.path if product.category else ""
    held = HeldTier(0, tier.pk, tier.code, tier.name_ru, tier.name_en, tier.discount, step.since or dt.date.min, None)
    return held, article_percent(tier.discount, others, path, product.brand_id)
