"""The words that orders send."""

from __future__ import annotations

from typing import Final

from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from portal.lib.mail import render_email

from .models import Order

LINES_SHOWN: Final = 20


def order_placed(order: Order, person: User) -> EmailMultiAlternatives:
    """To whoever placed it: the number, what it comes to, the lines, what waits for goods."""
    lines = list(order.lines.order_by("position"))
    context = {
        "order": order,
        "person": person,
        "lines": lines[:LINES_SHOWN],
        "more": max(0, len(lines) - LINES_SHOWN),
        "waiting": [line for line in lines if line.backordered],
    }
    return render_email("emails/orders/placed", context, person.language).message(to=[person.email])
