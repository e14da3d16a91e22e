"""A long piece of work that a person started: how far it is, whether it is to stop, what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.lib.files import private_storage


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waits for a worker")
    RUNNING = "running", _("Runs")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """The room that owns the work hangs its own facts on this row; who may see it is that room's to say."""

    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    begun_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    cancel_asked = models.BooleanField(_("is to stop"), default=False)
    report = models.JSONField(_("report"), default=dict)
    error = models.TextField(_("error"), blank=True)
    result = models.FileField(_("result"), storage=private_storage, upload_to="jobs/", blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known")]
        indexes = [models.Index(fields=["kind", "id"], condition=Q(state="queued"), name="job_queued")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def percent(self) -> int:
        """How much is done, of 100."""
        return 100 if self.state == JobState.DONE else self.done * 100 // self.total if self.total else 0
