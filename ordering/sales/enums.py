"""The words of the ledger."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What happened to a document line."""

    ORDERED = "ordered", _("Ordered")
    SHIPPED = "shipped", _("Shipped")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned")
    CORRECTED = "corrected", _("Corrected")


class Source(TextChoices):
    """Who says so."""

    PORTAL = "portal", _("This portal")
    ERP = "erp", _("ERP")
    IMPORT = "import", _("Import")


class Measure(TextChoices):
    """What a sum of sales counts. Returns and corrections take away from what was shipped."""

    SHIPPED = "shipped", _("Shipped")
    ORDERED = "ordered", _("Ordered")
    PAID = "paid", _("Paid")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entry that add up to this measure."""
        if self is Measure.SHIPPED:
            return (EntryKind.SHIPPED, EntryKind.RETURNED, EntryKind.CORRECTED)
        return (self.value,)


class GroupBy(StrEnum):
    """What a sales history is broken down by."""

    MONTH = "month"
    CATEGORY = "category"
    PRODUCT = "product"
    CLIENT = "client"
