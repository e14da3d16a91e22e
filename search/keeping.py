"""What becomes of kept questions by the clock: looked into, summed up by day, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from .asked import Asked, DailyQuestion, PastQuestion, Salt

QUESTIONS_KEPT_FOR: Final = dt.timedelta(days=30)
OWN_KEPT_FOR: Final = dt.timedelta(days=90)
SUMS_KEPT_FOR: Final = dt.timedelta(days=400)
OWN_KEPT: Final = 50  # of each person in each role
AT_A_TIME: Final = 50  # texts looked into in one go

# What somebody with all rights would have found with a text: whether anything, and whether only other people's own
# affairs (clients, orders), whose words then leave the log.
Look = Callable[[str, str], tuple[bool, bool]]


def look_into(look: Look, *, limit: int = AT_A_TIME) -> int:
    """Find out of questions that found nothing whether there is anything; how many texts it was.

    Each text is asked once for all its rows. Done by the worker: nobody's answer waits for it or tells of it.
    """
    doubtful = Asked.objects.filter(total=0, existed=None).exclude(text="")
    texts = list(doubtful.order_by().values_list("text", "language").distinct()[:limit])
    for text, language in texts:
        existed, is_private = look(text, language)
        rows = doubtful.filter(text=text, language=language)
        rows.update(existed=existed, **({"text": ""} if is_private else {}))
    return len(texts)


_SUM_UP: Final = """
    INSERT INTO search_dailyquestion (day, text, language, times, people, vain, hidden, unopened, opened, positions)
    SELECT day, text, language, count(*), count(DISTINCT nullif(whose, '')),
           count(*) FILTER (WHERE total = 0), count(*) FILTER (WHERE total = 0 AND existed),
           count(*) FILTER (WHERE total > 0 AND first IS NULL AND place <> 'api'), count(first), coalesce(sum(first), 0)
      FROM search_asked
      LEFT JOIN LATERAL (SELECT min(position) AS first FROM search_opened WHERE asked_id = search_asked.id) AS o ON true
     WHERE day = %s AND text <> ''
     GROUP BY day, text, language
"""


@transaction.atomic
def sum_up(day: dt.date) -> None:
    """Write a day's sums anew from its questions. Machines that tell of no clicks are not held to have opened nothing."""
    DailyQuestion.objects.filter(day=day).delete()
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, [day])


def sum_up_lately(*, at: dt.datetime) -> None:
    """Today and yesterday, whose late clicks and findings still come in."""
    today = timezone.localtime(at).date()
    for day in (today - dt.timedelta(days=1), today):
        sum_up(day)


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Delete what is past its time; says how much of what. Harmless to repeat and to interrupt.

    The sums keep no text that only one person ever asked: it may be about that person.
    """
    today = timezone.localtime(at).date()
    expired = today - QUESTIONS_KEPT_FOR
    asked_by_several = (
        DailyQuestion.objects.order_by().values("text").annotate(of=Sum("people")).filter(of__gt=1).values("text")
    )
    doomed = {
        "salts": Salt.objects.filter(day__lt=today - dt.timedelta(days=1)),
        "questions": Asked.objects.filter(day__lt=expired),
        "sums": DailyQuestion.objects.filter(
            Q(day__lt=today - SUMS_KEPT_FOR) | (Q(day__lt=expired) & ~Q(text__in=asked_by_several))
        ),
        "own_questions": PastQuestion.objects.filter(asked_at__lt=at - OWN_KEPT_FOR),
    }
    return {name: rows.delete()[0] for name, rows in doomed.items()} | {"too_many_own": _trim()}


def _trim() -> int:
    """All but the latest of everybody's own questions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM search_pastquestion WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
            " (PARTITION BY person, seat ORDER BY asked_at DESC) AS n FROM search_pastquestion) AS own WHERE n > %s)",
            [OWN_KEPT],
        )
        return int(cursor.rowcount)
