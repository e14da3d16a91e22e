"""A dealer's own codes for articles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Dealer
from ordering.catalog.models import Product

from .querysets import DealerCodeQuerySet


class DealerCode(models.Model):
    """The dealer calls the article so. One code means one article; an article may have several codes.

    `folded` is the code as `search.codes.folded` reads it: "КР-001/2" and "kp 0012" are one code, whoever types it.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="own_codes", verbose_name=_("dealer"))
    code = models.CharField(_("code"), max_length=80)
    folded = models.CharField(max_length=80, editable=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="dealer_codes", verbose_name=_("article"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DealerCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dealer's own code")
        verbose_name_plural = _("dealers' own codes")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "folded"], name="dealer_code_once"),
            models.CheckConstraint(condition=~Q(folded=""), name="dealer_code_has_signs"),
        ]
        indexes = [models.Index(fields=["dealer", "product"], name="dealer_codes_of_product")]

    def __str__(self) -> str:
        return self.code
