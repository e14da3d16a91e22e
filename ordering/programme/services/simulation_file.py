"""A simulation as a workbook: a row for each dealer, and the figures of all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel, Format

from .simulation_rules import DealerOutcome

AMOUNTS: Final = ("volume", "cost_now", "cost_draft", "premium_now", "premium_draft", "gain")
WIDTHS: Final = (14, 40, 16, 16, 22, 16, 22, 16, 22, 16)


def as_workbook(
    outcomes: Sequence[DealerOutcome], figures: Mapping[str, Any], names: Mapping[int, tuple[str, str]]
) -> bytes:
    """The dealers in their order, one at least. `names`: dealer id → code and name. Texts are texts, never formulas."""
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
        book.sheet(_("Total"), _totals(figures), column_width=28)
        book.save()
        return Path(target.name).read_bytes()


def _cells(one: DealerOutcome, code: str, name: str) -> tuple[str | float, ...]:
    costs = map(float, (one.cost_now, one.cost_draft, one.premium_now, one.premium_draft, one.gain))
    return (code, name, float(one.volume), one.tier_now, one.tier_draft, *costs)


def _totals(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    head = headings()
    told = {
        _("Dealers"): figures["dealers"],
        **{head[name]: float(figures[name]) for name in AMOUNTS if name != "gain"},
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
        "cost_now": _("Discounts now"),
        "cost_draft": _("Discounts by the draft"),
        "premium_now": _("Premiums now"),
        "premium_draft": _("Premiums by the draft"),
        "gain": _("Gain"),
    }
