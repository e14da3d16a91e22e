"""The network's client base, each dealer's own list, and claims on clients."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer, Membership

from .enums import CheckAnswer, Evidence, RegistrationState
from .querysets import DealerClientQuerySet, RegistrationQuerySet


class CompanyFacts(models.Model):
    """What is known of a company, by whoever keeps it."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    tax_id = models.CharField(_("tax id"), max_length=20, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Client(CompanyFacts):
    """A company as the network recognises it, with the facts of whoever first brought it.

    The head office sees it, and the blind check compares with it. A dealer is never shown it: the words may be
    another dealer's.
    """

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["sort_key"]
        constraints = [models.UniqueConstraint(fields=["tax_id"], condition=~Q(tax_id=""), name="client_tax_id_once")]


@pghistory.track(*EVERY_CHANGE)
class DealerClient(CompanyFacts):
    """A dealer's own card of a client, in this dealer's own words: all that the dealer sees of the company.

    `client` is who that is in the network, `seller` the member who works with it.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="clients", verbose_name=_("dealer"))
    client = models.ForeignKey(Client, models.PROTECT, related_name="dealers", verbose_name=_("client"))
    seller = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="clients", verbose_name=_("seller")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    since = models.DateField(_("since"))

    objects = DealerClientQuerySet.as_manager()

    # Annotations of `queries.clients_of`.
    claim_state: str | None
    claim_end: dt.date | None

    class Meta:
        verbose_name = _("dealer's client")
        verbose_name_plural = _("dealers' clients")
        constraints = [models.UniqueConstraint(fields=["dealer", "client"], name="dealer_client_once")]
        indexes = [models.Index(fields=["dealer", "sort_key", "id"], name="dealer_clients_by_name")]

    @property
    def claim_until(self) -> dt.date | None:
        """The last day of the dealer's own claim. Needs `queries.clients_of`."""
        return self.claim_end - dt.timedelta(days=1) if self.claim_end else None


def point(column: str) -> Func:
    """A number as a range of one value: core PostgreSQL excludes on ranges only."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


@pghistory.track(*EVERY_CHANGE)
class Registration(models.Model):
    """A dealer's claim "I work with this client" for a period. Two never overlap for one client: the database refuses."""

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="registrations", verbose_name=_("dealer"))
    client = models.ForeignKey(Client, models.PROTECT, related_name="registrations", verbose_name=_("client"))
    product_line = models.CharField(_("product line"), max_length=80, blank=True, help_text=_("empty: every line"))
    validity = DateRangeField(_("period"))
    state = models.CharField(_("state"), max_length=12, choices=RegistrationState.choices)
    submitted_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            ExclusionConstraint(
                name="registration_no_overlap",
                expressions=[
                    (point("client_id"), RangeOperators.OVERLAPS),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="ended"),
            ),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.client} · {self.dealer}"


class ClientCheck(models.Model):
    """One blind question "may I work with this client?" and its answer: kept with its moment.

    `number` counts the dealer's own: the primary key would tell how much the whole network asks.
    """

    dealer = models.ForeignKey(Dealer, models.CASCADE, related_name="client_checks", verbose_name=_("dealer"))
    number = models.PositiveIntegerField(_("number"))
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by"))
    at = models.DateTimeField(_("asked at"))
    question = models.CharField(_("question"), max_length=200)
    # Whom the answer is about; the dealer is never told more than the answer.
    client = models.ForeignKey(Client, models.SET_NULL, null=True, related_name="+", verbose_name=_("client"))
    evidence = models.CharField(_("matched by"), max_length=10, choices=Evidence.choices, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=CheckAnswer.choices)
    until = models.DateField(_("until"), null=True)

    class Meta:
        verbose_name = _("client check")
        verbose_name_plural = _("client checks")
        constraints = [models.UniqueConstraint(fields=["dealer", "number"], name="client_check_number_once")]
        indexes = [models.Index(fields=["dealer", "-at"], name="client_check_by_dealer")]
        triggers = [
            pgtrigger.ReadOnly(
                name="kept_as_answered", fields=["dealer", "number", "at", "question", "evidence", "answer", "until"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.question}"

    @property
    def told_evidence(self) -> str:
        """What the dealer is told of it: nothing about a free client, or the answer would say that somebody entered it."""
        return "" if self.answer == CheckAnswer.FREE else self.evidence
