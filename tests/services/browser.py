"""The browser for the end-to-end tests: the system's own Chromium, never a download of the test tool's."""

import os
import shutil
from pathlib import Path

from tests.services.missing import ServiceMissingError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> Path:
    """Chromium's program: `CHROMIUM`, or what the system has. Raises ServiceMissingError."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if found and Path(found).exists():
        return Path(found)
    raise ServiceMissingError(
        "Browser",
        f"CHROMIUM={named} does not exist" if named else "Chromium is missing",
        "Install it (apt-get install chromium), or set CHROMIUM to a Chromium or Chrome.",
    )


def launch_arguments() -> dict[str, object]:
    """What Playwright launches. Chromium's sandbox does not work for root. Raises ServiceMissingError."""
    arguments = ["--no-sandbox", *_QUIET] if os.geteuid() == 0 else _QUIET
    return {"executable_path": str(executable()), "headless": True, "args": arguments}
