"""Shared reads of people and dealers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from .enums import Right

if TYPE_CHECKING:
    from .models import Audience, AuditEvent, Dealer, Invitation, Membership, Region  # noqa: F401 (named in strings)
    from .principals import Principal


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, region: Region) -> RegionQuerySet:
        """The region and everything below it."""
        return self.filter(path__startswith=region.path)


class DealerQuerySet(models.QuerySet["Dealer"]):
    def visible_to(self, principal: Principal) -> DealerQuerySet:
        """The principal's own dealer; every dealer for the head office, whose every role works with them by name."""
        if principal.is_head_office:
            return self
        return self.filter(pk=principal.dealer_id) if principal.dealer_id else self.none()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> MembershipQuerySet:
        """Those a person can act under now: person, membership and dealer all active."""
        return self.filter(is_active=True, user__is_active=True, dealer__is_active=True)

    def acting(self) -> MembershipQuerySet:
        """With everything a Principal is made of, in one query."""
        sets = apps.get_model("accounts", "AudienceSet").objects.filter(
            dealer=OuterRef("dealer"), role=OuterRef("role")
        )
        return self.select_related("user", "dealer").annotate(
            resolved_audiences=Subquery(sets.values("audience_ids")[:1])
        )

    def visible_to(self, principal: Principal) -> MembershipQuerySet:
        """A person's own, an owner's whole company, everybody for managers of dealers."""
        if principal.may(Right.MANAGE_DEALERS):
            return self
        allowed = Q(user=principal.user_id)
        if principal.may(Right.MANAGE_PEOPLE):
            allowed |= Q(dealer=principal.dealer_id)
        return self.filter(allowed) if principal.user_id else self.none()


class AudienceQuerySet(models.QuerySet["Audience"]):
    def with_size(self) -> AudienceQuerySet:
        """With `dealer_count` and `people_count`: how many it holds now."""
        this = Func(
            OuterRef("pk"), template="ARRAY[%(expressions)s]", output_field=ArrayField(models.BigIntegerField())
        )
        sets = apps.get_model("accounts", "AudienceSet").objects.filter(
            audience_ids__contains=this, dealer__is_active=True
        )
        people = apps.get_model("accounts", "Membership").objects.in_force()
        people = people.filter(
            dealer__audience_sets__role=F("role"), dealer__audience_sets__audience_ids__contains=this
        )
        return self.annotate(
            dealer_count=_counted(sets, "dealer"),
            people_count=_counted(people, "user"),
        )


def _counted(rows: models.QuerySet[Any], what: str) -> Coalesce:
    """How many different ones, as a subquery."""
    counted = rows.order_by().values(one=Value(1)).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, principal: Principal) -> InvitationQuerySet:
        """Those of an owner's company; of every dealer for managers; of the head office for administrators."""
        allowed = Q(pk__in=[])
        if principal.may(Right.MANAGE_DEALERS):
            allowed |= Q(dealer__isnull=False)
        if principal.may(Right.ADMINISTER):
            allowed |= Q(dealer__isnull=True)
        if principal.may(Right.MANAGE_PEOPLE):
            allowed |= Q(dealer=principal.dealer_id)
        return self.filter(allowed)


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, principal: Principal) -> AuditQuerySet:
        """What a person did, for themselves; everything for administrators."""
        if principal.may(Right.ADMINISTER):
            return self
        return self.filter(actor=principal.user_id) if principal.user_id else self.none()
