"""The demo: one machine, loopback, safe to forget. Never for real data: its key is public."""

import os
from pathlib import Path

import environ

from portal.running.postgres import ensure_running

from .base import *
from .base import ROOT, with_options

env = environ.Env()
VAR = Path(env("PORTAL_VAR", default=str(ROOT / "var")))

DEMO = True
DEBUG = False
SECRET_KEY = "demo-only-and-public-so-never-for-real-data-4b1f7c9a2e"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS: list[str] = []
INTERNAL_IPS = ["127.0.0.1"]

DATABASES = {"default": with_options(env.db_url_config(os.environ.get("DATABASE_URL") or ensure_running(VAR)))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MEDIA_ROOT = VAR / "media"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WAGTAILADMIN_BASE_URL = env("PORTAL_URL", default="http://127.0.0.1:8000")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = "Тверон партнёрам <portal@tveron.example>"

ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
SEARCH_INDEX_PREFIX = env("SEARCH_INDEX_PREFIX", default="portal")
HEADLESS_PREVIEW_URL = env("HEADLESS_PREVIEW_URL", default="")
