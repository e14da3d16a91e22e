"""Pages of the cart, the quick order and the orders."""
