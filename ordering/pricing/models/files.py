"""Price-list files: those made, kept for a while to be taken again, and which prices a dealer has taken along."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Dealer
from portal.jobs.models import Job, JobState
from portal.lib.files import private_storage

from ..enums import FileFormat
from ..querysets import PriceFileQuerySet, TakenListQuerySet


class PriceFile(models.Model):
    """A price-list file of a dealer, made or to be made by a worker (`job`).

    `key` names its bytes (`Recipe.key`): the same key is the same file, and no other dealer's. `asked` is what was asked for,
    to make it by; `told` which prices it tells. A file is kept for some time and may be made again.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="price_files", verbose_name=_("dealer"))
    key = models.CharField(max_length=64)
    stamp = models.CharField(_("version"), max_length=16)
    file_format = models.CharField(_("kind"), max_length=4, choices=[(one.value, one.name) for one in FileFormat])
    asked = models.JSONField(default=dict)
    told = models.JSONField(default=dict, help_text="Recipe.told of the bytes")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="+")
    file = models.FileField(storage=private_storage, upload_to="price-lists/", blank=True)
    size = models.BigIntegerField(default=0, help_text="bytes")
    made_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(db_default=Now())

    objects = PriceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("price-list file")
        verbose_name_plural = _("price-list files")
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "key"], name="price_file_once"),
            models.CheckConstraint(condition=Q(made_at=None) | ~Q(file=""), name="price_file_made_is_there"),
        ]
        indexes = [models.Index(fields=["used_at"], name="price_file_by_use")]

    def __str__(self) -> str:
        return f"{self.file_format} {self.stamp}"

    @property
    def is_there(self) -> bool:
        """Whether its bytes are kept."""
        return self.is_made and self.file.storage.exists(str(self.file.name))

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def state(self) -> str:
        """ready, queued, running, failed or cancelled."""
        if self.is_made:
            return "ready"
        # A worker that ended well made it: what is no longer kept has to be asked for anew.
        return self.job.state if self.job and self.job.state != JobState.DONE else "failed"

    @property
    def is_coming(self) -> bool:
        return self.state in {"queued", "running"}

    @property
    def percent(self) -> int:
        return 100 if self.is_made else self.job.percent if self.job else 0


class TakenList(models.Model):
    """Prices that a dealer has taken along whole: by which rules they came, and what the catalogue was then.

    No price is kept. Published lists and deals never change, so the rules (`basis`), the transactions seen then (`snapshot`)
    and the catalogue's own notes of what it was make the same prices again.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="taken_lists", verbose_name=_("dealer"))
    stamp = models.CharField(_("version"), max_length=16)
    selection = models.CharField(max_length=32, blank=True, help_text="Selection.key; empty: every article")
    basis = models.JSONField()
    catalogue = models.BigIntegerField(help_text="Catalogue.state then")
    snapshot = models.TextField(help_text="pg_current_snapshot() then")
    read_at = models.DateTimeField()
    on = models.DateField(_("prices of"), help_text=_("the latest day for which they were taken"))
    file_format = models.CharField(_("kind"), max_length=4)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(_("taken"))

    objects = TakenListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list taken along")
        verbose_name_plural = _("price lists taken along")
        ordering = ["-taken_at"]
        constraints = [models.UniqueConstraint(fields=["dealer", "stamp", "selection"], name="taken_list_once")]
        indexes = [models.Index(fields=["dealer", "-taken_at"], name="taken_list_latest")]

    def __str__(self) -> str:
        return self.stamp
