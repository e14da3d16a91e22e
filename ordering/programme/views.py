"""The programme page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import PortalRequest, page
from accounts.enums import Right
from ordering.sales.errors import PeriodNotUnderstood
from ordering.sales.forms import read_period
from portal.lib.clock import business_date
from portal.lib.errors import Invalid
from portal.lib.files import stream
from portal.lib.formats import number
from portal.lib.paging import page_of

from .forms import read_sum
from .models import Programme, Simulation
from .queries import Standing, WhatIf, counted_entries, premiums_for, programmes_for, standing_for, what_if
from .rules import DAY
from .tables import levels, programme_views, volume_columns


@page(Right.VIEW_SALES)
def programme(request: PortalRequest) -> HttpResponse:
    """The tier and the way to the next, what a planned sum would change, how the tier could be lost, all tiers."""
    principal, today = request.principal, business_date()
    programmes = programmes_for(principal, today)
    chosen = one_of(programmes, request.GET.get("programme", ""))
    where = standing_for(principal, today, chosen) if chosen else None
    asked, answer, error = request.GET.get("sum", "").strip(), None, ""
    if where and where.volume is not None:
        try:
            answer = what_if(where, read_sum(asked)) if asked else suggested(where)
        except Invalid as refused:
            error = str(refused)
    context = {
        "where": where,
        "views": programme_views(programmes, chosen),
        "levels": levels(where.tiers, where.tier) if where else [],
        "asked": asked or (number(answer.amount) if answer else ""),
        "answer": answer,
        "error": error,
        "premiums": premiums_for(principal, today, [chosen]) if chosen else [],
        "columns": volume_columns(where, today) if where else [],
        "last_day_with_tier": where.lost_on - DAY if where and where.lost_on else None,
    }
    return render(request, "programme/programme.html", context)


@page(Right.VIEW_ALL_DEALER_ORDERS)
def documents(request: PortalRequest) -> HttpResponse:
    """The ledger's lines that a figure of the programme is the sum of: by the day they count on, late ones marked."""
    principal, today = request.principal, business_date()
    principal.require(Right.VIEW_SALES)
    try:
        period = read_period(request.GET.get("from", ""), request.GET.get("to", ""), today=today)
    except PeriodNotUnderstood as error:
        messages.warning(request, str(error))
        return redirect("programme:programme")
    chosen = one_of(programmes_for(principal, today), request.GET.get("programme", ""))
    entries = counted_entries(principal, period, chosen)
    context = {
        "period": period,
        "programme": chosen,
        "currency": chosen.currency if chosen else principal.currency,
        "total": entries.aggregate(net=Sum("net"))["net"] or Decimal(0),
        "page": page_of(entries, request.GET.get("page")),
    }
    return render(request, "programme/documents.html", context)


@page(Right.MANAGE_PROGRAMME)
def simulation_result(request: PortalRequest, pk: int) -> HttpResponseBase:
    """What each dealer would gain or lose, as the worker left it. For the head office."""
    simulation = get_object_or_404(Simulation.objects.select_related("job").exclude(job__result=""), pk=pk)
    return stream(simulation.job.result.open("rb"))


def suggested(where: Standing) -> WhatIf | None:
    """The sum worth asking about first: what is missing to the next tier."""
    return what_if(where, where.distance) if where.distance and where.distance > Decimal(0) else None


def one_of(programmes: Sequence[Programme], code: str) -> Programme | None:
    """The one asked for by its code, else the first: that for all articles where there is one."""
    return next((one for one in programmes if one.code == code), next(iter(programmes), None))
