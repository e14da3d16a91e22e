"""People, the dealers they act for, and who belongs to which audience."""

from .audiences import Audience, AudienceSet
from .dealers import Dealer, DealerBrand, DealerTier, LegalEntity, Region
from .history import EVERY_CHANGE
from .people import ApiToken, Invitation, Membership, RecoveryCode, User, normalised
from .records import AuditEvent, IdempotencyKey, Letter

__all__ = [
    "EVERY_CHANGE",
    "ApiToken",
    "Audience",
    "AudienceSet",
    "AuditEvent",
    "Dealer",
    "DealerBrand",
    "DealerTier",
    "IdempotencyKey",
    "Invitation",
    "LegalEntity",
    "Letter",
    "Membership",
    "RecoveryCode",
    "Region",
    "User",
    "normalised",
]
