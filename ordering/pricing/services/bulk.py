"""Rules over many prices of a draft."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Right

from ..enums import EditKind
from ..errors import EditRefused, PricesMoved
from ..models import DraftEdit, PriceListVersion
from ..queries.bulk import FINGERPRINT, rule_question
from ..rules.bulk import BulkRule
from .drafts import HIGHEST, editing, locked_draft, note

if TYPE_CHECKING:
    from accounts.principals import Principal
    from ordering.catalog.querysets import ProductQuerySet

KEPT: Final = """
    CREATE TEMPORARY TABLE rule_change ON COMMIT DROP AS
    {question} SELECT product_id, min_quantity, former, coming FROM changes WHERE former IS DISTINCT FROM coming
"""
DONE: Final = (
    """
    DELETE FROM pricing_price p USING rule_change c
    WHERE p.version_id = %s AND c.coming IS NULL AND (p.product_id, p.min_quantity) = (c.product_id, c.min_quantity)
    """,
    """
    UPDATE pricing_price p SET amount = c.coming FROM rule_change c
    WHERE p.version_id = %s AND c.former IS NOT NULL AND c.coming IS NOT NULL
        AND (p.product_id, p.min_quantity) = (c.product_id, c.min_quantity)
    """,
    """
    INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT %s, product_id, min_quantity, coming FROM rule_change WHERE former IS NULL
    """,
)


def refuse_rule(version: PriceListVersion, rule: BulkRule) -> None:
    """Raises EditRefused for prices that are not comparable: another currency, or the other side of the tax."""
    if not -100 < rule.percent <= 1000:
        raise EditRefused(_("The percent is more than −100 and at most 1000."), field="percent")
    if not rule.source_id:
        return
    ours = version.price_list
    source = PriceListVersion.objects.select_related("price_list").filter(pk=rule.source_id).first()
    if source is None:
        raise EditRefused(_("There is no such version."), field="source")
    theirs = source.price_list
    if theirs.currency != ours.currency:
        raise EditRefused(
            _("These prices are in %(theirs)s, the draft in %(ours)s. Prices are never converted.")
            % {"theirs": theirs.currency, "ours": ours.currency},
            field="source",
        )
    if theirs.tax_included != ours.tax_included:
        raise EditRefused(_("One of the two lists is with tax, the other without."), field="source")


def apply_rule(
    *,
    version: PriceListVersion,
    rule: BulkRule,
    articles: ProductQuerySet,
    fingerprint: str,
    reason: str,
    by: Principal,
    made_at: dt.datetime | None = None,
) -> DraftEdit:
    """Change the draft's prices of these articles by the rule, as it was looked at (`queries.bulk.rule_changes`).

    Raises PricesMoved when the changes are no longer those of the fingerprint, EditRefused, Invalid without a reason,
    VersionPublished, DraftGone, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic():
        version = locked_draft(version.pk)
        refuse_rule(version, rule)
        question, values = rule_question(version, rule, articles, version.price_list.currency)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS rule_change")
            cursor.execute(KEPT.format(question=question), values)
            cursor.execute(FINGERPRINT.replace("FROM changes", "FROM rule_change"))
            found, highest = cursor.fetchone() or ("", None)
            if highest is not None and highest >= HIGHEST:
                raise EditRefused(_("A price would be too large. Check the percent."), field="percent")
            if found != fingerprint:
                raise PricesMoved(_("Prices have changed since you looked. Nothing was saved: look again."))
            with editing(
                version=version, kind=EditKind.RULE, reason=reason, by=by, made_at=made_at, rule=rule.as_json()
            ) as edit:
                cursor.execute("ANALYZE rule_change")
                for statement in DONE:
                    cursor.execute(statement, [version.pk])
        note(edit, by)
    return edit
