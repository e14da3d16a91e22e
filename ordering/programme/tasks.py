"""The clock of the programme."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.principals import Principal
from portal.lib.clock import business_date

from . import services


# Every hour: midnight at the head office is never more than an hour past, whatever its zone. Most hours find nothing owed.
@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="programme.decide_tiers", name="programme.decide_tiers")
def decide_tiers(timestamp: int) -> None:
    """Decides the tiers that are owed, announces those that begin or end today, and owes the e-mails about them."""
    services.evaluate_due(on=business_date(), by=Principal.nobody())
    services.owe_notices(on=business_date(), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="programme.decide_movers", name="programme.decide_movers")
def decide_movers(timestamp: int) -> None:
    """Decides for new dealers and those who moved, without waiting for the hour."""
    if services.decide_movers(on=business_date(), by=Principal.nobody()):
        services.announce_tiers(on=business_date())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="programme.send_notices", name="programme.send_notices")
def send_notices(timestamp: int) -> None:
    """Sends every e-mail about a tier that is due."""
    while services.send_notice(at=timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="programme.simulate", name="programme.simulate")
def simulate(timestamp: int) -> None:
    """Runs the simulations that wait."""
    while services.run_next_simulation():
        pass
