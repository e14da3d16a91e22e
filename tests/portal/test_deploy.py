"""The files of the grown install say what the code needs: parsed, not run (no container engine is needed for the tests)."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = re.findall(r'^    "([A-Z_]+)":', (ROOT / "portal/settings/production.py").read_text(), re.MULTILINE)


def example() -> dict[str, str]:
    lines = (ROOT / "deploy/example.env").read_text().splitlines()
    return {k: v.strip('"') for k, v in (line.split("=", 1) for line in lines if line and not line.startswith("#"))}


def start(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Django's own deployment check under production settings and nothing else of this machine's environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings.production", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_is_a_clean_deployment() -> None:
    done = start(example())
    assert done.returncode == 0, done.stderr


def test_there_are_required_settings() -> None:
    assert len(REQUIRED) >= 7


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_stops_the_start_by_its_name(name: str) -> None:
    done = start({k: v for k, v in example().items() if k != name})
    assert done.returncode != 0
    assert f"{name} is not set. Example: {name}=" in done.stderr


def test_what_the_database_address_asks_for_stays() -> None:
    """`sslmode` above all: without it, psycopg takes an unencrypted connection where the server offers no other."""
    address = "postgresql://portal:x@db/portal?sslmode=verify-full&target_session_attrs=read-write&options=-c%20statement_timeout=9000"
    done = subprocess.run(
        [sys.executable, "-c", "from portal.settings.production import DATABASES; print(DATABASES['default']['OPTIONS'])"],
        cwd=ROOT, env={**example(), "PATH": os.environ["PATH"], "DATABASE_URL": address},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ast.literal_eval(done.stdout) == {
        "sslmode": "verify-full", "target_session_attrs": "read-write", "pool": {"min_size": 2, "max_size": 10},
        "options": "-c statement_timeout=9000 -c pgtrigger.ignore={}",
    }  # fmt: skip


def test_compose_runs_every_role_and_no_stranger_service() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert {"web", "worker", "migrate", "postgres", "elasticsearch", "redis", "proxy", "backup"} == set(
        compose["services"]
    )
    assert [name for name, service in compose["services"].items() if service.get("ports")] == ["proxy"]
    hosts = " ".join(example().values())
    for service in ("postgres", "elasticsearch", "redis"):
        assert f"{service}:" in hosts.replace("@", " ")


def test_the_image_runs_what_the_demo_runs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in dockerfile
    assert "portal.wsgi:application" in dockerfile
    assert "USER portal" in dockerfile
