"""A real Elasticsearch on loopback, from an artifact of Maven Central: for development and for the tests.

`start()` gives a node of your own, `in_use()` the one that everybody shares. From the command line:
`python -m tests.services.elasticsearch start|stop|status` (`make services`).
"""

from tests.services.elasticsearch.node import Node, revive, start
from tests.services.elasticsearch.shared import in_use, running, start_to_stay, stop

__all__ = ["Node", "in_use", "revive", "running", "start", "start_to_stay", "stop"]
