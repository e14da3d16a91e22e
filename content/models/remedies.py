"""What editors did about questions that search answered badly."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE
from ordering.catalog.models import Product

from ..enums import RemedyKind
from .pages import PortalPage


@pghistory.track(*EVERY_CHANGE)
class Pin(models.Model):
    """An article or a page that stands first for one question, with its own label, for whoever may see it."""

    text = models.CharField(_("question"), max_length=200, help_text=_("in the spelling of the query log"))
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    page = models.ForeignKey(
        PortalPage, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "product"], name="pin_article_once"),
            models.UniqueConstraint(fields=["text", "page"], name="pin_page_once"),
            models.CheckConstraint(
                condition=Q(product=None, page__isnull=False) | Q(product__isnull=False, page=None),
                name="pin_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.product or self.page}"


@pghistory.track(*EVERY_CHANGE)
class Remedy(models.Model):
    """What was done about one question, by whom, and whether it was undone.

    `synonyms` is the number of search's group: search keeps synonyms and knows nobody here.
    """

    text = models.CharField(_("question"), max_length=200, db_index=True)
    kind = models.CharField(_("what was done"), max_length=10, choices=RemedyKind.choices)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    pin = models.ForeignKey(Pin, models.SET_NULL, null=True, blank=True, related_name="+")
    page = models.ForeignKey(PortalPage, models.SET_NULL, null=True, blank=True, related_name="+")
    synonyms = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(_("when"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by whom")
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RemedyKind.values), name="remedy_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=RemedyKind.DISMISSED.value) | ~Q(reason=""), name="dismissed_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.get_kind_display()}"
