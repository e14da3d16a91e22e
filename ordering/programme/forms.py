"""The what-if question of the programme page."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from portal.lib.errors import Invalid

HIGHEST: Final = Decimal(10) ** 12


def read_sum(text: str) -> Decimal:
    """A planned sum as people write it: 550 000, 550000,50. Raises Invalid."""
    bare = re.sub(r"[\s\u00a0\u202f₽]", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", bare) or not 0 < Decimal(bare) < HIGHEST:
        raise Invalid(_("“%(text)s” is not a sum. Write it as 550 000.") % {"text": text[:40]}, field="sum")
    return Decimal(bare)
