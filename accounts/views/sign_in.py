"""Signing in and out, the dealer one acts for, the language."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.lib.errors import DomainError, Missing, NotAllowed

from .. import principals, sessions
from ..access import PortalRequest, page
from ..enums import Language, Open
from ..forms import SignInForm
from ..models import User
from ..services import audit
from .common import answer, person, refused, safe_next


@never_cache
@sensitive_post_parameters("password")
@page(Open.ANYONE, any_dealer=True)
def sign_in(request: PortalRequest) -> HttpResponse:
    """E-mail and password; whoever owes a second factor is led on to it by the middleware."""
    if request.method != "POST" and not request.principal.is_anonymous:
        return redirect(safe_next(request))
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return answer(request, "accounts/sign_in.html", form, next=safe_next(request, ""))
    try:
        user = sessions.check_password(
            request, email=form.cleaned_data["email"], password=form.cleaned_data["password"]
        )
    except DomainError as error:
        return answer(request, "accounts/sign_in.html", form, refused(form, error), next=safe_next(request, ""))
    sessions.begin(request, user, stay=form.cleaned_data["stay"])
    return sessions.speak(redirect(safe_next(request)), user.language)


@require_POST
@page(Open.ANYONE, any_dealer=True)
def sign_out(request: PortalRequest) -> HttpResponse:
    sessions.end(request)
    return redirect("accounts:sign-in")


@require_POST
@page(Open.SIGNED_IN, any_dealer=True)
def switch(request: PortalRequest) -> HttpResponse:
    """Another dealer of the same person. What is open in other tabs belongs to the former one and is refused there."""
    wanted = request.POST.get("membership", "")
    memberships = person(request).memberships.in_force().select_related("dealer")
    membership = memberships.filter(pk=wanted).first() if wanted.isdecimal() else None
    if membership is None or request.principal.is_head_office:
        raise Missing(_("You do not act for this company."))
    sessions.act_for(request, membership)
    audit(by=principals.of_membership(membership), verb="dealer.switched", subject=membership.dealer)
    messages.success(request, _("You act for %(dealer)s now.") % {"dealer": membership.dealer.name})
    return redirect(safe_next(request))


@require_POST
@page(Open.ANYONE, any_dealer=True)
def language(request: PortalRequest) -> HttpResponse:
    """Kept in the browser, and with the person."""
    chosen = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if chosen not in Language.values:
        return response
    if isinstance(request.user, User) and request.user.language != chosen:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return sessions.speak(response, chosen)


@page(Open.ANYONE, any_dealer=True)
def admin_sign_in(request: PortalRequest) -> HttpResponse:
    """The Wagtail admin has no door of its own: it leads here, where the second factor is asked for."""
    if request.principal.is_anonymous:
        return redirect(f"/sign-in/?next={safe_next(request, '/cms/')}")
    if not request.principal.is_head_office:
        raise NotAllowed(_("The head-office desk is for people of the head office."))
    return redirect(safe_next(request, "/cms/"))


@page(Open.ANYONE, any_dealer=True)
def closed(request: PortalRequest, rest: str = "") -> HttpResponse:
    """Wagtail's own pages about people: accounts have theirs, which go through services."""
    raise Missing(_("There is nothing here. People are kept under “People” in the menu."))
