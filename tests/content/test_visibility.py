"""Who sees which page: by role, audience, what lies above, and life."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role, StaffRole
from accounts.principals import Principal
from content.models import GuidePage, NewsPage, PortalPage
from content.querysets import PortalPageQuerySet
from tests.factories import make_audience, make_dealer, make_member, make_region, make_staff
from tests.factories_content import everyone, make_guide, make_homes, make_news, make_section, make_translation, publish

pytestmark = pytest.mark.django_db


def titles(principal, model=GuidePage):
    return sorted(model.objects.visible_to(principal).values_list("title", flat=True))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_what_is_for_everyone(role, principal_of):
    make_guide("For all")
    assert titles(principal_of(make_member(role))) == ["For all"]


def test_audience_of_the_page_decides(principal_of):
    owners = make_audience(roles=[Role.OWNER])
    make_guide("For owners", audience=owners)
    dealer = make_dealer()
    assert titles(principal_of(make_member(Role.OWNER, dealer=dealer))) == ["For owners"]
    assert titles(principal_of(make_member(Role.READER, dealer=dealer))) == []


def test_region_and_dealer_audiences(principal_of):
    south, north = make_region(), make_region()
    mine, other = make_dealer(region=south), make_dealer(region=north)
    section = make_section()
    make_guide("South", section=section, audience=make_audience(regions=[south]))
    make_guide("All but other", section=section, audience=make_audience(excluded_dealers=[other]))
    assert titles(principal_of(make_member(dealer=mine))) == ["All but other", "South"]
    assert titles(principal_of(make_member(dealer=other))) == []


def test_what_lies_above_narrows(principal_of):
    owners = make_audience(roles=[Role.OWNER])
    section = make_section("Owners only", audience=owners)
    deeper = make_section("Open shelf", parent=section)
    make_guide("Deep", section=deeper)
    dealer = make_dealer()
    reader = principal_of(make_member(Role.READER, dealer=dealer))
    assert titles(principal_of(make_member(Role.OWNER, dealer=dealer))) == ["Deep"]
    assert titles(reader) == []
    assert titles(reader, PortalPage) == ["Знания", "Knowledge"][::-1]


def test_without_the_ancestors_the_guide_would_leak(principal_of, monkeypatch):
    """Negative control: the page's own audience alone lets the reader in."""
    section = make_section(audience=make_audience(roles=[Role.OWNER]))
    make_guide("Deep", section=section)
    reader = principal_of(make_member(Role.READER))
    monkeypatch.setattr(PortalPageQuerySet, "visible_to", lambda self, who: self.filter(audience__in=who.audience_ids))
    assert titles(reader) == ["Deep"]


def test_unpublished_section_hides_its_subtree(principal_of):
    section = make_section()
    make_guide("On the shelf", section=section)
    member = principal_of(make_member())
    assert titles(member) == ["On the shelf"]
    section.unpublish()
    assert titles(member) == []


@pytest.mark.parametrize("role", list(StaffRole))
def test_head_office_reads_all_that_is_live(role, principal_of):
    section = make_section(audience=make_audience(roles=[Role.OWNER]))
    make_guide("For owners", section=section)
    make_guide("Draft", section=section, live=False)
    assert titles(principal_of(make_staff(role))) == ["For owners"]


def test_drafts_expired_and_scheduled_are_nobodys(principal_of):
    now = timezone.now()
    section = make_section()
    make_guide("Draft", section=section, live=False)
    make_guide("Scheduled", section=section, go_live_at=now + dt.timedelta(hours=1))
    expired = make_guide("Expired", section=section)
    # The clock has not come round yet: live by its flag, past by its time.
    GuidePage.objects.filter(pk=expired.pk).update(expire_at=now - dt.timedelta(seconds=1))
    make_guide("Live", section=section, expire_at=now + dt.timedelta(hours=1))
    for who in (make_member(), make_staff(StaffRole.EDITOR)):
        assert titles(principal_of(who)) == ["Live"]


def test_an_unpublished_change_is_not_shown(principal_of):
    guide = make_guide("Before")
    guide.title = "After"
    guide.save_revision()
    assert titles(principal_of(make_member())) == ["Before"]


def test_nobody_and_the_dealerless_see_nothing(principal_of):
    make_guide("For all")
    assert titles(Principal.nobody()) == []
    member = make_member(is_active=False)
    assert titles(principal_of(member.user)) == []


def test_no_audience_is_not_everyone(principal_of):
    """A principal without audiences sees nothing, though pages for everyone exist."""
    make_guide("For all")
    member = principal_of(make_member())
    assert titles(Principal(user_id=1, rights=member.rights)) == []


def test_in_language_prefers_the_readers_own(principal_of):
    homes = make_homes()
    russian, english = make_section(parent=homes["ru"]), make_section(parent=homes["en"])
    both = make_guide("Заказ", section=russian)
    make_translation(both, parent=english, title="Order")
    make_guide("Возврат", section=russian)
    principal = principal_of(make_member())

    def seen(language):
        return sorted(
            GuidePage.objects.visible_to(principal).in_language(language, principal).values_list("title", flat=True)
        )

    assert seen("en") == ["Order", "Возврат"]
    assert seen("ru") == ["Возврат", "Заказ"]


def test_a_translation_out_of_sight_does_not_hide_the_original(principal_of):
    homes = make_homes()
    original = make_guide("Заказ", section=make_section(parent=homes["ru"]))
    owners = make_audience(roles=[Role.OWNER])
    make_translation(original, parent=make_section(parent=homes["en"]), title="Order", audience=owners)
    principal = principal_of(make_member(Role.READER))
    seen = GuidePage.objects.visible_to(principal).in_language("en", principal)
    assert [page.title for page in seen] == ["Заказ"]


def test_one_query_whatever_the_number_of_pages(principal_of, django_assert_num_queries):
    section = make_section()
    for _ in range(5):
        make_news(section=section)
    principal = principal_of(make_member())
    with django_assert_num_queries(1):
        assert len(NewsPage.objects.visible_to(principal)) == 5


def test_moving_under_a_narrower_section_narrows(principal_of):
    guide = make_guide("Moves")
    reader = principal_of(make_member(Role.READER))
    assert titles(reader) == ["Moves"]
    guide.move(make_section(audience=make_audience(roles=[Role.OWNER])), pos="last-child")
    assert titles(reader) == []


def test_narrowing_a_section_narrows_at_once(principal_of):
    section = make_section()
    make_guide("On the shelf", section=section)
    reader = principal_of(make_member(Role.READER))
    publish(section, audience=make_audience(roles=[Role.OWNER]))
    assert titles(reader) == []
    publish(section, audience=everyone())
    assert titles(reader) == ["On the shelf"]
