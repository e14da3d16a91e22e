"""The words of orders. Icons and colours of what a person sees are in `portal.lib.states`."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderStatus(TextChoices):
    """How far the order itself has come. What is draft in the trade's words is a cart here."""

    AWAITING_APPROVAL = "awaiting_approval", pgettext_lazy("order", "Awaiting approval")
    PLACED = "placed", pgettext_lazy("order", "Placed")
    CONFIRMED = "confirmed", pgettext_lazy("order", "Confirmed")
    IN_PROGRESS = "in_progress", pgettext_lazy("order", "In progress")
    COMPLETED = "completed", pgettext_lazy("order", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class Stage(TextChoices):
    """What a person sees, derived from the status and from what has become of the lines."""

    AWAITING_APPROVAL = "awaiting_approval", pgettext_lazy("order", "Awaiting approval")
    PLACED = "placed", pgettext_lazy("order", "Placed")
    CONFIRMED = "confirmed", pgettext_lazy("order", "Confirmed")
    IN_PROGRESS = "in_progress", pgettext_lazy("order", "In progress")
    PART_SHIPPED = "part_shipped", pgettext_lazy("order", "Part shipped")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    LATE = "late", pgettext_lazy("order", "Late")
    COMPLETED = "completed", pgettext_lazy("order", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


# Before anything is picked: what a dealer may still cancel.
CANCELLABLE = (OrderStatus.AWAITING_APPROVAL, OrderStatus.PLACED, OrderStatus.CONFIRMED)
OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
STAGES_OVER = (Stage.COMPLETED, Stage.CANCELLED)


class Payment(TextChoices):
    NONE = "none", pgettext_lazy("payment", "Not invoiced")
    PART = "part", pgettext_lazy("payment", "Part paid")
    FULL = "full", pgettext_lazy("payment", "Paid")
    OVERDUE = "overdue", pgettext_lazy("payment", "Overdue")


class EventKind(TextChoices):
    PLACED = "placed", _("placed")
    APPROVED = "approved", _("approved")
    CONFIRMED = "confirmed", _("confirmed")
    SHIPPED = "shipped", _("shipped")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


class LetterKind(TextChoices):
    """Which e-mail is owed."""

    PLACED = "placed", _("order placed")


class Severity(StrEnum):
    """What a problem with a cart means: it cannot be ordered, somebody must agree, or it is worth knowing."""

    BLOCKER = "blocker"
    APPROVAL = "approval"
    WARNING = "warning"


class Verdict(StrEnum):
    """The answer to one pasted line."""

    OK = "ok"
    CHOOSE = "choose"
    UNKNOWN = "unknown"
    DISCONTINUED = "discontinued"
    NOT_MULTIPLE = "not_multiple"
    SHORT = "short"
    MERGED = "merged"


# A pasted line with one of these goes into the cart as it is.
READY = (Verdict.OK, Verdict.MERGED)
