"""What a transactional test leaves behind: nothing of its own, everything of the migrations."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from wagtail.models import Locale, Page

from accounts.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("run", [1, 2])
def test_each_run_finds_the_same_world(run: int) -> None:
    assert AuditEvent.objects.count() == 0
    assert Page.objects.filter(depth=1).count() == 1
    assert Locale.objects.exists()
    AuditEvent.objects.create(verb="test.ran")
    Page.objects.all().delete()


def test_the_tables_that_only_grow_still_refuse() -> None:
    """The control: the way past the triggers is the emptying's own."""
    AuditEvent.objects.create(verb="test.ran")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditevent")
