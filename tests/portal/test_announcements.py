"""A new programme is announced: drafted in both languages, for those whom it concerns, read by nobody before an editor has."""

import datetime as dt

import pytest

from accounts.enums import Role, StaffRole
from content.models import NewsPage
from content.services import plant
from ordering.programme.models import DraftTier, Programme, ProgrammeDraft
from ordering.programme.services import publish_draft
from portal.announcements import regions_of
from portal.lib.clock import business_date
from portal.lib.errors import NotAllowed
from tests.factories import make_audience, make_dealer, make_member, make_region, make_staff

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
    assert [region.pk for region in regions_of("RUB")] == [south.pk]
    make_dealer(region=south, currency="KZT")
    assert regions_of("RUB") == [], "where a region is mixed, the dealers are named"
