"""The living style guide: every component with sample data, in the frame and without a database row. Demo settings only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import page
from accounts.enums import Open
from portal.lib import states
from portal.lib.money import Money


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    value: str = ""
    note: str = ""
    kind: str = "base"
    status: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    label: str
    price: Money
    gain: Decimal | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    value: str
    count: int
    sum: Money | None
    url: str = "#"


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    now: Decimal | None
    then: Decimal | None
    part: bool = False


class SampleForm(forms.Form):
    """Two fields that are wrong, one that is optional, one of each other kind."""

    tax_id = forms.CharField(label=gettext_lazy("Tax id of the client"), min_length=10)
    days = forms.IntegerField(label=gettext_lazy("Protection, days"), max_value=180)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, help_text=gettext_lazy("Only your colleagues see it")
    )
    town = forms.ChoiceField(label=gettext_lazy("Where to"), choices=[("1", "Krasnodar"), ("2", "Labinsk")])
    keep = forms.BooleanField(label=gettext_lazy("Stay signed in"), required=False)


@page(Open.ANYONE)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Everything the pages are made of. `?toast` shows the messages too."""
    if not settings.DEMO:
        raise Http404
    if "toast" in request.GET:
        messages.success(request, _("40 pcs of SP-0418-12 are in the cart"), extra_tags="undo:/cart/")
        messages.warning(request, _("The price list changes tomorrow"))
    return render(request, "portal/states.html", samples())


def samples() -> dict[str, Any]:
    """Data of the reference drawings."""
    now = timezone.now()
    return {
        "axes": [(axis, list(words)) for axis, words in states.AXES.items()],
        "now": now,
        "stale": now - timedelta(hours=3),
        "soon": timezone.localdate() + timedelta(days=9),
        "crumbs": [(_("Catalogue"), "#"), (_("Power tools"), None)],
        "price": Money(Decimal("8343.94"), "RUB"),
        "nothing": None,
        "up": Decimal("9.4"),
        "down": Decimal("-2.1"),
        "form": SampleForm({"tax_id": "99010245", "days": "365"}),
        "facts": [_("60 N·m"), _("13 mm chuck")],
        "steps": [
            Step(_("Base list"), "9 870,00 ₽", _("since 1 September")),
            Step(_("Silver −8%"), "−748,00 ₽", kind="off"),
            Step(_("Your price without tax"), "8 343,94 ₽", kind="sum"),
        ],
        "breaks": [
            Break("1–5", Money(Decimal("8602.74"), "RUB")),
            Break("6–23", Money(Decimal("8343.94"), "RUB"), Decimal(-3), current=True),
        ],
        "volume": Money(Decimal("5489200"), "RUB"),
        "cart": Money(Decimal("141281.64"), "RUB"),
        "tiers": [
            Tier(_("Bronze"), Decimal(0)),
            Tier(_("Silver"), Decimal(3_000_000)),
            Tier(_("Gold"), Decimal(6_000_000)),
            Tier(_("Platinum"), Decimal(12_000_000)),
        ],
        "silver": _("Silver"),
        "stages": [
            Stage("awaiting_approval", 1, Money(Decimal("184300"), "RUB")),
            Stage("placed", 1, Money(Decimal("12480"), "RUB")),
            Stage("confirmed", 2, Money(Decimal("64296"), "RUB")),
            Stage("in_progress", 1, None),
            Stage("shipped", 4, Money(Decimal("236408"), "RUB")),
        ],
        "track": [
            Step(str(states.ORDER["placed"].word), note="17.11", status="done"),
            Step(_("Being shipped"), note="58 / 64", status="now"),
            Step(str(states.ORDER["completed"].word)),
        ],
        "points": [
            Point("I", Decimal("318000"), Decimal("296000")),
            Point("II", Decimal("341000"), Decimal("322000")),
            Point("III", Decimal("386100"), Decimal("502000"), part=True),
            Point("IV", None, Decimal("548000")),
        ],
        "list": Paginator(range(41), 25).page(1),
        "views": [(_("Year"), "#", True), (_("Quarter"), "#", False)],
        "categories": [
            {"label": _("Power tools"), "url": "#", "count": 1096, "current": True},
            {"label": _("Drills"), "url": "#", "count": 41, "sub": True},
        ],
        "checks": [
            {"label": "18 V", "value": "18", "count": 148, "checked": True},
            {"label": "12 V", "value": "12", "count": 37},
        ],
        "terms": [(_("Credit limit"), "900 000 ₽"), (_("Overdue"), "41 200 ₽")],
        "contents": [("words", _("Words of state")), ("forms", _("Forms"))],
    }
