"""Whom a version of a price list would affect: what was bought and what lies in carts, by what lists and contracts say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import PortalRequest
from ordering.orders.queries import carts_reached
from ordering.pricing.desk.asked import head, may_read, or_trace, version_of
from ordering.pricing.models import PriceListVersion
from ordering.pricing.queries import affected_dealers, by_region
from portal.lib.clock import business_date
from portal.lib.paging import page_of

ROWS: Final = 50


def day_of(text: str) -> dt.date:
    """The day from which the version is thought to hold; today where the address names none to come."""
    try:
        return max(dt.date.fromisoformat(text), business_date())
    except ValueError:
        return business_date()


@or_trace
def affected(request: PortalRequest, pk: int) -> HttpResponse:
    """Whom a draft, or a version to come, would reach, what of their last twelve months it would touch, and what of their
    open carts."""
    may_read(request)
    version = version_of(pk)
    day = day_of(request.GET.get("on", ""))
    before = PriceListVersion.objects.in_force(day).filter(price_list=version.price_list_id).first()
    dealers = affected_dealers(version, before, day)
    context = {
        "version": version,
        "on": day if day > business_date() else None,
        "page": page_of(dealers, request.GET.get("page"), ROWS),
        "regions": by_region(dealers),
        "buyers": sum(dealer.articles > 0 for dealer in dealers),
        "net": sum((dealer.net for dealer in dealers), Decimal(0)),
        "effect": sum((dealer.effect for dealer in dealers), Decimal(0)),
        "carts": carts_reached(request.principal, version, before, day),
        "currency": version.price_list.currency,
        **head(_("Who is affected: %(version)s") % {"version": version}, icon="group", grid=f"../../?c=v{version.pk}"),
    }
    return render(request, "pricing/desk/affected.html", context)
