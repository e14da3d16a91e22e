"""The clock of the knowledge. Wagtail's own small tasks stay on its immediate backend."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="content.publish_scheduled", name="content.publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publishes what is due this minute and takes down what has expired."""
    services.publish_due(at=timezone.now())
