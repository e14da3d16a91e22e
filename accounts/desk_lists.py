"""How the head-office lists read and filter: a fixed number of queries, whatever they hold."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.generic import IndexView

from .enums import Role, StaffRole
from .models import AuditEvent, Membership, User


class DealerIndex(IndexView):  # type: ignore[misc]  # Wagtail has no types
    def get_base_queryset(self) -> QuerySet[Any]:
        active = Q(memberships__is_active=True)
        dealers = super().get_base_queryset()
        rows: QuerySet[Any] = dealers.select_related("home_region", "manager")
        found: QuerySet[Any] = rows.annotate(people=Count("memberships", filter=active))
        return found


class PeopleIndex(IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> QuerySet[Any]:
        enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        names = StringAgg(
            "memberships__dealer__name", Value(", "), filter=Q(memberships__is_active=True), default=Value("")
        )
        people: QuerySet[Any] = super().get_base_queryset().filter(erased_at=None)
        found: QuerySet[Any] = people.annotate(has_second_factor=Exists(enrolled), dealer_names=names)
        return found


class MembershipFilter(WagtailFilterSet):  # type: ignore[misc]
    role = django_filters.ChoiceFilter(choices=Role.choices, label=_("role"))

    class Meta:
        model = Membership
        fields = ["role", "is_active", "second_factor_required", "dealer"]


class PersonFilter(WagtailFilterSet):  # type: ignore[misc]
    staff_role = django_filters.ChoiceFilter(choices=StaffRole.choices, label=_("head-office role"))
    head_office = django_filters.BooleanFilter(method="at_head_office", label=_("head office"))

    class Meta:
        model = User
        fields = ["staff_role", "is_active"]

    def at_head_office(self, rows: QuerySet[User], name: str, value: bool) -> QuerySet[User]:
        return rows.exclude(staff_role="") if value else rows.filter(staff_role="")


class AuditFilter(WagtailFilterSet):  # type: ignore[misc]
    at = django_filters.DateFromToRangeFilter(label=_("when"), widget=DateRangePickerWidget)
    verb = django_filters.CharFilter(lookup_expr="startswith", label=_("what (beginning)"))
    subject = django_filters.CharFilter(lookup_expr="exact", label=_("to what (for example: user 17)"))
    actor = django_filters.NumberFilter(field_name="actor_id", label=_("person's number"))

    class Meta:
        model = AuditEvent
        fields = ["at", "verb", "subject", "actor", "role", "dealer"]
