"""A forgotten password."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portal.lib.errors import DomainError

from .. import services
from ..access import PortalRequest, page
from ..enums import Open
from ..forms import ForgottenForm, NewPasswordForm
from ..lockout import client_address
from ..models import normalised
from ..tasks import wake_letters
from .common import answer, private, refused

LETTERS_AN_HOUR = 3  # to one address
REQUESTS_AN_HOUR = 60  # from one


@page(Open.ANYONE, any_dealer=True)
def forgotten(request: PortalRequest) -> HttpResponse:
    """The same answer, after the same work, for every address, known or not."""
    form = ForgottenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return answer(request, "accounts/forgotten.html", form)
    email = normalised(form.cleaned_data["email"])
    if _within(f"forgotten-{email}", LETTERS_AN_HOUR) and _within(
        f"forgotten-from-{client_address(request)}", REQUESTS_AN_HOUR
    ):
        services.ask_password_reset(email=email, language=(get_language() or "ru")[:2])
        wake_letters()
    return private(render(request, "accounts/forgotten_sent.html", {"email": email}))


def _within(key: str, limit: int) -> bool:
    """Counts one more within the hour; whether there is still room."""
    cache.add(key, 0, 3600)
    return bool(cache.incr(key) <= limit)


@sensitive_post_parameters("password")
@page(Open.ANYONE, any_dealer=True)
def reset(request: PortalRequest, uid: str, token: str) -> HttpResponse:
    """A new password by the letter's link. It lets nobody in: the sign-in, and its second factor, come after it."""
    person = services.person_of_link(uid, token)
    if person is None:
        return private(render(request, "accounts/link_void.html", status=410))
    form = NewPasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return answer(request, "accounts/reset.html", form, person=person)
    try:
        services.reset_password(
            user=person, password=form.cleaned_data["password"], revoke_tokens=form.cleaned_data["revoke_tokens"]
        )
    except DomainError as error:
        return answer(request, "accounts/reset.html", form, refused(form, error), person=person)
    wake_letters()
    messages.success(request, _("The password is set. Sign in with it."))
    return redirect("accounts:sign-in")
