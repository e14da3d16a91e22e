"""What the demo's parent decides before it starts anything; the whole of it runs in tests/end_to_end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.running import demo
from portal.running.demo import DemoError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def run(*arguments: str, var: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "portal.running.demo", *arguments],
        cwd=ROOT, env={**os.environ, "PORTAL_VAR": str(var)},
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path, taken_port: int) -> None:
    result = run("run", "--port", str(taken_port), var=tmp_path / "var")

    assert result.returncode == 1
    assert f"Port {taken_port} is taken" in result.stderr
    assert "PORT=8010 make demo" in result.stderr
    assert not (tmp_path / "var" / "postgres").exists(), "nothing was started"


@pytest.mark.parametrize("port", ["", "eight", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    result = run("run", f"--port={port}", var=tmp_path / "var")

    assert (result.returncode, "PORT must be a number" in result.stderr) == (1, True)


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    with demo._only_one(tmp_path, "http://127.0.0.1:8123"):
        assert demo._running_demo(tmp_path) == os.getpid()
        second = demo._only_one(tmp_path, "http://127.0.0.1:8124")
        with pytest.raises(DemoError, match=r"already runs .* http://127\.0\.0\.1:8123"), second:
            pytest.fail("a second demo began")

    assert demo._running_demo(tmp_path) == 0
    with demo._only_one(tmp_path, "http://127.0.0.1:8124"):
        pass


def test_stop_ends_the_demo_of_this_folder(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\nfrom portal.running import demo\n"
        "with demo._only_one(pathlib.Path(sys.argv[1]), 'http://127.0.0.1:1'):\n"
        "    print('up', flush=True)\n    time.sleep(60)"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    running.stdout.readline()

    result = run("stop", var=tmp_path)
    running.communicate(timeout=5)

    assert (result.returncode, result.stdout) == (0, "Stopped.\n")
    assert running.returncode == -signal.SIGTERM
    assert run("stop", var=tmp_path).stdout == "Nothing was running.\n", "control"


def test_reset_forgets_our_data_and_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "ours" / "postgres").mkdir(parents=True)
    (tmp_path / "theirs" / "photos").mkdir(parents=True)

    demo.reset(tmp_path / "ours")
    with pytest.raises(DemoError, match="does not look like"):
        demo.reset(tmp_path / "theirs")

    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]


def test_a_changed_migration_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    migration = tmp_path / "ordering" / "orders" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("one")
    before = demo._fingerprint()
    assert demo._fingerprint() == before, "control"

    migration.write_text("other")

    assert demo._fingerprint() != before
