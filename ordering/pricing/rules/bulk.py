"""A rule that makes many prices at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from portal.lib.money import minor_step, round_unit

from ..enums import Rounding

# (step, what the price ends in): a price is a whole number of steps and the ending.
ENDINGS: Final[Mapping[Rounding, tuple[Decimal, Decimal]]] = {
    Rounding.WHOLE: (Decimal(1), Decimal(0)),
    Rounding.TENS: (Decimal(10), Decimal(0)),
    Rounding.HUNDREDS: (Decimal(100), Decimal(0)),
    Rounding.ENDS_90: (Decimal(1), Decimal("0.90")),
    Rounding.ENDS_99: (Decimal(1), Decimal("0.99")),
    Rounding.NONE: (Decimal("0.0001"), Decimal(0)),
}
# `BulkRule.made` in SQL, for as many prices as there are; `tests/ordering/pricing/test_bulk.py` holds the two together.
MADE: Final = """
    greatest(
        round((round(amount * (100 + %(percent)s) / 100, 4) - %(ending)s) / %(step)s) * %(step)s + %(ending)s, %(least)s
    )
"""


@dataclass(frozen=True, slots=True)
class BulkRule:
    """Prices of a version, so many percent more or less, rounded. `source_id`: whose prices; None: the draft's own."""

    percent: Decimal = Decimal(0)
    rounding: Rounding = Rounding.MINOR
    source_id: int | None = None

    def values(self, currency: str) -> dict[str, Decimal]:
        """What `MADE` asks for: step and ending of the rounding, the least price there is."""
        step, ending = ENDINGS.get(self.rounding, (minor_step(currency), Decimal(0)))
        return {"percent": self.percent, "step": step, "ending": ending, "least": ending or step}

    def made(self, amount: Decimal, currency: str) -> Decimal:
        """The price that the rule makes of one."""
        step, ending, least = (self.values(currency)[name] for name in ("step", "ending", "least"))
        raised = round_unit(amount * (100 + self.percent) / 100)
        steps = ((raised - ending) / step).quantize(Decimal(1), ROUND_HALF_UP)
        return round_unit(max(steps * step + ending, least))

    def as_json(self) -> dict[str, Any]:
        return {"percent": str(self.percent), "rounding": self.rounding.value, "source": self.source_id}
