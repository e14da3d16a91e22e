"""Who is locked out after too many wrong passwords: a name at an address, never a whole office (django-axes counts)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.formats import clock

from .errors import LockedOut
from .models import normalised


def client_address(request: HttpRequest) -> str:
    """The caller's address. A forwarded header is believed only as far as PROXY_COUNT proxies of ours wrote it."""
    proxies = getattr(settings, "PROXY_COUNT", 0)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return str(forwarded[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """For axes: the name as accounts keep it, so that `A@x` and `a@x` share one count."""
    given = credentials or {}
    return normalised(given.get("username") or given.get("email") or request.POST.get("email"))


def keep_answer(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """For axes: our own views have already said it."""
    return response


def refuse_locked(request: HttpRequest, email: str) -> None:
    """Raises LockedOut, saying when it ends. Asked before the password is looked at, known address or not."""
    credentials = {"username": normalised(email)}
    if AxesProxyHandler.is_allowed(request, credentials):
        return
    tries = AccessAttempt.objects.filter(username=normalised(email), ip_address=client_address(request))
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    raise locked_until(last + (get_cool_off(request) or dt.timedelta()))


def locked_until(moment: dt.datetime) -> LockedOut:
    """The refusal that says when to come back."""
    left = max(1, round((moment - timezone.now()).total_seconds()))
    # Rounded up to the minute: at the time we name, it works.
    shown = timezone.localtime(moment + dt.timedelta(seconds=59))
    return LockedOut(
        _("Too many tries. Try again after %(time)s, or set a new password.") % {"time": clock(shown)},
        until=moment.isoformat(timespec="seconds"),
        retry_after=left,
    )


def forgive(email: str) -> None:
    """Forgets the wrong tries of a name everywhere: its owner has just proved to be one."""
    reset(username=normalised(email))
