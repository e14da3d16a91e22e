"""What owners are written about their tier."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Dealer, User

from ..enums import NoticeKind


class TierNotice(models.Model):
    """An e-mail owed to an owner about the tier, written by the clock, sent by the worker, kept so that it goes only once.

    `about` says what of: the same news has the same word, whoever asks again. `facts`: names of the tier in both languages,
    its discount, a day and an amount.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="+")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    about = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "to", "kind", "about"], name="tier_notice_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="tier_notice_kind_is_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="tier_notice_unsent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
