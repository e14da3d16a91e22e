"""What is kept no longer than it is needed."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..idempotency import KEPT_FOR
from ..models import ApiToken, IdempotencyKey, Invitation

SIGN_INS_KEPT_FOR = dt.timedelta(days=90)
INVITATIONS_KEPT_FOR = dt.timedelta(days=30)
ENROLMENT_KEPT_FOR = dt.timedelta(days=1)


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Deletes what is past its time; says how much of what. Harmless to repeat and to interrupt."""
    doomed = {
        "idempotency_keys": IdempotencyKey.objects.filter(created_at__lt=at - KEPT_FOR),
        "invitations": Invitation.objects.filter(expires_at__lt=at - INVITATIONS_KEPT_FOR),
        "api_tokens": ApiToken.objects.filter(expiry__lt=at),
        "unfinished_enrolments": TOTPDevice.objects.filter(confirmed=False, created_at__lt=at - ENROLMENT_KEPT_FOR),
        "sign_ins": AccessLog.objects.filter(attempt_time__lt=at - SIGN_INS_KEPT_FOR),
        "refused_sign_ins": AccessFailureLog.objects.filter(attempt_time__lt=at - SIGN_INS_KEPT_FOR),
        "counted_tries": AccessAttempt.objects.filter(attempt_time__lt=at - SIGN_INS_KEPT_FOR),
    }
    deleted = {name: rows.delete()[0] for name, rows in doomed.items()}
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return deleted
