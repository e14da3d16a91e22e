"""A process of its own for work that does not survive it."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.db import connections


def forked(work: Callable[[], object]) -> int:
    """Do the work in a child process with database connections of its own; answers the child's wait status.

    The child must not use a connection that the parent opened, and closing what is visible here before the fork is
    not enough: while Playwright's event loop is alive Django keeps this thread's connections in another place
    (asgiref's Local asks for the running loop, and a loop does not run in a child). A child that found the older
    one would talk through the parent's socket, and its death would leave the transaction open for ever.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            for alias in connections:
                if hasattr(connections._connections, alias):
                    del connections[alias]
            work()
            connections.close_all()
        except BaseException:
            os._exit(2)
        os._exit(0)
    return os.waitpid(child, 0)[1]
