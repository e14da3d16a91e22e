"""Pages of the client base."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.errors import DomainError, Missing
from portal.lib.paging import page_of

from . import services
from .forms import ClientForm, RegistrationForm
from .models import ClientCheck
from .queries import checks_left, clients_of


@page(Right.VIEW_CLIENTS)
def client_list(request: PortalRequest) -> HttpResponse:
    """The dealer's own clients, under the blind check."""
    return list_page(request)


def list_page(
    request: PortalRequest, *, answer: ClientCheck | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    principal, today = request.principal, business_date()
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "page": page_of(clients_of(principal, words=words, on=today), request.GET.get("page")),
        "words": words,
        "left": checks_left(principal, today) if principal.dealer_id else None,
        "may_edit": principal.may(Right.EDIT_CLIENTS),
        "answer": answer,
        "asked": request.POST.get("query", ""),
        "refusal": refusal,
    }
    return render(request, "clients/list.html", context, status=refusal.status if refusal else 200)


@page(Right.VIEW_CLIENTS)
@require_POST
def check(request: PortalRequest) -> HttpResponse:
    """Asks whether one may work with a client; the answer stands over the list."""
    try:
        answer = services.check_client(by=request.principal, question=request.POST.get("query", ""), at=timezone.now())
    except DomainError as refusal:
        return list_page(request, refusal=refusal)
    return list_page(request, answer=answer)


@page(Right.EDIT_CLIENTS)
def new_client(request: PortalRequest) -> HttpResponse:
    """Puts a client on the list."""
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            row = services.add_client(by=request.principal, facts=form.facts(), note=note, on=business_date())
        except DomainError as refusal:
            said_in(form, refusal)
        else:
            messages.success(request, _("%(name)s is on your list") % {"name": row.name})
            return redirect("clients:list")
    return form_page(request, form, _("New client"), _("Add the client"))


@page(Right.EDIT_CLIENTS)
def edit(request: PortalRequest, row_id: int) -> HttpResponse:
    """Changes the dealer's own card of a client."""
    row = clients_of(request.principal, on=business_date()).filter(pk=row_id).first()
    if row is None:
        raise Missing(_("There is no such client on your list."))
    known = {name: getattr(row, name) for name in services.FACTS} | {"note": row.note}
    form = ClientForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_client(
                by=request.principal, row_id=row_id, facts=form.facts(), note=form.cleaned_data["note"]
            )
        except DomainError as refusal:
            said_in(form, refusal)
        else:
            messages.success(request, _("Saved"))
            return redirect("clients:list")
    return form_page(request, form, row.name, _("Save"))


@page(Right.EDIT_CLIENTS)
def register(request: PortalRequest) -> HttpResponse:
    """Claims a client; the head office decides."""
    form = RegistrationForm(request.POST or None, initial={"tax_id": request.GET.get("tax_id", ""), "days": 180})
    if request.method == "POST" and form.is_valid():
        days, line = form.cleaned_data["days"], form.cleaned_data["product_line"]
        facts = form.facts()
        try:
            services.register_client(by=request.principal, facts=facts, at=timezone.now(), days=days, product_line=line)
        except DomainError as refusal:
            said_in(form, refusal)
        else:
            messages.success(request, _("The claim on %(name)s is with the head office") % {"name": facts.name})
            return redirect("clients:list")
    return form_page(request, form, _("Register a client"), _("Send the claim"))


def said_in(form: ClientForm, refusal: DomainError) -> None:
    """The refusal at the field it concerns, else over the form. Nothing typed is lost."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def form_page(request: PortalRequest, form: ClientForm, title: str, button: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "button": button}
    context["crumbs"] = [(_("Clients"), reverse("clients:list")), (title, None)]
    return render(request, "clients/form.html", context, status=422 if form.errors else 200)
