"""Changes that an engine would not take: an administrator lets the worker try again, or gives them up."""

from __future__ import annotations

from django.db import transaction

from accounts.enums import Right
from accounts.principals import Principal
from accounts.services import audit
from portal.lib.errors import Missing
from search import feed
from search.models import Change


@transaction.atomic
def try_again(*, by: Principal, change_id: int) -> Change:
    """Gives a change that was set aside back to the engine. Raises NotAllowed, Missing; then nothing changed."""
    by.require(Right.ADMINISTER)
    return _done(feed.try_again(change_id), by, "search.tried_again")


@transaction.atomic
def give_up(*, by: Principal, change_id: int) -> Change:
    """Forgets a change that was set aside: the engine keeps what it has. Raises NotAllowed, Missing; then nothing changed."""
    by.require(Right.ADMINISTER)
    return _done(feed.drop(change_id), by, "search.given_up")


def _done(change: Change | None, by: Principal, verb: str) -> Change:
    if change is None:
        raise Missing("It is not set aside any more.")
    audit(by=by, verb=verb, subject=f"{change.kind} {change.key}", engine=change.engine)
    return change
