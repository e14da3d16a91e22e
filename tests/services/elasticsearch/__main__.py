"""`python -m tests.services.elasticsearch fetch|start|stop|status`; progress goes to standard error.

`fetch` only makes sure that the node is on this machine (a gigabyte comes through, once), so that no test
waits for it.
"""

import argparse
import sys

from tests.services.elasticsearch import distribution, running, start_to_stay, stop
from tests.services.elasticsearch.java import choose
from tests.services.missing import ServiceMissingError


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.services.elasticsearch")
    parser.add_argument("action", choices=["fetch", "start", "stop", "status"])
    parser.add_argument("--version", default="", help="9.4.3 or 8.16.6; by default the newest that runs here")
    options = parser.parse_args()
    if options.action == "stop":
        print("Elasticsearch stopped." if stop() else "No Elasticsearch was running.", file=sys.stderr)
        return 0
    try:
        if options.action == "fetch":
            distribution.ensure(choose(options.version)[0])
            return 0
        node = running() if options.action == "status" else start_to_stay(options.version)
    except (ServiceMissingError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    if node is None:
        print("No Elasticsearch is running. Start it: make services", file=sys.stderr)
        return 1
    print(f"Elasticsearch {node.version} runs (process {node.pid}). Stop it: make stop", file=sys.stderr)
    print(f"export ELASTICSEARCH_URL={node.url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
