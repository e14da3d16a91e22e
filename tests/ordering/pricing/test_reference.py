"""The quote, one article at a time, the whole price list in SQL, and a fourth, naive reading of domain.md, over random worlds."""

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordering.pricing.enums import StepKind
from ordering.pricing.models import Contract, Price, PriceListVersion, Promotion
from ordering.pricing.queries import PriceContext, price_of, quote, unit_prices
from ordering.pricing.receipts import NextBreak, Receipt, Step
from ordering.programme.models import TierException
from tests.factories import make_audience, make_dealer, make_region
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import file_rows, make_article, make_award, make_price_list, make_programme

START = dt.date(2026, 1, 1)
SKUS = ("A", "B")
# The tree: A hangs in root/branch/leaf, B in root/side. What a deal may name, nearest first.
ABOVE = {"A": ("A", "leaf", "branch", "root"), "B": ("B", "side", "root")}
TARGETS = ["A", "leaf", "branch", "root", "root", "B", "side"]
# Dense on purpose: most of what a world has holds on the day asked about, for the dealer asked about.
DAYS = st.integers(0, 6)
BEGINS = st.sampled_from([0, 0, 0, 0, 2, 5])
ENDS = st.sampled_from([None, None, None, None, 3, 6])
AMOUNTS = st.decimals("0.0001", 99999, places=4) | st.integers(1, 50).map(Decimal)
PERCENTS = st.decimals("0.01", "99.99", places=2) | st.integers(1, 60).map(Decimal)
BREAKS = st.dictionaries(st.sampled_from([1, 1, 2, 5, 10]), AMOUNTS, min_size=1, max_size=3)
CURRENCIES = st.sampled_from([*["RUB"] * 7, "KZT"])


@dataclass(frozen=True)
class ListOf:
    """A version of a list: `whose` is base, home, parent, elsewhere, own or other; days are counted from START."""

    whose: str
    currency: str
    gross: bool
    begins: int
    ends: int | None
    prices: dict = field(hash=False)  # sku → {quantity: amount}


@dataclass(frozen=True)
class ContractOf:
    whose: str  # own or other
    target: str
    currency: str
    gross: bool
    begins: int
    ends: int | None
    percent: Decimal | None
    breaks: dict = field(hash=False)
    forbids: bool = False
    published: bool = True


@dataclass(frozen=True)
class PromotionOf:
    audience: str  # everybody, ours, theirs
    target: str  # or everything
    currency: str
    gross: bool
    begins: int
    ends: int | None
    percent: Decimal | None
    amount: Decimal
    combines: bool
    published: bool


@dataclass(frozen=True)
class World:
    lists: list
    contracts: list
    promotions: list
    exceptions: dict = field(hash=False)  # of the tier: brand (of A) or a category → percent
    brand_exceptions: dict = field(hash=False)  # of the tier of the brand programme: a category → percent


def apart(ones, key):
    """Those that may be published together: two of one key never share a day."""
    taken, kept = [], []
    for one in ones:
        days = set(range(one.begins, 40 if one.ends is None else one.ends))
        if days and not any(whose == key(one) and days & held for whose, held in taken):
            taken.append((key(one), days))
            kept.append(one)
    return kept


LISTS = st.lists(
    st.builds(
        ListOf,
        whose=st.sampled_from(["base", "base", "home", "parent", "elsewhere", "own", "other"]),
        currency=CURRENCIES,
        gross=st.booleans(),
        begins=BEGINS,
        ends=ENDS,
        prices=st.dictionaries(st.sampled_from(SKUS), BREAKS, min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=5,
)
CONTRACTS = st.lists(
    st.builds(
        ContractOf,
        whose=st.sampled_from([*["own"] * 6, "other"]),
        target=st.sampled_from(TARGETS),
        currency=CURRENCIES,
        gross=st.booleans(),
        begins=BEGINS,
        ends=ENDS,
        percent=st.none() | PERCENTS,
        breaks=BREAKS.map(lambda said: {1: Decimal(7)} | said),
        forbids=st.sampled_from([False, False, True]),
        published=st.sampled_from([*[True] * 7, False]),
    ),
    max_size=4,
)
PROMOTIONS = st.lists(
    st.builds(
        PromotionOf,
        audience=st.sampled_from(["everybody", "ours", "ours", "theirs"]),
        target=st.sampled_from([*TARGETS, "everything", "everything"]),
        currency=CURRENCIES,
        gross=st.booleans(),
        begins=BEGINS,
        ends=ENDS,
        percent=st.none() | PERCENTS,
        amount=AMOUNTS,
        combines=st.booleans(),
        published=st.sampled_from([*[True] * 7, False]),
    ).filter(lambda one: one.ends is None or one.ends > one.begins),
    min_size=1,
    max_size=3,
)
WORLDS = st.builds(
    World,
    lists=LISTS.map(lambda ones: apart(ones, lambda one: (one.whose, one.currency))),
    contracts=CONTRACTS.map(lambda ones: apart(ones, lambda one: (one.whose, one.target, one.currency))),
    promotions=PROMOTIONS,
    exceptions=st.dictionaries(
        st.sampled_from(["brand", "leaf", "branch", "root", "side"]), st.decimals(0, 99, places=2), max_size=3
    ),
    brand_exceptions=st.dictionaries(
        st.sampled_from(["leaf", "branch", "side"]), st.decimals(0, 99, places=2), max_size=2
    ),
)


@dataclass(frozen=True)
class Place:
    parent: object
    dealers: dict = field(hash=False)
    articles: dict = field(hash=False)
    targets: dict = field(hash=False)
    audiences: dict = field(hash=False)


def tier_percent(world, sku, discount, of_brand):
    """The better of the tier for all articles and that of the brand, which only A is of."""
    names = [*(["brand"] if sku == "A" else []), *ABOVE[sku]]
    whole = Decimal(0) if discount is None else first_of(world.exceptions, names, discount)
    mine = Decimal(0) if of_brand is None or sku != "A" else first_of(world.brand_exceptions, ABOVE[sku], of_brand)
    return max(whole, mine)


def first_of(exceptions, names, discount):
    return next((exceptions[name] for name in names if name in exceptions), discount)


def half_up(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def off(amount, percent):
    return half_up(amount * (100 - percent) / 100, 4)


def holds(one, day):
    return one.begins <= day and (one.ends is None or day < one.ends) and one.currency == "RUB"


def naive(world, sku, quantity, day, tier):
    """domain.md, Price, word by word: (unit net, net, tax, total) or None."""
    ours = [c for c in world.contracts if c.whose == "own" and c.published and holds(c, day) and c.target in ABOVE[sku]]
    contract = min(ours, key=lambda c: ABOVE[sku].index(c.target), default=None)
    breaks, gross = naive_winner(world, contract, sku, day)
    if not breaks or min(breaks) > quantity:
        return None
    price = breaks[max(n for n in breaks if n <= quantity)]
    if contract and contract.percent is not None:
        price = off(price, contract.percent)
    if contract and contract.forbids:
        best = price
    else:
        promoted = [naive_promoted(one, sku, day, price, tier, gross) for one in world.promotions]
        best = min(off(price, tier), *[offer for offer in promoted if offer is not None], off(price, tier))
    if gross:
        total = half_up(best * quantity, 2)
        tax = half_up(total * 22 / 122, 2)
        return half_up(best * 100 / 122, 4), total - tax, tax, total
    net = half_up(best * quantity, 2)
    tax = half_up(net * 22 / 100, 2)
    return best, net, tax, net + tax


def naive_winner(world, contract, sku, day):
    """The breaks that count, and whether they include tax."""
    if contract and contract.percent is None:
        return contract.breaks, contract.gross
    for whose in ("own", "home", "parent", "base"):
        for one in world.lists:
            if one.whose == whose and holds(one, day) and sku in one.prices:
                return one.prices[sku], one.gross
    return None, False


def naive_promoted(promotion, sku, day, price, tier, gross):
    """What a unit costs with a promotion; None where it is not for this dealer, article, day or currency."""
    begun = promotion.begins <= day and (promotion.ends is None or day < promotion.ends)
    there = promotion.target == "everything" or promotion.target in ABOVE[sku]
    if not promotion.published or not there or not begun or promotion.audience == "theirs":
        return None
    if promotion.percent is not None:  # the KZT ones were made for any currency
        return off(off(price, tier) if promotion.combines else price, promotion.percent)
    if promotion.currency != "RUB":
        return None
    offer = promotion.amount
    if promotion.gross and not gross:
        offer = half_up(offer * 100 / 122, 4)
    if gross and not promotion.gross:
        offer = half_up(offer * 122 / 100, 4)
    return off(offer, tier) if promotion.combines else offer


def day_range(one):
    return DateRange(
        START + dt.timedelta(days=one.begins), None if one.ends is None else START + dt.timedelta(days=one.ends)
    )


@pytest.fixture
def place(db):
    """What every world stands on: two dealers, a tree of categories, two articles, audiences."""
    parent = make_region()
    own, other = make_dealer(region=make_region(parent=parent)), make_dealer()
    root = make_category()
    branch, side = make_category(parent=root), make_category(parent=root)
    leaf = make_category(parent=branch)
    brand = make_brand()
    articles = {"A": make_article(category=leaf, brand=brand), "B": make_article(category=side)}
    places = {"leaf": leaf, "branch": branch, "root": root, "side": side}
    return Place(
        parent,
        {"own": own, "other": other},
        articles,
        {sku: {"product": one} for sku, one in articles.items()}
        | {name: {"category": c} for name, c in places.items()}
        | {"brand": {"brand": brand}},
        {"everybody": None, "ours": make_audience(dealers=[own]), "theirs": make_audience(dealers=[other])},
    )


def build_lists(lists, place):
    dealer, other = place.dealers["own"], place.dealers["other"]
    whose = {
        "base": {},
        "home": {"region": dealer.home_region},
        "parent": {"region": place.parent},
        "elsewhere": {"region": other.home_region},
        "own": {"dealer": dealer},
        "other": {"dealer": other},
    }
    for one in lists:
        price_list = make_price_list(currency=one.currency, tax_included=one.gross, **whose[one.whose])
        version = PriceListVersion.objects.create(price_list=price_list, number=1)
        Price.objects.bulk_create(
            Price(version=version, product=place.articles[sku], min_quantity=quantity, amount=amount)
            for sku, breaks in one.prices.items()
            for quantity, amount in breaks.items()
        )
        version.validity, version.published_at = day_range(one), timezone.now()
        version.save()


def build_deals(world, place):
    def said(one):
        aim = {} if one.target == "everything" else place.targets[one.target]
        return {"name_en": "x", "tax_included": one.gross, "validity": day_range(one), "percent": one.percent,
                "published_at": timezone.now() if one.published else None, **aim}  # fmt: skip

    Contract.objects.bulk_create(
        Contract(
            dealer=place.dealers[one.whose],
            currency=one.currency,
            quantities=[] if one.percent else sorted(one.breaks),
            amounts=[] if one.percent else [one.breaks[n] for n in sorted(one.breaks)],
            forbids_discounts=one.forbids,
            **said(one),
        )
        for one in world.contracts
    )
    Promotion.objects.bulk_create(
        Promotion(
            audience=place.audiences[one.audience],
            # A percent in another currency is made one for any currency.
            currency="" if one.percent is not None and one.currency == "KZT" else one.currency,
            amount=None if one.percent is not None else one.amount,
            combines=one.combines,
            **said(one),
        )
        for one in world.promotions
    )


def hold(dealer, discount, exceptions, place, **scope):
    tier = make_award(dealer, make_programme([("only", 0, discount)], **scope).tiers.get()).tier
    TierException.objects.bulk_create(
        TierException(tier=tier, discount=percent, **place.targets[name]) for name, percent in exceptions.items()
    )


@given(
    world=WORLDS,
    quantities=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    day=DAYS,
    discount=st.none() | st.decimals(0, 99, places=2),
    of_brand=st.none() | st.decimals(0, 99, places=2),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_all_four_readings_agree(place, world, quantities, day, discount, of_brand) -> None:
    with transaction.atomic():
        build_lists(world.lists, place)
        build_deals(world, place)
        dealer, articles = place.dealers["own"], place.articles
        if discount is not None:
            hold(dealer, discount, world.exceptions, place)
        if of_brand is not None:
            hold(dealer, of_brand, world.brand_exceptions, place, brand=articles["A"].brand)
            hold(dealer, 99, {}, place, brand=make_brand())  # a brand that neither is of
        context = PriceContext.of_dealer(dealer.pk, START + dt.timedelta(days=day))
        found = quote(context, [(articles[sku].pk, n) for sku, n in zip(SKUS, quantities, strict=True)])
        of_file = file_rows(context)
        first = unit_prices(context, [one.pk for one in articles.values()])
        for sku, quantity in zip(SKUS, quantities, strict=True):
            article = articles[sku]
            percent = tier_percent(world, sku, discount, of_brand)
            expected = naive(world, sku, quantity, day, percent)
            receipt = found.get(article.pk)
            got = (receipt.unit_price, receipt.net, receipt.tax, receipt.total) if receipt else None
            assert got == expected
            assert price_of(context, article.pk, quantity) == receipt
            rows = [row for row in of_file if row["sku"] == article.sku and row["min_quantity"] <= quantity]
            assert (rows[-1]["price"] if rows else None) == (expected[0] if expected else None)
            one = naive(world, sku, 1, day, percent)
            assert first.get(article.pk) == (one[0] if one else None)
            if receipt:
                assert Receipt.from_json(json.loads(json.dumps(receipt.as_json()))) == receipt
                assert receipt.net + receipt.tax == receipt.total
                own = receipt.own_price
                assert receipt.unit_price == (half_up(own * 100 / 122, 4) if receipt.tax_included else own)
        transaction.set_rollback(True)


DATES = st.none() | st.dates()
MONEY = st.decimals(-(10**9), 10**9, places=4)
STEPS = st.builds(
    Step,
    kind=st.sampled_from(StepKind),
    name_ru=st.text(max_size=20),
    name_en=st.text(max_size=20),
    id=st.none() | st.integers(1),
    amount=MONEY,
    value=st.none() | MONEY,
    since=DATES,
)
NEXT_BREAKS = st.builds(NextBreak, quantity=st.integers(2), more=st.integers(1), unit_price=MONEY, percent=MONEY)


@given(
    st.builds(
        Receipt,
        unit_price=MONEY,
        quantity=st.integers(1),
        net=MONEY,
        tax=MONEY,
        total=MONEY,
        currency=st.sampled_from(["RUB", "KZT"]),
        tax_rate=MONEY,
        tax_included=st.booleans(),
        valid_until=DATES,
        next_break=st.none() | NEXT_BREAKS,
        steps=st.lists(STEPS, max_size=6).map(tuple),
    )
)
def test_any_receipt_survives_json(receipt: Receipt) -> None:
    assert Receipt.from_json(json.loads(json.dumps(receipt.as_json()))) == receipt
