"""One running Elasticsearch node on loopback: started, waited for, stopped by its process group.

Its configuration, data, logs and temporary files are in a folder of the run, which goes away with the node.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from pathlib import Path

import psutil

from portal.running.unprivileged import server_account
from tests.services.elasticsearch import distribution
from tests.services.elasticsearch.java import Java, Release, choose

START_SECONDS = 240
STOP_SECONDS = 20
HEAP = "512m"
_BRIEF = "-XX:TieredStopAtLevel=1"


@dataclass(frozen=True)
class Node:
    """A node that runs, or ran: what it takes to use it, to recognise it and to stop it."""

    url: str
    version: str
    name: str  # of its cluster: tells our node from whatever else answers at that port later
    pid: int  # of the launcher, which leads the process group
    folder: str

    def is_alive(self) -> bool:
        return _cluster_name(self.url) == self.name

    def stop(self) -> None:
        """Stop it and forget its data. A node that has gone already is no error."""
        _end_group(self.pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def start(version: str = "", *, brief: bool = False) -> Node:
    """Start a node of this version (by default the newest that a Java here runs); it answers on return. A `brief` life is
    not worth compiling for: it is begun with half the work, and slower after that.

    Raises ServiceMissingError where Java or Maven is missing, RuntimeError with the log's end where it does
    not start; then nothing is left running.
    """
    release, java = choose(version)
    home = distribution.ensure(release)
    folder = Path(tempfile.mkdtemp(prefix="partner-portal-elasticsearch-"))
    name = folder.name
    port, transport_port = _free_ports()
    account = server_account()
    _configure(home, folder, name=name, port=port, transport_port=transport_port)
    for path in (folder, *folder.rglob("*")):
        if account.switched:
            os.chown(path, account.uid, account.gid)
    account.may_reach(home / "lib")
    launcher = _launch(release, java, home, folder, brief=brief)
    node = Node(f"http://127.0.0.1:{port}", release.version, name, launcher.pid, str(folder))
    _wait(node, launcher)
    return node


def revive(node: Node, *, brief: bool = False) -> Node:
    """Start a node that was killed once more, over the same data at the same address. Raises as `start`."""
    release, java = choose(node.version)
    for lock in Path(node.folder, "data").rglob("node.lock"):
        lock.unlink()
    launcher = _launch(release, java, distribution.ensure(release), Path(node.folder), brief=brief)
    again = replace(node, pid=launcher.pid)
    _wait(again, launcher)
    return again


def _launch(release: Release, java: Java, home: Path, folder: Path, *, brief: bool) -> subprocess.Popen[bytes]:
    account = server_account()
    with (folder / "logs" / "console").open("w") as console:
        return subprocess.Popen(
            _command(release, java, home, folder),
            cwd=home,
            env=_environment(java, home, folder, _BRIEF if brief else ""),
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **account.run_as,
        )


def _configure(home: Path, folder: Path, *, name: str, port: int, transport_port: int) -> None:
    shutil.copytree(home / "config", folder / "config")
    for part in ("data", "logs", "tmp"):
        (folder / part).mkdir()
    settings = {
        "cluster.name": name,
        "discovery.type": "single-node",
        "xpack.security.enabled": False,
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport_port,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        # A nearly full disk would turn every index read-only.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }
    lines = [f"{key}: {json.dumps(value)}" for key, value in settings.items()]  # JSON is YAML
    (folder / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
    # The node's home is shared and read-only: no heap dumps, no log of the garbage collector beside it.
    options = folder / "config" / "jvm.options"
    kept = [line for line in options.read_text().splitlines() if "HeapDump" not in line and "-Xlog:gc" not in line]
    options.write_text("\n".join(kept).replace("ErrorFile=logs/", f"ErrorFile={folder}/logs/") + "\n")


def _environment(java: Java, home: Path, folder: Path, options: str) -> dict[str, str]:
    """Nothing of ours: a proxy or a Java option meant for something else would change the node."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOSTNAME": socket.gethostname(),
        "ES_HOME": str(home),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_JAVA_HOME": str(java.home),
        "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP} {options}",
        "ES_DISTRIBUTION_TYPE": "zip",
        "JAVA": str(java.program),
        "JAVA_TYPE": "ES_JAVA_HOME",
    }


def _command(release: Release, java: Java, home: Path, folder: Path) -> list[str]:
    """The launcher, by hand: the product that carries the node left its start script out."""
    small = [str(java.program), "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]
    if release.version.startswith("9."):
        launcher = "org.elasticsearch.server.launcher.ServerLauncher"
        return [*small, "-cp", f"{home}/lib/tools/server-launcher/*", launcher]
    options = {
        "cli.name": "server",
        "cli.libs": "lib/tools/server-cli",
        "es.path.home": str(home),
        "es.path.conf": str(folder / "config"),
        "es.distribution.type": "zip",
        "es.java.type": "ES_JAVA_HOME",
    }
    launcher = "org.elasticsearch.launcher.CliToolLauncher"
    return [*small, *(f"-D{key}={value}" for key, value in options.items()),
            "-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*", launcher]  # fmt: skip


def _wait(node: Node, launcher: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and launcher.poll() is None:
        if node.is_alive():
            return
        time.sleep(0.25)
    end = (Path(node.folder) / "logs" / "console").read_text(errors="replace")[-3000:]
    why = "ended at once" if launcher.poll() is not None else f"did not answer in {START_SECONDS} s"
    node.stop()
    raise RuntimeError(f"Elasticsearch {node.version} {why}. Its log ends with:\n{end}")


def _cluster_name(url: str) -> str:
    """Name of the cluster that answers there and can take indices; empty where none does."""
    try:
        with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)) as connection:
            connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=2s")
            answer = connection.getresponse()
            return str(json.load(answer)["cluster_name"]) if answer.status == HTTPStatus.OK else ""
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return ""


def _free_ports() -> tuple[int, int]:
    with closing(socket.socket()) as one, closing(socket.socket()) as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _end_group(leader: int) -> None:
    """The launcher and the node it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + STOP_SECONDS
        with suppress(ProcessLookupError):
            os.killpg(leader, number)
        while _group_lives(leader):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        else:
            return


def _group_lives(leader: int) -> bool:
    for process in psutil.process_iter(["pid", "status"]):
        with suppress(ProcessLookupError):
            # The dead stay in the list until their parent collects them.
            if os.getpgid(process.info["pid"]) == leader and process.info["status"] != psutil.STATUS_ZOMBIE:
                return True
    return False
