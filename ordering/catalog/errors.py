"""Why the warehouse refused. Nothing was changed."""

from portal.lib.errors import Conflict


class NotEnoughStock(Conflict):
    """Less is free than was asked for. `extra["lines"]`: `sku, asked, available` of every article that is short."""

    code = "not_enough_stock"
