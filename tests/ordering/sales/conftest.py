"""A database of one's own, as the orders' tests have it, for tests that commit from several threads."""

from tests.ordering.orders.conftest import own_database

__all__ = ["own_database"]
