"""The clock of the ledger."""

from procrastinate.contrib.django import app

from . import services


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="sales.merge_totals", name="sales.merge_totals")
def merge_totals(timestamp: int) -> None:
    """Merges the daily totals that the day's posting left side by side."""
    services.merge_totals()
