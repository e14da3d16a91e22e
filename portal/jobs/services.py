"""Starting, following, cancelling and ending a long piece of work. The work itself is the room's own."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from portal.lib.errors import DomainError

from .models import Job, JobState

log = logging.getLogger(__name__)
# A worker that was killed leaves its job running: after this it is taken up again.
LOST_AFTER: Final = dt.timedelta(hours=1)


class Cancelled(Exception):
    """Somebody asked for the work to stop."""


@dataclass(slots=True)
class Outcome:
    """What came of the work: figures for the report, and a file."""

    report: dict[str, Any] = field(default_factory=dict)
    file_name: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Progress:
    """How the work says how far it is, and learns that it is to stop.

    What it writes is seen at once, so the work must not stand in a transaction of its own when it tells.
    """

    job_id: int

    def tell(self, done: int, total: int) -> None:
        """Raises Cancelled when somebody asked for the work to stop."""
        Job.objects.filter(pk=self.job_id).update(done=done, total=total)
        if Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise Cancelled


def ask(*, kind: str, user_id: int | None) -> Job:
    """Leave a piece of work for a worker."""
    return Job.objects.create(kind=kind, asked_by_id=user_id)


def cancel(*, job: Job) -> None:
    """Ask the work to stop. What waits is cancelled at once; what is over stays as it is."""
    Job.objects.filter(pk=job.pk, state__in=(JobState.QUEUED, JobState.RUNNING)).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED, ended_at=timezone.now())


def run_next(*, kind: str, work: Callable[[Job, Progress], Outcome]) -> bool:
    """Do the next waiting piece of work of a kind, and say whether there was one.

    Two workers never take one job. An expected error is its report, any other is logged and named; the job is over then.
    """
    job = _take(kind)
    if job is None:
        return False
    try:
        outcome = work(job, Progress(job.pk))
    except Cancelled:
        _end(job, JobState.CANCELLED)
    except DomainError as error:
        _end(job, JobState.FAILED, error=str(error))
    except Exception as error:
        log.exception("Job %s failed", job.pk)
        _end(job, JobState.FAILED, error=type(error).__name__)
    else:
        if outcome.file_name:
            job.result.save(outcome.file_name, ContentFile(outcome.content), save=False)
        job.report = outcome.report
        _end(job, JobState.DONE)
    return True


def _take(kind: str) -> Job | None:
    now = timezone.now()
    with transaction.atomic():
        lost = Job.objects.filter(kind=kind, state=JobState.RUNNING, begun_at__lt=now - LOST_AFTER)
        lost.update(state=JobState.QUEUED)
        waiting = Job.objects.select_for_update(skip_locked=True).filter(kind=kind, state=JobState.QUEUED)
        job = waiting.order_by("pk").first()
        if job:
            job.state, job.begun_at = JobState.RUNNING, now
            job.save(update_fields=["state", "begun_at"])
    return job


def _end(job: Job, state: JobState, *, error: str = "") -> None:
    if connection.in_atomic_block and connection.needs_rollback:
        raise RuntimeError("the work left a broken transaction behind")
    job.state, job.error, job.ended_at = state, error, timezone.now()
    job.save(update_fields=["state", "error", "ended_at", "report", "result"])
