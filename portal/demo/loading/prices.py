"""Price lists and the partner programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Dealer, Region
from ordering.catalog.models import Brand, Category
from ordering.pricing.enums import Scope
from ordering.pricing.models import Contract, PriceList, Promotion
from ordering.pricing.price_files import PriceRow
from ordering.pricing.services import import_prices, publish_deal, save_deal
from ordering.programme.models import Programme, Tier
from ordering.programme.services import announce_tiers, evaluate
from ordering.sales.periods import add_months, month_of

from ..articles import Article, articles
from ..assortment.base import Words, neat
from ..assortment.categories import CATEGORIES

if TYPE_CHECKING:
    from accounts.principals import Principal

# code: names, region, factor to the base list
LISTS: dict[str, tuple[Words, str | None, Decimal]] = {
    "base-rub": (Words("Базовый прайс", "Base price list"), None, Decimal(1)),
    "south": (Words("Прайс «Юг»", "Price list “South”"), "south", Decimal("0.977")),
    "urals": (Words("Прайс «Урал»", "Price list “Urals”"), "urals", Decimal("1.015")),
}
# What the South's next list changes, by the root of the category.
_DECEMBER = {"power-tools": Decimal("1.012"), "accessories": Decimal("1.034"), "measuring": Decimal("1.02")}
_ROOTS = {branch.slug: branch.parent or branch.slug for branch in CATEGORIES}
TIERS = (
    ("bronze", Words("Бронза", "Bronze"), 0, 4, Words("Каталог, обучение, общий менеджер", "Catalogue, training, a shared manager")),
    ("silver", Words("Серебро", "Silver"), 3_000_000, 8, Words("Свой менеджер, резерв 3 дня, витрина в зал", "A manager of your own, goods reserved for 3 days, a display for the shop")),
    ("gold", Words("Золото", "Gold"), 6_000_000, 11, Words("Резерв 7 дней, обменный фонд, выезд инструктора раз в квартал", "Goods reserved for 7 days, an exchange pool, an instructor's visit every quarter")),
)  # fmt: skip

# Beside it one brand's own, which so far gives Verstak-Yug less than its silver.
BRAND_TIERS = (
    ("start", Words("Старт", "Start"), 0, 3, Words("Каталог бренда", "The brand's catalogue")),
    ("master", Words("Мастер", "Master"), 1_500_000, 10, Words("Поверка за наш счёт", "Calibration at our expense")),
)


def load_prices(regions: Mapping[str, Region], *, today: dt.date, by: Principal) -> int:
    """The lists that are missing, in force for some months, and the South's next one. Answers how many rows they have."""
    start, rows = add_months(month_of(today), -2), 0
    for code, (name, region, factor) in LISTS.items():
        if PriceList.objects.filter(code=code).exists():
            continue
        price_list = PriceList.objects.create(
            code=code, name_ru=name.ru, name_en=name.en, scope=Scope.REGION if region else Scope.BASE,
            region=regions[region] if region else None,
        )  # fmt: skip
        rows += import_prices(rows=_rows(factor), price_list=price_list, valid_from=start, source="demo", by=by).rows
        if code == "south":
            following = add_months(month_of(today), 1)
            rows += import_prices(
                rows=_rows(factor, _DECEMBER), price_list=price_list, valid_from=following, source="demo", by=by
            ).rows
    return rows


def _rows(factor: Decimal, changes: Mapping[str, Decimal] | None = None) -> Iterator[PriceRow]:
    for number, article in enumerate(articles(), start=1):
        price = neat(article.base_price * factor) * (changes or {}).get(_ROOTS[article.category], Decimal(1))
        for quantity, share in _breaks(article):
            yield PriceRow(number, article.sku, quantity, neat(price * share))


def _breaks(article: Article) -> tuple[tuple[int, Decimal], ...]:
    """Quantities and shares of the price: by cartons where articles are sold in packs, by pieces else."""
    if article.pack > 1:
        steps = (1, 4 * article.pack, 20 * article.pack)
        return tuple(zip(steps, (Decimal(1), Decimal("0.95"), Decimal("0.9")), strict=True))
    if article.base_price < 300:
        return ((1, Decimal(1)), (50, Decimal("0.95")))
    return ((1, Decimal(1)), (6, Decimal("0.97")), (24, Decimal("0.934")))


# Off the demo's cart and its orders: what they show does not depend on them.
_CONTRACTS = (
    ("hole-saws", Words("Договор 14/2026, коронки", "Agreement 14/2026, hole saws"), Decimal(5), False),
    ("lubricants", Words("Договор 14/2026, смазки", "Agreement 14/2026, greases"), Decimal(12), True),
)
_PROMOTION = ("garden", Words("Осенняя распродажа садовой техники", "Autumn sale of garden tools"), Decimal(3))


def load_deals(*, today: dt.date, by: Principal) -> int:
    """Two contracts of the first dealer and a promotion for everybody, from today on. Answers how many."""
    if Contract.objects.exists() or Promotion.objects.exists():
        return 0
    dealer = Dealer.objects.get(code="verstak-yug")
    validity = DateRange(today, add_months(month_of(today), 13))
    for slug, name, percent, closed in _CONTRACTS:
        contract = Contract(
            dealer=dealer,
            name_ru=name.ru,
            name_en=name.en,
            category=Category.objects.get(code=slug),
            percent=percent,
            forbids_discounts=closed,
            validity=validity,
        )
        publish_deal(deal=save_deal(deal=contract, by=by), by=by)
    slug, name, percent = _PROMOTION
    promotion = Promotion(
        name_ru=name.ru,
        name_en=name.en,
        category=Category.objects.get(code=slug),
        percent=percent,
        combines=True,
        validity=DateRange(today, add_months(month_of(today), 2)),
    )
    publish_deal(deal=save_deal(deal=promotion, by=by), by=by)
    return len(_CONTRACTS) + 1


def load_programmes(*, today: dt.date) -> list[Programme]:
    """The programme with its three tiers, and that of a brand."""
    begins = dt.date(today.year - 2, 1, 1)
    names = Words("Партнёрская программа", "Partner programme")
    brand = Brand.objects.get(code="kalibron")
    of_brand = Words(f"Программа «{brand.name}»", f"{brand.name} programme")
    return [
        _programme("partner", names, TIERS, begins, None),
        _programme(brand.code, of_brand, BRAND_TIERS, begins, brand),
    ]


def _programme(
    code: str, names: Words, tiers: Iterable[tuple[str, Words, int, int, Words]], begins: dt.date, brand: Brand | None
) -> Programme:
    programme, is_new = Programme.objects.get_or_create(
        code=code,
        defaults={"name_ru": names.ru, "name_en": names.en, "validity": DateRange(begins, None), "brand": brand},
    )
    if is_new:
        Tier.objects.bulk_create(
            Tier(
                programme=programme, code=code, name_ru=name.ru, name_en=name.en, threshold=threshold, discount=discount,
                benefits_ru=benefits.ru, benefits_en=benefits.en,
            )
            for code, name, threshold, discount, benefits in tiers
        )  # fmt: skip
    return programme


def load_awards(programmes: Iterable[Programme], *, today: dt.date, by: Principal) -> None:
    """The tiers of the last year, decided month after month from the ledger as they would have been; a brand's of today."""
    fresh = [programme for programme in programmes if not programme.awards.exists()]
    for programme in fresh:
        for back in range(0 if programme.brand_id else 12, -1, -1):
            evaluate(programme=programme, on=add_months(month_of(today), -back), by=by)
    if fresh:
        announce_tiers(on=today)
