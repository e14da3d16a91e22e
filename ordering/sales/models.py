"""The sales ledger: the one append-only record of what was sold, by document line."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Dealer
from ordering.catalog.models import Product
from ordering.clients.models import DealerClient

from .enums import EntryKind, Source
from .querysets import LedgerQuerySet

REFUSE = """
RAISE EXCEPTION 'The sales ledger is append-only: % refused. Post a correction under a document line of its own.', TG_OP
    USING ERRCODE = 'restrict_violation';
"""


class LedgerEntry(models.Model):
    """One statement about one document line. Returns are negative; an error is mended by a later entry."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="+", db_index=False, verbose_name=_("dealer"))
    date = models.DateField(_("date"), help_text=_("Business date at the head office"))
    document = models.CharField(_("document"), max_length=64)
    line = models.CharField(_("line"), max_length=32, help_text=_("Key of the line within the document"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("article")
    )
    client = models.ForeignKey(
        DealerClient, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    net = models.DecimalField(_("net amount"), max_digits=16, decimal_places=2, help_text=_("Without tax"))
    currency = models.CharField(_("currency"), max_length=3)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("sales ledger")
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "document", "line"], name="ledger_line_stated_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_kind_is_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="ledger_source_is_known"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_currency_is_iso_4217"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.RETURNED.value) | Q(net__lte=0, quantity__lte=0),
                name="ledger_returns_are_negative",
            ),
        ]
        indexes = [
            # Volumes of a window and a dealer's history are sums over one stretch of this index.
            models.Index(fields=["dealer", "currency", "kind", "date"], include=["net"], name="ledger_volume"),
            BrinIndex(fields=["date"], name="ledger_by_date"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func=REFUSE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}/{self.line} {self.kind}"

    @property
    def sku(self) -> str:
        """The article's SKU; empty where the document names none."""
        return self.product.sku if self.product else ""

    @property
    def client_name(self) -> str:
        """The client's name on the dealer's own card; empty where it is not known."""
        return self.client.name if self.client else ""
