"""The people of a dealer, for its owner; and the door that an invitation opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.lib.errors import DomainError, Missing
from portal.lib.paging import page_of

from .. import services, sessions
from ..access import PortalRequest, page
from ..enums import Open, Right
from ..forms import InviteForm, RoleForm, WelcomeForm
from ..models import Invitation, Membership, User
from ..queries import colleagues
from ..tasks import wake_letters
from .common import answer, private, refused, telling


def _people(request: PortalRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    by = request.principal
    context = {
        "form": form,
        "page": page_of(colleagues(by), request.GET.get("page"), 50),
        "invitations": Invitation.objects.visible_to(by).filter(dealer=by.dealer_id).order_by("email"),
        "roles": form.fields["role"].choices,  # type: ignore[attr-defined]
    }
    return private(render(request, "accounts/people.html", context, status=status))


@page(Right.MANAGE_PEOPLE)
def people(request: PortalRequest) -> HttpResponse:
    """Everybody at the company, and the letters that wait for an answer. POST invites."""
    if request.method != "POST":
        return _people(request, InviteForm(initial={"language": request.principal.language}))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people(request, form, 422)
    try:
        services.invite(by=request.principal, dealer_id=request.principal.dealer_id, **form.cleaned_data)
    except DomainError as error:
        return _people(request, form, refused(form, error))
    wake_letters()
    messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    services.withdraw_invitation(by=request.principal, invitation_id=pk)
    messages.success(request, _("The invitation is withdrawn: its link does not work any more."))
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def change_role(request: PortalRequest, pk: int) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Missing(_("There is no such role."))
    with telling(request, _("The role is changed. It holds from their next click.")):
        services.change_role(by=request.principal, membership_id=pk, role=form.cleaned_data["role"])
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def demand_second_factor(request: PortalRequest, pk: int) -> HttpResponse:
    required = request.POST.get("required") == "yes"
    done = (
        _("They are asked for a second factor from now on.")
        if required
        else _("A second factor is their own choice now.")
    )
    with telling(request, done):
        services.demand_second_factor(by=request.principal, membership_id=pk, required=required)
    wake_letters()
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def reset_second_factor(request: PortalRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.visible_to(request.principal).select_related("user"), pk=pk)
    with telling(request, _("The second factor is reset. We wrote to %(name)s.") % {"name": membership.user}):
        services.reset_second_factor(by=request.principal, user=membership.user)
    wake_letters()
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def deactivate(request: PortalRequest, pk: int) -> HttpResponse:
    with telling(request, _("Access is closed. Sessions and API tokens have ended.")):
        services.deactivate(by=request.principal, membership_id=pk)
    return redirect("accounts:people")


@require_POST
@page(Right.MANAGE_PEOPLE)
def reactivate(request: PortalRequest, pk: int) -> HttpResponse:
    with telling(request, _("Access is open again, in the former role.")):
        services.reactivate(by=request.principal, membership_id=pk)
    return redirect("accounts:people")


@sensitive_post_parameters("password")
@page(Open.ANYONE, any_dealer=True)
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """A newcomer introduces themselves; who is here already joins after signing in."""
    invited = services.open_invitation(token)
    user = request.user if isinstance(request.user, User) else None
    known = User.objects.filter(email=invited.email).exists()
    context: dict[str, Any] = {"invited": invited, "user_here": user, "known": known, "here": request.path}
    if known or user:
        return _join(request, token, user, context)
    form = WelcomeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return answer(request, "accounts/invitation.html", form, **context)
    try:
        newcomer = services.accept_as_new(
            token=token, **form.cleaned_data, language=(get_language() or invited.language)[:2]
        )
    except DomainError as error:
        return answer(request, "accounts/invitation.html", form, refused(form, error), **context)
    sessions.begin(request, newcomer)
    return sessions.speak(redirect("/"), newcomer.language)


def _join(request: PortalRequest, token: str, user: User | None, context: dict[str, Any]) -> HttpResponse:
    if request.method != "POST" or user is None:
        return private(render(request, "accounts/invitation.html", context))
    membership = services.accept_as(user=user, token=token)
    if membership is not None:
        sessions.act_for(request, membership)
        messages.success(request, _("You act for %(dealer)s now.") % {"dealer": membership.dealer.name})
    return redirect("/")
