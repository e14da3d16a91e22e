"""Two weeks of questions, so that the editors' report has something to say: the same on every machine."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from portal.questions import would_find
from search import keeping
from search.asked import Asked, DailyQuestion, Opened, Place

DAYS = 14


class Wanted(NamedTuple):
    """One text: asked by so many people on every n-th day, what it found, at which place people opened something."""

    text: str
    people: int
    every: int
    found: int = 0
    opened: int = 0
    language: str = "ru"


# What found nothing is looked into like everybody's: nobody says here whether it exists.
QUESTIONS = (
    Wanted("бетономешалка", 3, 2),
    Wanted("шурик", 4, 3),
    Wanted("газонокосилка", 2, 4),
    Wanted("мотоблок", 2, 5),
    Wanted("рекламация", 2, 6),
    Wanted("wheelbarrow", 1, 6, language="en"),
    Wanted("сколько ждать возврат денег", 3, 4, found=2),
    Wanted("кто мой менеджер", 4, 5, found=3),
    Wanted("price list for retail", 1, 5, found=1, language="en"),
    Wanted("насадка", 3, 2, found=24, opened=9),
    Wanted("диск по бетону", 2, 3, found=11, opened=6),
    Wanted("шуруповерт 18в", 6, 1, found=14, opened=1),
    Wanted("угловая шлифмашина", 4, 2, found=9, opened=1),
    Wanted("как вернуть товар", 3, 2, found=4, opened=1),
    Wanted("cordless drill", 2, 4, found=12, opened=2, language="en"),
)


def load_questions(*, today: dt.date) -> int:
    """How many questions were added; none where some are kept."""
    if Asked.objects.exists() or DailyQuestion.objects.exists():
        return 0
    kept = Asked.objects.bulk_create([row for day in range(DAYS) for row in _asked_on(today, day)])
    opened = {wanted.text: wanted.opened for wanted in QUESTIONS if wanted.opened}
    Opened.objects.bulk_create(
        Opened(asked=row, kind="product", key="", position=opened[row.text], opened_at=row.asked_at)
        for row in kept
        if row.text in opened
    )
    keeping.look_into(would_find)
    for day in range(DAYS):
        keeping.sum_up(today - dt.timedelta(days=day))
    return len(kept)


def _asked_on(today: dt.date, day: int) -> list[Asked]:
    """The questions of so many days ago. The people in them are nobody's."""
    date = today - dt.timedelta(days=day)
    at = timezone.make_aware(dt.datetime.combine(date, dt.time(10)))
    return [
        Asked(
            asked_at=at,
            day=date,
            place=Place.SEARCH,
            text=wanted.text,
            language=wanted.language,
            engine="postgresql",
            found={"products": wanted.found} if wanted.found else {},
            total=wanted.found,
            whose=f"demo-{day}-{person}",
        )
        for wanted in QUESTIONS
        if day % wanted.every == 0
        for person in range(wanted.people)
    ]
