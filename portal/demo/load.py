"""The whole demo, put into the database step by step. A second run finds everything there and changes nothing."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pghistory
from django.db import connection, transaction

from accounts.models import User
from accounts.principals import of_staff
from ordering.orders.models import Order
from ordering.sales.models import Demand
from ordering.sales.services import count_demand
from portal.searchables import SEARCHABLES
from search import names
from search.models import SynonymGroup
from search.queries import documents_by_kind
from search.rebuilding import rebuild
from search.synonym_groups import begin_with_starters

from .loading import goods, knowledge, places, prices, questions, trade
from .people import people


@dataclass(slots=True)
class Outcome:
    """What was added, step by step; empty where everything was there."""

    added: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def load(*, today: dt.date, say: Callable[[str], object] = lambda _text: None) -> Outcome:
    """Adds whatever of the demo is missing. `today` is where the three years end; `say` hears of each step.

    Each step is one transaction, so an interrupted run is finished by the next."""
    began, outcome = time.monotonic(), Outcome()

    def step(name: str, count: int | Iterable[object]) -> None:
        added = count if isinstance(count, int) else sum(1 for _ in count)
        if added:
            outcome.added[name] = added
            say(f"{name}: {added} ({time.monotonic() - began:.1f} s)")

    with _quiet(), pghistory.context(reason="demo data"):
        _load(today, step)
    if outcome.added or not _is_indexed():
        step("search", _index())
        _analyse()
    step("questions", questions.load_questions(today=today))
    outcome.seconds = time.monotonic() - began
    return outcome


def _load(today: dt.date, step: Callable[[str, int | Iterable[object]], None]) -> None:
    with transaction.atomic():
        before = User.objects.count()
        regions, staff = places.load_regions(), places.load_staff()
        dealers = places.load_dealers(regions, staff)
        administrator = of_staff(
            staff[next(person.email for person in people() if person.staff_role == "administrator")]
        )
        audiences = places.load_audiences(regions)
    step("people", len(staff) - before)
    with transaction.atomic():
        step("articles", goods.load_goods(regions, today=today))
    with transaction.atomic():
        step("prices", prices.load_prices(regions, today=today, by=administrator))
    with transaction.atomic():
        step("clients", trade.load_clients(dealers, today=today))
        step("own codes", trade.load_own_codes(dealers))
    with transaction.atomic():
        step("sales", trade.load_sales(dealers, today=today, by=administrator))
        prices.load_awards(prices.load_programmes(today=today), today=today, by=administrator)
        trade.load_terms(dealers, by=administrator)
    if not SynonymGroup.objects.exists():
        step("synonyms", begin_with_starters(by=None))
    if not Order.objects.exists():
        _analyse()
    with transaction.atomic():
        step("orders", trade.load_orders(today=today))
        trade.load_cart()
    with transaction.atomic():
        step("deals", prices.load_deals(today=today, by=administrator))
    if not Demand.objects.exists():  # the clock counts it from then on
        step("demand", count_demand(until=today))
    with transaction.atomic():
        step("pages", knowledge.load_knowledge(audiences, staff, today=today))


def _analyse() -> None:
    """PostgreSQL looks at what was poured in: its own clock would only come to it minutes later, at the first visitors' cost."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _index() -> int:
    """Everything into every engine of this installation, by one call a kind."""
    return sum(rebuild(searchable, engine) for engine in names.in_use() for searchable in SEARCHABLES.values())


def _is_indexed() -> bool:
    """Whether search holds something of every kind: an earlier run may have been stopped before it came to that."""
    held = documents_by_kind()
    return all(held.get(kind) for kind in SEARCHABLES)


@contextmanager
def _quiet() -> Iterator[None]:
    """Wagtail reports every page that it saves; here the steps are the report."""
    loggers = [logging.getLogger(name) for name in ("wagtail", "django_tasks")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
