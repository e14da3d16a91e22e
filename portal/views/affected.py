"""Whom a version of a price list would affect: what was bought and what lies in carts, by what lists and contracts say."""

from __future__ import annotations

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


@or_trace
def affected(request: PortalRequest, pk: int) -> HttpResponse:
    """Whom a draft, or a version to come, would reach, what of their last twelve months it would touch, and what of their
    open carts."""
    may_read(request)
    version = version_of(pk)
    today = business_date()
    before = PriceListVersion.objects.in_force(today).filter(price_list=version.price_list_id).first()
    dealers = affected_dealers(version, before, today)
    context = {
        "version": version,
        "page": page_of(dealers, request.GET.get("page"), ROWS),
        "regions": by_region(dealers),
        "buyers": sum(dealer.articles > 0 for dealer in dealers),
        "net": sum((dealer.net for dealer in dealers), Decimal(0)),
        "effect": sum((dealer.effect for dealer in dealers), Decimal(0)),
        "carts": carts_reached(request.principal, version, before, today),
        "currency": version.price_list.currency,
        **head(_("Who is affected: %(version)s") % {"version": version}, icon="group", grid=f"../../?c=v{version.pk}"),
    }
    return render(request, "pricing/desk/affected.html", context)
