"""A new programme is announced: drafted in both languages, for those whom it concerns, read by nobody before an editor has."""

import datetime as dt

import pytest

from accounts.enums import Role, StaffRole
from accounts.models import Audience, AudienceSet
from content.models import NewsPage
from content.services import plant
from ordering.programme.models import (
    DraftException,
    DraftPremium,
    DraftSlice,
    DraftTier,
    Programme,
    ProgrammeDraft,
)
from ordering.programme.services import publish_draft
from portal.announcements import concerned, regions_of
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed
from tests.factories import make_audience, make_dealer, make_member, make_region, make_staff
from tests.factories_catalog import make_brand, make_category
from tests.factories_pricing import make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ProgrammeDraft:
    draft = ProgrammeDraft.objects.create(name_ru="Рост", name_en="Growth")
    for code, ru, threshold, discount in (("one", "Первый", 0, 4), ("two", "Второй <b>", 1_500_000, "8.5")):
        DraftTier.objects.create(
            draft=draft, code=code, name_ru=ru, name_en=code.title(), threshold=threshold, discount=discount
        )
    return draft


def publish(draft, by) -> Programme:
    return publish_draft(draft=draft, valid_from=business_date() + dt.timedelta(days=40), by=by)


def test_drafted_in_both_languages_and_read_by_those_it_concerns_once_published(draft, principal_of) -> None:
    plant(audience=make_audience("Everybody"))
    manager = make_staff(StaffRole.PROGRAMME)
    programme = publish(draft, principal_of(manager))
    russian, english = NewsPage.objects.order_by("-locale__language_code")
    assert [page.locale.language_code for page in (russian, english)] == ["ru", "en"]
    assert russian.translation_key == english.translation_key
    assert {page.date for page in (russian, english)} == {programme.validity.lower}
    said = str(russian.body)
    assert "Второй &lt;b&gt;" in said, "names are text"
    assert "1\u00a0500\u00a0000" in said
    assert "8,5" in said
    assert (russian.live, russian.owner) == (False, manager)

    owner, reader = make_member(Role.OWNER), make_member(Role.READER)
    assert not NewsPage.objects.visible_to(principal_of(owner)).exists(), "a draft is nobody's"
    russian.get_latest_revision().publish()
    assert NewsPage.objects.visible_to(principal_of(owner)).get().pk == russian.pk
    assert not NewsPage.objects.visible_to(principal_of(reader)).exists()


def test_whoever_may_not_publish_drafts_nothing(draft, principal_of) -> None:
    plant(audience=make_audience("Everybody"))
    with pytest.raises(NotAllowed):
        publish(draft, principal_of(make_staff(StaffRole.EDITOR)))
    assert not NewsPage.objects.exists()


def test_a_portal_without_pages_publishes_all_the_same(draft, principal_of) -> None:
    assert publish(draft, principal_of(make_staff(StaffRole.PROGRAMME))).pk
    assert not NewsPage.objects.exists()


def test_dealers_of_another_currency_are_not_told(draft, principal_of) -> None:
    plant(audience=make_audience("Everybody"))
    south = make_region()
    ours, theirs = make_dealer(region=south), make_dealer(region=make_region(), currency="KZT")
    publish(draft, principal_of(make_staff(StaffRole.PROGRAMME)))
    page = NewsPage.objects.filter(locale__language_code="ru").get()
    page.get_latest_revision().publish()
    seen = [
        NewsPage.objects.visible_to(principal_of(make_member(Role.OWNER, dealer=one))).exists()
        for one in (ours, theirs)
    ]
    assert seen == [True, False]
    audience = Audience.objects.get(pk=page.audience_id)
    assert (list(audience.regions.all()), audience.dealers.count()) == ([south], 0)
    stranger = make_dealer(region=south, currency="KZT")
    inside = {one.pk: one.home_region.path for one in (ours, theirs, stranger)}
    assert regions_of(inside, {ours.pk}) == [], "where a region is mixed, the dealers are named"
    assert regions_of(inside, {ours.pk, stranger.pk}) == [south]


def told(programme, by, *dealers) -> list[bool]:
    """Which of the dealers' owners would read the announcement of a programme."""
    audience = concerned(programme, by)
    assert audience is not None
    return [
        AudienceSet.objects.filter(dealer=one, role=Role.OWNER, audience_ids__contains=[audience.pk]).exists()
        for one in dealers
    ]


def test_those_are_told_whom_the_programme_covers(principal_of) -> None:
    by = principal_of(make_staff(StaffRole.PROGRAMME))
    south, brand = make_region("south", name="South"), make_brand("Tveron")
    town = make_region("town", parent=south, name="Town")
    dealers = [make_dealer(region=one) for one in (south, town, make_region("east"))]
    everywhere, regional = make_programme(), make_programme(region=south)
    assert told(regional, by, *dealers) == [True, True, False]
    assert told(everywhere, by, *dealers) == [False, False, True], "a nearer region has its own"
    local = make_programme(region=town)
    assert told(local, by, *dealers) == [False, True, False]
    assert told(regional, by, *dealers) == [True, False, False], "another audience than before the town had its own"
    assert told(make_programme(brand=brand), by, *dealers) == [True, True, True], "of a brand it is the only one"
    foreign = make_dealer(region=south, currency="KZT")
    assert told(regional, by, *dealers, foreign) == [True, False, False, False], "the dealers are named"
    assert concerned(make_programme(currency="KZT", region=town), by) is None, "nobody there has this currency"
    names = set(Audience.objects.values_list("name", flat=True))
    assert {"Партнёрская программа, RUB, South", "Партнёрская программа, RUB, South, кроме Town"} <= names


def test_it_says_the_brand_exceptions_and_premiums(principal_of) -> None:
    plant(audience=make_audience("Everybody"))
    brand, south = make_brand("Tveron"), make_region(name="South")
    draft = ProgrammeDraft.objects.create(name_ru="Рост", name_en="Growth", brand=brand, region=south)
    tier = DraftTier.objects.create(draft=draft, code="one", name_ru="Первый", name_en="One", threshold=0, discount=4)
    DraftException.objects.create(tier=tier, category=make_category(name="Drills"), discount=2)
    premium = DraftPremium.objects.create(
        draft=draft, name_ru="Бонус", name_en="Bonus", kind="stepped", period="quarter"
    )
    for threshold, percent in ((0, 1), (1000, 2)):
        DraftSlice.objects.create(premium=premium, threshold=threshold, percent=percent)
    publish(draft, principal_of(make_staff(StaffRole.PROGRAMME)))
    page = NewsPage.objects.get(locale__language_code="en")
    assert page.title.startswith("New partner programme for Tveron from ")
    assert page.title.endswith(": South")
    assert "your discount on articles of Tveron follows" in page.lede
    said = str(page.body)
    for words in (
        "articles of Tveron alone, beside the programme for all articles",
        "discount 4%. Other discounts: Drills – 2%.",
        "Premium “Bonus”, calendar quarter: from ₽0.00 – 1%, from ₽1,000.00 – 2%. Each slice",
    ):
        assert words in said, said
