"""The sales ledger: the one append-only record of what was sold, by document line."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Dealer
from ordering.catalog.models import Category, Product
from ordering.clients.models import DealerClient

from .enums import EntryKind, Source
from .querysets import DailyTotalQuerySet, LedgerQuerySet

REFUSE = """
RAISE EXCEPTION 'The sales ledger is append-only: % refused. Post a correction under a document line of its own.', TG_OP
    USING ERRCODE = 'restrict_violation';
"""

# Held shared by whoever posts until the transaction ends, exclusively by whoever closes a period: so a decision never
# misses an entry that is being posted, and an entry never lands in a period that was just closed.
LEDGER_LOCK = 0x1ED6E5
OPEN = f"PERFORM pg_advisory_xact_lock_shared({LEDGER_LOCK}); RETURN NULL;"
# For whoever inserts without `post_entries`, which does the same for a whole statement at once: a look for each row costs
# more with every row of the transaction. The day an entry counts on is its own, or the first open one where a period is
# closed; the category is that of the day of posting: an article that moves in the catalogue takes no past sales along.
PLACE = """
NEW.counts_on := greatest(NEW.date, (
    SELECT closed.before FROM sales_periodclosing closed WHERE closed.currency = NEW.currency AND closed.kind = NEW.kind
));
NEW.category_id := (SELECT product.category_id FROM catalog_product product WHERE product.id = NEW.product_id);
RETURN NEW;
"""
TOTALS = """
INSERT INTO sales_dailytotal (dealer_id, currency, kind, category_id, date, net, quantity, entries)
SELECT dealer_id, currency, kind, category_id, counts_on, sum(net), sum(quantity), count(*)
FROM {entries} GROUP BY dealer_id, currency, kind, category_id, counts_on
"""
ADD_TO_TOTALS = f"{TOTALS.format(entries='added')}; RETURN NULL;"


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
    # Filled by a trigger.
    counts_on = models.DateField(
        _("counts on"), editable=False, help_text=_("the date, or later where its period was closed already")
    )
    # No foreign key in the database: that of the daily total, which is written with it, keeps the category.
    category = models.ForeignKey(
        Category, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, editable=False, related_name="+",
        verbose_name=_("category"),
    )  # fmt: skip

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
                name="open", level=pgtrigger.Statement, when=pgtrigger.Before, operation=pgtrigger.Insert, func=OPEN
            ),
            pgtrigger.Trigger(
                name="place",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__counts_on__isnull=True),
                func=PLACE,
            ),
            pgtrigger.Trigger(
                name="add_to_totals",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                func=ADD_TO_TOTALS,
            ),
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

    @property
    def is_late(self) -> bool:
        """Whether its period was closed when it came, so that it counts later."""
        return self.counts_on > self.date


class DailyTotal(models.Model):
    """Sums of entries by dealer, currency, kind, category and the day they count on: what volumes are read from.

    Written by a trigger in the statement that adds the entries. A key may have several rows, which add up: posting adds a
    row and never changes one, so that no two who post ever wait for each other. The worker merges them.
    """

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="+", db_index=False, verbose_name=_("dealer"))
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category"))
    date = models.DateField(_("date"))
    net = models.DecimalField(_("net amount"), max_digits=20, decimal_places=2)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    entries = models.IntegerField(_("entries"))

    objects = DailyTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        indexes = [
            models.Index(fields=["dealer", "currency", "kind", "date"], include=["net"], name="daily_total_volume"),
            models.Index(fields=["currency", "date"], name="daily_total_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.date} {self.kind} {self.net} {self.currency}"


class Demand(models.Model):
    """How much an article is asked for in the whole network, roughly: what stands first in search where words don't decide.

    `level` 1…4, each about four times the one before; an article without a row is at none. No dealer's figures can be read
    from it: see `services.count_demand`.
    """

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("article")
    )
    level = models.SmallIntegerField(_("level"))

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demand")
        constraints = [
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=4), name="demand_level_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.level}"


class PeriodClosing(models.Model):
    """Entries of a kind in a currency with dates before `before` are decided upon: what comes late counts from that day."""

    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    before = models.DateField(_("closed before"))

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        constraints = [models.UniqueConstraint(fields=["currency", "kind"], name="period_closing_once")]

    def __str__(self) -> str:
        return f"{self.currency} {self.kind} < {self.before}"
