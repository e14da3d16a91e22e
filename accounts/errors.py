"""What people can do something about, in accounts."""

from django.utils.translation import gettext_lazy as _

from portal.lib.errors import Conflict, DomainError, Invalid, Missing


class DealerChanged(Conflict):
    """A form was opened for one dealer and sent after the person switched to another."""

    code = "dealer_changed"


class KeyReused(Invalid):
    """One idempotency key, two different requests."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was used for another request. Send the same body, or a new key."),
            field="Idempotency-Key",
        )


class SignInRefused(DomainError):
    """Wrong e-mail, password or code: the answer does not say which."""

    code = "sign_in_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("E-mail or password did not match. Check the keyboard layout and Caps Lock."))


class SecondFactorNeeded(DomainError):
    """The password or the token was right; the second factor is still owed."""

    code = "second_factor_required"
    status = 401


class CodeRefused(Invalid):
    """A wrong or used code of the second factor."""

    code = "code_refused"


class LockedOut(DomainError):
    """Too many wrong tries. `until` in extra: the moment it ends, ISO 8601; `retry_after` in seconds."""

    code = "locked_out"
    status = 429


class LastOwner(Conflict):
    """A dealer would be left without an owner."""

    code = "last_owner"


class InvitationVoid(Missing):
    """The link is unknown, used, replaced or too old: one answer."""

    code = "invitation_void"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This invitation no longer works. Ask the person who sent it to send it again."))
