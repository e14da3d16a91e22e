"""The demo as a person starts it, in a folder of its own: web server, worker, PostgreSQL and the demo data."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import hotp
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("SHOTS", ROOT / "test-results"))
SECONDS_TO_START = 280
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the test's own thread


@dataclass(frozen=True)
class Demo:
    """A running demo and whom one can be in it."""

    url: str
    signins: list[dict[str, Any]]
    var: Path

    def signin(self, role: str, dealer: str | None = None) -> dict[str, Any]:
        """The first sign-in of this role (at this dealer)."""
        return next(s for s in self.signins if s["role"] == role and dealer in (None, s["dealer"]))

    def manage(self, *arguments: str) -> str:
        """`manage.py` of the same demo."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.var),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def environment(var: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """`make demo` on a free port; all tests of this folder run in one worker (`tests/services/scheduling.py`)."""
    var = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    var.chmod(0o711)  # PostgreSQL's own account passes through
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (var / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.running.demo", "run", "--port", str(port)],
        cwd=ROOT,
        env=environment(var),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/health/", process, var / "log")
        signins = subprocess.run(
            [sys.executable, "manage.py", "signins"],
            cwd=ROOT,
            env=environment(var),
            capture_output=True,
            text=True,
            check=True,
        )
        yield Demo(url, json.loads(signins.stdout), var)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(var, ignore_errors=True)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail(f"The demo did not answer:\n{log.read_text()[-4000:]}", pytrace=False)


def sign_in(page: Page, demo: Demo, signin: dict[str, Any]) -> None:
    """Signs in as a person does: e-mail, password, and the code where one is owed."""
    page.goto(f"{demo.url}/sign-in/")
    page.locator("input[type=email], input[name=email]:not([type=hidden])").first.fill(signin["email"])
    page.locator("input[type=password]").fill(signin["password"])
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    if signin.get("otp_secret"):
        page.locator("main input:visible").first.fill(code_of(signin["otp_secret"]))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/second-factor/" not in url)
    expect(page.locator("h1").first).to_be_visible()


def speak(page: Page, language: str) -> None:
    """Switches the page to this language, as its button does; the person keeps it."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[lang={language}]").first.evaluate("button => button.form.requestSubmit()")
        expect(page.locator("html")).to_have_attribute("lang", language)


# When the code of each key was shown last, in steps: none is good twice, and the next one is good a step early.
STEP = 30  # seconds
SHOWN: dict[str, int] = {}


def code_of(secret: str) -> str:
    """Six digits of an authenticator for a base32 key: those of now, or where they were used already those that come next."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = max(int(time.time()) // STEP, SHOWN.get(secret, 0) + 1)
    SHOWN[secret] = step
    return f"{hotp(key, step):06d}"


def violations(page: Page) -> list[str]:
    """What axe finds wrong. The window takes the page's height, or the fixed tab bar covers what lies under it."""
    height = page.evaluate("document.documentElement.scrollHeight")
    assert page.viewport_size
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in Axe().run(page).response["violations"]]
