"""What other terms would have done: a draft and the programme that ran, side by side over past months of the ledger."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import override
from rustpy_xlsxwriter import FastExcel, Format

from accounts.enums import Right
from accounts.models import Dealer
from accounts.services import acting, audit
from ordering.sales.enums import Measure
from ordering.sales.models import DailyTotal
from ordering.sales.periods import Period, add_months, month_of
from portal.jobs.models import Job
from portal.jobs.services import Outcome, Progress, ask, cancel, run_next
from portal.lib.money import round_minor

from ..errors import NoProgramme
from ..models import Programme, Simulation
from ..rules import closes_window, decided, evaluation_day, reaches, tier_for, window_before

if TYPE_CHECKING:
    from accounts.principals import Principal

KIND: Final = "programme.simulation"
TOLD_EVERY: Final = 500
HUNDRED: Final = Decimal(100)
AMOUNTS: Final = ("volume", "cost_now", "cost_draft", "gain")
WIDTHS: Final = (14, 40, 16, 16, 18, 16, 18, 16)


class Level(Protocol):
    """What a simulation needs of a tier, a draft's or a real one's."""

    code: str

    @property
    def threshold(self) -> Decimal: ...
    @property
    def discount(self) -> Decimal: ...


class Windows(Protocol):
    """What it needs of terms."""

    window: str
    window_months: int
    evaluation: str
    grace_months: int


@dataclass(frozen=True, slots=True)
class Terms:
    """A programme's or a draft's windows and tiers."""

    windows: Windows
    tiers: tuple[Level, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DealerOutcome:
    """A dealer under both terms. `volume` is the net shipped in the months; costs are discounts off the list price.

    `gain` is what the dealer would have paid less under the draft (negative: more).
    """

    dealer_id: int
    volume: Decimal
    tier_now: str
    tier_draft: str
    cost_now: Decimal
    cost_draft: Decimal

    @property
    def gain(self) -> Decimal:
        return self.cost_draft - self.cost_now


def tiers_by_month(
    terms: Terms, months: Sequence[dt.date], window_sum: Callable[[Period], Decimal]
) -> Iterator[Level | None]:
    """The tier held in each month, as `evaluate` would have decided it month after month from the first on.

    A dealer begins with what the last decision before merits; a lower tier comes after the grace, and not at all when the
    volume is back by then.
    """
    windows = terms.windows
    begins = evaluation_day(windows, months[0])
    held = tier_for(window_sum(window_before(windows, begins)), terms.tiers)
    falls: tuple[dt.date, Level | None] | None = None
    for month in months:
        if falls and falls[0] <= month:
            held, falls = falls[1], None
        if evaluation_day(windows, month) == month and month != begins:
            volume = window_sum(window_before(windows, month))
            merited = decided(tier_for(volume, terms.tiers), held, final=closes_window(windows, month))
            if reaches(merited, held):
                held, falls = merited, None
            elif not windows.grace_months:
                held = merited
            elif falls is None:
                falls = (add_months(month, windows.grace_months), merited)
        yield held


def outcome_of(
    dealer_id: int, months: Sequence[dt.date], now: Terms, draft: Terms,
    sold: Mapping[dt.date, Decimal], measured: Mapping[dt.date, Decimal], drafted: Mapping[dt.date, Decimal], currency: str,
) -> DealerOutcome:  # fmt: skip
    """`sold`: net shipped by month, bought at the discount of the terms that ran; the other two count in the windows."""
    volume = cost_now = cost_draft = Decimal(0)
    codes = ("", "")
    pairs = zip(
        months,
        tiers_by_month(now, months, lambda window: _within(measured, window)),
        tiers_by_month(draft, months, lambda window: _within(drafted, window)),
        strict=True,
    )
    for month, present, other in pairs:
        percent, then = (tier.discount if tier else Decimal(0) for tier in (present, other))
        net = sold.get(month, Decimal(0))
        list_price = net * HUNDRED / (HUNDRED - percent)
        volume += net
        cost_now += round_minor(list_price - net, currency)
        cost_draft += round_minor(list_price * then / HUNDRED, currency)
        codes = (present.code if present else "", other.code if other else "")
    return DealerOutcome(dealer_id, volume, *codes, cost_now, cost_draft)


def _within(by_month: Mapping[dt.date, Decimal], window: Period) -> Decimal:
    """Windows begin and end on first days of months: months add up to them exactly."""
    return sum((net for month, net in by_month.items() if window.start <= month < window.end), Decimal(0))


def monthly(period: Period, currency: str, kinds: tuple[str, ...]) -> dict[int, dict[dt.date, Decimal]]:
    """Dealer id → first day of the month → net amount, of the daily totals. One query, set-based."""
    rows = (
        DailyTotal.objects.counted(period, currency, kinds)
        .values("dealer", month=TruncMonth("date"))
        .annotate(sum=Sum("net"))
        .order_by()
    )
    sums: dict[int, dict[dt.date, Decimal]] = {}
    for row in rows.iterator(chunk_size=20_000):
        sums.setdefault(row["dealer"], {})[row["month"]] = row["sum"]
    return sums


def ask_simulation(*, simulation: Simulation, by: Principal) -> Simulation:
    """Leave a simulation for a worker. Raises NotAllowed; then nothing changed."""
    by.require(Right.MANAGE_PROGRAMME)
    with acting(by, "simulation asked"):
        simulation.job = ask(kind=KIND, user_id=by.user_id)
        simulation.first_month, simulation.last_month = sorted(
            (month_of(simulation.first_month), month_of(simulation.last_month))
        )
        simulation.save()
        audit(by=by, verb="simulation.asked", subject=simulation, draft=simulation.draft_id)
    return simulation


def cancel_simulation(*, simulation: Simulation, by: Principal) -> Simulation:
    """Ask a simulation to stop. Raises NotAllowed."""
    by.require(Right.MANAGE_PROGRAMME)
    cancel(job=simulation.job)
    return simulation


def run_next_simulation() -> bool:
    """Run the next simulation that waits, and say whether there was one."""
    return run_next(kind=KIND, work=_run)


def _run(job: Job, progress: Progress) -> Outcome:
    simulation = Simulation.objects.select_related("draft", "region").get(job=job)
    outcomes = list(simulate(simulation, tell=progress.tell))
    names = {pk: (code, name) for pk, code, name in Dealer.objects.values_list("pk", "code", "name")}
    outcomes.sort(key=lambda one: (one.gain, names[one.dealer_id]))
    with override(job.asked_by.language if job.asked_by else settings.LANGUAGE_CODE):
        content = _as_workbook(outcomes, names)
    return Outcome(report=summary(outcomes), file_name=f"simulation-{simulation.pk}.xlsx", content=content)


def simulate(simulation: Simulation, *, tell: Callable[[int, int], None]) -> Iterator[DealerOutcome]:
    """Every dealer under the programme that ran at the end of the months, and under the draft. Reads only; no price is touched.

    Exceptions by category or brand and premiums are left out on both sides. Raises NoProgramme where none ran.
    """
    draft = simulation.draft
    period = Period(simulation.first_month, add_months(simulation.last_month, 1))
    ran = Programme.objects.running_on(period.last_day).filter(currency=draft.currency).first()
    if ran is None:
        raise NoProgramme(_("No programme ran in %(currency)s then.") % {"currency": draft.currency})
    now = Terms(ran, tuple(ran.tiers.all()), Measure(ran.measure).kinds)
    then = Terms(draft, tuple(draft.tiers.all()), Measure(draft.measure).kinds)
    longest = max(ran.window_months, draft.window_months, 24)
    everything = Period(add_months(period.start, -longest), period.end)
    sold, measured, drafted = (
        monthly(everything, draft.currency, kinds) for kinds in (Measure.SHIPPED.kinds, now.kinds, then.kinds)
    )
    dealers = Dealer.objects.filter(is_active=True, currency=draft.currency)
    if simulation.region:
        dealers = dealers.filter(home_region__path__startswith=simulation.region.path)
    ids, months = list(dealers.order_by("pk").values_list("pk", flat=True)), period.months()
    for number, dealer_id in enumerate(ids):
        if number % TOLD_EVERY == 0:
            tell(number, len(ids))
        bought, counted, planned = (of.get(dealer_id, {}) for of in (sold, measured, drafted))
        yield outcome_of(dealer_id, months, now, then, bought, counted, planned, draft.currency)
    tell(len(ids), len(ids))


def summary(outcomes: Sequence[DealerOutcome]) -> dict[str, Any]:
    """The figures of the whole network. Amounts are decimal texts, in the draft's currency."""
    moves: dict[str, int] = {}
    for one in outcomes:
        if one.tier_now != one.tier_draft:
            move = f"{one.tier_now or '–'} → {one.tier_draft or '–'}"
            moves[move] = moves.get(move, 0) + 1
    return {
        "dealers": len(outcomes),
        "volume": str(sum((one.volume for one in outcomes), Decimal(0))),
        "cost_now": str(sum((one.cost_now for one in outcomes), Decimal(0))),
        "cost_draft": str(sum((one.cost_draft for one in outcomes), Decimal(0))),
        "gain": sum(1 for one in outcomes if one.gain > 0),
        "lose": sum(1 for one in outcomes if one.gain < 0),
        "moves": moves,
    }


def _as_workbook(outcomes: Sequence[DealerOutcome], names: Mapping[int, tuple[str, str]]) -> bytes:
    """A row for each dealer, who loses most first, and a sheet with the figures of all. Texts are texts, never formulas."""
    head = headings()
    rows = (dict(zip(head.values(), _cells(one, *names[one.dealer_id]), strict=True)) for one in outcomes)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        book = FastExcel(target.name).freeze(row=1)
        book.sheet(
            _("Dealers"),
            rows,
            column_widths=dict(zip(head.values(), WIDTHS, strict=True)),
            column_formats={head[name]: Format().set_num_format("#,##0.00") for name in AMOUNTS},
            header_format=Format().set_bold(),
            autofilter=True,
        )
        book.sheet(_("Total"), _totals(summary(outcomes)), column_width=24)
        book.save()
        return Path(target.name).read_bytes()


def _cells(one: DealerOutcome, code: str, name: str) -> tuple[str | float, ...]:
    costs = map(float, (one.cost_now, one.cost_draft, one.gain))
    return (code, name, float(one.volume), one.tier_now, one.tier_draft, *costs)


def _totals(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    head = headings()
    told = {
        _("Dealers"): figures["dealers"],
        **{head[name]: float(figures[name]) for name in ("volume", "cost_now", "cost_draft")},
        _("Dealers who gain"): figures["gain"],
        _("Dealers who lose"): figures["lose"],
        **figures["moves"],
    }
    return [{_("What"): what, _("Value"): value} for what, value in told.items()]


def headings() -> dict[str, str]:
    """The columns' names in the active language."""
    return {
        "dealer": _("Dealer"),
        "name": _("Name"),
        "volume": _("Volume"),
        "tier_now": _("Tier now"),
        "tier_draft": _("Tier by the draft"),
        "cost_now": _("Costs now"),
        "cost_draft": _("Costs by the draft"),
        "gain": _("Gain"),
    }
