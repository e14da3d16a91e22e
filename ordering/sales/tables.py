"""The sales history as rows, columns and key figures for a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from portal.lib.formats import MONTHS_SHORT_EN, MONTHS_SHORT_RU, is_russian
from portal.lib.text import in_language

from .queries import HistoryRow

HUNDRED: Final = Decimal(100)
# The nominative where the dative of dates would be odd over a column.
MAY: Final = "май"


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """A column of the chart. A month that has not begun has no figure; `part` is the month still running."""

    label: str
    now: Decimal | None
    then: Decimal | None
    part: bool


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row of the breakdown. `share` and `change` are percents; `change` is None where nothing was sold before."""

    key: str
    name: str
    net: Decimal
    quantity: Decimal
    then: Decimal
    share: Decimal
    change: Decimal | None


def month_label(month: dt.date, language: str | None = None) -> str:
    names = MONTHS_SHORT_RU if is_russian(language) else MONTHS_SHORT_EN
    return (MAY if is_russian(language) and month.month == 5 else names[month.month - 1]).capitalize()


def month_columns(rows: Sequence[HistoryRow], *, today: dt.date) -> list[MonthColumn]:
    """Columns of the chart, in the language of the page."""
    columns = []
    for row in rows:
        month = dt.date.fromisoformat(row.key)
        columns.append(
            MonthColumn(
                label=month_label(month),
                now=row.net if month <= today else None,
                then=row.compared_net,
                part=(month.year, month.month) == (today.year, today.month),
            )
        )
    return columns


def change(now: Decimal | int | None, then: Decimal | int | None) -> Decimal | None:
    """By how many percent now differs from then; None where there was nothing then."""
    if (not now and not then) or not then or then < 0:
        return None
    return (Decimal(now or 0) - then) / then * HUNDRED


def cut_row(row: HistoryRow, total: Decimal) -> CutRow:
    """A row with its share of the whole and its change."""
    return CutRow(
        key=row.key,
        name=in_language(row.name_ru, row.name_en),
        net=row.net,
        quantity=row.quantity,
        then=row.compared_net,
        share=row.net / total * HUNDRED if total > 0 else Decimal(0),
        change=change(row.net, row.compared_net),
    )
