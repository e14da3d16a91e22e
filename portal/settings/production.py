"""A real installation. Everything comes from the environment; what is missing stops the start with its name and an example."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import STORAGES, with_options

env = environ.Env()

EXAMPLES = {
    "SECRET_KEY": "50 random characters: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
    "ALLOWED_HOSTS": "portal.example.com,www.portal.example.com",
    "PORTAL_URL": "https://portal.example.com",
    "DATABASE_URL": "postgresql://portal:password@db:5432/portal",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    "DEFAULT_FROM_EMAIL": "Partner portal <portal@example.com>",
    "MEDIA": "s3://bucket-name, or a folder: /srv/portal/media",
}


def required(name: str) -> str:
    """The setting's value. Raises ImproperlyConfigured naming it, with an example, when it is not set."""
    value = str(env.str(name, default=""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Example: {name}={EXAMPLES[name]!r}")
    return value


DEMO = False
DEBUG = False
SECRET_KEY = required("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
WAGTAILADMIN_BASE_URL = required("PORTAL_URL")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]

DATABASES = {"default": with_options(env.db_url_config(required("DATABASE_URL")))}
# Beside what the address itself asks for: sslmode, target_session_attrs.
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 2,
    "max_size": env.int("DATABASE_POOL", default=10),
}

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    )
}

vars().update(env.email_url_config(required("EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = required("DEFAULT_FROM_EMAIL")

MEDIA = required("MEDIA")
if MEDIA.startswith("s3://"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA.removeprefix("s3://"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
else:
    MEDIA_ROOT = MEDIA
STATIC_ROOT = env.str("STATIC_ROOT", default="/srv/portal/static")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Behind a proxy: how many stand in front, so that nobody else's forwarded header is believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
SEARCH_INDEX_PREFIX = env.str("SEARCH_INDEX_PREFIX", default="portal")
HEADLESS_PREVIEW_URL = env.str("HEADLESS_PREVIEW_URL", default="")
