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
