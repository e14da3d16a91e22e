"""What a programme counts."""

from __future__ import annotations

from decimal import Decimal

from ordering.sales.enums import Measure
from ordering.sales.periods import Period
from ordering.sales.queries import volumes

from ..models import Programme


def volumes_of(programme: Programme, window: Period) -> dict[int, Decimal]:
    """Dealer id → net amount by the programme's measure, of its brand or of all articles; who has none is absent. One query."""
    kinds = Measure(programme.measure).kinds
    return volumes(window.start, window.end, programme.currency, kinds, brand_id=programme.brand_id)
