"""Contracts and promotions: kept as drafts, published, ended."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, TypeVar

import pghistory
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import audit

from ..errors import ContractsOverlap, DealPublished, DealRefused
from ..models import Contract, Promotion
from ..models.deals import Deal

if TYPE_CHECKING:
    from accounts.principals import Principal

OneDeal = TypeVar("OneDeal", bound=Contract | Promotion)
# What the database refuses of a draft that a careless caller made.
REFUSALS: Final = ("_is_iso_4217", "_names_one_thing", "_is_fixed_or_percent", "Quantities rise")


def save_deal(*, deal: OneDeal, by: Principal) -> OneDeal:
    """Keep a new contract or promotion, or a changed draft. It has no effect until published.

    Raises DealRefused for one that is not whole, DealPublished for a published one, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="deal saved"):
        _refuse_published(deal)
        deal.published_at = None
        _write(deal)
        _audit(deal, "saved", by)
    return deal


def publish_deal(*, deal: OneDeal, by: Principal, published_at: dt.datetime | None = None) -> OneDeal:
    """Publish a draft as it is kept: from its first day on it makes prices, and it never changes again.

    Raises ContractsOverlap when another contract of the dealer for the same thing holds on some of its days, DealPublished
    for one already published, NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="deal published"):
        _refuse_published(deal)
        deal.published_at = published_at or timezone.now()
        _write(deal)
        _audit(deal, "published", by)
    return deal


def end_deal(*, deal: OneDeal, last_day: dt.date, today: dt.date, by: Principal) -> OneDeal:
    """End a published deal earlier than it says: `last_day` is the last on which it holds, today at the earliest.

    One that has not begun by then never holds. Raises DealRefused for a day that has passed or would make it longer,
    NotAllowed; then nothing changed.
    """
    by.require(Right.MANAGE_PRICES)
    with transaction.atomic(), pghistory.context(**by.as_context(), reason="deal ended"):
        deal = type(deal)._default_manager.select_for_update().get(pk=deal.pk)  # noqa: SLF001
        end = last_day + dt.timedelta(days=1)
        since = deal.validity.lower
        if last_day < today:
            raise DealRefused(_("What held until today stays: end it today or later."), field="last_day")
        if deal.validity.isempty or (deal.until is not None and end > deal.until):
            raise DealRefused(_("It ends earlier already. Make another one for the days after."), field="last_day")
        deal.validity = DateRange(since, end) if since is None or since < end else DateRange(empty=True)
        deal.save(update_fields=["validity"])
        _audit(deal, "ended", by)
    return deal


def _refuse_published(deal: Deal) -> None:
    if deal.pk and type(deal)._default_manager.select_for_update().get(pk=deal.pk).published_at:  # noqa: SLF001
        raise DealPublished(_("It is published and never changes. End it, and make another one."))


def _write(deal: Contract | Promotion) -> None:
    """Save, and say in words what the database refuses."""
    if deal.validity is None or deal.validity.isempty:
        raise DealRefused(_("Say from which day until which it holds."), field="validity")
    try:
        with transaction.atomic():
            deal.save()
    except IntegrityError as error:
        deal.published_at = None
        if "published_contracts_no_overlap" in str(error):
            raise ContractsOverlap(
                _("This dealer has another contract for the same thing on some of these days. End that one first.")
            ) from error
        if any(name in str(error) for name in REFUSALS):
            raise DealRefused(
                _(
                    "Name one thing and one price: a fixed one above zero in a currency, from 1 unit on, or a percent below 100."
                )
            ) from error
        raise


def _audit(deal: Contract | Promotion, what: str, by: Principal) -> None:
    audit(
        by=by,
        verb=f"{'contract' if isinstance(deal, Contract) else 'promotion'}.{what}",
        subject=deal,
        dealer_id=deal.dealer_id if isinstance(deal, Contract) else None,
        since=deal.since.isoformat() if deal.since else None,
        until=deal.until.isoformat() if deal.until else None,
    )
