"""A simulation with regions, brands, exceptions and premiums: by hand to the kopeck, and against a reading line by line."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordering.programme.models import (
    DraftException,
    DraftPremium,
    DraftSlice,
    DraftTier,
    Premium,
    PremiumSlice,
    ProgrammeDraft,
    Simulation,
    TierException,
)
from ordering.programme.rules import PREMIUMS, Slice
from ordering.programme.services.simulation import simulate
from ordering.programme.services.simulation_rules import terms_of, tiers_by_month
from ordering.sales.enums import EntryKind, Source
from ordering.sales.periods import Period, add_months
from ordering.sales.services import NewEntry, post_entries
from portal.lib.money import round_minor
from tests.factories import make_dealer, make_region
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import OFFICE, make_article, make_programme, make_sale

pytestmark = pytest.mark.django_db
JAN = dt.date(2026, 1, 1)
MARCH = dt.date(2026, 3, 9)


def except_for(programme, **percents):
    """Give the programme's only tier exceptions: `category` or `brand` → (thing, percent)."""
    for name, (thing, percent) in percents.items():
        TierException.objects.create(tier=programme.tiers.get(), discount=percent, **{name.rstrip("_"): thing})
    return programme


def reward(programme, kind, period, *slices):
    premium = Premium.objects.create(programme=programme, name_ru="Б", name_en="B", kind=kind, period=period)
    for threshold, percent in slices:
        PremiumSlice.objects.create(premium=premium, threshold=threshold, percent=percent)


def make_draft(tiers, premiums=(), **scope) -> ProgrammeDraft:
    """`tiers`: (code, threshold, percent, exceptions), these as (category or None, brand or None, percent)."""
    draft = ProgrammeDraft.objects.create(name_ru="Новая", name_en="New", **scope)
    for code, threshold, percent, exceptions in tiers:
        tier = DraftTier.objects.create(
            draft=draft, code=code, name_ru=code, name_en=code, threshold=threshold, discount=percent
        )
        for category, brand, other in exceptions:
            DraftException.objects.create(tier=tier, category=category, brand=brand, discount=other)
    for kind, period, slices in premiums:
        premium = DraftPremium.objects.create(draft=draft, name_ru="Б", name_en="B", kind=kind, period=period)
        for threshold, percent in slices:
            DraftSlice.objects.create(premium=premium, threshold=threshold, percent=percent)
    return draft


def run(draft, *, first=JAN, months=3, region=None):
    draft = ProgrammeDraft.objects.select_related("region").get(pk=draft.pk)
    simulation = Simulation(draft=draft, first_month=first, last_month=add_months(first, months - 1), region=region)
    return {one.dealer_id: one for one in simulate(simulation, tell=lambda _done, _total: None)}


def figures(one):
    return (one.volume, one.cost_now, one.cost_draft, one.premium_now, one.premium_draft, one.gain)


def amounts(*texts):
    return tuple(map(Decimal, texts))


@pytest.fixture
def shop():
    """Four lines of one dealer: drills and other tools, of a brand and of none; each 100 or 1000 by the list."""
    tools = make_category("tools")
    drills, brand, dealer = make_category("drills", parent=tools), make_brand(), make_dealer()
    make_sale(dealer, MARCH, 900, product=make_article(category=tools))
    make_sale(dealer, MARCH, 95, product=make_article(category=make_category("small", parent=drills)))
    make_sale(dealer, MARCH, 88, product=make_article(category=drills, brand=brand))
    make_sale(dealer, MARCH, 88, product=make_article(category=tools, brand=brand))
    general = except_for(make_programme((("silver", 0, 10),)), category=(drills, 5))
    reward(general, "stepped", "quarter", (0, 1), (1000, 2))
    make_programme((("branded", 0, 12),), brand=brand)
    return tools, drills, brand, dealer


def test_exceptions_brands_and_premiums_to_the_kopeck(shop) -> None:
    _tools, drills, _brand, dealer = shop
    draft = make_draft(
        [("new", 0, 20, [(drills, None, 4)])], [("retrospective", "quarter", [(0, 3)]), ("stepped", "year", [(0, 9)])]
    )
    one = run(draft)[dealer.pk]
    # Now: 900 at 10 % off 1000, 95 at 5 % off 100, the brand's two at its 12 % off 100 each: 100 + 5 + 12 + 12.
    # By the draft: 20 % of 1000, 4 % of 100 in drills, the brand's 12 % for its drill, the better 20 % for its other: 236.
    # Premiums of 1171: 1 % of 1000 and 2 % of 171 now; 3 % of all by the draft, and nothing of a year not wholly within.
    assert figures(one) == amounts("1171.00", "129.00", "236.00", "13.42", "35.13", "128.71")
    assert (one.tier_now, one.tier_draft) == ("silver", "new")
    assert figures(run(draft, months=2)[dealer.pk]) == amounts(*["0"] * 6), "nothing was sold in these months"
    year = run(draft, first=JAN, months=12)[dealer.pk]
    assert year.premium_draft == Decimal("35.13") + Decimal("105.39"), "9 % of 1171 in the year"


def test_a_brands_draft_is_about_its_articles_alone(shop) -> None:
    _tools, drills, brand, dealer = shop
    one = run(make_draft([("better", 0, 15, [(drills, None, 2)])], brand=brand))[dealer.pk]
    # The general 5 % beats its 2 % for drills; its 15 % beats the general 10 % elsewhere. Premiums of others are not its.
    assert figures(one) == amounts("176.00", "24.00", "20.00", "0", "0", "-4.00")
    assert (one.tier_now, one.tier_draft) == ("branded", "better")


def test_an_exception_by_brand_goes_before_one_by_category(shop) -> None:
    _tools, drills, brand, dealer = shop
    one = run(make_draft([("new", 0, 10, [(drills, None, 5), (None, brand, 30)])]))[dealer.pk]
    assert figures(one)[:3] == amounts("1171.00", "129.00", "165.00"), "100 + 5 + 30 + 30"


def test_the_same_terms_cost_the_same_and_halves_go_up() -> None:
    dealer = make_dealer()
    make_programme((("silver", 0, 4),))
    for net in ("0.12", "348.35", "0.12"):
        make_sale(dealer, MARCH, net)
    one = run(make_draft([("other", 0, 4, [])]))[dealer.pk]
    assert figures(one)[:3] == amounts("348.59", "14.52", "14.52"), "348.59 × 4 / 96 = 14.5246"
    make_sale(dealer, MARCH, "0.01")
    one = run(make_draft([("other", 0, 52, [])]))[dealer.pk]
    assert figures(one)[:3] == amounts("348.60", "14.53", "188.83"), "14.525 and 188.825, half-up"


def test_whom_a_draft_reaches_and_what_stands_in_its_place() -> None:
    south = make_region("south")
    town, east = make_region("town", parent=south), make_region("east")
    inland = make_dealer("Inland", region=south)
    urban, eastern, asleep = (
        make_dealer("Urban", region=town),
        make_dealer("Eastern", region=east),
        make_dealer("Asleep", region=south, is_active=False),
    )
    foreign = make_dealer("Foreign", region=south, currency="KZT")
    make_programme((("all", 0, 4),))

    def reached(region=None, **scope):
        found = run(make_draft([("new", 0, 10, [])], **scope), region=region)
        assert asleep.pk not in found
        return {one.dealer_id: (one.tier_now, one.tier_draft) for one in found.values()}

    new = ("all", "new")
    assert reached() == {inland.pk: new, urban.pk: new, eastern.pk: new}
    assert reached(region=town) == {urban.pk: new}, "a simulation of a region narrows"
    found = run(make_draft([("new", 0, 10, [])], region=south))
    assert {pk: one.tier_now for pk, one in found.items()} == {inland.pk: "all", urban.pk: "all"}

    make_programme((("town", 0, 6),), region=town)
    assert reached() == {inland.pk: new, eastern.pk: new}, "in town the nearer programme goes on"
    assert {pk: one.tier_now for pk, one in run(make_draft([("new", 0, 10, [])], region=town)).items()} == {
        urban.pk: "town"
    }
    brand = make_brand()
    make_programme((("brand", 0, 6),), brand=brand, region=south)
    assert reached(brand=brand) == {eastern.pk: ("", "new")}, "the first of the brand in the east"
    assert reached() == {inland.pk: new, eastern.pk: new}, "a brand's programme is no nearer one of all articles"

    make_sale(foreign, MARCH, 100)
    first = run(make_draft([("new", 0, 10, [])], currency="KZT"))
    assert {pk: figures(one)[:3] for pk, one in first.items()} == {foreign.pk: amounts("100.00", "0", "10.00")}


def test_as_many_queries_for_many_dealers_as_for_one(shop) -> None:
    _tools, drills, brand, dealer = shop
    draft = make_draft(
        [("new", 0, 20, [(drills, None, 4)])], [("stepped", "quarter", [(0, 9)])], region=dealer.home_region
    )

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run(draft)
        return len(queries)

    for_one = asked()
    article = make_article(category=drills, brand=brand)
    for _n in range(4):
        make_sale(make_dealer(region=dealer.home_region), MARCH, 100, product=article)
    assert asked() == for_one


# A naive reading: dealer by dealer, line by line, every percent looked for by walking up the tree.

TREE = {
    "leaf": ("leaf", "branch", "root"),
    "branch": ("branch", "root"),
    "root": ("root",),
    "side": ("side",),
    None: (),
}
PERCENTS = st.sampled_from([0, 1, 4, 5, "7.5", 10, "33.33", 50]).map(Decimal)
EXCEPTIONS = st.dictionaries(st.sampled_from(["leaf", "branch", "root", "side", "T", "U"]), PERCENTS, max_size=3)
TIERS = st.lists(
    st.tuples(st.sampled_from([0, 50, 120, 300]), PERCENTS, EXCEPTIONS),
    min_size=1,
    max_size=2,
    unique_by=lambda t: t[0],
)
TERMS = st.fixed_dictionaries(
    {
        "tiers": TIERS,
        "window_months": st.integers(1, 3),
        "grace_months": st.integers(0, 2),
        "premiums": st.lists(st.tuples(st.sampled_from(["stepped", "retrospective"]), PERCENTS), max_size=1),
    }
)
SCOPES = [(None, None), ("south", None), (None, "T"), ("south", "T")]
LINES = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(-3, 4), st.sampled_from(list(TREE)), st.sampled_from([None, "T", "U"]),
        st.decimals("-40", 400, places=2),
    ),
    max_size=25,
)  # fmt: skip
FIRST, MONTHS = dt.date(2026, 1, 1), 5


class Place:
    """Two dealers in the south, one elsewhere; a tree of categories; two brands."""

    def __init__(self) -> None:
        self.regions = {"south": make_region(), None: None}
        elsewhere = make_region()
        self.dealers = [
            make_dealer(region=region) for region in (self.regions["south"], self.regions["south"], elsewhere)
        ]
        self.categories = {"root": make_category("root"), "side": make_category("side"), None: None}
        self.categories["branch"] = make_category("branch", parent=self.categories["root"])
        self.categories["leaf"] = make_category("leaf", parent=self.categories["branch"])
        self.brands = {"T": make_brand(), "U": make_brand(), None: None}
        self.articles = {
            (category, brand): make_article(category=self.categories[category], brand=self.brands[brand])
            for category in TREE
            for brand in self.brands
        }

    def excepted(self, exceptions):
        return [(self.categories.get(what), self.brands.get(what), percent) for what, percent in exceptions.items()]

    def rule(self, terms, region, brand):
        programme = make_programme(
            ((f"t{threshold}", threshold, percent) for threshold, percent, _exceptions in terms["tiers"]),
            region=self.regions[region], brand=self.brands[brand], window_months=terms["window_months"],
            grace_months=terms["grace_months"],
        )  # fmt: skip
        for threshold, _percent, exceptions in terms["tiers"]:
            for category, of, percent in self.excepted(exceptions):
                tier = programme.tiers.get(threshold=threshold)
                TierException.objects.create(tier=tier, category=category, brand=of, discount=percent)
        for kind, percent in terms["premiums"]:
            reward(programme, kind, "quarter", (0, percent), (100, percent // 2))
        return programme

    def draft(self, terms, region, brand):
        return make_draft(
            [(f"d{t}", t, percent, self.excepted(exceptions)) for t, percent, exceptions in terms["tiers"]],
            [(kind, "quarter", [(0, percent), (100, percent // 2)]) for kind, percent in terms["premiums"]],
            region=self.regions[region], brand=self.brands[brand], window_months=terms["window_months"],
            grace_months=terms["grace_months"],
        )  # fmt: skip


@pytest.fixture
def place() -> Place:
    return Place()


MONTH_STARTS = [add_months(FIRST, n) for n in range(MONTHS)]


class Reading:
    """One dealer under what ran and under the draft. `ran`: scope → terms; `windows`: a terms' id → what decides its tiers."""

    def __init__(self, lines, home, ran, draft, scope, windows) -> None:
        self.lines, self.windows = lines, windows
        self.region, self.brand = scope
        now = {}
        for of in (None, "T"):
            for where in (None, home):  # the nearer one last
                if (where, of) in ran:
                    now[of] = ran[where, of]
        self.sides = {"now": now, "then": now | {self.brand: draft}}
        self.held = {
            (side, of): self.tiers(terms, of) for side, said in self.sides.items() for of, terms in said.items()
        }

    def volume(self, of, window):
        return sum(
            (
                net
                for month, _c, its, net in self.lines
                if of in {None, its} and window.start <= add_months(FIRST, month) < window.end
            ),
            Decimal(0),
        )

    def tiers(self, terms, of):
        by_threshold = {threshold: (percent, exceptions) for threshold, percent, exceptions in terms["tiers"]}
        decided = tiers_by_month(self.windows[id(terms)], MONTH_STARTS, lambda window: self.volume(of, window))
        return [(level.code, *by_threshold[int(level.threshold)]) if level else None for level in decided]

    def percent(self, side, month, category, its):
        best = Decimal(0)
        for of in self.sides[side]:
            tier = self.held[side, of][month]
            if tier and of in {None, its}:
                _code, own, exceptions = tier
                named = next((what for what in (its, *TREE[category]) if what in exceptions), None)
                best = max(best, exceptions[named] if named else own)
        return best

    def costs(self):
        paid, would = {}, {}
        for month, category, its, net in self.lines:
            if 0 <= month < MONTHS and self.brand in {None, its}:
                one, other = (self.percent(side, month, category, its) for side in ("now", "then"))
                paid[month, one] = paid.get((month, one), 0) + net
                would[month, one, other] = would.get((month, one, other), 0) + net
        given = (round_minor(net * one / (100 - one), "RUB") for (_m, one), net in paid.items())
        planned = (round_minor(net * other / (100 - one), "RUB") for (_m, one, other), net in would.items())
        return sum(given, Decimal(0)), sum(planned, Decimal(0))

    def premiums(self, side):
        total = Decimal(0)
        for of, terms in self.sides[side].items():
            for kind, rate in terms["premiums"] if self.brand in {None, of} else ():
                slices = [Slice(Decimal(0), rate), Slice(Decimal(100), rate // 2)]
                whole = Period(FIRST, add_months(FIRST, 3))  # the only quarter that lies wholly within five months
                total += PREMIUMS[kind](self.volume(of, whole), slices, "RUB")
        return total

    def figures(self):
        last = [
            self.held[side, self.brand][-1] if (side, self.brand) in self.held else None for side in ("now", "then")
        ]
        return (*self.costs(), self.premiums("now"), self.premiums("then"), *(tier[0] if tier else "" for tier in last))


def naive(lines, ran, draft, scope, windows):
    """Dealer's number → its figures and tiers, of those whom the draft reaches."""
    region, brand = scope
    return {
        number: Reading([line[1:] for line in lines if line[0] == number], home, ran, draft, scope, windows).figures()
        for number, home in enumerate(["south", "south", "elsewhere"])
        if (home == region if region else home != "south" or ("south", brand) not in ran)
    }


@given(
    lines=LINES,
    ran=st.dictionaries(st.sampled_from(SCOPES), TERMS, max_size=3),
    draft=TERMS,
    scope=st.sampled_from(SCOPES),
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_it_agrees_with_a_reading_line_by_line(place, lines, ran, draft, scope) -> None:
    with transaction.atomic():
        post_entries(
            [
                NewEntry(
                    dealer_id=place.dealers[number].pk, date=add_months(FIRST, month) + dt.timedelta(days=n % 28),
                    document=f"H-{n}", line="1", kind=EntryKind.CORRECTED, quantity=Decimal(1), net=net, currency="RUB",
                    source=Source.ERP, product_id=place.articles[category, brand].pk,
                )
                for n, (number, month, category, brand, net) in enumerate(lines)
            ],
            by=OFFICE,
        )  # fmt: skip
        kept = {where: place.rule(terms, *where) for where, terms in ran.items()}
        said = place.draft(draft, *scope)
        windows = {id(terms): terms_of(kept[where]) for where, terms in ran.items()} | {id(draft): terms_of(said)}
        found = run(said, first=FIRST, months=MONTHS)
        numbers = {dealer.pk: number for number, dealer in enumerate(place.dealers)}
        expected = naive(lines, ran, draft, scope, windows)
        assert {
            numbers[pk]: (
                one.cost_now,
                one.cost_draft,
                one.premium_now,
                one.premium_draft,
                one.tier_now,
                one.tier_draft,
            )
            for pk, one in found.items()
        } == expected
        transaction.set_rollback(True)
