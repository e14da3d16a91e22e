"""Prices, programmes and sales for tests, made quickly and named plainly."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import StaffRole
from accounts.models import Dealer, Region
from accounts.principals import Principal
from accounts.rules import rights_of
from ordering.catalog.models import Category, Product
from ordering.clients.models import Client, DealerClient
from ordering.pricing.enums import FileFormat, Scope
from ordering.pricing.models import Contract, Price, PriceList, PriceListVersion, Promotion
from ordering.pricing.queries import PriceContext, Recipe, made_of
from ordering.pricing.queries.file_bytes import file_blocks
from ordering.pricing.services import new_version, publish_deal, publish_version, save_deal
from ordering.programme.models import Programme, Tier, TierAward
from ordering.programme.queries import HeldTier, held_on
from ordering.sales.enums import EntryKind, Source
from ordering.sales.services import NewEntry, post_entries
from portal.lib.text import sort_key

_number = itertools.count(1)
LONG_AGO = dt.date(2020, 1, 1)
# What head-office people who manage prices and programmes may do, without a person behind it.
OFFICE = Principal(role=StaffRole.ADMINISTRATOR, rights=rights_of(StaffRole.ADMINISTRATOR))


def make_article(sku: str = "", **fields: Any) -> Product:
    """An article with a name in both languages, taxed at 22 %."""
    n = next(_number)
    sku = sku or f"PR-{n}"
    names = {"name_ru": f"Товар {n}", "name_en": f"Article {n}"} | {
        k: fields.pop(k) for k in ("name_ru", "name_en") if k in fields
    }
    return Product.objects.create(
        sku=sku,
        sku_key=sku.casefold(),
        sort_key_ru=sort_key(names["name_ru"]),
        sort_key_en=sort_key(names["name_en"]),
        tax_rate=fields.pop("tax_rate", Decimal(22)),
        **names,
        **fields,
    )


def make_price_list(
    prices: Mapping[Product, Any] | None = None,
    *,
    region: Region | None = None,
    dealer: Dealer | None = None,
    valid_from: dt.date = LONG_AGO,
    **fields: Any,
) -> PriceList:
    """A list with a version published; `prices`: article → amount, or {quantity: amount}."""
    n = next(_number)
    price_list = PriceList.objects.create(
        code=fields.pop("code", f"list-{n}"),
        name_ru=fields.pop("name_ru", f"Прайс {n}"),
        name_en=fields.pop("name_en", f"List {n}"),
        scope=Scope.REGION if region else Scope.DEALER if dealer else Scope.BASE,
        region=region,
        dealer=dealer,
        **fields,
    )
    if prices is not None:
        make_version(price_list, prices, valid_from=valid_from)
    return price_list


def make_version(
    price_list: PriceList, prices: Mapping[Product, Any], *, valid_from: dt.date = LONG_AGO, publish: bool = True
) -> PriceListVersion:
    """The list's next version with these prices, published unless told otherwise."""
    version = new_version(price_list=price_list, source="test")
    Price.objects.bulk_create(
        Price(version=version, product=product, min_quantity=quantity, amount=Decimal(str(amount)))
        for product, said in prices.items()
        for quantity, amount in (said if isinstance(said, dict) else {1: said}).items()
    )
    return publish_version(version=version, valid_from=valid_from, by=OFFICE) if publish else version


def make_programme(
    tiers: Iterable[tuple[str, int, Any]] = (("bronze", 0, 4), ("silver", 3_000_000, 8), ("gold", 6_000_000, 11)),
    *,
    start: dt.date = LONG_AGO,
    end: dt.date | None = None,
    **fields: Any,
) -> Programme:
    """A programme with tiers given as (code, threshold, discount)."""
    n = next(_number)
    programme = Programme.objects.create(
        code=fields.pop("code", f"programme-{n}"),
        name_ru=fields.pop("name_ru", "Партнёрская программа"),
        name_en=fields.pop("name_en", "Partner programme"),
        validity=DateRange(start, end),
        **fields,
    )
    for code, threshold, discount in tiers:
        Tier.objects.create(
            programme=programme,
            code=code,
            name_ru=f"{code} по-русски",
            name_en=code.title(),
            threshold=threshold,
            discount=Decimal(str(discount)),
        )
    return programme


def make_award(
    dealer: Dealer, tier: Tier, *, start: dt.date = LONG_AGO, end: dt.date | None = None, **fields: Any
) -> TierAward:
    return TierAward.objects.create(
        dealer=dealer, tier=tier, programme=tier.programme, validity=DateRange(start, end), **fields
    )


def tier_on(dealer_id: int, on: dt.date) -> HeldTier | None:
    """The tier for all articles that a dealer holds on a day."""
    return held_on(dealer_id, on).all_articles


def make_sale(
    dealer: Dealer,
    date: dt.date,
    net: Any,
    *,
    kind: EntryKind = EntryKind.SHIPPED,
    product: Product | None = None,
    client: DealerClient | None = None,
    quantity: Any = 1,
    **fields: Any,
) -> NewEntry:
    """An entry posted to the ledger, under a document of its own unless given."""
    n = next(_number)
    entry = NewEntry(
        dealer_id=dealer.pk,
        date=date,
        document=fields.pop("document", f"D-{n}"),
        line=fields.pop("line", "1"),
        kind=kind,
        quantity=Decimal(str(quantity)),
        net=Decimal(str(net)),
        currency=fields.pop("currency", dealer.currency),
        source=fields.pop("source", Source.ERP),
        product_id=product.pk if product else None,
        client_id=client.pk if client else None,
    )
    post_entries([entry], by=OFFICE)
    return entry


def make_card(dealer: Dealer, name: str = "", **fields: Any) -> DealerClient:
    """A client on the dealer's own list."""
    name = name or f"Client {next(_number)}"
    facts = {"name": name, "sort_key": sort_key(name)}
    client = fields.pop("client", None) or Client.objects.create(**facts)
    return DealerClient.objects.create(dealer=dealer, client=client, since=LONG_AGO, **facts, **fields)


def make_contract(
    dealer: Dealer,
    target: Product | Category,
    prices: Any = None,
    *,
    percent: Any = None,
    start: dt.date = LONG_AGO,
    end: dt.date | None = None,
    publish: bool = True,
    **fields: Any,
) -> Contract:
    """A contract, published unless told otherwise; `prices`: an amount, or {quantity: amount}; or `percent`."""
    n = next(_number)
    said = {} if prices is None else prices if isinstance(prices, dict) else {1: prices}
    contract = save_deal(
        deal=Contract(
            dealer=dealer,
            name_ru=fields.pop("name_ru", f"Договор {n}"),
            name_en=fields.pop("name_en", f"Contract {n}"),
            currency=fields.pop("currency", dealer.currency),
            percent=None if percent is None else Decimal(str(percent)),
            quantities=list(said),
            amounts=[Decimal(str(amount)) for amount in said.values()],
            validity=DateRange(start, end),
            **_aimed(target),
            **fields,
        ),
        by=OFFICE,
    )
    return publish_deal(deal=contract, by=OFFICE) if publish else contract


def make_promotion(
    target: Product | Category | None = None,
    *,
    percent: Any = None,
    amount: Any = None,
    start: dt.date = LONG_AGO,
    end: dt.date | None = None,
    publish: bool = True,
    **fields: Any,
) -> Promotion:
    """A promotion for everybody (or `audience`), published unless told otherwise: a percent off, or a fixed `amount`."""
    n = next(_number)
    promotion = save_deal(
        deal=Promotion(
            name_ru=fields.pop("name_ru", f"Акция {n}"),
            name_en=fields.pop("name_en", f"Promotion {n}"),
            currency=fields.pop("currency", "" if amount is None else "RUB"),
            percent=None if percent is None else Decimal(str(percent)),
            amount=None if amount is None else Decimal(str(amount)),
            validity=DateRange(start, end),
            **_aimed(target),
            **fields,
        ),
        by=OFFICE,
    )
    return publish_deal(deal=promotion, by=OFFICE) if publish else promotion


def _aimed(target: Product | Category | None) -> dict[str, Any]:
    return {"category": target} if isinstance(target, Category) else {"product": target}


def file_rows(context: PriceContext, language: str = "en") -> list[dict[str, Any]]:
    """The rows of the context's price-list file, as the file says them; prices as numbers."""
    said = json.loads(b"".join(file_blocks(Recipe(made_of(context), FileFormat.JSON, language))))
    return [
        {
            name: Decimal(value) if name in {"list_price", "price", "price_with_tax"} else value
            for name, value in row.items()
        }
        for row in said["results"]
    ]
