"""Why something about a client was refused. Nothing was changed."""

from typing import ClassVar

from portal.lib.errors import Conflict, DomainError, Invalid


class BadTaxId(Invalid):
    """Not a tax id: a digit is missing, or the check digit does not fit."""

    code = "tax_id_invalid"


class ChecksUsedUp(DomainError):
    """The dealer has asked as often today as anybody may."""

    code = "checks_used_up"
    status: ClassVar[int] = 429


class ClientTaken(Conflict):
    """Somebody's claim on this client is in force or under review for these days. Never says whose."""

    code = "client_taken"


class ClientListed(Conflict):
    """The client is on the dealer's list already."""

    code = "client_listed"


class TooManyClaims(Conflict):
    """The dealer has as many claims under review as one may have."""

    code = "too_many_claims"
