from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProductState(TextChoices):
    """Where an article is in its life."""

    ACTIVE = "active", _("Active")
    ANNOUNCED = "announced", _("Announced")
    DISCONTINUED = "discontinued", _("Discontinued")


class AvailabilityState(TextChoices):
    """What a person may expect when ordering now."""

    IN_STOCK = "in_stock", _("In stock")
    LOW = "low", _("Low stock")
    TO_ORDER = "to_order", _("To order")
    OUT = "out", _("Out of stock")
    DISCONTINUED = "discontinued", _("Discontinued")
