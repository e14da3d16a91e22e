"""The words that the programme sends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django.core.mail import EmailMultiAlternatives

from portal.lib.mail import render_email

from .models import TierNotice


def tier_notice(notice: TierNotice) -> EmailMultiAlternatives:
    """To an owner: another tier holds, is about to be lost, or is near. `notice.to` and `notice.dealer` are fetched."""
    facts = notice.facts
    brand = f" · {facts['brand']}" if facts.get("brand") else ""
    context = {
        "kind": notice.kind,
        "dealer": notice.dealer,
        "tier": SimpleNamespace(name_ru=facts["name_ru"] + brand, name_en=facts["name_en"] + brand),
        "discount": Decimal(facts["discount"]),
        "day": dt.date.fromisoformat(facts["day"]),
        "amount": Decimal(facts["amount"]) if facts.get("amount") else None,
        "currency": facts["currency"],
    }
    return render_email("emails/programme/tier", context, notice.to.language).message(to=[notice.to.email])
