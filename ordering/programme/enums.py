"""The words of the programme."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WindowKind(TextChoices):
    """Which days a volume is counted over."""

    ROLLING = "rolling", _("Rolling months")
    QUARTER = "quarter", _("Calendar quarter")
    YEAR = "year", _("Calendar year")


class EvaluationMoment(TextChoices):
    """On which days tiers are decided anew."""

    MONTHLY = "monthly", _("First day of a month")
    QUARTERLY = "quarterly", _("First day of a quarter")
    YEARLY = "yearly", _("First day of a year")


class AwardReason(TextChoices):
    """Why a dealer holds a tier."""

    VOLUME = "volume", _("By volume")
    MANUAL = "manual", _("By decision")


class ProposalState(TextChoices):
    """What became of a tier asked for by hand."""

    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class PremiumKind(TextChoices):
    """How a premium comes of the volume of its period."""

    RETROSPECTIVE = "retrospective", _("On the whole volume, back to the first rouble")
    STEPPED = "stepped", _("Each slice of the volume at its own rate")


class PremiumPeriod(TextChoices):
    """What a premium is reckoned over."""

    QUARTER = "quarter", _("Calendar quarter")
    YEAR = "year", _("Calendar year")


class NoticeKind(TextChoices):
    """What a dealer's owners are written about."""

    CHANGED = "changed", _("Another tier holds")
    ENDING = "ending", _("The tier is about to be lost")
    NEAR = "near", _("The next tier is near")
