"""The programme page."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import PortalRequest, page
from accounts.enums import Right
from portal.lib.clock import business_date
from portal.lib.errors import Invalid
from portal.lib.formats import number

from .forms import read_sum
from .queries import Standing, WhatIf, standing_for, what_if
from .rules import DAY
from .tables import levels


@page(Right.VIEW_SALES)
def programme(request: PortalRequest) -> HttpResponse:
    """The tier and the way to the next, what a planned sum would change, how the tier could be lost, all tiers."""
    where = standing_for(request.principal, business_date())
    asked, answer, error = request.GET.get("sum", "").strip(), None, ""
    if where and where.volume is not None:
        try:
            answer = what_if(where, read_sum(asked)) if asked else suggested(where)
        except Invalid as refused:
            error = str(refused)
    context = {
        "where": where,
        "levels": levels(where.tiers, where.tier) if where else [],
        "asked": asked or (number(answer.amount) if answer else ""),
        "answer": answer,
        "error": error,
        "last_day_with_tier": where.lost_on - DAY if where and where.lost_on else None,
    }
    return render(request, "programme/programme.html", context)


def suggested(where: Standing) -> WhatIf | None:
    """The sum worth asking about first: what is missing to the next tier."""
    return what_if(where, where.distance) if where.distance and where.distance > Decimal(0) else None
