"""What is kept of questions: each one for a month under a pseudonym, then sums by day; and everybody's own last ones.

Search does not know people. `person` and `seat` are texts that whoever calls tells apart by: whose a question is, and
in which of that person's roles it was asked.
"""

from __future__ import annotations

from django.db import models


class Place(models.TextChoices):
    """Where a question was asked."""

    SEARCH = "search"
    CATALOGUE = "catalogue"
    API = "api"
    SUGGEST = "suggest"  # a suggestion that was taken


class Salt(models.Model):
    """One day's secret behind the pseudonyms of that day. When it is gone, nobody can tell whose they were."""

    day = models.DateField(primary_key=True)
    value = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.day}"


class Asked(models.Model):
    """One question and what it found. `text` is normalised and masked; empty where it named a client or an order.

    `existed` is looked up later, of what found nothing: whether somebody with all rights would have found something.
    """

    id = models.BigAutoField(primary_key=True)
    asked_at = models.DateTimeField()
    day = models.DateField()
    place = models.TextField(choices=Place.choices)
    text = models.TextField()
    language = models.TextField()
    engine = models.TextField()
    found = models.JSONField()  # {section: number of results}
    total = models.IntegerField()
    interpreted_as = models.TextField(default="")
    is_loose = models.BooleanField(default=False)
    whose = models.TextField()  # a pseudonym of the person, good for one day
    existed = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["day", "text"], name="search_asked_by_day"),
            models.Index(fields=["whose", "text"], name="search_asked_by_whose"),
            models.Index(
                fields=["id"],
                condition=models.Q(total=0, existed=None) & ~models.Q(text=""),
                name="search_asked_in_doubt",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Opened(models.Model):
    """Something in an answer was opened. `position` counts from 1 within its section."""

    id = models.BigAutoField(primary_key=True)
    asked = models.ForeignKey(Asked, models.CASCADE, related_name="opened")
    kind = models.TextField()
    key = models.TextField()
    position = models.IntegerField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asked", "kind", "key"], name="search_opened_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DailyQuestion(models.Model):
    """A day's questions of one text in one language, summed up. No person is in it.

    `people` counts pseudonyms. `vain` found nothing at all, `hidden` of those something that the person may not see.
    `unopened` found something and nothing of it was opened; `opened` where something was, `positions` being the sum of
    the first ones' positions.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    text = models.TextField()
    language = models.TextField()
    times = models.IntegerField()
    people = models.IntegerField()
    vain = models.IntegerField()
    hidden = models.IntegerField()
    unopened = models.IntegerField()
    opened = models.IntegerField()
    positions = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "text", "language"], name="search_daily_once")]
        indexes = [models.Index(fields=["text", "day"], name="search_daily_by_text")]

    def __str__(self) -> str:
        return self.text


class PastQuestion(models.Model):
    """A question that a person asked in one of their roles and that was answered, to be offered to them again.

    This is theirs: shown to nobody else, in no figure, handed out and erased with the rest of their data.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.TextField()
    seat = models.TextField()
    text = models.TextField()  # normalised
    written = models.TextField()  # as they wrote it last
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "seat", "text"], name="search_past_once")]
        indexes = [models.Index(fields=["asked_at"], name="search_past_by_age")]

    def __str__(self) -> str:
        return self.written
