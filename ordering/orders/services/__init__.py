"""Everything that changes a cart or an order."""

from .carts import add_lines, add_to_cart, clear_cart, hand_over, remove_line, repeat_order, set_line
from .letters import send_letter
from .placing import OrderDetails, place_order
from .stages import approve_order, cancel_order, complete_order, confirm_order, ship_lines
from .terms import set_buying_terms

__all__ = [
    "OrderDetails",
    "add_lines",
    "add_to_cart",
    "approve_order",
    "cancel_order",
    "clear_cart",
    "complete_order",
    "confirm_order",
    "hand_over",
    "place_order",
    "remove_line",
    "repeat_order",
    "send_letter",
    "set_buying_terms",
    "set_line",
    "ship_lines",
]
