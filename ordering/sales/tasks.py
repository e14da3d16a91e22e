"""The clock of the ledger."""

from procrastinate.contrib.django import app

from portal.lib.clock import business_date

from . import services


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="sales.merge_totals", name="sales.merge_totals")
def merge_totals(timestamp: int) -> None:
    """Merges the daily totals that the day's posting left side by side."""
    services.merge_totals()


@app.periodic(cron="11 2 * * *")
@app.task(queueing_lock="sales.count_demand", name="sales.count_demand")
def count_demand(timestamp: int) -> None:
    """Counts anew how much articles are asked for; only those whose level changed are indexed."""
    services.count_demand(until=business_date())
