"""The words of prices."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class ChangeKind(TextChoices):
    """What became of a price since a former list. Renamed: the price is what it was, the SKU is not."""

    CHANGED = "changed", _("changed")
    NEW = "new", _("new")
    GONE = "gone", _("gone")
    RENAMED = "renamed", _("new SKU")


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


class Shown(TextChoices):
    """Which articles the grid of prices shows, by what its columns say of them."""

    ALL = "all", _("All articles")
    PRICED = "priced", _("With a price")
    UNPRICED = "unpriced", _("Without a price")
    CHANGED = "changed", _("Changed in a draft")
    SUSPICIOUS = "suspicious", _("Suspicious in a draft")


class EditKind(TextChoices):
    """How a draft of a price list was changed."""

    TYPED = "typed", _("Typed in")
    RULE = "rule", _("By a rule")
    UNDO = "undo", _("Undone")


class Rounding(TextChoices):
    """What a price made by a rule ends in: the nearest such price, half-up, never zero."""

    MINOR = "minor", _("to the kopeck or cent")
    WHOLE = "whole", _("to whole units")
    TENS = "tens", _("to tens")
    HUNDREDS = "hundreds", _("to hundreds")
    ENDS_90 = "ends_90", _("ending in .90")
    ENDS_99 = "ends_99", _("ending in .99")
    NONE = "none", _("not at all: four digits after the point")


class Change(TextChoices):
    """How one version of prices differs from another."""

    ALL = "all", _("all changes")
    RAISED = "raised", _("raised")
    LOWERED = "lowered", _("lowered")
    NEW = "new", pgettext_lazy("prices", "new")
    GONE = "gone", pgettext_lazy("prices", "gone")
    SUSPICIOUS = "suspicious", pgettext_lazy("prices", "suspicious")
