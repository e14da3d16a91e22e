"""A person's own page: name, language, password, second factor, tokens, data."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.lib.errors import DomainError

from .. import services, sessions
from ..access import PortalRequest, page
from ..enums import Open
from ..forms import ChangePasswordForm, EraseForm, PasswordForm, ProfileForm, TokenForm
from ..models import ApiToken, RecoveryCode
from ..queries import must_have_second_factor, second_factor_of
from ..tasks import wake_letters
from .common import answer, confirms, person, private, refused


def _profile(request: PortalRequest, status: int = 200, **shown: Any) -> HttpResponse:
    """The page with these forms in place of empty ones."""
    user = person(request)
    context = {
        "person": user,
        "form": ProfileForm(instance=user),
        "password_form": ChangePasswordForm(),
        "token_form": TokenForm(),
        "confirm_form": PasswordForm(),
        "device": second_factor_of(user),
        "codes_left": RecoveryCode.objects.filter(user=user).count(),
        "must_have_second_factor": must_have_second_factor(user),
        "tokens": ApiToken.objects.filter(user=user).select_related("membership__dealer").order_by("-created"),
        "memberships": user.memberships.in_force().select_related("dealer").order_by("dealer__name"),
        **shown,
    }
    return private(render(request, "accounts/profile.html", context, status=status))


@page(Open.SIGNED_IN, any_dealer=True)
def profile(request: PortalRequest) -> HttpResponse:
    if request.method != "POST":
        return _profile(request)
    form = ProfileForm(request.POST, instance=person(request))
    if not form.is_valid():
        return _profile(request, 422, form=form)
    user = form.save()
    messages.success(request, _("Saved."))
    return sessions.speak(redirect("accounts:profile"), user.language)


@require_POST
@sensitive_post_parameters("current", "password")
@page(Open.SIGNED_IN, any_dealer=True)
def password(request: PortalRequest) -> HttpResponse:
    user, form = person(request), ChangePasswordForm(request.POST)
    if not form.is_valid() or not confirms(request, user, form, "current"):
        return _profile(request, 422, password_form=form)
    try:
        services.change_password(
            by=request.principal, user=user, password=form.cleaned_data["password"],
            revoke_tokens=form.cleaned_data["revoke_tokens"],
        )  # fmt: skip
    except DomainError as error:
        return _profile(request, refused(form, error), password_form=form)
    sessions.keep_alive(request, user)
    wake_letters()
    messages.success(request, _("The password is changed. Other sessions have ended."))
    return redirect("accounts:profile")


@require_POST
@page(Open.SIGNED_IN, any_dealer=True)
def end_other_sessions(request: PortalRequest) -> HttpResponse:
    user = person(request)
    services.end_other_sessions(by=request.principal, user=user)
    sessions.keep_alive(request, user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:profile")


@require_POST
@page(Open.SIGNED_IN)
def make_token(request: PortalRequest) -> HttpResponse:
    """A token for the place the person acts in now; its text is in this answer and never shown again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _profile(request, 422, token_form=form)
    try:
        token, text = services.create_token(
            by=request.principal, **form.cleaned_data, second_factor=sessions.is_verified(request)
        )
    except DomainError as error:
        return _profile(request, refused(form, error), token_form=form)
    return _profile(request, new_token=token, new_token_text=text)


@require_POST
@page(Open.SIGNED_IN, any_dealer=True)
def revoke_token(request: PortalRequest, digest: str) -> HttpResponse:
    services.revoke_token(by=request.principal, digest=digest)
    messages.success(request, _("The token is revoked. Whatever used it gets no answer any more."))
    return redirect("accounts:profile")


@page(Open.SIGNED_IN, any_dealer=True)
def export(request: PortalRequest) -> HttpResponse:
    """Everything about the person as a JSON file."""
    user = person(request)
    services.audit(by=request.principal, verb="person.data_exported", subject=user)
    data = orjson.dumps(services.personal_data(user), default=str, option=orjson.OPT_INDENT_2)
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate()}.json"'
    return private(response)


@sensitive_post_parameters("password")
@page(Open.SIGNED_IN, any_dealer=True)
def erase(request: PortalRequest) -> HttpResponse:
    """Says what will happen, then does it against the password."""
    user, form = person(request), EraseForm(request.POST or None)
    if request.method != "POST" or not form.is_valid() or not confirms(request, user, form):
        return answer(request, "accounts/erase.html", form, person=user)
    try:
        services.erase_person(
            by=request.principal, user=user, at=timezone.now(), tell_manager=form.cleaned_data["tell_manager"]
        )
    except DomainError as error:
        return answer(request, "accounts/erase.html", form, refused(form, error), person=user)
    wake_letters()
    sessions.end(request)
    return private(render(request, "accounts/erased.html"))
