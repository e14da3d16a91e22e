"""Premiums: what dealers earned in a period that is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.services import acting, audit
from ordering.sales.enums import Measure
from ordering.sales.periods import Period
from ordering.sales.services import close_period
from portal.lib.formats import day as in_words
from portal.lib.text import named

from ..enums import PremiumKind
from ..errors import PeriodCut
from ..models import Premium, PremiumAccrual, PremiumSlice, Programme
from ..queries import took_part, volumes_of
from ..rules import DAY, PREMIUMS, Slice, premium_period

if TYPE_CHECKING:
    from accounts.principals import Principal


def accrue_due(*, programme: Programme, on: dt.date, by: Principal) -> int:
    """Accrue the programme's premiums for every period that was over before `on` and is still owed; answers how many rows.

    The period is closed by this: what comes late counts in the next one. Periods that lie only partly within the programme
    are left.
    """
    accrued = 0
    last = min(on, programme.validity.upper or on)
    for premium in programme.premiums.order_by("pk"):
        day = premium.accrued_before or _first_day(programme, premium)
        while day and premium_period(premium.period, day).end <= last:
            period = premium_period(premium.period, day)
            accrued += accrue(premium=premium, period=period, by=by)
            day = period.end
    return accrued


def _first_day(programme: Programme, premium: Premium) -> dt.date | None:
    """The first day of the first period that lies wholly within the programme."""
    begins: dt.date | None = programme.validity.lower
    if begins is None:
        return None
    period = premium_period(premium.period, begins)
    return begins if period.start == begins else period.end


def accrue(*, premium: Premium, period: Period, by: Principal) -> int:
    """Write what every dealer who took part on the period's last day earned in it: once, whoever asks again."""
    with transaction.atomic():
        premium = Premium.objects.select_for_update(of=("self",)).select_related("programme").get(pk=premium.pk)
        if premium.accrued_before and premium.accrued_before >= period.end:
            return 0
        programme = premium.programme
        close_period(currency=programme.currency, kinds=Measure(programme.measure).kinds, before=period.end)
        sums = volumes_of(programme, period)
        slices = [Slice(one.threshold, one.percent) for one in premium.slices.all()]
        reckon = PREMIUMS[PremiumKind(premium.kind)]
        dealer_ids = [one for one in took_part(programme, period.last_day) if one in sums]
        rows = PremiumAccrual.objects.bulk_create(
            (
                PremiumAccrual(
                    premium=premium,
                    dealer_id=dealer_id,
                    period=DateRange(period.start, period.end),
                    volume=sums[dealer_id],
                    amount=reckon(sums[dealer_id], slices, programme.currency),
                )
                for dealer_id in dealer_ids
            ),
            batch_size=1000,
        )
        premium.accrued_before = period.end
        premium.save(update_fields=["accrued_before"])
        audit(by=by, verb="premium.accrued", subject=premium, before=(period.end - DAY).isoformat(), dealers=len(rows))
    return len(rows)


def refuse_cut_periods(programmes: Iterable[Programme], day: dt.date, *, field: str) -> None:
    """Whoever another programme takes over within a period would get the premium of neither.

    Raises PeriodCut, naming the day to take, where one of the programmes has a premium whose period `day` does not begin.
    """
    premiums = Premium.objects.filter(programme__in=[one.pk for one in programmes])
    for premium in premiums.order_by("pk"):
        period = premium_period(premium.period, day)
        if period.start != day:
            raise PeriodCut(
                _(
                    "“%(premium)s” is reckoned until %(last)s. Choose %(day)s, or what dealers earned until then is lost."
                )
                % {"premium": named(premium), "last": in_words(period.last_day), "day": in_words(period.end)},
                field=field,
            )


def save_premium(*, premium: Premium, by: Principal) -> Premium:
    """Keep a new or changed premium. Periods accrued already stay as they are. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "premium saved"):
        premium.save()
        audit(by=by, verb="premium.saved", subject=premium, kind=premium.kind)
    return premium


def save_slice(*, slice_: PremiumSlice, by: Principal) -> PremiumSlice:
    """Keep a new or changed slice. Periods accrued already stay as they are. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "slice of a premium saved"):
        slice_.save()
        audit(by=by, verb="premium_slice.saved", subject=slice_, percent=str(slice_.percent))
    return slice_
