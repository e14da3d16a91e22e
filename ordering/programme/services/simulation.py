"""What other terms would have done: a draft in the place of what ran in its scope, over past months of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import Right
from accounts.models import Dealer
from accounts.services import acting, audit
from ordering.sales.periods import Period, add_months, month_of
from portal.jobs.models import Job
from portal.jobs.services import Outcome, Progress, ask, cancel, run_next

from ..errors import NobodyReached
from ..models import Programme, ProgrammeDraft, Simulation
from ..queries import covering
from .simulation_file import as_workbook
from .simulation_rules import Comparison, DealerOutcome, Sold, Terms, terms_of
from .simulation_sales import Cut, Volumes, sold

if TYPE_CHECKING:
    from accounts.principals import Principal

KIND: Final = "programme.simulation"
TOLD_EVERY: Final = 500
BELOW: Final = ("tiers__exceptions", "premiums__slices")
# A calendar year's window, and the last decision before the months, reach so far back.
REACH: Final = 24
NONE: Final = Decimal(0)


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
    simulation = Simulation.objects.select_related("draft__region", "region").get(job=job)
    outcomes = list(simulate(simulation, tell=progress.tell))
    names = {pk: (code, name) for pk, code, name in Dealer.objects.values_list("pk", "code", "name")}
    outcomes.sort(key=lambda one: (one.gain, names[one.dealer_id]))
    figures = summary(outcomes)
    with override(job.asked_by.language if job.asked_by else settings.LANGUAGE_CODE):
        content = as_workbook(outcomes, figures, names)
    return Outcome(report=figures, file_name=f"simulation-{simulation.pk}.xlsx", content=content)


def simulate(simulation: Simulation, *, tell: Callable[[int, int], None]) -> Iterator[DealerOutcome]:
    """Every dealer whom the draft reaches, under the programmes that covered it at the end of the months, and with the draft
    in the place of the one of its own scope: the others stay. Reads only; no price is touched.

    Figures are of the articles that the draft is for: all, or its brand's. Sales are taken as they were. Whoever no programme
    covered bought at the list price: the draft may be the first of its scope. Raises NobodyReached.
    """
    draft = simulation.draft
    period = Period(simulation.first_month, add_months(simulation.last_month, 1))
    covers = covered(draft, simulation, period.last_day)
    if not covers:
        raise NobodyReached(
            _(
                "The draft reaches no dealer: none of its currency is in its region, or programmes of nearer regions run"
                " there. Look at its currency and region, and at the region of the simulation."
            )
        )
    then, ran = terms_of(draft), _terms_that_ran({pk for programmes in covers.values() for pk in programmes})
    everything, dealers, months = [then, *ran.values()], list(covers), period.months()
    longest = max(REACH, *(of.windows.window_months + 12 for of in everything))
    volumes = Volumes.read(Period(add_months(period.start, -longest), period.end), draft.currency, dealers, everything)
    comparison = Comparison(then, months, draft.currency)
    bought = sold(period, draft.currency, dealers, Cut.by(draft.brand_id, everything))
    for number, (dealer_id, here) in enumerate(_everyone(dealers, bought)):
        if number % TOLD_EVERY == 0:
            tell(number, len(dealers))
        now = [ran[pk] for pk in covers[dealer_id]]
        yield comparison.outcome(dealer_id, now, here, partial(volumes.within, dealer_id))
    tell(len(dealers), len(dealers))


def _everyone(dealers: Iterable[int], bought: Iterator[tuple[int, Sold]]) -> Iterator[tuple[int, Sold]]:
    """Those who bought nothing too; both ascending."""
    ahead = next(bought, None)
    for dealer_id in dealers:
        if ahead and ahead[0] == dealer_id:
            yield ahead
            ahead = next(bought, None)
        else:
            yield dealer_id, {}


def covered(draft: ProgrammeDraft, simulation: Simulation, on: dt.date) -> dict[int, tuple[int, ...]]:
    """Dealer id, ascending → the programmes whose articles meet the draft's, of those that cover the dealer on a day.

    A draft reaches the active dealers of its currency in its region (and in that of the simulation), but for those for whom
    a programme of a nearer region runs in the same brand scope: they would go on with that.
    """
    above = draft.region.path if draft.region else ""
    nearer = set(
        Programme.objects.of_kind(draft)
        .running_on(on)
        .filter(region__path__startswith=above)
        .exclude(region=draft.region_id)
        .exclude(region=None)
        .values_list("pk", flat=True)
    )
    reached = Dealer.objects.filter(is_active=True, currency=draft.currency, home_region__path__startswith=above)
    if simulation.region:
        reached = reached.filter(home_region__path__startswith=simulation.region.path)
    covers: dict[int, list[int]] = {pk: [] for pk in reached.order_by("pk").values_list("pk", flat=True)}
    for (dealer_id, brand_id), programme_id in covering(on).items():
        if dealer_id not in covers:
            continue
        if programme_id in nearer:
            del covers[dealer_id]
        elif draft.brand_id is None or brand_id in {None, draft.brand_id}:
            covers[dealer_id].append(programme_id)
    return {dealer_id: tuple(programmes) for dealer_id, programmes in covers.items()}


def _terms_that_ran(programmes: set[int]) -> dict[int, Terms]:
    found = Programme.objects.filter(pk__in=programmes).prefetch_related(*BELOW)
    return {one.pk: terms_of(one) for one in found}


def summary(outcomes: Sequence[DealerOutcome]) -> dict[str, Any]:
    """The figures of the whole network. Amounts are decimal texts, in the draft's currency."""
    moves: dict[str, int] = {}
    for one in outcomes:
        if one.tier_now != one.tier_draft:
            move = f"{one.tier_now or '–'} → {one.tier_draft or '–'}"
            moves[move] = moves.get(move, 0) + 1
    sums = ("volume", "cost_now", "cost_draft", "premium_now", "premium_draft")
    return {
        "dealers": len(outcomes),
        **{name: f"{sum((getattr(one, name) for one in outcomes), NONE):.2f}" for name in sums},
        "gain": sum(1 for one in outcomes if one.gain > 0),
        "lose": sum(1 for one in outcomes if one.gain < 0),
        "moves": moves,
    }
