"""The words of prices."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """Whom a price list is for. The narrowest that prices an article wins."""

    BASE = "base", _("Everyone")
    REGION = "region", _("A region")
    DEALER = "dealer", _("A dealer")


class StepKind(TextChoices):
    """The steps of a price receipt, in their order."""

    BASE = "base", _("Base price list")
    REGION = "region", _("Region's price list")
    DEALER = "dealer", _("Dealer's price list")
    CONTRACT = "contract", _("Contract")
    BREAK = "break", _("Quantity")
    TIER = "tier", _("Tier")
    PROMOTION = "promotion", _("Promotion")
    TAX = "tax", _("Tax")


# A list's step has the name of its scope.
LIST_STEPS = frozenset({StepKind.BASE, StepKind.REGION, StepKind.DEALER, StepKind.CONTRACT})


class FileFormat(StrEnum):
    """How a dealer takes the price list along."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class Suspicion(TextChoices):
    """Why a changed price may be a mistake."""

    DECIMAL_SIGN = "decimal_sign", _("the same digits: the decimal sign may be lost")
    THOUSANDFOLD = "thousandfold", _("about a thousandfold")
    MUCH = "much", _("more than 30 %")


class DealState(TextChoices):
    """Where a contract or promotion stands on a day."""

    DRAFT = "draft", _("Draft")
    COMING = "coming", _("To come")
    CURRENT = "current", _("In force")
    PAST = "past", _("Over")
