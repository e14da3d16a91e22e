"""The engines of this installation, by name."""

from django.conf import settings

POSTGRESQL = "postgresql"
ELASTICSEARCH = "elasticsearch"


def in_use() -> tuple[str, ...]:
    """The engines that keep documents. PostgreSQL always does: it answers whenever the other one cannot."""
    return (POSTGRESQL, ELASTICSEARCH) if settings.ELASTICSEARCH_URL else (POSTGRESQL,)
