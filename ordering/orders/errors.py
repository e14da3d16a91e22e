"""Why an order or a cart was refused. Nothing was changed in any of these cases."""

from portal.lib.errors import Conflict, Invalid


class EmptyCart(Invalid):
    """There is nothing to order."""

    code = "cart_empty"


class BadQuantity(Invalid):
    """Not a whole number of at least one."""

    code = "quantity_invalid"


class NotAMultiple(Invalid):
    """Not a multiple of the pack. `extra`: `pack`, `lower` (null when there is none), `upper`."""

    code = "not_a_multiple"


class CannotOrder(Invalid):
    """A blocker stands in the way. `extra["problems"]` lists every one of them."""

    code = "cannot_order"


class PricesChanged(Conflict):
    """What the person saw is not what it costs now. `extra`: `changes` line by line, `total` now."""

    code = "prices_changed"


class WrongStage(Conflict):
    """The order has moved on, and this can no longer (or not yet) be done. `extra["status"]`: where it is."""

    code = "wrong_stage"


class TooManyLines(Invalid):
    """More lines at once than we take. `extra`: `limit`."""

    code = "too_many_lines"
