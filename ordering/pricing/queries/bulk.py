"""What a rule would change in a draft, before anything is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from ..models import PriceListVersion
from ..rules.bulk import MADE, BulkRule
from .changes import CHANGES, COUNTS, MUCH, ROWS, PriceChange

if TYPE_CHECKING:
    from ordering.catalog.querysets import ProductQuerySet

SHOWN: Final = 50
# An article that the source prices gets the source's breaks, whole; the others keep theirs.
SOURCE: Final = """
    SELECT product_id, min_quantity, {amount} AS amount FROM pricing_price
    WHERE version_id = %(source)s AND product_id IN ({articles})
"""
FORMER: Final = """
    SELECT product_id, min_quantity, amount FROM pricing_price
    WHERE version_id = %(version)s AND product_id IN (
        SELECT product_id FROM pricing_price WHERE version_id = %(source)s AND product_id IN ({articles})
    )
"""
# Two looks at the same changes have the same one.
FINGERPRINT: Final = """
    SELECT md5(coalesce(string_agg(concat_ws(' ', product_id, min_quantity, coalesce(former, 0), coalesce(coming, 0)),
        ',' ORDER BY product_id, min_quantity), '')), max(coming)
    FROM changes WHERE former IS DISTINCT FROM coming
"""


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What a rule would do, in prices; `rows` are the first `SHOWN`, the most suspicious first.

    `fingerprint` is that of all of them: what is applied is what was looked at, or nothing.
    """

    raised: int
    lowered: int
    new: int
    gone: int
    same: int
    suspicious: int
    rows: list[PriceChange]
    fingerprint: str

    @property
    def count(self) -> int:
        return self.raised + self.lowered + self.new + self.gone


def rule_question(
    version: PriceListVersion, rule: BulkRule, articles: ProductQuerySet, currency: str
) -> tuple[str, dict[str, Any]]:
    """The changes of a rule as a common table `changes` with the values that it asks for."""
    sql, values = articles.order_by().values("pk").query.sql_with_params()
    numbers = count()
    named = re.sub(r"%s", lambda _found: f"%(a{next(numbers)})s", sql)
    asked = {f"a{n}": value for n, value in enumerate(values)}
    asked |= {"version": version.pk, "source": rule.source_id or version.pk, "much": MUCH, "shown": SHOWN}
    question = CHANGES.format(
        coming=SOURCE.format(amount=MADE, articles=named),
        former=FORMER.format(articles=named),
    )
    return question, asked | rule.values(currency)


def rule_changes(version: PriceListVersion, rule: BulkRule, articles: ProductQuerySet, currency: str) -> RuleChanges:
    """What the rule would change in the draft, for these articles. Three queries."""
    question, values = rule_question(version, rule, articles, currency)
    with connection.cursor() as cursor:
        cursor.execute(question + COUNTS, values)
        raised, lowered, new, gone, same, suspicious = cursor.fetchone() or (0,) * 6
        cursor.execute(question + ROWS.format(where="c.former IS DISTINCT FROM c.coming"), values | {"offset": 0})
        rows = [PriceChange(*row) for row in cursor.fetchall()]
        cursor.execute(question + FINGERPRINT, values)
        fingerprint = (cursor.fetchone() or ("",))[0]
    return RuleChanges(raised, lowered, new, gone, same, suspicious, rows, fingerprint)
