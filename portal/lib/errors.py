"""What people can do something about. Anything that is not a DomainError is a bug and answers 500."""

from typing import Any, ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """An expected refusal: nothing was changed, and the text says what to do.

    `code` is stable and part of the API; `status` is the HTTP status; `extra` goes into the answer as it is.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(self, message: str | Promise, *, field: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.extra = extra

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says beside its body."""
        return {}

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """This person may sign in but not do this."""

    code = "not_allowed"
    status = 403


class Missing(DomainError):
    """There is no such thing, or it is somebody else's: the same answer."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The world has moved on since the person looked."""

    code = "conflict"
    status = 409


class Invalid(DomainError):
    """The words are understood, what they ask for is not possible."""

    code = "invalid"
    status = 422


class TooMany(DomainError):
    """Asked more often than anybody may; `retry_after` is in how many seconds it is worth asking again."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str | Promise, *, retry_after: int, **extra: Any) -> None:
        super().__init__(message, **extra)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}
