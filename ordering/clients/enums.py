from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegistrationState(TextChoices):
    """Where a dealer's claim on a client stands."""

    UNDER_REVIEW = "under_review", _("Under review")
    PROTECTED = "protected", _("Protected")
    ENDED = "ended", _("Ended")


class CheckAnswer(TextChoices):
    """All a dealer is ever told about a client of the network."""

    FREE = "free", _("Free")
    YOURS = "yours", _("Yours")
    PROTECTED = "protected", _("Protected")
    UNDER_REVIEW = "under_review", _("Under review")


class Evidence(TextChoices):
    """What a client was recognised by, the surest first."""

    TAX_ID = "tax_id", _("tax id")
    DOMAIN = "domain", _("web domain")
    PHONE = "phone", _("phone")
    NAME = "name", _("name and town")
