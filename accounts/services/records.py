"""Who did what: the audit, and the history's context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import models, transaction

from ..models import AuditEvent, Letter, User, normalised
from ..principals import Principal


def audit(*, by: Principal, verb: str, subject: Any = "", dealer_id: int | None = None, **facts: Any) -> None:
    """Leaves an audit row in the current transaction.

    `verb` is `noun.happened` ("order.placed"); `subject` a text ("order 26-10418") or a model instance, of which only its
    kind and key are kept; `facts` are JSON and hold no personal data: people are named by their ids.
    """
    AuditEvent.objects.create(
        actor_id=by.user_id,
        dealer_id=dealer_id or by.dealer_id,
        role=str(by.role or ""),
        verb=verb,
        subject=subject_of(subject)[:120],
        facts=facts,
    )


def subject_of(subject: Any) -> str:
    """How the audit names a thing: `user 17`. Never by its text, which may be a person's name."""
    if isinstance(subject, models.Model):
        return f"{subject._meta.model_name} {subject.pk}"  # noqa: SLF001 (Django's public name for it)
    return str(subject)


@contextmanager
def acting(by: Principal, verb: str) -> Iterator[None]:
    """One transaction whose history rows say who acted and why."""
    with transaction.atomic(), pghistory.context(**by.as_context(), reason=verb):
        yield


def owe_letter(*, to: User | str, kind: str, language: str = "ru", **facts: Any) -> None:
    """Leaves a letter to be sent by `accounts.tasks`; to an address, when there is no person yet.

    An equal letter that still waits is not owed twice.
    """
    email = normalised(to.email if isinstance(to, User) else to)
    language = to.language if isinstance(to, User) else language
    Letter.objects.get_or_create(email=email, kind=kind, failures=0, facts=facts, defaults={"language": language})
