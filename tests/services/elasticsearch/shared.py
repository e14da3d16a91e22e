"""One node for everybody: for `make services`, and for all workers of a test run.

The node's description is in `var/services/elasticsearch.json`. Whoever uses it holds a shared lock on the
file beside it; the last one to let go stops the node, unless `make services` started it to stay. A lock goes
with its process, so a killed run leaves at most a node that the next run finds and uses.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.running.demo import var_folder
from tests.services.elasticsearch.node import Node, start


def folder() -> Path:
    return var_folder() / "services"


def running() -> Node | None:
    """The shared node, if it is alive."""
    try:
        kept = json.loads(_note().read_text())
    except (OSError, ValueError):
        return None
    kept.pop("stays", None)
    node = Node(**kept)
    return node if node.is_alive() else None


def start_to_stay(version: str = "") -> Node:
    """For `make services`: runs until `stop()`. A node that runs already stays from now on."""
    with _locked("starting"):
        node = running() or _begin(version)
        _keep(node, stays=True)
        return node


@contextmanager
def in_use() -> Iterator[Node]:
    """The shared node for the time of the `with`, started by the first user and stopped by the last."""
    users = _open("users")
    try:
        with _locked("starting"):
            node = running()
            if node is None:
                node = _begin(brief=True)
                _keep(node, stays=False)
            fcntl.flock(users, fcntl.LOCK_SH)
        yield node
    finally:
        with _locked("starting"):
            if _is_last(users) and not _stays():
                stop_now()
        users.close()


def stop() -> bool:
    """Stop the shared node, whoever uses it. Answers whether there was one."""
    with _locked("starting"):
        return stop_now()


def stop_now() -> bool:
    node = running()
    if node is not None:
        node.stop()
    _note().unlink(missing_ok=True)
    return node is not None


def _begin(version: str = "", *, brief: bool = False) -> Node:
    return start(version, brief=brief)


def _keep(node: Node, *, stays: bool) -> None:
    _note().write_text(json.dumps(json.loads(node.as_json()) | {"stays": stays}))


def _stays() -> bool:
    try:
        return bool(json.loads(_note().read_text())["stays"])
    except (OSError, ValueError, KeyError):
        return False


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note() -> Path:
    return folder() / "elasticsearch.json"


def _open(name: str) -> IO[str]:
    folder().mkdir(parents=True, exist_ok=True)
    return (folder() / f"elasticsearch.{name}").open("w")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with _open(name) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
