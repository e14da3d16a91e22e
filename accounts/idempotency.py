"""Exactly once: a key, its effect and its answer in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from portal.lib.errors import Invalid
from portal.lib.renderers import plain

from .errors import KeyReused
from .models import IdempotencyKey
from .principals import Principal

KEPT_FOR = dt.timedelta(days=7)
LONGEST = 200


@dataclass
class Attempt:
    """One try under a key. `result` is the kept answer when the key was used before, else None."""

    row: IdempotencyKey
    result: Any = None
    kept: bool = False

    def keep(self, result: Any) -> None:
        """The answer to give when the key comes again. JSON, not null; never a secret."""
        self.row.result = orjson.loads(orjson.dumps(result, default=plain))
        self.row.save(update_fields=["result"])
        self.kept = True


@contextmanager
def once(*, by: Principal, key: str, endpoint: str, body_hash: str) -> Iterator[Attempt]:
    """A transaction in which the effect of `key` happens once.

    The key is taken first: a second request with it waits here until the first has committed or rolled back, then
    finds its kept result (or, after a roll-back, does the work itself). `attempt.result` says which; the one who does
    the work calls `attempt.keep(...)`. Raises KeyReused when the key came with another body; then nothing changed.
    """
    if len(key) > LONGEST:
        raise Invalid(_("An Idempotency-Key has at most 200 characters."), field="Idempotency-Key")
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.get_or_create(
            user_id=by.require_person(),
            membership_id=by.membership_id or 0,
            endpoint=endpoint,
            key=key,
            defaults={"body_hash": body_hash},
        )
        if not is_new and row.body_hash != body_hash:
            raise KeyReused
        attempt = Attempt(row=row, result=None if is_new else row.result, kept=not is_new)
        yield attempt
        if not attempt.kept:
            # An effect without an answer would happen again with the next request: better not at all.
            raise RuntimeError(f"{endpoint} did its work under a key and kept no answer")
