"""Moments are UTC; a business date is a day at the head office."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def business_date(moment: dt.datetime | None = None) -> dt.date:
    """The day at the head office at this moment (now, by default): what price lists and windows count in."""
    return (moment or timezone.now()).astimezone(ZoneInfo(settings.HEAD_OFFICE_TIME_ZONE)).date()
