"""What was published and who has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import Reason, Significance
from .pages import PortalPage


class Publication(models.Model):
    """One publishing of a page, kept when it goes live: what reading, acknowledging and feedback refer to.

    Wagtail's revisions hold drafts as well and may be purged; this row is small and stays.
    """

    page = models.ForeignKey(PortalPage, models.CASCADE, related_name="publications", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("version"))
    significance = models.CharField(_("significance"), max_length=10, choices=Significance.choices)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    digests = models.JSONField(default=dict, help_text="{id of a block or step: short hash of it}, to see what changed")

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="publication_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="publication_number_from_one"),
            models.CheckConstraint(
                condition=Q(significance__in=Significance.values), name="publication_significance_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} · {self.number}"


class PageRead(models.Model):
    """A person opened this version of a page."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "publication"], name="page_read_once")]

    def __str__(self) -> str:
        return f"{self.publication_id} read by {self.user_id}"


class Acknowledgement(models.Model):
    """A person said of this version: I have read it and know what it asks."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    acknowledged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [models.UniqueConstraint(fields=["user", "publication"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.publication_id} confirmed by {self.user_id}"


class Feedback(models.Model):
    """A person's answer to "Did this help?" for one version; a second answer replaces the first."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="feedback", verbose_name=_("publication"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    text = models.TextField(_("in their words"), max_length=2000, blank=True)
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "publication"], name="feedback_once"),
            models.CheckConstraint(condition=Q(reason__in=["", *Reason.values]), name="feedback_reason_is_known"),
        ]

    def __str__(self) -> str:
        return self.text or str(self.get_reason_display())


class DraftPreview(models.Model):
    """A draft as an editor sees it now, for a headless front end to fetch once or twice within minutes.

    Only the token's hash is kept; the row dies with its time.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    content_type = models.ForeignKey("contenttypes.ContentType", models.CASCADE, related_name="+")
    content = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.content_type_id} until {self.expires_at}"
