"""What shares a worker: run for real with two workers over a suite of its own."""

import subprocess
import sys
from pathlib import Path

PROJECT = '[tool.pytest.ini_options]\naddopts = "-n 2 --dist loadscope --no-loadscope-reorder {plugin}"\n'
MODULE = """
import pathlib, time
import pytest
@pytest.mark.parametrize("n", range(6))
def test_one(n, worker_id):
    time.sleep(0.05)
    with pathlib.Path("workers").open("a") as out:
        out.write(f"{name} {{worker_id}}\\n")
"""


def workers(folder: Path, plugin: str) -> list[tuple[str, str]]:
    """(part of the suite, worker) in the order in which the tests ended."""
    (folder / "pyproject.toml").write_text(PROJECT.format(plugin=plugin))
    for module, name in (
        ("tests/end_to_end/test_a.py", "demo"),
        ("tests/end_to_end/test_b.py", "demo"),
        ("tests/test_c.py", "c"),
        ("tests/test_d.py", "d"),
    ):
        (folder / module).parent.mkdir(parents=True, exist_ok=True)
        (folder / module).write_text(MODULE.format(name=name))
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:django", "tests"],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{root}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return [tuple(line.split()) for line in (folder / "workers").read_text().splitlines()]


def test_the_demo_is_on_one_worker_and_begins_first(tmp_path: Path) -> None:
    ran = workers(tmp_path, "-p tests.services.plugin")

    assert len({worker for name, worker in ran if name == "demo"}) == 1
    assert {worker for _name, worker in ran} == {"gw0", "gw1"}, "both worked"
    assert "demo" in {name for name, _worker in ran[:2]}


def test_without_the_rule_it_is_not(tmp_path: Path) -> None:
    ran = workers(tmp_path, "")

    assert len({worker for name, worker in ran if name == "demo"}) == 2
