"""The services themselves: what is chosen, what is said when one is missing, and that a node is shared."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from playwright.sync_api import Page

from tests.services import browser
from tests.services.elasticsearch import java
from tests.services.missing import ServiceMissingError

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
def test_search(elasticsearch_url): assert elasticsearch_url.startswith("http://127.0.0.1:")
def test_page(page): page.goto("about:blank")
def test_neither(): pass
"""
USER = """
import sys
from tests.services import elasticsearch
with elasticsearch.in_use() as node:
    print(node.url, node.pid, flush=True)
    sys.stdin.read()
"""


def a_java(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return folder


@pytest.mark.parametrize(
    ("version", "release"),
    [("17.0.15", "8.16.6"), ("21.0.2", "9.4.3"), ("25", "9.4.3"), ("20.0.1", "8.16.6")],
)
def test_the_newest_elasticsearch_that_the_java_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, release: str
) -> None:
    monkeypatch.setenv("ES_JAVA_HOME", str(a_java(tmp_path / "jdk", version)))

    chosen, with_java = java.choose()

    assert (chosen.version, with_java.home) == (release, tmp_path / "jdk")


@pytest.mark.parametrize(("version", "wanted"), [("11.0.2", ""), ("1.8.0_292", ""), ("25", "8.16.6")])
def test_a_java_that_runs_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, wanted: str
) -> None:
    monkeypatch.setenv("ES_JAVA_HOME", str(a_java(tmp_path / "jdk", version)))

    with pytest.raises(ServiceMissingError, match=f"{tmp_path}/jdk.*Install one"):
        java.choose(wanted)


def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ServiceMissingError, match="apt-get install chromium"):
        browser.executable()


def run_suite(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A small suite of its own, on a machine without Java and Chromium."""
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "pytest.ini").write_text("[pytest]\n")
    bare = {
        "PATH": "/nowhere",
        "PYTHONPATH": str(ROOT),
        "ES_JAVA_HOME": "/nowhere",
        "PORTAL_VAR": str(folder / "var"),
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.services.plugin", "-p", "no:django", "-q",
         f"--basetemp={folder}/tmp", str(folder)],
        cwd=folder, env=bare | environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_missing_services_are_skipped_loudly(tmp_path: Path) -> None:
    result = run_suite(tmp_path)

    assert "NOT RUN for want of a service" in result.stdout
    assert "1 test(s): Elasticsearch: no Java that runs any of" in result.stdout
    assert "1 test(s): Browser: Chromium is missing. Install it" in result.stdout
    assert "1 passed, 2 skipped" in result.stdout
    assert result.returncode == 0


def test_with_ci_a_missing_service_is_a_failure(tmp_path: Path) -> None:
    result = run_suite(tmp_path, CI="true")

    assert "CI=true, and this must run: Elasticsearch" in result.stdout
    assert "CI=true, and this must run: Browser" in result.stdout
    assert "1 passed, 2 errors" in result.stdout
    assert result.returncode == 1


def test_elasticsearch_indexes_and_finds(elasticsearch_url: str) -> None:
    client = Elasticsearch(elasticsearch_url)
    index = f"test-services-{os.getpid()}"
    try:
        client.indices.create(
            index=index,
            mappings={"dynamic": "strict", "properties": {"text": {"type": "text", "analyzer": "russian"}}},
        )
        client.index(index=index, id="1", document={"text": "оформить заказ со скидкой"}, refresh=True)

        def found(query: str) -> int:
            hits: int = client.search(index=index, query={"match": {"text": query}})["hits"]["total"]["value"]
            return hits

        assert (found("скидки"), found("отгрузка")) == (1, 0)
    finally:
        client.indices.delete(index=index, ignore_unavailable=True)


def test_a_node_is_shared_and_ends_with_its_last_user(tmp_path: Path, elasticsearch_url: str) -> None:
    """`elasticsearch_url` only says that Elasticsearch can be had: the node under test is another one."""
    environment = {**os.environ, "PORTAL_VAR": str(tmp_path)}
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    first, second = (user.stdout.readline().split() for user in users if user.stdout)
    assert first == second
    client = Elasticsearch(first[0], max_retries=0)

    users[0].communicate("")
    assert client.ping(), "the other one still uses it"
    users[1].communicate("")

    assert not client.ping()
    assert not (tmp_path / "services" / "elasticsearch.json").exists()


def test_the_systems_browser_shows_a_page(page: Page) -> None:
    page.set_content("<button onclick='this.textContent = 6 * 7'>What is six times seven?</button>")
    page.get_by_role("button").click()

    assert page.get_by_role("button").text_content() == "42"
