"""The tests: real PostgreSQL (embedded, or DATABASE_URL), quick passwords, e-mail kept in memory."""

import os
from pathlib import Path

import environ

from portal.running.postgres import ensure_running

from .base import *
from .base import ROOT, with_options

env = environ.Env()
VAR = Path(env("PORTAL_VAR", default=str(ROOT / "var"))) / "test"

DEMO = True
DEBUG = False
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["*"]

# A lock that is never given is an error that names its statement, not a run that hangs.
DATABASES = {
    "default": with_options(
        env.db_url_config(os.environ.get("DATABASE_URL") or ensure_running(VAR, durable=False)), "-c lock_timeout=60s"
    )
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "Тверон партнёрам <portal@tveron.example>"

MEDIA_ROOT = VAR / "media" / os.environ.get("PYTEST_XDIST_WORKER", "main")
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ELASTICSEARCH_URL = ""
SEARCH_INDEX_PREFIX = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
