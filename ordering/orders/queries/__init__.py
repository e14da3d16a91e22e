"""Reads of carts, pasted lines and orders."""

from .carts import CartView, cart_summary, cart_view, colleagues_who_order, own_line, positions_of
from .orders import LineView, OrderView, order_view, orders_of, repeat_preview, stage_counts, track
from .quick import Candidate, QuickAnswer, QuickLine, answer_lines
from .reached import carts_reached
from .receipts import LastPrice, RecomputedLine, last_prices, recomputed_lines

__all__ = [
    "Candidate",
    "CartView",
    "LastPrice",
    "LineView",
    "OrderView",
    "QuickAnswer",
    "QuickLine",
    "RecomputedLine",
    "answer_lines",
    "cart_summary",
    "cart_view",
    "carts_reached",
    "colleagues_who_order",
    "last_prices",
    "order_view",
    "orders_of",
    "own_line",
    "positions_of",
    "recomputed_lines",
    "repeat_preview",
    "stage_counts",
    "track",
]
