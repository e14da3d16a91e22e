"""The API's one permission class. Apart from `accounts.access`, whose views DRF cannot import while it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.lib.errors import NotAllowed

from . import principals
from .enums import Open, Right

if TYPE_CHECKING:
    from rest_framework.views import APIView


class DeclaredAccess(BasePermission):
    """The API's one permission: the view's own `access`; a view without one is closed to everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        access = getattr(view, "access", None)
        if isinstance(access, Mapping):
            method = request.method or ""
            # A method that the view does not have is 405 for whoever is signed in, not a right that is missing.
            unknown = None if hasattr(view, method.lower()) else Open.SIGNED_IN
            access = access.get(method, access.get("*", unknown))
        if access is Open.ANYONE:
            return True
        principal = principals.of_request(request)
        if access is None or principal.is_anonymous:
            return False
        if isinstance(access, Right) and not principal.may(access):
            raise NotAllowed(_("Your role does not include this. Ask the owner at your company."), right=str(access))
        return True
