"""Publishing, unpublishing, moving and deleting leave their marks in the same transaction; the clock publishes what is due."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from content import services
from content.models import GuidePage, PortalPage, Publication
from content.tasks import publish_scheduled
from search.models import Change
from tests.factories import make_audience
from tests.factories_content import make_guide, make_section, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked():
    """The keys marked since the last call."""

    def take():
        keys = {(change.kind, change.key) for change in Change.objects.all()}
        Change.objects.all().delete()
        return keys

    return take


def key(page):
    return ("page", str(page.translation_key))


def test_publishing_and_unpublishing_mark_the_page(marked):
    guide = make_guide()
    assert key(guide) in marked()
    guide.save_revision()
    assert marked() == set()
    publish(guide)
    assert marked() == {key(guide)}
    guide.unpublish()
    assert marked() == {key(guide)}


def test_a_section_marks_everything_below_it(marked):
    section = make_section()
    deeper = make_section(parent=section)
    guide = make_guide(section=deeper)
    beside = make_guide(section=make_section())
    marked()
    publish(section, audience=make_audience())
    assert marked() == {key(section), key(deeper), key(guide)}
    section.refresh_from_db()
    section.unpublish()
    assert marked() == {key(section), key(deeper), key(guide)}
    section.refresh_from_db()
    section.move(beside.get_parent(), pos="last-child")
    assert marked() == {key(section), key(deeper), key(guide)}


def test_deleting_marks_what_went(marked):
    section = make_section()
    guide = make_guide(section=section)
    draft = make_guide(section=section, live=False)
    marked()
    PortalPage.objects.get(pk=section.pk).delete()
    assert marked() == {key(section), key(guide), key(draft)}


def test_a_rolled_back_publishing_leaves_no_mark_and_no_version(marked):
    guide = make_guide()
    marked()
    versions = Publication.objects.count()

    def publish_and_fail():
        with transaction.atomic():
            publish(guide, title="Новое")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert marked() == set()
    assert Publication.objects.count() == versions
    guide.refresh_from_db()
    assert guide.title != "Новое"


def test_a_listener_that_fails_undoes_the_publishing(monkeypatch):
    """The page, its version and its mark are one transaction: without it the page would be live and unfindable."""
    guide = make_guide(live=False)

    def broken(pages):
        raise RuntimeError

    monkeypatch.setattr(services, "mark_changed", broken)
    with pytest.raises(RuntimeError):
        guide.save_revision().publish()
    assert (GuidePage.objects.get(pk=guide.pk).live, Publication.objects.filter(page=guide).count()) == (False, 0)


def test_every_publication_has_its_number_and_author():
    guide = make_guide()
    publish(guide, significance="major")
    found = Publication.objects.filter(page=guide).order_by("number").values_list("number", "significance")
    assert list(found) == [(1, "notable"), (2, "major")]


def test_scheduled_page_goes_live_with_the_clock():
    guide = make_guide(go_live_at=timezone.now() + dt.timedelta(minutes=5))
    assert (guide.live, Publication.objects.filter(page=guide).count()) == (False, 0)
    publish_scheduled(0)
    guide.refresh_from_db()
    assert guide.live is False
    services.publish_due(at=timezone.now() + dt.timedelta(minutes=6))
    guide.refresh_from_db()
    assert guide.live is False  # Wagtail looks at its own clock: still in the future


def test_due_page_is_published_and_expired_page_taken_down(marked):
    soon = timezone.now() + dt.timedelta(minutes=5)
    due, expired = make_guide(go_live_at=soon), make_guide(expire_at=soon)
    past = timezone.now() - dt.timedelta(minutes=1)
    revision = due.latest_revision
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    GuidePage.objects.filter(pk=expired.pk).update(expire_at=past)
    marked()
    publish_scheduled(0)
    due.refresh_from_db()
    expired.refresh_from_db()
    assert (due.live, expired.live, expired.expired) == (True, False, True)
    assert marked() == {key(due), key(expired)}
    assert Publication.objects.filter(page=due).count() == 1


def test_one_page_that_fails_does_not_hold_up_the_others(monkeypatch):
    past = timezone.now() - dt.timedelta(minutes=1)
    first, second = make_guide(), make_guide()
    for number, page in enumerate((first, second)):
        GuidePage.objects.filter(pk=page.pk).update(expire_at=past + dt.timedelta(seconds=number))
    unpublish = GuidePage.unpublish

    def broken(self, **kwargs):
        if self.pk == first.pk:
            raise RuntimeError
        return unpublish(self, **kwargs)

    monkeypatch.setattr(GuidePage, "unpublish", broken)
    assert services.publish_due(at=timezone.now()) == 1
    assert list(GuidePage.objects.filter(live=True).values_list("pk", flat=True)) == [first.pk]
