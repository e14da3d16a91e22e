"""What is written down: keys of requests, the audit, letters to be sent."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import Language
from ..querysets import AuditQuerySet
from .dealers import Dealer
from .people import User


class IdempotencyKey(models.Model):
    """A key of an unsafe request, kept in the transaction of its effect, with the answer."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    # 0 for the head office: NULLs would not be unique
    membership_id = models.BigIntegerField(default=0)
    endpoint = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "membership_id", "endpoint", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return self.key


class AuditEvent(models.Model):
    """Who did what to what: sign-ins, rights, prices, orders. Append-only, without personal data."""

    at = models.DateTimeField(auto_now_add=True)
    # An erased person's row stays as a pseudonym, so the audit keeps its thread.
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    dealer = models.ForeignKey(
        Dealer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dealer")
    )
    role = models.CharField(_("role"), max_length=20, blank=True)
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("to what"), max_length=120, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["dealer", "-at"], name="audit_by_dealer"),
            models.Index(fields=["verb", "-at"], name="audit_by_verb"),
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}".strip()


class Letter(models.Model):
    """An e-mail that a service owes somebody, kept until it is sent: written in the transaction of its cause.

    `facts` are ids and plain words; secrets (links) are made when the letter is written, never kept.
    """

    email = models.EmailField()
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language.choices)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind
