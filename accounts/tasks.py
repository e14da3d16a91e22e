"""What accounts do by the clock: letters within the minute, and a purge at night."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import services


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="accounts.send_letters", name="accounts.send_letters")
def send_letters(timestamp: int = 0) -> None:
    """Sends the letters that services owe."""
    services.send_due_letters(at=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="accounts.purge", name="accounts.purge")
def purge(timestamp: int = 0) -> None:
    """Deletes what is kept no longer than it is needed."""
    services.purge(at=timezone.now())


def wake_letters() -> None:
    """Asks for the letters now instead of at the next full minute: for the pages whose reader waits for one."""
    try:
        with transaction.atomic():
            send_letters.defer()
    except AlreadyEnqueued:
        return
