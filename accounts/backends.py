"""What Django and Wagtail ask about permissions, answered from the one table of rights."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from .models import User

ADMIN_DOOR = "wagtailadmin.access_admin"


class RightsBackend(BaseBackend):
    """Opens the Wagtail admin to people of the head office, and to nobody else: no group can give it away.

    That they have given a second factor is the middleware's to see: before it, no page of `/cms/` answers.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm == ADMIN_DOOR and isinstance(user_obj, User) and user_obj.is_active and user_obj.is_head_office
