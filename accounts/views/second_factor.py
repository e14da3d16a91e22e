"""The second factor: given at sign-in, set up, replaced, switched off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lib.errors import DomainError

from .. import principals, services, sessions
from ..access import PortalRequest, page
from ..enums import Open
from ..forms import CodeForm, PasswordForm, ReplaceForm
from ..models import User
from ..qr import manual_key, qr_svg
from ..queries import must_have_second_factor, second_factor_of
from ..sessions import is_pending
from .common import answer, confirms, person, refused, safe_next


@page(Open.ANYONE, any_dealer=True)
def verify(request: PortalRequest) -> HttpResponse:
    """A code from the phone or from paper opens the portal. Who has no phone enrolled is led to do that."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(safe_next(request))
    if not is_pending(request):
        return redirect(safe_next(request))
    if second_factor_of(user) is None:
        return redirect(f"/second-factor/enrol/?next={safe_next(request)}")
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return answer(request, "accounts/second_factor.html", form, next=safe_next(request))
    try:
        device = services.prove(by=principals.NOBODY, user=user, code=form.cleaned_data["code"])
    except DomainError as error:
        return answer(request, "accounts/second_factor.html", form, refused(form, error), next=safe_next(request))
    sessions.prove(request, device, signs_in=True)
    return redirect(safe_next(request))


@page(Open.ANYONE, any_dealer=True)
def enrol(request: PortalRequest) -> HttpResponse:
    """Sets up a phone: the first one, or another in its place against the password and a code of the former.

    Neither a password alone nor an open session alone replaces a second factor that is there.
    """
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    if second_factor_of(user) is not None:
        if is_pending(request):
            return redirect("accounts:second-factor")
        if not sessions.may_replace(request):
            return _ask_for_former(request, user)
    device = services.begin_enrolment(user=user)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = services.confirm_enrolment(
                by=principals.of_user(user), user=user, code=form.cleaned_data["code"]
            )
        except DomainError as error:
            status = refused(form, error)
        else:
            sessions.prove(request, device, signs_in=is_pending(request))
            return _show_codes(request, codes)
    picture = {"qr": qr_svg(device.config_url), "key": manual_key(device), "key_url": device.config_url}
    required = must_have_second_factor(user)
    return answer(
        request, "accounts/enrol.html", form, status, **picture, required=required, next=safe_next(request, "/profile/")
    )


def _ask_for_former(request: PortalRequest, user: User) -> HttpResponse:
    """The password, and a code of the phone (or from paper) that is to be replaced."""
    form = ReplaceForm(request.POST or None)
    shown: dict[str, Any] = {"title": _("Replace the second factor")}
    if request.method != "POST" or not form.is_valid() or not confirms(request, user, form):
        return answer(request, "accounts/confirm.html", form, **shown)
    try:
        services.prove(by=principals.of_user(user), user=user, code=form.cleaned_data["code"])
    except DomainError as error:
        return answer(request, "accounts/confirm.html", form, refused(form, error), **shown)
    sessions.let_replace(request)
    return redirect("accounts:enrol")


@require_POST
@page(Open.SIGNED_IN)
def codes(request: PortalRequest) -> HttpResponse:
    """New recovery codes, against the password."""
    user, form = person(request), PasswordForm(request.POST)
    if not form.is_valid() or not confirms(request, user, form):
        return answer(request, "accounts/confirm.html", form, title=_("New recovery codes"))
    return _show_codes(request, services.new_recovery_codes(by=request.principal, user=user))


@require_POST
@page(Open.SIGNED_IN)
def switch_off(request: PortalRequest) -> HttpResponse:
    """Against the password, and only where nobody requires it."""
    user, form = person(request), PasswordForm(request.POST)
    if not form.is_valid() or not confirms(request, user, form):
        return answer(request, "accounts/confirm.html", form, title=_("Switch off the second factor"))
    services.switch_off_second_factor(by=request.principal, user=user)
    messages.success(request, _("The second factor is off. Your password alone opens the portal now."))
    return redirect("accounts:profile")


def _show_codes(request: PortalRequest, codes: list[str]) -> HttpResponse:
    """Shown in this answer and never again: neither the session nor the browser keeps them."""
    return answer(
        request, "accounts/recovery_codes.html", CodeForm(), codes=codes, next=safe_next(request, "/profile/")
    )
