"""What the pages of accounts share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.lib.errors import DomainError

from .. import sessions
from ..errors import LockedOut, SignInRefused
from ..forms import PersonsForm
from ..models import User


def person(request: HttpRequest) -> User:
    """Who is signed in: for pages that nobody else can open."""
    return cast(User, request.user)


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where the person was going: an address of ours, or the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default


def private(response: HttpResponse) -> HttpResponse:
    """Not to be kept by any browser: it shows a secret, or holds a form that lets somebody in."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def answer(
    request: HttpRequest, template: str, form: PersonsForm, status: int = 200, **context: object
) -> HttpResponse:
    """A page with a form; 422 when the form was refused."""
    if status == 200 and form.errors:
        status = 422
    return private(render(request, template, {"form": form, **context}, status=status))


def refused(form: PersonsForm, error: DomainError) -> int:
    """Takes a refusal into the form; gives the status to answer with."""
    form.refuse(error)
    return error.status


@contextmanager
def telling(request: HttpRequest, done: str) -> Iterator[None]:
    """Says on the next page that it is done, or why a service refused it."""
    try:
        yield
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def confirms(request: HttpRequest, user: User, form: PersonsForm, field: str = "password") -> bool:
    """Whether the password in this field is the person's own. Wrong ones count as wrong sign-ins do."""
    try:
        sessions.check_password(request, email=user.email, password=form.cleaned_data[field])
    except SignInRefused:
        form.add_error(field, _("The password did not match. Check the keyboard layout and Caps Lock."))
    except LockedOut as error:
        form.add_error(field, str(error))
    return form.is_valid()
