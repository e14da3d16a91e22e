"""Clients that are somebody: the portal's pages by a session, the API by a token."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from rest_framework.test import APIClient

from accounts.models import Membership, User
from accounts.queries import owes_second_factor
from accounts.sessions import MEMBERSHIP

from .factories import make_second_factor, make_token


class PortalClient(Client):
    """A browser signed in as a member or a head-office person, second factor given where it is owed.

    Forms carry the hidden `_membership` that `<c-form>` writes, unless the data has its own.
    """

    def __init__(self, who: Membership | User, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.membership = who if isinstance(who, Membership) else None
        self.user = who.user if isinstance(who, Membership) else who
        self.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        session = self.session
        if self.membership:
            session[MEMBERSHIP] = self.membership.pk
        if owes_second_factor(self.user):
            device = self.user.totpdevice_set.filter(confirmed=True).first() or make_second_factor(self.user)
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
        # As the sign-in does: the person's language.
        self.cookies["django_language"] = self.user.language

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        if (data is None or isinstance(data, dict)) and not args and "content_type" not in kwargs:
            data = {"_membership": self.membership.pk if self.membership else "", **(data or {})}
        return super().post(path, data, *args, **kwargs)


def api_client_of(who: Membership | User | None = None) -> APIClient:
    """A machine with a token of this member or head-office person; with nobody, a stranger."""
    client = APIClient()
    if who is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(who)}")
    return client
