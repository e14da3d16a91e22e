"""The clock of the programme."""

from procrastinate.contrib.django import app

from accounts.principals import Principal
from portal.lib.clock import business_date

from . import services


# Every hour: midnight at the head office is never more than an hour past, whatever its zone. Most hours find nothing owed.
@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="programme.decide_tiers", name="programme.decide_tiers")
def decide_tiers(timestamp: int) -> None:
    """Decides the tiers that are owed, and announces those that begin or end today."""
    services.evaluate_due(on=business_date(), by=Principal.nobody())
