"""What was changed in drafts of price lists: who, when, why, and every price before and after. Nothing here ever changes."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ordering.catalog.models import Product

from ..enums import EditKind
from .lists import REFUSED, PriceListVersion

KEEP = f"RAISE EXCEPTION 'What was changed in a price list stays said: % refused.', TG_OP {REFUSED};"


def kept() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="keep",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=KEEP,
    )


class DraftEdit(models.Model):
    """One save of a draft: prices typed in, a rule over many, or an earlier edit undone. Its prices are `PriceEdit`s."""

    # No keys in the database: what was changed stays said when the draft itself is thrown away.
    version = models.ForeignKey(
        PriceListVersion, models.DO_NOTHING, related_name="edits", db_constraint=False, verbose_name=_("version")
    )
    kind = models.CharField(_("how"), max_length=10, choices=EditKind.choices)
    reason = models.CharField(_("why"), max_length=300)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by whom")
    )
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EditKind.values), name="draft_edit_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="draft_edit_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind=EditKind.UNDO.value, undoes__isnull=False)
                | Q(~Q(kind=EditKind.UNDO.value), undoes=None),
                name="draft_edit_undoes_something",
            ),
        ]
        triggers = [kept()]

    def __str__(self) -> str:
        return self.reason


class PriceEdit(models.Model):
    """One price of a draft before and after a change, written by a trigger. `edit` is None for what went round the portal."""

    edit = models.ForeignKey(
        DraftEdit, models.PROTECT, null=True, related_name="prices", db_constraint=False, verbose_name=_("edit")
    )
    version = models.ForeignKey(
        PriceListVersion, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("version"),
    )  # fmt: skip
    product = models.ForeignKey(
        Product, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, verbose_name=_("article")
    )
    min_quantity = models.PositiveIntegerField(_("from quantity"))
    former = models.DecimalField(_("before"), max_digits=16, decimal_places=4, null=True)
    coming = models.DecimalField(_("after"), max_digits=16, decimal_places=4, null=True)
    changed_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("changed price")
        verbose_name_plural = _("changed prices")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["version", "product", "min_quantity"], name="price_edit_by_cell")]
        triggers = [kept()]

    def __str__(self) -> str:
        return f"{self.product_id} × {self.min_quantity}: {self.former} → {self.coming}"
