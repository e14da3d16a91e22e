"""Drafts shown outside the admin, for minutes."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.principals import Principal, of_user
from portal.lib.errors import Missing

from ..models import DraftPreview, PortalPage

PREVIEW_LASTS = timedelta(minutes=15)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def keep_preview(*, by: Principal, page: PortalPage, at: datetime) -> str:
    """Keeps a draft as it is now for a headless front end; gives the token that opens it for PREVIEW_LASTS.

    Raises NotAllowed for whoever does not edit. Previews past their time go with every new one.
    """
    by.require(Right.EDIT_CONTENT)
    DraftPreview.objects.filter(expires_at__lt=at).delete()
    token = secrets.token_urlsafe(32)
    DraftPreview.objects.create(
        token_hash=token_hash(token),
        content_type=ContentType.objects.get_for_model(type(page)),
        content=json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder)),
        made_by_id=cast(int, by.user_id),
        expires_at=at + PREVIEW_LASTS,
    )
    return token


def open_preview(*, token: str, at: datetime) -> tuple[PortalPage, Principal]:
    """The draft behind a token and the editor who made it, through whose eyes it is read.

    Raises Missing for an unknown or expired token, and when its maker edits no longer.
    """
    kept = (
        DraftPreview.objects.filter(token_hash=token_hash(token), expires_at__gt=at).select_related("made_by").first()
    )
    editor = of_user(kept.made_by) if kept else Principal.nobody()
    model: Any = kept.content_type.model_class() if kept else None
    if kept is None or model is None or not editor.may(Right.EDIT_CONTENT):
        raise Missing(_("This preview has ended. Open it again in the editor."))
    return model.from_serializable_data(kept.content), editor
